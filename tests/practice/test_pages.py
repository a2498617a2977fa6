"""Pages of practice: who sees what, what a browser is told of a photo, and that nothing typed is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from learning.accounts.membership import end_membership
from learning.accounts.models import Membership, User
from learning.certificates.models import Certificate
from learning.clock import now
from learning.content.model import Catalogue
from learning.courses.service import complete_lesson
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.practice import service
from learning.practice.models import PracticeState, Submission
from learning.practice.photos import MOST_SENT
from learning.teaching.cohorts import add_people, archive_cohort, make_cohort, remove_people
from learning.web.identity import Member, Role
from tests.certificates.completing import COURSE_ID, LESSON_ID, sit
from tests.conftest import Company, csrf_token
from tests.practice.photos import LATITUDE, REFUSED, with_place

ClientFor = Callable[[str | None], FlaskClient]
TASK = "/practice/tasks/m01-l1-try"
QUEUE = "/teaching/practice/"


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": csrf_token(client, "/practice/")})


def add_person(app: Flask, company: Company, role: Role = Role.LEARNER) -> str:
    with app.app_context(), unit_of_work() as session:
        user = User(name="Another one", email=f"{new_id()}@river.example", created_at=now())
        session.add(user)
        session.flush()
        session.add(Membership(organization_id=company.id, user_id=user.id, role=role, joined_at=now()))
        return user.id


@pytest.fixture
def handed(app: Flask, learner: Member, catalogue: Catalogue, folder: Path, photo: bytes) -> str:
    """The learner has handed in a text and a photo."""
    with app.app_context():
        return service.hand_in(learner, catalogue.lessons[LESSON_ID], "Three bins.", photo, folder, now())


@pytest.fixture
def cohort(app: Flask, company: Company) -> str:
    """The learner's cohort."""
    trainer = Member(company.trainer, company.id)
    with app.app_context():
        cohort_id = make_cohort(trainer, "Morning shift", None, now())
        add_people(trainer, cohort_id, [company.learner], now())
        return cohort_id


def name_colleague(app: Flask, client: FlaskClient, cohort: str, user_id: str) -> TestResponse:
    with app.app_context():
        login = db.session.scalar(select(User.email).where(User.id == user_id))
    return send(client, f"/teaching/cohorts/{cohort}/confirmers", login=f" {str(login).upper()} ")


def test_a_photo_is_handed_in_and_comes_back_without_its_place(
    app: Flask, company: Company, client_for: ClientFor, folder: Path
) -> None:
    client = client_for(company.learner)
    response = send(client, TASK, text="", photo=(io.BytesIO(with_place()), "IMG_0001.jpg"))
    assert response.status_code == 302
    page = client.get(TASK).text
    address = re.search(r'src="(/practice/\w+/photo\.jpg)"', page)
    assert address
    assert 'class="qr"' in page
    shown = client.get(address[1])
    assert shown.status_code == 200
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert shown.data.startswith(b"\xff\xd8")
    assert LATITUDE not in shown.data
    (name,) = [each.name for each in folder.iterdir()]
    assert name not in page
    assert client.get(f"/static/photos/{name}").status_code == 404


@pytest.mark.parametrize("name", ["svg", "50,000 x 50,000", "moving png", "cut off jpeg"])
def test_a_photo_that_cannot_be_taken_is_told_and_the_text_stays(
    app: Flask, company: Company, client_for: ClientFor, folder: Path, name: str
) -> None:
    client = client_for(company.learner)
    response = send(client, TASK, text="What I typed.", photo=(io.BytesIO(REFUSED[name]), "a.jpg"))
    assert response.status_code == 422
    assert "What I typed." in response.text
    assert 'href="#photo"' in response.text
    assert not folder.exists()


