"""What a manager does with people and departments."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from learning.accounts import membership, organization
from learning.accounts.invitations import offer
from learning.accounts.membership import LastManager
from learning.accounts.models import Department, Invitation, JoinLink, Membership, User
from learning.accounts.tokens import new_token
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.identity import Member, Role
from tests.accounts.people import give_password, is_signed_in, send, sign_in, without_csrf
from tests.conftest import Company

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def manager(company: Company, client_for: ClientFor) -> FlaskClient:
    return client_for(company.manager)


def role_of(app: Flask, user_id: str) -> Role | None:
    with app.app_context():
        return db.session.scalar(
            select(Membership.role).where(Membership.user_id == user_id, Membership.left_at.is_(None))
        )


def test_a_manager_sees_the_people_of_the_organization_and_nobody_else(
    company: Company, other_company: Company, manager: FlaskClient
) -> None:
    page = manager.get("/organization/people").text
    for name in ("River learner", "River trainer", "River manager", "Dye house"):
        assert name in page
    assert "Harbour" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=LEARNER", {"River learner"}),
        ("q=trainer@river", {"River trainer"}),
        ("role=manager", {"River manager"}),
        ("q=%25", set()),
        ("q=_iver", set()),
        ("department=none", set()),
        ("role=nonsense&page=-3", {"River learner", "River trainer", "River manager"}),
        ("department=nonsense&q=%0a", {"River learner", "River trainer", "River manager"}),
    ],
)
def test_the_list_is_filtered(company: Company, manager: FlaskClient, query: str, names: set[str]) -> None:
    rows = manager.get(f"/organization/people?{query}").text
    found = {f"River {role}" for role in Role if f">River {role}</a>" in rows}
    assert found == names


def test_the_list_takes_as_many_queries_for_many_people_as_for_few(app: Flask, company: Company) -> None:
    member = Member(company.manager, company.id)

    def queries() -> int:
        seen: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
            organization.people(member, organization.PeopleFilter())
            organization.departments(member)
        return sum(statement.startswith("SELECT") for statement in seen)

    few = queries()
    with app.app_context(), unit_of_work() as session:
        users = [User(name=f"Person {n}", email=f"p{n}@river.example", created_at=now()) for n in range(60)]
        session.add_all(users)
        session.flush()
        session.add_all(
            Membership(organization_id=company.id, user_id=user.id, role=Role.LEARNER, joined_at=now())
            for user in users
        )
    assert queries() <= few * 2  # the listener is added twice
    with app.app_context():
        page = organization.people(member, organization.PeopleFilter(page=2))
    assert (page.total, page.pages, len(page.rows)) == (63, 2, 13)


def test_a_manager_changes_role_and_department(app: Flask, company: Company, manager: FlaskClient) -> None:
    path = f"/organization/people/{company.learner}"
    assert send(manager, path, role="trainer", department_id=company.departments[1]).status_code == 302
    assert role_of(app, company.learner) is Role.TRAINER


def test_a_department_of_another_organization_cannot_be_given(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    path = f"/organization/people/{company.learner}"
    assert send(manager, path, role="trainer", department_id=other_company.departments[0]).status_code == 422
    assert role_of(app, company.learner) is Role.LEARNER


def test_whoever_becomes_a_manager_has_no_long_sessions_any_more(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    import time_machine

    from learning.accounts.sessions import IDLE

    give_password(app, company.learner)
    client = app.test_client()
    sign_in(client, "learner@river.example", own_device="y")
    send(manager, f"/organization/people/{company.learner}", role="manager", department_id="")
    assert is_signed_in(client)
    with time_machine.travel(now() + IDLE, tick=False):
        assert not is_signed_in(client)


def test_ending_a_membership_ends_the_sessions_at_once(
    app: Flask, company: Company, manager: FlaskClient, client_for: ClientFor
) -> None:
    give_password(app, company.learner)
    learner = client_for(company.learner)
    assert is_signed_in(learner)
    path = f"/organization/people/{company.learner}/end"
    assert "River learner" in manager.get(path).text
    assert send(manager, path).status_code == 302
    assert not is_signed_in(learner)
    assert sign_in(app.test_client(), "learner@river.example").status_code == 401
    assert manager.get(f"/organization/people/{company.learner}").status_code == 404


def test_ending_a_membership_withdraws_the_invitations_that_are_still_open(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    """Else somebody who was sent away comes back by a second mail."""
    with app.app_context(), unit_of_work() as session:
        for organization in (company, other_company):
            token = new_token()
            link = (organization.id, "learner@river.example", "Ana", Role.LEARNER, None, None, token, now())
            offer(session, *link)
    send(manager, f"/organization/people/{company.learner}/end")
    with app.app_context():
        assert db.session.scalars(select(Invitation.organization_id)).all() == [other_company.id]


@pytest.mark.parametrize("query", ["Özil", "özil", "ÖZIL", "zil"])
def test_letters_beyond_ascii_are_found_in_capitals_and_small(
    app: Flask, company: Company, manager: FlaskClient, query: str
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).name = "Özil Ana"
    page = manager.get("/organization/people", query_string={"q": query}).text
    assert "Özil Ana" in page
    assert "River trainer" not in page


def test_what_a_manager_does_is_in_the_log_and_the_secrets_are_not(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    with structlog.testing.capture_logs() as events:
        send(
            manager,
            "/organization/invitations",
            name="Ana Lopez",
            email="ana@x.example",
            role="learner",
            department_id="",
        )
        with app.app_context():
            (invitation,) = db.session.scalars(select(Invitation.id))
        send(manager, f"/organization/invitations/{invitation}/withdraw", "/organization/invitations")
        page = send(manager, "/organization/join-links", maximum_uses=3, days=3, department_id="").text
        with app.app_context():
            (link,) = db.session.scalars(select(JoinLink.id))
        send(manager, f"/organization/join-links/{link}/end", "/organization/join-links")
    assert [event["event"] for event in events] == [
        "invited", "invitation_withdrawn", "join_link_made", "join_link_ended",
    ]  # fmt: skip
    assert {(event["user"], event["organization"]) for event in events} == {(company.manager, company.id)}
    secret = page.split("/people/join/")[1][:43]
    assert not [word for word in (secret, "Ana", "x.example") if word in str(events)]


def test_the_last_manager_stays_and_stays_a_manager(app: Flask, company: Company, manager: FlaskClient) -> None:
    own = f"/organization/people/{company.manager}"
    assert send(manager, f"{own}/end").status_code == 409
    assert send(manager, own, role="learner", department_id="").status_code == 409
    assert role_of(app, company.manager) is Role.MANAGER


def test_of_two_managers_one_may_go(app: Flask, company: Company, manager: FlaskClient) -> None:
    send(manager, f"/organization/people/{company.trainer}", role="manager", department_id="")
    assert send(manager, f"/organization/people/{company.manager}/end").status_code == 302
    assert role_of(app, company.manager) is None


def test_two_managers_who_remove_each_other_at_once_leave_one(app: Flask, company: Company) -> None:
    with app.app_context():
        membership.change_member(Member(company.manager, company.id), company.trainer, Role.MANAGER, None, now())

    def end(pair: tuple[str, str]) -> bool:
        with app.app_context():
            try:
                membership.end_membership(Member(pair[0], company.id), pair[1], now())
            except LastManager:
                return False
            return True

    pairs = [(company.manager, company.trainer), (company.trainer, company.manager)]
    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(end, pairs)) == [False, True]


def test_departments_are_added_renamed_and_removed(app: Flask, company: Company, manager: FlaskClient) -> None:
    send(manager, "/organization/departments", name="  Effluent   plant ")
    with app.app_context():
        added = db.session.scalars(select(Department).where(Department.name == "Effluent plant")).one()
    assert send(manager, f"/organization/departments/{added.id}", name="Water plant").status_code == 302
    assert "Water plant" in manager.get("/organization/departments").text
    send(manager, f"/organization/departments/{added.id}/remove", "/organization/departments")
    assert "Water plant" not in manager.get("/organization/departments").text


def test_two_departments_cannot_have_one_name(app: Flask, company: Company, manager: FlaskClient) -> None:
    assert send(manager, "/organization/departments", name="Dye house").status_code == 422
    path = f"/organization/departments/{company.departments[1]}"
    assert send(manager, path, name="Dye house").status_code == 422


def test_two_organizations_can_have_departments_of_one_name(
    app: Flask, company: Company, other_company: Company, client_for: ClientFor
) -> None:
    for user_id in (company.manager, other_company.manager):
        assert send(client_for(user_id), "/organization/departments", name="Press shop").status_code == 302


def test_a_department_with_people_stays(app: Flask, company: Company, manager: FlaskClient) -> None:
    path = f"/organization/departments/{company.departments[0]}/remove"
    response = send(manager, path, "/organization/departments")
    assert response.status_code == 409
    assert "Move them to another department" in response.text


def test_no_page_of_a_manager_tells_when_somebody_was_last_here(company: Company, manager: FlaskClient) -> None:
    for path in ("/organization/people", f"/organization/people/{company.learner}"):
        page = without_csrf(manager.get(path).text).casefold()
        assert "last" not in page.replace("last manager", "")
