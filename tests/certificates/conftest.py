"""A small content folder whose course ends with a certificate, and people who complete it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from learning.content.model import Catalogue
from learning.content.store import publish
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.content.builders import COURSE, write, write_content

CERTIFICATE = "certificate:\n  title: Cleaner production at work\n  valid_months: 24\n"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small folder of the content tests; its one course of one lesson and one quiz gives a certificate."""
    root = tmp_path_factory.mktemp("certificate-content")
    folder = write_content(root)
    write(folder, "courses/employee-path.yaml", COURSE + CERTIFICATE)
    loaded = publish(folder, root / "published")
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    return root / "published"


@pytest.fixture
def learner(company: Company) -> Member:
    return Member(company.learner, company.id)


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.app_context():
        return the_catalogue()