def test_a_photo_may_have_8_mb_and_only_here(app: Flask, company: Company, client_for: ClientFor) -> None:
    client = client_for(company.learner)
    padded = with_place() + b"\0" * (5 * 1024 * 1024)
    assert send(client, TASK, text="", photo=(io.BytesIO(padded), "a.jpg")).status_code == 302
    large = send(client, TASK, text="What I typed.", photo=(io.BytesIO(b"\xff\xd8" + b"\0" * MOST_SENT), "a.jpg"))
    assert large.status_code == 422
    assert "larger than 8 MB" in large.text
    assert "What I typed." in large.text
    refused = send(client, TASK, photo=(io.BytesIO(b"\0" * (2 * MOST_SENT)), "a.jpg"))
    assert refused.status_code == 413
    assert "The photo is larger than 8 MB" in refused.text
    assert "your browser still has what you typed" in refused.text
    assert send(client, "/ideas/", text=(io.BytesIO(padded), "a.jpg")).status_code == 413


def test_what_is_confirmed_while_it_is_changed_loses_no_text(
    app: Flask, company: Company, client_for: ClientFor, handed: str
) -> None:
    mine, trainer = client_for(company.learner), client_for(company.trainer)
    send(trainer, f"/practice/to-confirm/{handed}", decision="confirm", revision="1", note="")
    late = send(mine, TASK, text="Four bins, and one of them <empty>.")
    assert late.status_code == 409
    assert 'class="error-summary"' in late.text
    assert "confirmed already" in late.text
    assert "Four bins, and one of them &lt;empty&gt;." in late.text
    assert "Three bins." in late.text
    assert 'name="text"' not in late.text
    assert "What you typed last" not in mine.get(TASK).text


def test_who_left_waits_for_nobody(
    app: Flask, company: Company, client_for: ClientFor, handed: str, cohort: str
) -> None:
    colleague = add_person(app, company)
    trainer = client_for(company.trainer)
    name_colleague(app, trainer, cohort, colleague)
    page = f"/practice/to-confirm/{handed}"

    def seen() -> list[bool]:
        """In the trainer's queue, on the home page, and by their addresses."""
        return [
            page in trainer.get(QUEUE).text,
            page in client_for(colleague).get("/practice/to-confirm/").text,
            "waits for you to confirm" in client_for(colleague).get("/practice/").text,
            "waits for you to confirm" in trainer.get("/practice/").text,
            trainer.get(page).status_code == 200,
            trainer.get(f"{page}/photo.jpg").status_code == 200,
        ]

    assert all(seen())
    old = csrf_token(trainer, page)
    with app.app_context():
        end_membership(Member(company.manager, company.id), company.learner, now())
    assert not any(seen())
    sent = {"csrf_token": old, "decision": "confirm", "revision": "1", "note": ""}
    assert trainer.post(page, data=sent).status_code == 404
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Membership).where(Membership.user_id == company.learner).values(left_at=None))
    assert all(seen()), "back again"


def test_nothing_is_told_and_an_unknown_task_is_not_found(app: Flask, company: Company, client_for: ClientFor) -> None:
    client = client_for(company.learner)
    response = send(client, TASK, text=" ")
    assert response.status_code == 422
    assert "one of the two is enough" in response.text
    assert client.get("/practice/tasks/m01-l1").status_code == 404


def test_the_lesson_says_where_its_task_stands(
    app: Flask, company: Company, client_for: ClientFor, catalogue: Catalogue
) -> None:
    learner, trainer = client_for(company.learner), client_for(company.trainer)
    lesson = f"/courses/{COURSE_ID}/m01/{LESSON_ID}"
    assert f'href="{TASK}"' in learner.get(lesson).text
    assert f'href="{TASK}"' not in client_for(None).get(lesson).text
    send(learner, TASK, text="Three bins.")
    learner.get("/")
    assert "It waits for somebody" in learner.get(lesson).text
    assert "It waits for somebody" not in trainer.get(lesson).text
    assert "Waits to be confirmed" in learner.get("/practice/").text


