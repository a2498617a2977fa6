"""Tables as files: at once or in the background, for their owner alone, whatever happens to the worker."""

from __future__ import annotations

import csv
import gc
import io
import os
import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select, update

from learning.accounts.models import Membership, User
from learning.clock import now
from learning.courses.service import complete_lesson
from learning.database import new_id, unit_of_work
from learning.errors import NotFound
from learning.exports import people_sources, plans, service
from learning.exports.errors import TooManyExports
from learning.exports.files import the_folder
from learning.exports.models import ExportJob, ExportState, Format
from learning.exports.plans import TABLES
from learning.exports.queries import my_export
from learning.exports.service import LEASE, MOST_EXPORTS, MOST_TRIES
from learning.extensions import db
from learning.teaching import at_risk_page
from learning.teaching.cohorts import add_people, make_cohort
from learning.teaching.models import Cohort
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company, csrf_token
from tests.teaching.crowd import add_crowd

Clients = Callable[[str | None], FlaskClient]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def ask(company: Company, kind: str = "people", file_format: Format = Format.CSV, **filters: str) -> str:
    # Words are looked up in the language of somebody.
    with force_locale("en"):
        return service.ask(Member(company.trainer, company.id), kind, file_format, filters, the_catalogue(), now())


def job(export_id: str) -> ExportJob:
    db.session.rollback()
    return db.session.scalars(select(ExportJob).where(ExportJob.id == export_id)).one()


def lying() -> set[str]:
    return {path.name for path in the_folder().iterdir()}


def test_a_table_comes_as_its_page_filters_it(app: Flask, company: Company, client_for: Clients) -> None:
    moment = now()
    with app.app_context():
        crowd = add_crowd(company.id, 60, the_catalogue(), moment)
        names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(crowd.people))).all())
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), moment)
    trainer = client_for(company.trainer)
    query = "?course=foundations&name=a&sort=most-done"
    answer = trainer.get(f"/teaching/exports/new/lessons-read.csv{query}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=lessons-read-")
    assert answer.headers["Cache-Control"] == "no-store"
    head, *found = rows_of(answer.data)
    shown = {name for name in [*names.values(), "River learner"] if "a" in name.casefold()}
    assert {row[0] for row in found} == shown
    assert len(found) == len([name for name in [*names.values(), "River learner"] if "a" in name.casefold()])
    assert len(head) == 3 + 9
    assert next(row for row in found if row[0] == "River learner")[3] == moment.date().isoformat()
    counts = [int(row[2]) for row in found]
    assert counts[0] == max(counts)
    page = trainer.get(f"/teaching/progress{query}").text
    link = f"/teaching/exports/new/lessons-read.csv{query}".replace("&", "&amp;")
    assert link in page or "lessons-read.csv?" in page


def test_an_unknown_or_unsafe_name_comes_as_it_is_and_runs_nothing(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).name = "=HYPERLINK(1)"
    trainer = client_for(company.trainer)
    assert rows_of(trainer.get("/teaching/exports/new/people.csv").data)[1][0] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(trainer.get("/teaching/exports/new/people.xlsx").data))
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    with app.app_context():
        assert about["Version of the content"] == the_catalogue().hash[:12]
    assert about["Organization"] == "River Works"
    assert about["Made by"] == "River trainer"


