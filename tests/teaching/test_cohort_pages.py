"""Pages of cohorts as trainers use them, and what the people then see."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from learning.accounts.membership import end_membership
from learning.accounts.models import User
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.teaching.cohorts import archive_cohort, people_of
from learning.teaching.models import Assignment, Cohort
from learning.web.identity import Member
from tests.conftest import Company, csrf_token
from tests.forging import forged
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners
from tests.teaching.test_actions import hidden_fields

ClientFor = Callable[[str | None], FlaskClient]
HOME = "/teaching/cohorts/"


@pytest.fixture
def trainer(company: Company, client_for: ClientFor) -> FlaskClient:
    return client_for(company.trainer)


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": csrf_token(client, HOME)})


def present(app: Flask, company: Company, cohort: str) -> set[str]:
    with app.app_context():
        return set(people_of(db.session(), company.id, cohort))


def addresses(app: Flask, people: list[str]) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(User.email).where(User.id.in_(people)).order_by(User.email)))


def sealed(page: str) -> str:
    found = re.search(r'name="people" value="([^"]+)"', page)
    assert found, "the preview offers nobody to be added"
    return found[1]


def test_a_trainer_without_cohorts_is_told_what_they_are_for(trainer: FlaskClient) -> None:
    page = trainer.get(HOME).text
    assert "No cohort yet" in page
    assert "/teaching/cohorts/new" in page
    assert page.count('aria-current="page"') == 3  # the two menus and the tab: Cohorts alone


def test_a_cohort_is_made_in_three_ways(app: Flask, company: Company, trainer: FlaskClient) -> None:
    for way, name, then in (
        ("department", "Dyers", r"/teaching/cohorts/\w+$"),
        ("list", "Listed", r"/teaching/cohorts/\w+/roster$"),
        ("choose", "Chosen", r"/teaching/cohorts/\w+/people/add$"),
    ):
        made = send(trainer, "/teaching/cohorts/new", name=name, way=way, department_id=company.departments[0])
        assert re.search(then, made.headers["Location"])
    with app.app_context():
        follows = {row.name: row.department_id for row in db.session.scalars(select(Cohort))}
    assert follows == {"Dyers": company.departments[0], "Listed": None, "Chosen": None}
    page = trainer.get(HOME).text
    assert "Your cohorts" in page
    assert all(name in page for name in follows)


def test_what_is_missing_is_said_and_what_was_typed_stays(company: Company, trainer: FlaskClient) -> None:
    refused = send(trainer, "/teaching/cohorts/new", name="Dyers", way="department", department_id="")
    assert refused.status_code == 422
    assert "Choose the department that the cohort follows." in refused.text
    assert 'value="Dyers"' in refused.text
    send(trainer, "/teaching/cohorts/new", name="Dyers", way="choose")
    assert (
        "There is a cohort with this name already"
        in send(trainer, "/teaching/cohorts/new", name="Dyers", way="choose").text
    )


def test_ones_own_cohorts_stand_first_and_archived_ones_apart(
    app: Flask, company: Company, trainer: FlaskClient
) -> None:
    send(trainer, "/teaching/cohorts/new", name="Mine", way="choose")
    with app.app_context():
        make_cohort(company, name="A colleague's")
        archive_cohort(Member(company.trainer, company.id), make_cohort(company, name="Put away"), now())
    page = trainer.get(HOME).text
    headings = [page.index(text) for text in ("Your cohorts</h2>", "Mine", "Cohorts of your colleagues</h2>")]
    assert headings == sorted(headings)
    assert page.index("A colleague&#39;s") < page.index("Archived</h2>") < page.index("Put away")


def test_people_are_chosen_by_name_and_taken_out_again(app: Flask, company: Company, trainer: FlaskClient) -> None:
    with app.app_context():
        people = make_learners(company, 120)
        cohort = make_cohort(company)
    here = f"/teaching/cohorts/{cohort}"
    page = trainer.get(f"{here}/people/add").text
    assert page.count('name="people"') == 50
    assert "Next page" in page
    after = re.search(r"after=(\w+)", page)
    assert after
    assert "Learner 0050" in trainer.get(f"{here}/people/add?after={after[1]}").text
    found = trainer.get(f"{here}/people/add?name=learner+0042").text
    assert re.findall(r'name="people" value="(\w+)"', found) == [people[42]]
    assert send(trainer, f"{here}/people/add").status_code == 422
    added = send(trainer, f"{here}/people/add?name=learner", people=people[:3])
    assert added.headers["Location"].endswith("/people/add?name=learner")
    assert present(app, company, cohort) == set(people[:3])
    assert "Learner 0001" not in trainer.get(f"{here}/people/add").text
    removed = send(trainer, f"{here}/people/remove?name=learner&after={people[0]}", people=people[:2])
    assert removed.headers["Location"].endswith(f"?name=learner&after={people[0]}#people"), "filter and page stay"
    assert present(app, company, cohort) == {people[2]}
    assert "Learner 0002" in trainer.get(f"{here}?after={people[2]}").text, "a page without anybody is the first one"


def test_everyone_of_a_list_comes_in_and_goes_out_after_being_shown(
    app: Flask, company: Company, trainer: FlaskClient
) -> None:
    """Who comes between the page and the button is not met; who is there by department stays."""
    with app.app_context():
        people = make_learners(company, 60)
        dyer = make_learners(company, 1, company.departments[0])[0]
        cohort = make_cohort(company, department_id=company.departments[0])
    here = f"/teaching/cohorts/{cohort}"
    assert "Choose all 60 people of this list, on its other pages too" in trainer.get(f"{here}/people/add").text
    shown = send(trainer, f"{here}/people/add?name=learner", everyone="1")
    assert shown.status_code == 200
    assert "60 people come into the cohort" in shown.text
    assert present(app, company, cohort) == {company.learner, dyer}
    with app.app_context():
        make_learners(company, 1)
    held = hidden_fields(shown.text)["sealed"]
    for _ in range(2):
        added = send(trainer, f"{here}/people/add?name=learner", sealed=held)
        assert added.headers["Location"].endswith("/people/add?name=learner")
    assert present(app, company, cohort) == {*people, company.learner, dyer}
    page = trainer.get(f"{here}?name=learner").text
    assert "Choose all 62 people of this list" in page
    assert page.count('name="people"') == 50
    assert f'name="filter-cohort" value="{cohort}"' in page
    for action in ("remind", "extend", "note"):
        assert f'formaction="/teaching/actions/{action}"' in page
    shown = send(trainer, f"{here}/people/remove?name=learner", everyone="1")
    assert "60 people leave the cohort" in shown.text
    assert "2 people stay: the cohort follows their department." in shown.text
    assert send(trainer, f"{here}/people/add", sealed=hidden_fields(shown.text)["sealed"]).status_code == 409
    send(trainer, f"{here}/people/remove?name=learner", sealed=hidden_fields(shown.text)["sealed"])
    assert present(app, company, cohort) == {company.learner, dyer}
    nobody = send(trainer, f"{here}/people/remove", everyone="1")
    assert "Nobody of this list can be removed." in nobody.text
    assert 'name="sealed"' not in nobody.text


def test_who_is_in_by_department_stays_and_that_is_said(app: Flask, company: Company, trainer: FlaskClient) -> None:
    with app.app_context():
        cohort = make_cohort(company, department_id=company.departments[0])
    page = trainer.get(f"/teaching/cohorts/{cohort}").text
    assert "By department" in page
    assert f'name="people" value="{company.learner}"' in page, "to be reminded"
    send(trainer, f"/teaching/cohorts/{cohort}/people/remove", people=[company.learner])
    assert "1 person stays: the cohort follows their department." in trainer.get(HOME).text


def test_a_list_is_shown_first_applied_once_and_the_second_time_changes_nothing(
    app: Flask, company: Company, other_company: Company, trainer: FlaskClient
) -> None:
    with app.app_context():
        people = make_learners(company, 30)
        cohort = make_cohort(company)
    known = addresses(app, people)
    stranger = addresses(app, [other_company.learner])[0]
    rows = [*known, known[0].upper(), stranger, "trainer@river.example", "=1+1", "nobody@nowhere.example"]
    file = "\ufeffE-mail;Name\r\n" + "".join(f"{row};Somebody\r\n" for row in rows)
    path = f"/teaching/cohorts/{cohort}/roster"
    shown = send(trainer, path, file=(io.BytesIO(file.encode()), "roster.csv"))
    assert shown.status_code == 200
    assert present(app, company, cohort) == set()
    assert "30 people will be added" in shown.text
    assert "stands in row 2 already and counts once" in shown.text
    assert "is a formula, not an address" in shown.text
    # Somebody of another organization looks like nobody.
    unknown = shown.text.split("Not in your organization</h2>")[1].split("</table>")[0]
    assert re.findall(r">Row (\d+)<", unknown) == ["33", "36"]
    assert "They are trainers or managers here." in shown.text
    applied = send(trainer, f"{path}/apply", people=sealed(shown.text))
    assert applied.headers["Location"].endswith(f"/teaching/cohorts/{cohort}")
    assert present(app, company, cohort) == set(people)
    assert "30 people were added." in trainer.get(HOME).text
    # The same page once more, from another tab; then the same file.
    send(trainer, f"{path}/apply", people=sealed(shown.text))
    assert "Nothing changed: everybody on the list is in the cohort already." in trainer.get(HOME).text
    again = send(trainer, path, file=(io.BytesIO(file.encode()), "roster.csv")).text
    assert "It changes nothing" in again
    assert "/roster/apply" not in again
    assert present(app, company, cohort) == set(people)


def test_people_without_an_address_are_found_by_sign_in_name_or_number(
    app: Flask, company: Company, trainer: FlaskClient
) -> None:
    with app.app_context():
        (one, two) = make_learners(company, 2)
        cohort = make_cohort(company)
        with unit_of_work() as session:
            for user_id, name in ((one, "river-1042"), (two, "river-1043")):
                session.execute(update(User).where(User.id == user_id).values(sign_in_name=name, email=None))
    shown = send(trainer, f"/teaching/cohorts/{cohort}/roster", addresses="river-1042\n1043").text
    send(trainer, f"/teaching/cohorts/{cohort}/roster/apply", people=sealed(shown))
    assert present(app, company, cohort) == {one, two}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04" + b"\0" * 99, "This is an Excel workbook."),
        (b"a@r.io\n" * 100_000, "The list has more than 20,000 rows."),
        (b"x" * 2_000_001, "The file is larger than 2 MB."),
        (b"", "The list is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "This is not a text file."),
        (b"Name,Place\nAna,Here\n", "No column holds e-mail addresses"),
        (b'Name,Mail\n"Ana,x@r.io\n', "At row"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    app: Flask, company: Company, trainer: FlaskClient, data: bytes, sentence: str
) -> None:
    with app.app_context():
        cohort = make_cohort(company)
    refused = send(trainer, f"/teaching/cohorts/{cohort}/roster", file=(io.BytesIO(data), "x.csv"))
    assert refused.status_code == 422
    assert sentence in refused.text


def test_twenty_thousand_rows_fit_the_way_there_and_back(app: Flask, company: Company, trainer: FlaskClient) -> None:
    with app.app_context():
        people = make_learners(company, 3_000)
        cohort = make_cohort(company)
        mails = db.session.scalars(select(User.email).where(User.id.in_(people))).all()
    file = "\n".join([*mails, *(f"nobody{number}@river.example" for number in range(17_000))])
    shown = send(trainer, f"/teaching/cohorts/{cohort}/roster", file=(io.BytesIO(file.encode()), "x.csv"))
    assert "And 16800 more rows." in shown.text
    assert len(shown.text) < 400_000
    send(trainer, f"/teaching/cohorts/{cohort}/roster/apply", people=sealed(shown.text))
    assert present(app, company, cohort) == set(people)


def test_a_preview_is_of_one_trainer_one_cohort_and_one_day(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        cohort, other = make_cohort(company), make_cohort(company)
    known = addresses(app, [company.learner])[0]
    held = sealed(send(trainer, f"/teaching/cohorts/{cohort}/roster", addresses=known).text)
    for path, value in (
        (f"/teaching/cohorts/{other}/roster/apply", held),
        (f"/teaching/cohorts/{cohort}/roster/apply", forged(held)),
        (f"/teaching/cohorts/{cohort}/roster/apply", ""),
    ):
        assert send(trainer, path, people=value).status_code == 409
    monkeypatch.setattr("learning.teaching.sealed_people.LIFETIME", -1)
    assert send(trainer, f"/teaching/cohorts/{cohort}/roster/apply", people=held).status_code == 409
    assert present(app, company, cohort) == set()


def test_who_left_between_preview_and_apply_is_not_added(app: Flask, company: Company, trainer: FlaskClient) -> None:
    with app.app_context():
        cohort = make_cohort(company)
    known = addresses(app, [company.learner])[0]
    held = sealed(send(trainer, f"/teaching/cohorts/{cohort}/roster", addresses=known).text)
    with app.app_context():
        end_membership(Member(company.manager, company.id), company.learner, now())
    send(trainer, f"/teaching/cohorts/{cohort}/roster/apply", people=held)
    told = trainer.get(HOME).text
    assert "has left your organization since" in told
    assert "Nothing changed" not in told


# --- assignments -----------------------------------------------------------------------------------------------


def test_several_things_are_assigned_and_the_people_see_them(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor
) -> None:
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
    today = now().date()
    fields = {
        "things": ["course:foundations", "assessment:employee-awareness"],
        "opens_on": today.isoformat(),
        "due_on": (today + timedelta(days=8)).isoformat(),
        "repeat_months": "12",
    }
    assert send(trainer, f"/teaching/cohorts/{cohort}/assign", **fields).status_code == 302
    page = trainer.get(f"/teaching/cohorts/{cohort}").text
    assert "again every 12 months" in page
    assert "Due in 8 days" in page
    send(trainer, f"/teaching/cohorts/{cohort}/assign", **fields)
    assert "2 things were assigned for these days already" in trainer.get(HOME).text
    with app.app_context():
        assert len(db.session.scalars(select(Assignment)).all()) == 2
    learner = client_for(company.learner)
    for path in ("/", "/courses/foundations/"):
        assert "in 8 days." in learner.get(path).text
    colleague = client_for(company.trainer)
    assert "Given to you" not in colleague.get("/").text
    assert "Your trainer gave you" not in colleague.get("/courses/foundations/").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"things": []}, "Choose at least one thing."),
        ({"things": ["course:no-such"]}, "is not a valid choice"),
        ({"due_on": "2029-12-31"}, "It would be due before it opens."),
        ({"due_on": "soon"}, "Give a day, such as 2030-01-31."),
        ({"due_on": "0030-01-31"}, "Check the year"),
        ({"opens_on": ""}, "Give the day on which it opens."),
        ({"repeat_months": "0"}, "Give a number from 1 to 60."),
        ({"repeat_months": "1"}, "It would be assigned again before it is due."),
    ],
)
def test_what_cannot_be_assigned_is_said_beside_its_field(
    app: Flask, company: Company, trainer: FlaskClient, change: dict[str, object], sentence: str
) -> None:
    with app.app_context():
        cohort = make_cohort(company)
    fields = {"things": ["course:foundations"], "opens_on": "2030-01-01", "due_on": "2030-03-01"} | change
    refused = send(trainer, f"/teaching/cohorts/{cohort}/assign", **fields)
    assert refused.status_code == 422
    assert sentence in refused.text


def test_one_person_gets_more_time_and_sees_it(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor
) -> None:
    today = now().date()
    with app.app_context():
        others = make_learners(company, 60)
        cohort = make_cohort(company, [company.learner, *others])
        assignment = make_assignment(company, cohort, today - timedelta(days=9), today - timedelta(days=2))
    here = f"/teaching/assignments/{assignment}"
    learner = client_for(company.learner)
    assert "Overdue: it was due on" in learner.get("/").text
    assert "2 days ago" in learner.get("/").text
    assert "There are more people than are shown." in trainer.get(here).text
    assert "River learner" in trainer.get(f"{here}?name=river").text
    late = (today - timedelta(days=3)).isoformat()
    refused = send(trainer, f"{here}/extend", user_id=company.learner, due_on=late, name="river")
    assert refused.status_code == 422
    assert "Choose a later day" in refused.text
    assert re.search(rf'value="{company.learner}" checked', refused.text)
    later = (today + timedelta(days=1)).isoformat()
    assert send(trainer, f"{here}/extend", user_id=company.learner, due_on=later).status_code == 302
    assert send(trainer, f"{here}/extend", user_id=company.manager, due_on=later).status_code == 422
    home = learner.get("/").text
    assert "tomorrow." in home
    assert "Your trainer gave you more time." in home
    assert "Overdue" in client_for(others[0]).get("/").text
    asked = send(trainer, f"{here}/extensions/end", people=company.learner)
    assert "they have as much time as everybody else again" in asked.text
    assert "Your trainer gave you more time." in learner.get("/").text
    done = send(trainer, f"{here}/extensions/end", people=company.learner, step="do")
    assert "1 person has no more time" in done.text
    assert "Overdue" in learner.get("/").text


def test_what_is_taken_back_or_archived_is_seen_no_more(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor
) -> None:
    today = now().date()
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
        assignment = make_assignment(company, cohort, today, today)
    learner = client_for(company.learner)
    assert "Due today" in learner.get("/").text
    send(trainer, f"/teaching/cohorts/{cohort}/archive")
    assert "Given to you" not in learner.get("/").text
    send(trainer, f"/teaching/cohorts/{cohort}/restore")
    assert "Due today" in learner.get("/").text
    end = f"/teaching/assignments/{assignment}/end"
    assert "back?" in trainer.get(end).text
    assert "Due today" in learner.get("/").text
    send(trainer, end)
    assert "Given to you" not in learner.get("/").text
    assert "Taken back on" in trainer.get(f"/teaching/cohorts/{cohort}").text


def test_a_day_is_the_day_where_the_person_is(app: Flask, company: Company, client_for: ClientFor) -> None:
    """At any moment it is one day in Samoa and the day before in Niue."""
    with app.app_context():
        (east, west) = make_learners(company, 2)
        cohort = make_cohort(company, [east, west])
        make_assignment(company, cohort, date(2024, 1, 1), now().date())
        with unit_of_work() as session:
            for user_id, zone in ((east, "Pacific/Kiritimati"), (west, "Pacific/Niue")):
                session.execute(update(User).where(User.id == user_id).values(time_zone=zone))
    seen = {who: client_for(who).get("/").text for who in (east, west)}
    assert "Pacific/Kiritimati" in seen[east]
    in_east = "Overdue" in seen[east] or "Due today" in seen[east]
    in_west = "Due today" in seen[west] or "tomorrow" in seen[west]
    assert in_east
    assert in_west
    assert not ("Due today" in seen[east] and "Due today" in seen[west])


def test_content_that_left_the_catalogue_breaks_no_page(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor
) -> None:
    today = now().date()
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
        gone = make_assignment(company, cohort, today, today, content_id="gone")
    assert "No longer in the catalogue" in trainer.get(f"/teaching/cohorts/{cohort}").text
    for path in (f"/teaching/assignments/{gone}", f"/teaching/assignments/{gone}/end"):
        assert trainer.get(path).status_code == 200
    assert "Given to you" not in client_for(company.learner).get("/").text


# --- how much is asked -----------------------------------------------------------------------------------------


def queries_of(app: Flask, client: FlaskClient, path: str) -> int:
    counted: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            counted.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(counted)


def test_no_page_asks_more_for_more_people_cohorts_and_assignments(
    app: Flask, company: Company, trainer: FlaskClient, client_for: ClientFor
) -> None:
    today = now().date()
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
        assignment = make_assignment(company, cohort, today, today)
    paths = [
        HOME,
        f"/teaching/cohorts/{cohort}",
        f"/teaching/cohorts/{cohort}/people/add",
        f"/teaching/cohorts/{cohort}/assign",
        f"/teaching/assignments/{assignment}",
    ]
    learner = client_for(company.learner)
    before = [queries_of(app, trainer, path) for path in paths] + [queries_of(app, learner, "/")]
    with app.app_context():
        people = make_learners(company, 300)
        for number in range(15):
            more = make_cohort(company, [company.learner, *people[number:]])
            make_assignment(company, more, today, today, content_id="practice" if number % 2 else "foundations")
            make_assignment(company, cohort, today, today + timedelta(days=number))
    after = [queries_of(app, trainer, path) for path in paths] + [queries_of(app, learner, "/")]
    assert after == before
    assert max(before) <= 18