def test_a_trainer_finds_it_and_returns_it_and_then_confirms_it(
    app: Flask, company: Company, learner: Member, catalogue: Catalogue, client_for: ClientFor, handed: str
) -> None:
    with app.app_context():
        complete_lesson(learner, COURSE_ID, LESSON_ID, catalogue, now())
        sit(learner, now())
    mine, trainer = client_for(company.learner), client_for(company.trainer)
    page = f"/practice/to-confirm/{handed}"
    assert page in trainer.get(QUEUE).text
    assert "Look at one waste bin." in trainer.get(page).text
    empty = send(trainer, page, decision="return", revision="1", note="")
    assert empty.status_code == 422
    assert 'href="#note"' in empty.text
    assert send(trainer, page, decision="return", revision="1", note="How <b>full</b>?").status_code == 302
    assert "How &lt;b&gt;full&lt;/b&gt;?" in mine.get(TASK).text
    assert page not in trainer.get(QUEUE).text
    assert page in trainer.get(QUEUE + "?state=returned").text
    send(mine, TASK, text="Half full.")
    old = send(trainer, page, decision="confirm", revision="1", note="Well seen.")
    assert old.status_code == 422
    assert "changed after you opened it" in old.text
    assert "Well seen." in old.text
    assert send(trainer, page, decision="confirm", revision="2", note="Well seen.").status_code == 302
    again = send(trainer, page, decision="confirm", revision="2", note="")
    assert again.status_code == 422
    assert "Well seen." in mine.get(TASK).text
    assert 'name="text"' not in mine.get(TASK).text
    with app.app_context():
        assert db.session.scalars(select(Certificate.user_id)).all() == [company.learner]


def test_the_queue_is_filtered_and_its_queries_do_not_grow(
    app: Flask, company: Company, client_for: ClientFor, handed: str, cohort: str, catalogue: Catalogue, folder: Path
) -> None:
    trainer = client_for(company.trainer)

    def count(path: str) -> int:
        statements: list[str] = []

        def note(*sent: object) -> None:
            statements.append(str(sent[2]))

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len([each for each in statements if each.lstrip().startswith("SELECT")])

    few = count(QUEUE + f"?cohort={cohort}")
    others = [add_person(app, company) for _ in range(35)]
    with app.app_context():
        for person in others:
            lesson = catalogue.lessons[LESSON_ID]
            service.hand_in(Member(person, company.id), lesson, "Another.", None, folder, now())
    with app.app_context():
        add_people(Member(company.trainer, company.id), cohort, others, now())
    assert count(QUEUE + f"?cohort={cohort}") == few
    assert trainer.get(QUEUE).text.count("practice-card") == 30
    after = re.search(r'href="(/teaching/practice/\?after=[\w.]+)"', trainer.get(QUEUE).text)
    assert after
    assert trainer.get(after[1]).text.count("practice-card") == 6
    with app.app_context():
        last = after[1].rpartition(".")[2]
        owner = db.session.scalars(select(Submission.user_id).where(Submission.id == last)).one()
        service.take_back(Member(owner, company.id), last, folder)
    assert trainer.get(after[1]).text.count("practice-card") == 6, "whatever became of the row before"
    assert trainer.get(QUEUE + "?after=nonsense").text.count("practice-card") == 30
    assert handed in trainer.get(QUEUE + f"?cohort={cohort}&lesson={LESSON_ID}").text
    with app.app_context():
        remove_people(Member(company.trainer, company.id), cohort, others)
    assert trainer.get(QUEUE + f"?cohort={cohort}").text.count("practice-card") == 1
    assert trainer.get(QUEUE + "?lesson=m01-l2").text.count("practice-card") == 0
    assert trainer.get(QUEUE + "?cohort=nowhere").text.count("practice-card") == 0