def test_every_table_can_be_had_in_both_formats(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        crowd = add_crowd(company.id, 12, the_catalogue(), now())
    trainer = client_for(company.trainer)
    needed = {"at-risk": f"?cohort={crowd.cohort}", "cohort": f"?cohort={crowd.cohort}", "quiz": "?quiz=m01-quiz"}
    needed["late-answers"] = needed["timeline"] = f"?person={company.learner}"
    needed["lesson"] = "?lesson=m01-l1"
    needed |= dict.fromkeys(("assignments", "extensions", "curve"), f"?cohort={crowd.cohort}")
    for kind in TABLES:
        table = rows_of(trainer.get(f"/teaching/exports/new/{kind}.csv{needed.get(kind, '')}").data)
        assert len({len(row) for row in table}) == 1, kind
        book = openpyxl.load_workbook(
            io.BytesIO(trainer.get(f"/teaching/exports/new/{kind}.xlsx{needed.get(kind, '')}").data)
        )
        assert book.worksheets[0].max_row == len(table)
        # Of the others the crowd has nothing.
        empty = {"certificates", "extensions", "late-answers", "lesson", "practice", "quiz", "timeline"}
        assert kind in empty or len(table) > 1, kind
        assert trainer.get(f"/teaching/exports/new/{kind}.pdf{needed.get(kind, '')}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "name"),
    [("progress", "cohort"), ("lessons-read", "cohort"), ("at-risk", "cohort"), ("cohort", "cohort"),
     ("cohort-record", "cohort"), ("late-answers", "person"), ("timeline", "person"), ("assignments", "cohort"),
     ("extensions", "cohort"), ("practice", "cohort"), ("curve", "cohort"), ("lesson", "lesson")],
)  # fmt: skip
def test_an_id_of_another_organization_in_a_filter_is_like_a_random_one(
    app: Flask, company: Company, other_company: Company, client_for: Clients, kind: str, name: str
) -> None:
    with app.app_context():
        member = Member(other_company.trainer, other_company.id)
        foreign = make_cohort(member, "Theirs", None, now()) if name == "cohort" else other_company.learner
        assert name != "lesson" or foreign not in the_catalogue().lessons
    trainer = client_for(company.trainer)
    token = csrf_token(trainer, "/people/forgotten")
    file_format = "pdf" if kind == "cohort-record" else "csv"
    for thing in (foreign, new_id(), ""):
        if thing or kind not in ("progress", "lessons-read", "practice"):
            assert trainer.get(f"/teaching/exports/new/{kind}.{file_format}?{name}={thing}").status_code == 404
            sent = {"table": kind, "format": file_format, name: thing, "csrf_token": token}
            assert trainer.post("/teaching/exports/", data=sent).status_code == 404
    with app.app_context():
        assert not db.session.scalars(select(ExportJob.id)).all()


def test_a_department_of_another_organization_gives_nobody_and_not_its_name(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)
    answer = trainer.get(f"/teaching/exports/new/people.xlsx?department={other_company.departments[0]}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.worksheets[0].max_row == 1
    assert "Dye house" not in str([[cell.value for cell in row] for row in book["About"].iter_rows()])


def test_a_large_table_is_asked_for_made_and_fetched(
    app: Flask, company: Company, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "CELLS_AT_ONCE", 0)
    trainer = client_for(company.trainer)
    page = trainer.get("/teaching/exports/new/people.csv?name=river")
    assert "It is made in the background" in page.text
    sent = {"table": "people", "format": "csv", "name": "river", "csrf_token": csrf_token(trainer, "/teaching/")}
    path = trainer.post("/teaching/exports/", data=sent).headers["Location"]
    # Asking twice while it waits is asking once.
    assert trainer.post("/teaching/exports/", data=sent).headers["Location"] == path
    assert "Waits for its turn" in trainer.get(path).text
    assert trainer.get(f"{path}/file").status_code == 404
    assert trainer.get(f"{path}/state").json == {"done": 0, "total": 1, "finished": False}
    with app.app_context():
        assert service.make_due(the_catalogue(), now()) == 1
        (name,) = lying()
        assert os.stat(the_folder() / name).st_mode & 0o777 == 0o600
        assert os.stat(the_folder()).st_mode & 0o777 == 0o700
    assert trainer.get(f"{path}/state").json == {"done": 1, "total": 1, "finished": True}
    assert "is ready" in trainer.get(path).text
    answer = trainer.get(f"{path}/file")
    assert rows_of(answer.data)[1][0] == "River learner"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert path in trainer.get("/teaching/exports/").text
    trainer.post(f"{path}/remove", data={"csrf_token": sent["csrf_token"]})
    assert trainer.get(f"{path}/file").status_code == 404
    with app.app_context():
        assert not lying()


def made(app: Flask, company: Company) -> str:
    with app.app_context():
        export_id = ask(company)
        service.make_due(the_catalogue(), now())
        assert job(export_id).state is ExportState.READY
        return f"/teaching/exports/{export_id}/file"


def test_the_id_is_no_right(app: Flask, company: Company, other_company: Company, client_for: Clients) -> None:
    """Another trainer of the same organization, a trainer of another one, the owner in another organization: nothing."""
    path = made(app, company)
    with app.app_context(), unit_of_work() as session:
        colleague = User(name="Colleague", email="colleague@river.example", created_at=now())
        session.add(colleague)
        session.flush()
        session.add(Membership(organization_id=company.id, user_id=colleague.id, role=Role.TRAINER, joined_at=now()))
        colleague_id = colleague.id
    assert client_for(company.trainer).get(path).status_code == 200
    for stranger in (colleague_id, other_company.trainer, company.manager, company.learner):
        for each in (path, path.removesuffix("/file"), path.replace("/file", "/state")):
            assert client_for(stranger).get(each).status_code == 404
    assert client_for(None).get(path).status_code == 302


@pytest.mark.parametrize("change", ["role", "left"])
def test_whoever_is_no_trainer_any_more_loses_the_file(
    app: Flask, company: Company, client_for: Clients, change: str
) -> None:
    path = made(app, company)
    trainer = client_for(company.trainer)
    with app.app_context():
        waiting = ask(company, "progress")
        with unit_of_work() as session:
            membership = session.scalars(select(Membership).where(Membership.user_id == company.trainer)).one()
            if change == "role":
                membership.role = Role.MANAGER
            else:
                membership.left_at = now()
    # Who left is signed out.
    assert trainer.get(path).status_code == (404 if change == "role" else 302)
    with app.app_context():
        service.make_due(the_catalogue(), now())
        assert job(waiting).state is ExportState.FAILED
        assert service.tidy(now()) == 2
        assert not lying()


def test_after_a_day_it_is_gone_at_the_minute_and_then_its_file(
    app: Flask, company: Company, client_for: Clients
) -> None:
    path = made(app, company)
    with app.app_context():
        service.tidy(now())
        assert len(lying()) == 1
        with unit_of_work() as session:
            session.execute(update(ExportJob).values(created_at=now() - service.KEPT - timedelta(seconds=1)))
    assert client_for(company.trainer).get(path).status_code == 404
    with app.app_context():
        assert service.tidy(now()) == 1
        assert not lying()


def test_what_a_killed_worker_left_is_made_again_and_swept(app: Flask, company: Company) -> None:
    with app.app_context():
        export_id, moment = ask(company), now()
        killed = service._take(moment)
        assert killed is not None
        service.new_file(killed.claim).write(b"half")
        # Its worker may still be at it.
        assert service.make_due(the_catalogue(), moment + LEASE / 2) == 0
        assert service.make_due(the_catalogue(), moment + LEASE + timedelta(seconds=1)) == 1
        ready = job(export_id)
        assert (ready.state, ready.tries) == (ExportState.READY, 2)
        assert lying() == {ready.claim}
        assert rows_of((the_folder() / str(ready.claim)).read_bytes())[1][0] == "River learner"


def test_a_worker_that_was_thought_dead_throws_its_file_away(app: Flask, company: Company) -> None:
    with app.app_context():
        export_id, moment = ask(company), now()
        slow = service._take(moment)
        assert slow is not None
        assert service.make_due(the_catalogue(), moment + LEASE + timedelta(seconds=1)) == 1
        ready = job(export_id).claim
        with force_locale("en"):
            service._make(slow, the_catalogue())
        assert job(export_id).claim == ready
        assert lying() == {ready}


def test_what_fails_again_and_again_is_given_up_with_a_word(
    app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(asked: object) -> object:
        raise RuntimeError("a block that cannot be read")

    with app.app_context():
        export_id = ask(company)
        monkeypatch.setattr(plans, "TABLES", {"people": plans._Table(broken, ("name",))})  # type: ignore[arg-type]
        assert service.make_due(the_catalogue(), now()) == MOST_TRIES
        failed = job(export_id)
        assert (failed.state, failed.problem) == (
            ExportState.FAILED,
            "It was tried several times and did not come to an end.",
        )
        assert not lying()


def test_a_cohort_that_vanishes_before_its_turn_is_said_to_be_gone(app: Flask, company: Company) -> None:
    with app.app_context():
        member = Member(company.trainer, company.id)
        cohort_id = make_cohort(member, "Short-lived", None, now())
        add_people(member, cohort_id, [company.learner], now())
        export_id = ask(company, "cohort", cohort=cohort_id)
        with unit_of_work() as session:
            session.delete(session.get_one(Cohort, cohort_id))
        service.make_due(the_catalogue(), now())
        assert job(export_id).problem == "What it was about is no longer there."


def test_files_of_nobody_are_swept_after_an_hour_and_not_before(app: Flask, company: Company) -> None:
    path = made(app, company)
    with app.app_context():
        strange = the_folder() / "strange"
        strange.write_bytes(b"x")
        service.tidy(now())
        assert len(lying()) == 2
        os.utime(strange, (0, 0))
        service.tidy(now())
        assert len(lying()) == 1
        assert my_export(Member(company.trainer, company.id), path.split("/")[3], now()).percent == 100
        with pytest.raises(NotFound):
            my_export(Member(company.learner, company.id), path.split("/")[3], now())


def test_nobody_fills_the_disk(app: Flask, company: Company) -> None:
    with app.app_context():
        for number in range(MOST_EXPORTS):
            ask(company, name=f"n{number}")
        with pytest.raises(TooManyExports):
            ask(company, name="one more")


@pytest.mark.parametrize("kind", ["people", "progress", "lessons-read", "at-risk", "cohort"])
def test_everybody_is_in_the_file_once_however_small_the_blocks(
    app: Flask, company: Company, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        crowd = add_crowd(company.id, 40, the_catalogue(), now())
        filters = {"cohort": crowd.cohort} if kind != "people" else {}

        def content() -> list[list[str]]:
            export_id = ask(company, kind, **filters)
            service.make_due(the_catalogue(), now())
            found = job(export_id)
            assert found.done == found.total
            rows = rows_of((the_folder() / str(found.claim)).read_bytes())
            service.remove(Member(company.trainer, company.id), export_id)
            return rows

        whole = content()
        monkeypatch.setattr(people_sources, "BLOCK", 7)
        monkeypatch.setattr(at_risk_page, "FEW_PEOPLE", 7)
        assert content() == whole
        assert len(whole) > 20
        if kind != "at-risk":
            assert len(whole) == 1 + 40 + (kind == "people")


def test_more_people_take_no_more_memory(
    app: Flask, company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_sources, "BLOCK", 30)
    peaks = {}
    for each, number in ((company, 60), (other_company, 240)):
        with app.app_context():
            add_crowd(each.id, number, the_catalogue(), now())
            # The first time loads and remembers what every time needs.
            for _time in range(2):
                export_id = ask(each, "lessons-read", Format.XLSX)
                db.session.remove()
                gc.collect()
                tracemalloc.start()
                assert service.make_due(the_catalogue(), now()) == 1
                peaks[number] = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
                service.remove(Member(each.trainer, each.id), export_id)
    assert peaks[240] < 1.3 * peaks[60], peaks
