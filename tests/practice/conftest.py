"""A small course that requires a sign-off and gives a certificate, and people who hand in and confirm."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from learning.content.model import Catalogue
from learning.content.store import publish
from learning.practice.deciding import Confirmer
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.certificates.conftest import CERTIFICATE
from tests.conftest import Company
from tests.content.builders import COURSE, LESSON, write, write_content
from tests.practice.photos import jpeg

TASK = '\n!!! try "Try it at work" {#m01-l1-try sign-off}\n    Look at one waste bin.\n'


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small folder of the content tests; its one course requires the sign-off of its one lesson."""
    root = tmp_path_factory.mktemp("practice-content")
    folder = write_content(root)
    write(folder, "modules/01-why/01-gate.md", LESSON + TASK)
    write(folder, "courses/employee-path.yaml", COURSE + CERTIFICATE + "sign_offs: required\n")
    loaded = publish(folder, root / "published")
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    return root / "published"


@pytest.fixture
def learner(company: Company) -> Member:
    return Member(company.learner, company.id)


@pytest.fixture
def trainer(company: Company) -> Confirmer:
    return Confirmer(Member(company.trainer, company.id), trains=True)


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.app_context():
        return the_catalogue()


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where photos lie."""
    found: Path = app.extensions["settings"].photos
    return found


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A photo as it is kept."""
    return jpeg(40, 30)
