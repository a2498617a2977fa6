"""What a trainer does for chosen people: who it meets, who not and why, and nothing twice."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from learning.accounts.membership import end_membership
from learning.accounts.models import Membership, User
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.deliver import deliver_due
from learning.mail.models import OutboxMessage
from learning.teaching.assignments import extend
from learning.teaching.models import Extension, Note, Reminder, ReminderKind, ReminderSetting
from learning.teaching.notes import LONGEST_NOTE, write_notes
from learning.teaching.nudges import LONGEST_TEXT, nudge
from learning.teaching.placeholders import fill, plain
from learning.teaching.sealed_people import seal_people, unseal_people
from learning.web.identity import Member, Role
from tests.conftest import Company, csrf_token
from tests.forging import forged
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

Clients = Callable[[str | None], FlaskClient]


def act(client: FlaskClient, action: str, people: list[str], **fields: str) -> TestResponse:
    """Send an action as its page does."""
    body = {"csrf_token": csrf_token(client, "/teaching/"), "people": people, "step": "do", **fields}
    return client.post(f"/teaching/actions/{action}", data=body)


def choose(client: FlaskClient, action: str, people: list[str], **fields: str) -> TestResponse:
    """Send the chosen people as a list does."""
    body = {"csrf_token": csrf_token(client, "/teaching/"), "people": people, **fields}
    return client.post(f"/teaching/actions/{action}", data=body)


def hidden_fields(page: str) -> dict[str, str]:
    """What the page of an action sends on beside what is typed."""
    found = re.findall(r'<input[^>]* type="hidden" [^>]*>|<input type="hidden"[^>]*>', page)
    pairs = (re.search(r'name="([^"]+)"[^>]* value="([^"]*)"', each) for each in found)
    return {pair[1]: unescape(pair[2]) for pair in pairs if pair}


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient)))


def name_people(people: list[str], *names: str) -> None:
    with unit_of_work() as session:
        for user_id, name in zip(people, names, strict=True):
            session.get_one(User, user_id).name = name


# Reminding


def test_the_page_shows_who_gets_the_mail_and_who_does_not_and_why(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        people = make_learners(company, 4)
        name_people(people, "Ana Reached", "Ben Muted", "Cleo Today", "Dan Nowhere")
        with unit_of_work() as session:
            session.add(ReminderSetting(organization_id=company.id, user_id=people[1], muted_at=now()))
            session.add(
                Reminder(
                    organization_id=company.id,
                    user_id=people[2],
                    day=now().date(),
                    kind=ReminderKind.DUE_SOON,
                    sent_at=now(),
                )
            )
            nowhere = session.get_one(User, people[3])
            nowhere.email, nowhere.sign_in_name = None, "dan"
    page = choose(client_for(company.trainer), "remind", people).get_data(as_text=True)
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    text = re.sub(r" +", " ", text)
    for part in (
        "Gets the mail (1) Ana Reached",
        "Wants no reminders (1) Ben Muted",
        "Reminded today already (1) Cleo Today",
        "Has no e-mail address: tell them yourself (1) Dan Nowhere",
        "Send 1 mail",
    ):
        assert part in text
    with app.app_context():
        assert letters() == []


def test_a_reminder_goes_once_a_day_in_the_trainer_s_words_with_the_person_s_name(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        people = make_learners(company, 2)
        name_people(people, "Ana {link}", "Ben %(x)s")
    client = client_for(company.trainer)
    text = "Dear {name}, go to {link}. {x} {{7*7}} {a.__class__} %(link)s <b>bold</b>"
    answer = act(client, "remind", people, text=text)
    assert "2 reminders are on their way" in answer.get_data(as_text=True)
    again = act(client, "remind", people, text=text)
    assert "Nobody was reminded" in again.get_data(as_text=True)
    assert "Reminded today already" in again.get_data(as_text=True)
    with app.app_context():
        bodies = sorted(letter.body for letter in letters())
        rest = "go to http://127.0.0.1/. {x} {{7*7}} {a.__class__} %(link)s <b>bold</b>"
        assert [body.splitlines()[0] for body in bodies] == [
            f"Dear Ana {{link}}, {rest}",
            f"Dear Ben %(x)s, {rest}",
        ]
        assert all("/people/account#reminders" in body for body in bodies)
        sent = db.session.execute(select(Reminder.kind, Reminder.sent_by)).all()
        assert sent == [(ReminderKind.BY_TRAINER, company.trainer)] * 2


@given(name=st.text(max_size=30), text=st.text(alphabet="ab{}%(). _nameilk\n", max_size=60))
def test_filling_a_letter_replaces_two_words_and_evaluates_nothing(name: str, text: str) -> None:
    parts = re.split(r"\{name\}|\{link\}", text)
    filled = fill(text, name, "LINK")
    assert filled.startswith(parts[0])
    assert filled.endswith(parts[-1])
    assert len(filled) == len(text) + text.count("{name}") * (len(name) - 6) + text.count("{link}") * (4 - 6)


def test_a_text_loses_what_nobody_sees() -> None:
    assert plain(" a\0b\r\nc\rd\u202ee\u2066f\u200d\t ") == "ab\nc\nde" + "f\u200d"
    assert plain(None) == ""


@pytest.mark.parametrize("text", ["", " \n\u202e ", "x" * (LONGEST_TEXT + 1)])
def test_a_mail_without_words_or_with_too_many_is_not_sent_and_nothing_typed_is_lost(
    app: Flask, company: Company, client_for: Clients, text: str
) -> None:
    answer = act(client_for(company.trainer), "remind", [company.learner], text=text)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "There is a problem" in page
    assert plain(text) in page
    assert f'name="people" value="{company.learner}"' in page
    with app.app_context():
        assert letters() == []


def test_two_trainers_who_remind_at_once_send_one_mail_each_person(app: Flask, company: Company) -> None:
    with app.app_context():
        people = make_learners(company, 40)
    start = threading.Barrier(2)
    sent: list[int] = []

    def press() -> None:
        with app.app_context():
            start.wait()
            sent.append(len(nudge(Member(company.trainer, company.id), people, "Hello", now()).sent))

    presses = [threading.Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sum(sent) == 40
    with app.app_context():
        assert len(letters()) == len({letter.recipient for letter in letters()}) == 40


# Choosing


def test_whoever_is_no_learner_of_the_organization_gets_nothing(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    with app.app_context():
        (left,) = make_learners(company, 1)
        with unit_of_work() as session:
            session.scalars(select(Membership).where(Membership.user_id == left)).one().left_at = now()
    strangers = [other_company.learner, company.manager, company.trainer, left, "0" * 20, "x' OR 1=1 --", "a\0b"]
    client = client_for(company.trainer)
    for action, fields in (
        ("remind", {"text": "Hello"}),
        ("note", {"text": "Hello"}),
        ("unlock", {"quiz": "x"}),
        ("extend", {"assignment": "x", "due_on": "2031-01-01"}),
    ):
        answer = act(client, action, strangers, **fields)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/teaching/")
    answer = act(client, "note", [company.learner, *strangers], text="Only one")
    assert "7 of those you chose do not learn here" in answer.get_data(as_text=True)
    with app.app_context():
        assert letters() == []
        assert list(db.session.scalars(select(Note.user_id))) == [company.learner]


def test_a_foreign_id_looks_like_one_of_nobody(company: Company, other_company: Company, client_for: Clients) -> None:
    client = client_for(company.trainer)
    pages = []
    for stranger in (other_company.learner, "0123456789abcdef0123"):
        page = choose(client, "note", [company.learner, stranger]).get_data(as_text=True)
        pages.append(re.sub(r'csrf[-_]token"[^>]+', "", page.replace(stranger, "…")))
    assert pages[0] == pages[1]


def test_everyone_is_everyone_under_the_filter_of_the_list(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        dyers = make_learners(company, 60, company.departments[0])
        make_learners(company, 3, company.departments[1])
        name_people(dyers[:2], "Özil Ärmel", "özil two")
        cohort = make_cohort(company, dyers[:5])
        assignment = make_assignment(company, cohort, date(2030, 1, 1), date(2030, 2, 1))
        extend(Member(company.trainer, company.id), assignment, dyers[:3], date(2030, 3, 1), now())
    client = client_for(company.trainer)

    def count(**fields: str) -> str:
        page = choose(client, "note", [], everyone="1", **fields).get_data(as_text=True)
        found = re.search(r"([0-9]+) (?:person|people) chosen", page)
        assert found
        return found[1]

    assert count() == "64", "with the learner who was there before"
    assert count(**{"filter-department": company.departments[1]}) == "3"
    assert count(**{"filter-department": company.departments[0], "filter-name": " ÖZIL "}) == "2"
    assert count(**{"filter-cohort": cohort}) == "5"
    assert count(**{"filter-assignment": assignment}) == "3"
    assert count(**{"filter-assignment": assignment, "filter-name": "özil"}) == "2"
    assert f'name="filter-assignment" value="{assignment}"' in client.get(f"/teaching/assignments/{assignment}").text


def test_who_was_shown_is_who_is_acted_upon_and_a_second_press_says_what_was_done(
    app: Flask, company: Company, client_for: Clients
) -> None:
    """Everyone is worked out once. Meanwhile one comes, one leaves; and the list empties by what is done."""
    client = client_for(company.trainer)
    boiler = company.departments[1]
    with app.app_context():
        people = make_learners(company, 4, boiler)
        assignment = make_assignment(company, make_cohort(company, people), date(2030, 1, 1), date(2030, 2, 1))
    whole = {"everyone": "1", "filter-department": boiler}
    unseen = act(client, "note", [], text="Unseen", **whole)
    assert unseen.status_code == 200
    assert "4 people chosen" in unseen.text, "who was shown on no page is shown first"
    fields = hidden_fields(choose(client, "extend", [], **whole).text)
    assert not {name for name in fields if name in {"everyone", "people"} or name.startswith("filter-")}
    fields |= {"assignment": assignment, "due_on": "2029-12-01"}
    with app.app_context():
        make_learners(company, 1, boiler)
        end_membership(Member(company.manager, company.id), people[0], now())
    refused = client.post("/teaching/actions/extend", data=fields)
    assert refused.status_code == 422
    fields |= hidden_fields(refused.text) | {"due_on": "2030-03-01"}
    with app.app_context(), unit_of_work() as session:  # they fall out of the list
        for row in session.scalars(select(Membership).where(Membership.user_id.in_(people))):
            row.department_id = company.departments[0]
    done = client.post("/teaching/actions/extend", data=fields).text
    assert "3 people have more time" in done
    assert "1 of those you chose does not learn here, or not any more." in done
    again = client.post("/teaching/actions/extend", data=fields).text
    assert "Nobody has more time than before" in again
    assert "Had this last day already" in again
    for wrong in (forged(fields["sealed"]), "x"):
        assert client.post("/teaching/actions/extend", data={**fields, "sealed": wrong}).status_code == 409
    with app.app_context():
        (colleague,) = make_learners(company, 1)
        with unit_of_work() as session:
            session.scalars(select(Membership).where(Membership.user_id == colleague)).one().role = Role.TRAINER
        for each in people[1:]:
            end_membership(Member(company.manager, company.id), each, now())
    other = client_for(colleague)
    stolen = {**fields, "csrf_token": csrf_token(other, "/teaching/")}
    assert other.post("/teaching/actions/extend", data=stolen).status_code == 409, "it is bound to the trainer"
    assert client.post("/teaching/actions/extend", data=fields).status_code == 302
    assert "nobody left of those you chose" in client.get("/teaching/").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_ten_thousand_people_fit_into_the_page(company: Company, app: Flask) -> None:
    people = [secrets.token_hex(10) for _ in range(10_000)]
    with app.test_request_context():
        trainer = Member(company.trainer, company.id)
        sealed = seal_people(trainer, "actions", people)
        assert len(sealed) < 200_000
        assert unseal_people(trainer, "actions", sealed) == people


def test_a_filter_that_cannot_be_repeated_never_means_everybody(company: Company, client_for: Clients) -> None:
    answer = choose(client_for(company.trainer), "note", [], everyone="1", **{"filter-shift": "night"})
    assert answer.status_code == 422
    assert "cannot be chosen as a whole" in answer.get_data(as_text=True)


def test_who_chose_nobody_is_sent_back_where_they_were(company: Company, client_for: Clients) -> None:
    client = client_for(company.trainer)
    for back, expected in (
        ("/teaching/?name=a", "/teaching/?name=a"),
        ("//evil.example/", "/teaching/"),
        ("https://evil.example/", "/teaching/"),
    ):
        answer = choose(client, "remind", [], back=back)
        assert answer.headers["Location"] == expected
    assert "Choose at least one person first" in client.get("/teaching/").get_data(as_text=True)


def test_the_list_offers_boxes_and_actions_and_the_filter_goes_along(
    app: Flask, company: Company, client_for: Clients
) -> None:
    page = client_for(company.trainer).get(f"/teaching/?department={company.departments[0]}").get_data(as_text=True)
    assert f'name="people" value="{company.learner}"' in page
    assert f'name="filter-department" value="{company.departments[0]}"' in page
    for action in ("remind", "extend", "unlock", "note"):
        assert f'formaction="/teaching/actions/{action}"' in page


@pytest.mark.parametrize("action", ["remind", "note", "extend", "unlock"])
def test_the_number_of_queries_does_not_depend_on_how_many_are_chosen(
    app: Flask, company: Company, client_for: Clients, action: str
) -> None:
    with app.app_context():
        make_learners(company, 5, company.departments[0])
        make_learners(company, 200, company.departments[1])
        engine = db.engine
    client = client_for(company.trainer)
    counts = []
    for department in company.departments:
        whole = {"everyone": "1", "filter-department": department}
        body = hidden_fields(choose(client, action, [], **whole).text)
        statements: list[str] = []

        def note(*given: Any, into: list[str] = statements) -> None:
            into.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        client.post(f"/teaching/actions/{action}", data={**body, "text": f"Hello {department}"})
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum(not each.startswith("INSERT INTO outbox") for each in statements))
    assert counts[0] == counts[1]


# More time, notes


def test_more_time_for_some_tells_who_had_it_and_who_was_not_given_it(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        inside, outside = make_learners(company, 2)
        assignment = make_assignment(company, make_cohort(company, [inside]), date(2030, 1, 1), date(2030, 2, 1))
    client = client_for(company.trainer)
    page = choose(client, "extend", [inside, outside]).get_data(as_text=True)
    assert "due 1 Feb 2030 (1 of the chosen)" in page
    early = act(client, "extend", [inside], assignment=assignment, due_on="2030-01-15")
    assert early.status_code == 422
    assert "Fri 1 Feb 2030" in early.get_data(as_text=True)
    assert 'value="2030-01-15"' in early.get_data(as_text=True), "what was typed stays"
    slip = act(client, "extend", [inside], assignment=assignment, due_on="9999-12-31")
    assert slip.status_code == 422
    assert "Check the year" in slip.text
    done = act(client, "extend", [inside, outside], assignment=assignment, due_on="2030-03-01").get_data(as_text=True)
    assert "1 person has more time" in done
    assert "Was not given this" in done
    again = act(client, "extend", [inside, outside], assignment=assignment, due_on="01.03.2030")
    assert "Had this last day already" in again.get_data(as_text=True)
    less = act(client, "extend", [inside], assignment=assignment, due_on="2030-02-15")
    assert "Has a later day already" in less.text
    path = f"/teaching/assignments/{assignment}"
    body = {"csrf_token": csrf_token(client, path), "user_id": inside, "due_on": "2030-02-15"}
    one = client.post(f"{path}/extend", data=body)
    assert one.status_code == 422
    assert "take that one back first" in one.text
    with app.app_context():
        assert db.session.execute(select(Extension.user_id, Extension.due_on)).all() == [(inside, date(2030, 3, 1))]


def test_two_presses_at_once_write_one_note(app: Flask, company: Company) -> None:
    start = threading.Barrier(4)
    written: list[int] = []

    def press() -> None:
        with app.app_context():
            start.wait()
            written.append(len(write_notes(Member(company.trainer, company.id), [company.learner], "Once", now())))

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(written) == [0, 0, 0, 1]


def test_nobody_extends_an_assignment_of_another_organization(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    with app.app_context():
        make_assignment(company, make_cohort(company, [company.learner]), date(2030, 1, 1), date(2030, 2, 1))
        foreign = make_assignment(
            other_company, make_cohort(other_company, [other_company.learner]), date(2030, 1, 1), date(2030, 2, 1)
        )
    answer = act(client_for(company.trainer), "extend", [company.learner], assignment=foreign, due_on="2030-03-01")
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.execute(select(Extension)).all() == []


def test_a_note_is_read_by_the_person_and_by_trainers_and_deleted_by_its_author_alone(
    app: Flask, company: Company, client_for: Clients
) -> None:
    trainer, learner = client_for(company.trainer), client_for(company.learner)
    hostile = "Do <script>alert(1)</script> the quiz again\nplease"
    act(trainer, "note", [company.learner], text=hostile)
    act(trainer, "note", [company.learner], text=hostile)
    with app.app_context():
        (note,) = db.session.scalars(select(Note)).all()
        (colleague,) = make_learners(company, 1)
        with unit_of_work() as session:
            session.scalars(select(Membership).where(Membership.user_id == colleague)).one().role = "trainer"
    shown = "Do &lt;script&gt;alert(1)&lt;/script&gt; the quiz again\nplease"
    for client, path in (
        (learner, "/"),
        (trainer, f"/teaching/people/{company.learner}"),
        (client_for(colleague), f"/teaching/people/{company.learner}"),
    ):
        assert shown in client.get(path).get_data(as_text=True)
    assert shown not in client_for(company.manager).get("/").get_data(as_text=True)

    def delete(client: FlaskClient) -> int:
        body = {"csrf_token": csrf_token(client, "/teaching/")}
        return client.post(f"/teaching/actions/notes/{note.id}/delete", data=body).status_code

    assert delete(client_for(colleague)) == 404
    assert delete(trainer) == 302
    assert shown not in learner.get("/").get_data(as_text=True)


@pytest.mark.parametrize(("length", "status"), [(LONGEST_NOTE, 200), (LONGEST_NOTE + 1, 422), (0, 422)])
def test_a_note_has_a_thousand_characters_at_most(
    app: Flask, company: Company, client_for: Clients, length: int, status: int
) -> None:
    assert act(client_for(company.trainer), "note", [company.learner], text="x" * length).status_code == status


# Switching off


def test_a_person_switches_reminders_off_and_on_for_one_organization(
    app: Flask, company: Company, client_for: Clients
) -> None:
    client = client_for(company.learner)

    def switch(off: str) -> None:
        body = {"csrf_token": csrf_token(client, "/people/account"), "off": off}
        assert client.post("/people/account/reminders", data=body).headers["Location"].endswith("account#reminders")

    for _ in range(2):
        switch("1")
    assert "Reminders are off" in client.get("/people/account").get_data(as_text=True)
    with app.app_context():
        assert nudge(Member(company.trainer, company.id), [company.learner], "Hello", now()).sent == frozenset()
    switch("0")
    with app.app_context():
        assert nudge(Member(company.trainer, company.id), [company.learner], "Hello", now()).sent == {company.learner}


def test_ten_minutes_later_the_same_note_may_be_meant(app: Flask, company: Company) -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    trainer = Member(company.trainer, company.id)
    with app.app_context():
        written = [
            len(write_notes(trainer, [company.learner], "Again", moment + minutes * timedelta(minutes=1)))
            for minutes in (0, 1, 11)
        ]
    assert written == [1, 0, 1]


def test_the_link_in_a_mail_switches_reminders_off_without_signing_in(
    app: Flask, company: Company, other_company: Company
) -> None:
    """As a mail program does it (RFC 8058): a POST without cookie or token of a session. A GET changes nothing."""
    with app.app_context():
        nudge(Member(company.trainer, company.id), [company.learner], "Hello", now())
        (letter,) = letters()
        link = str(letter.unsubscribe_link)
        assert link.startswith("http://127.0.0.1/reminders/off/")
    path = link.removeprefix("http://127.0.0.1")
    anybody = app.test_client()

    def muted() -> list[tuple[str, str]]:
        with app.app_context():
            return [
                tuple(row)
                for row in db.session.execute(select(ReminderSetting.organization_id, ReminderSetting.user_id))
            ]

    page = anybody.get(path)
    assert "River Works" in page.text
    assert f'<form method="post" action="{path}">' in page.text
    assert muted() == []
    for wrong in (path[:-1], forged(path), "/reminders/off/x", path + "x"):
        assert (anybody.get(wrong).status_code, anybody.post(wrong).status_code) == (404, 404)
    assert muted() == []
    for _ in range(2):
        answer = anybody.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Reminders are off" in answer.text
        assert "Set-Cookie" not in answer.headers
        assert muted() == [(company.id, company.learner)]
    with app.app_context():
        assert deliver_due(now) == 0, "what waited is withdrawn"
        with unit_of_work() as session:
            session.delete(session.get_one(User, company.learner))
    assert anybody.post(path).status_code == 404
