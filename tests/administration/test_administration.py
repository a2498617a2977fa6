"""What administrators of the site do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from learning.accounts import limits
from learning.accounts.models import Membership, Organization
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from tests.accounts.people import OTHER_PASSWORD, give_password, link_in, mails, send
from tests.conftest import PASSWORD, Company

ClientFor = Callable[[str | None], FlaskClient]
NEW = {"name": "Hill Mill", "code": "Hill-Mill", "manager_name": "Mai Ng", "manager_email": "mai@hill.example"}


@pytest.fixture
def root(administrator: str, client_for: ClientFor) -> FlaskClient:
    return client_for(administrator)


def note_problems(app: Flask, problems: str) -> None:
    """Give this site a store of its own with the live catalogue and these problems."""
    store = app.extensions["settings"].store
    kept = store.resolve()
    store.unlink()
    store.mkdir()
    (store / "catalogue.json").symlink_to(kept / "catalogue.json")
    (store / "problems.json").write_text(problems)


def test_the_overview_counts_organizations_and_says_that_the_content_is_sound(
    app: Flask, company: Company, other_company: Company, root: FlaskClient
) -> None:
    note_problems(app, "[]")
    page = root.get("/administration/").text
    assert "2 organizations" in page
    assert "River Works" in page
    assert "without mistakes" in page


def test_the_overview_of_an_empty_site_says_what_to_do(root: FlaskClient) -> None:
    assert "Add the first one" in root.get("/administration/").text


def test_mistakes_in_the_content_are_shown_with_file_and_line(app: Flask, root: FlaskClient) -> None:
    note_problems(app, '[{"file": "content/modules/x.md", "line": 7, "message": "mend <b>this</b>"}]')
    page = root.get("/administration/").text
    assert "content/modules/x.md:7" in page
    assert "mend &lt;b&gt;this" in page


def test_an_administrator_adds_an_organization_and_its_first_manager_comes_in(app: Flask, root: FlaskClient) -> None:
    assert send(root, "/administration/organizations/add", **NEW).status_code == 302
    (mail,) = mails(app)
    assert mail.recipient == "mai@hill.example"
    manager = app.test_client()
    send(manager, link_in(mail), name="Mai Ng", password=OTHER_PASSWORD)
    assert "Mai Ng" in manager.get("/organization/people").text


def test_two_organizations_cannot_have_one_code(app: Flask, company: Company, root: FlaskClient) -> None:
    response = send(root, "/administration/organizations/add", **{**NEW, "code": "river"})
    assert response.status_code == 422
    assert "has this code already" in response.text
    assert mails(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organization)) == 1


def test_another_manager_is_invited_when_the_first_did_not_come(
    app: Flask, company: Company, root: FlaskClient
) -> None:
    path = f"/administration/organizations/{company.id}/invite-manager"
    fields = {"manager_name": "Mai Ng", "manager_email": "mai@river.example"}
    assert send(root, path, **fields).status_code == 302
    manager = app.test_client()
    send(manager, link_in(mails(app)[0]), name="Mai Ng", password=OTHER_PASSWORD)
    assert manager.get("/organization/people").status_code == 200


def test_an_unknown_organization_is_not_found(root: FlaskClient) -> None:
    assert root.get("/administration/organizations/unknown/invite-manager").status_code == 404


def test_an_organization_whose_last_manager_is_gone_gets_one_from_its_members(
    app: Flask, company: Company, root: FlaskClient
) -> None:
    give_password(app, company.learner)
    path = f"/administration/organizations/{company.id}/invite-manager"
    send(root, path, manager_name="Ana", manager_email="learner@river.example")
    learner = app.test_client()
    assert send(learner, link_in(mails(app)[0]), password=PASSWORD).status_code == 302
    assert learner.get("/organization/people").status_code == 200


def test_an_offer_from_before_somebody_joined_does_not_change_the_role_they_were_given(
    app: Flask, company: Company, root: FlaskClient
) -> None:
    path = f"/administration/organizations/{company.id}/invite-manager"
    send(root, path, manager_name="Ana", manager_email="learner@river.example")
    give_password(app, company.learner)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Membership).values(joined_at=now() + timedelta(minutes=1)))
    learner = app.test_client()
    assert send(learner, link_in(mails(app)[0]), password=PASSWORD).status_code == 302
    assert learner.get("/organization/people").status_code == 404


@pytest.mark.parametrize("known", [True, False])
def test_nobody_is_flooded_with_invitations_of_an_administrator(
    app: Flask, company: Company, root: FlaskClient, known: bool
) -> None:
    path = f"/administration/organizations/{company.id}/invite-manager"
    fields = {"manager_name": "Mai Ng", "manager_email": "learner@river.example" if known else "mai@x.example"}
    for _ in range(limits.PER_RECIPIENT):
        assert send(root, path, **fields).status_code == 302
    refused = send(root, path, **fields)
    assert refused.status_code == 422
    assert "Wait 15 minutes" in refused.text
    added = {**NEW, "manager_email": fields["manager_email"]}
    assert send(root, "/administration/organizations/add", **added).status_code == 422
    assert len(mails(app)) == limits.PER_RECIPIENT
