"""The list of what a person means to do, and its reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.accounts.models import Membership, User
from learning.assessments.actions import add_action, change_action, mark_action, mute, my_actions, remove_action
from learning.assessments.errors import AssessmentOpen, BadAction
from learning.assessments.models import Action
from learning.assessments.reminders import remind_due
from learning.assessments.service import start
from learning.clock import now
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.mail.models import OutboxMessage
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.assessments.filling import INSTRUMENT, answers, fill
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
SECRET = "measure the purple boiler"


@pytest.fixture
def mine(app: Flask, company: Company) -> tuple[Member, str]:
    member = Member(company.learner, company.id)
    with app.app_context():
        return member, fill(member, answers(1))


def _mails() -> list[OutboxMessage]:
    db.session.remove()
    return list(db.session.scalars(select(OutboxMessage)))


def test_an_action_is_added_changed_done_and_deleted(app: Flask, mine: tuple[Member, str]) -> None:
    member, assessment_id = mine
    with app.app_context():
        later = add_action(member, assessment_id, "  read   the meter ", date(2030, 2, 1), now())
        sooner = add_action(member, assessment_id, "ask", date(2030, 1, 1), now())
        without = add_action(member, assessment_id, "think", None, now(), remind=True)
        assert [each.id for each in my_actions(member)] == [sooner, later, without]
        assert my_actions(member)[1].what == "read the meter"
        assert not my_actions(member)[2].remind
        change_action(member, later, "read it", date(2029, 1, 1), remind=True)
        mark_action(member, sooner, now(), done=True)
        assert [(each.id, each.done_at is not None) for each in my_actions(member)] == [
            (later, False), (without, False), (sooner, True)]  # fmt: skip
        mark_action(member, sooner, now(), done=False)
        remove_action(member, later)
        assert [each.id for each in my_actions(member)] == [sooner, without]


def test_an_action_needs_words_and_a_result(app: Flask, company: Company, mine: tuple[Member, str]) -> None:
    member, assessment_id = mine
    with app.app_context():
        for text in ("", "  ", "x" * 301, "bad\u202e"):
            with pytest.raises(BadAction):
                add_action(member, assessment_id, text, None, now())
        open_one = start(member, INSTRUMENT, the_catalogue(), now())
        with pytest.raises(AssessmentOpen):
            add_action(member, open_one, "too early", None, now())


def test_a_colleague_reaches_no_action(app: Flask, company: Company, mine: tuple[Member, str]) -> None:
    member, assessment_id = mine
    colleague = Member(company.manager, company.id)
    with app.app_context():
        action = add_action(member, assessment_id, "mine", None, now())
        for attempt in (
            lambda: add_action(colleague, assessment_id, "yours", None, now()),
            lambda: change_action(colleague, action, "yours", None, remind=False),
            lambda: mark_action(colleague, action, now(), done=True),
            lambda: remove_action(colleague, action),
        ):
            with pytest.raises(NotFound):
                attempt()
        mute(colleague)
        assert my_actions(colleague) == []


def _due(member: Member, assessment_id: str, day: date) -> str:
    return add_action(member, assessment_id, SECRET, day, now(), remind=True)


def test_on_the_day_one_mail_comes_which_does_not_say_what_is_due(
    app: Flask, company: Company, mine: tuple[Member, str]
) -> None:
    moment = datetime.fromisoformat("2030-01-02T06:00:00+00:00")
    with app.app_context():
        first = _due(*mine, moment.date())
        _due(*mine, moment.date() - timedelta(days=3))
        _due(*mine, moment.date() + timedelta(days=1))
        assert remind_due(moment) == 1
        assert remind_due(moment) == 0
        (mail,) = _mails()
        assert mail.recipient == "learner@river.example"
        assert "http://127.0.0.1/assessments/actions" in mail.body
        assert SECRET not in mail.body + mail.subject
        change_action(mine[0], first, "again", moment.date(), remind=True)
        assert remind_due(moment) == 0
        change_action(mine[0], first, "again", moment.date() + timedelta(days=1), remind=True)
        assert remind_due(moment + timedelta(days=1)) == 1


@pytest.mark.parametrize("reason", ["done", "muted", "left", "barred", "no address"])
def test_no_mail_comes_to_whoever_needs_or_wants_none(
    app: Flask, company: Company, mine: tuple[Member, str], reason: str
) -> None:
    moment = now()
    with app.app_context():
        action = _due(*mine, moment.date())
        if reason == "done":
            mark_action(mine[0], action, moment, done=True)
        elif reason == "muted":
            mute(mine[0])
        else:
            with unit_of_work() as session:
                user = session.get_one(User, company.learner)
                membership = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
                if reason == "left":
                    membership.left_at = moment
                elif reason == "barred":
                    user.is_active = False
                else:
                    user.sign_in_name, user.email = "river-learner", None
        assert remind_due(moment) == 0
        assert _mails() == []


def test_the_command_says_how_many(app: Flask, mine: tuple[Member, str]) -> None:
    with app.app_context():
        _due(*mine, now().date())
    ran = app.test_cli_runner().invoke(args=["assessments", "remind"])
    assert ran.output == "1 reminded.\n"


def test_the_list_is_kept_on_its_pages(app: Flask, mine: tuple[Member, str], client_for: Clients) -> None:
    member, assessment_id = mine
    browser = client_for(member.user_id)
    page = f"/assessments/{assessment_id}/result"
    token = csrf_token(browser, page)
    bad = browser.post(
        f"/assessments/{assessment_id}/actions", data={"csrf_token": token, "what": SECRET, "remind": "y"}
    )
    assert bad.status_code == 422
    assert SECRET in bad.text
    assert "Choose the day on which the mail shall come" in bad.text
    sent = {"csrf_token": token, "what": SECRET, "due_on": "2030-01-02", "remind": "y"}
    assert browser.post(f"/assessments/{assessment_id}/actions", data=sent).status_code == 302
    assert SECRET in browser.get(page).text
    with app.app_context():
        (action,) = my_actions(member)
    change = f"/assessments/actions/{action.id}"
    assert 'value="2030-01-02"' in browser.get(change).text
    assert browser.post(change, data={**sent, "what": ""}).status_code == 422
    assert browser.post(change, data={**sent, "what": "less"}).status_code == 302
    listed = browser.get("/assessments/actions").text
    assert "less" in listed
    assert "Switch off all reminders" in listed
    browser.post("/assessments/actions/mute", data={"csrf_token": token})
    assert "Switch off all reminders" not in browser.get("/assessments/actions").text
    browser.post(f"{change}/state", data={"csrf_token": token, "state": "done"})
    assert "Done on" in browser.get("/assessments/actions").text
    browser.post(f"{change}/state", data={"csrf_token": token, "state": "deleted"})
    with app.app_context():
        assert db.session.scalars(select(Action)).all() == []