def test_a_named_colleague_sees_their_cohort_and_nothing_else(
    app: Flask,
    company: Company,
    client_for: ClientFor,
    handed: str,
    cohort: str,
    catalogue: Catalogue,
    folder: Path,
    photo: bytes,
) -> None:
    colleague, stranger = add_person(app, company), add_person(app, company)
    trainer, named = client_for(company.trainer), client_for(colleague)
    page = f"/practice/to-confirm/{handed}"

    def seen(client: FlaskClient) -> list[int]:
        sent = {"decision": "confirm", "revision": "9", "note": ""}
        answers = [client.get(page), client.get(f"{page}/photo.jpg"), send(client, page, **sent)]
        return [each.status_code for each in answers]

    assert seen(named) == [404, 404, 404], "the id is no right"
    assert name_colleague(app, trainer, cohort, colleague).status_code == 302
    assert seen(named) == [200, 200, 422]
    assert page in named.get("/practice/to-confirm/").text
    assert "to-confirm" in named.get("/practice/").text
    # Named for another cohort, a colleague finds nothing here.
    with app.app_context():
        other = make_cohort(Member(company.trainer, company.id), "Night shift", None, now())
        add_people(Member(company.trainer, company.id), other, [colleague], now())
        theirs = service.hand_in(
            Member(colleague, company.id), catalogue.lessons[LESSON_ID], "Mine.", photo, folder, now()
        )
    assert name_colleague(app, trainer, other, stranger).status_code == 302
    assert seen(client_for(stranger)) == [404, 404, 404]
    assert client_for(stranger).get(f"/practice/to-confirm/{theirs}").status_code == 200
    assert client_for(company.manager).get(page).status_code == 404
    # Their own is not theirs to confirm, even in their own cohort.
    assert name_colleague(app, trainer, other, colleague).status_code == 302
    assert named.get(f"/practice/to-confirm/{theirs}").status_code == 404
    # An archived cohort entrusts nobody, and the right can be taken back.
    with app.app_context():
        archive_cohort(Member(company.trainer, company.id), other, now())
    assert client_for(stranger).get(f"/practice/to-confirm/{theirs}").status_code == 404
    send(trainer, f"/teaching/cohorts/{cohort}/confirmers/remove", user_id=colleague)
    assert seen(named) == [404, 404, 404]


def test_a_named_colleague_confirms_on_the_spot(
    app: Flask, company: Company, client_for: ClientFor, handed: str, cohort: str
) -> None:
    colleague = add_person(app, company)
    name_colleague(app, client_for(company.trainer), cohort, colleague)
    named = client_for(colleague)
    response = send(named, f"/practice/to-confirm/{handed}", decision="confirm", revision="1", note="")
    assert response.headers["Location"] == "/practice/to-confirm/"
    with app.app_context():
        found = db.session.get(Submission, handed)
        assert found
        assert (found.state, found.decided_by) == (PracticeState.CONFIRMED, colleague)


@pytest.mark.parametrize("login", ["", "nobody@river.example", "learner@harbour.example"])
def test_only_people_of_the_organization_can_be_named(
    app: Flask, company: Company, other_company: Company, client_for: ClientFor, cohort: str, login: str
) -> None:
    response = send(client_for(company.trainer), f"/teaching/cohorts/{cohort}/confirmers", login=login)
    assert response.status_code == 422
    assert 'href="#login"' in response.text


def test_its_owner_deletes_the_photo_and_takes_it_back(
    app: Flask, company: Company, client_for: ClientFor, handed: str, folder: Path
) -> None:
    client, trainer = client_for(company.learner), client_for(company.trainer)
    assert len(list(folder.iterdir())) == 1
    assert send(trainer, f"/practice/{handed}/photo/delete").status_code == 404
    assert send(client, f"/practice/{handed}/photo/delete").status_code == 302
    assert list(folder.iterdir()) == []
    assert client.get(f"/practice/{handed}/photo.jpg").status_code == 404
    assert send(client, f"/practice/{handed}/take-back").status_code == 302
    assert "You have handed in nothing yet" in client.get("/practice/").text


def test_a_photo_whose_file_is_missing_is_not_found(
    app: Flask, company: Company, client_for: ClientFor, handed: str, folder: Path
) -> None:
    for file in folder.iterdir():
        file.unlink()
    assert client_for(company.learner).get(f"/practice/{handed}/photo.jpg").status_code == 404
    assert client_for(company.trainer).get(f"/practice/to-confirm/{handed}").status_code == 200
    assert send(client_for(company.trainer), f"/practice/to-confirm/{handed}/photo/delete").status_code == 302
