"""The scenes that the bench measures: a site with a learner in a quiz, a site with many people, a fresh start."""

from __future__ import annotations

import itertools
import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_babel import force_locale
from pydantic import TypeAdapter
from pypdf import PdfReader
from sqlalchemy import event, insert

from bench.measure import Browser
from learning import create_app
from learning.accounts.models import Membership, Organization, User
from learning.accounts.sessions import start_session
from learning.clock import now
from learning.config import PROJECT, load_settings
from learning.content.model import Catalogue, CourseModule
from learning.content.store import CATALOGUE_FILE, publish, read_catalogue
from learning.courses.models import LessonProgress
from learning.database import new_id, unit_of_work
from learning.exports import service as export_service
from learning.exports.files import the_folder
from learning.exports.models import ExportState, Format
from learning.exports.queries import my_export
from learning.extensions import db
from learning.migrating import upgrade_database
from learning.quizzes.service import start_attempt
from learning.teaching.cohorts import add_people, make_cohort
from learning.web.assets import build_assets
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.server import Server
from tests.teaching.crowd import add_crowd
from tests.teaching.sittings import add_sittings

JSON = {"Content-Type": "application/json"}
FIRST_LESSON = "/courses/foundations/m01/m01-l1"
QUIZ_ID = "m01-quiz"


def _app(data: Path, url: str = "http://127.0.0.1") -> Flask:
    return create_app(load_settings(data=data, public_url=url))


def make_site(data: Path, lessons: int | None = None) -> Path:
    """A migrated database and the published content; with ``lessons``, that many copies in one course."""
    data.mkdir(parents=True)
    loaded = publish(load_settings().content, data / "content")
    if loaded.catalogue is None:
        raise SystemExit("\n".join(map(str, loaded.problems)))
    if lessons is not None:
        _multiply(data / "content", lessons)
    build_assets(PROJECT / "static", data / "static")
    app = _app(data)
    with app.app_context():
        upgrade_database()
        db.engine.dispose()
    return data


def _multiply(store: Path, count: int) -> None:
    """Rewrite the published catalogue with ``count`` lessons, the real ones copied under other ids."""
    catalogue = read_catalogue(store)
    real = list(catalogue.lessons.values())
    copies = [
        replace(lesson, id=f"{lesson.id}-{number}")
        for number, lesson in zip(range(count - len(real)), itertools.cycle(real), strict=False)
    ]
    ids = {module_id: module.lesson_ids for module_id, module in catalogue.modules.items()}
    for copy in copies:
        ids[copy.module_id] = (*ids[copy.module_id], copy.id)
    foundations = catalogue.courses["foundations"]
    course = replace(
        foundations,
        modules=tuple(CourseModule(part.module_id, ids[part.module_id], part.quiz_id) for part in foundations.modules),
    )
    more = replace(
        catalogue,
        lessons=catalogue.lessons | {copy.id: copy for copy in copies},
        modules={key: replace(module, lesson_ids=ids[key]) for key, module in catalogue.modules.items()},
        courses={"foundations": course},
    )
    (store / CATALOGUE_FILE).write_bytes(TypeAdapter(Catalogue).dump_json(more))


def _add_person(role: Role) -> tuple[str, str, str]:
    """A person in a new organization; user id, organization id, session token."""
    moment = now()
    with unit_of_work() as session:
        organization = Organization(name="Bench", code=new_id()[:12], created_at=moment)
        user = User(name=f"Bench {role.value}", email=f"{role.value}@bench.example", created_at=moment)
        session.add_all([organization, user])
        session.flush()
        session.add(Membership(organization_id=organization.id, user_id=user.id, role=role, joined_at=moment))
        session.flush()
        return user.id, organization.id, start_session(session, user, moment)


def cookie_of(app: Flask, token: str) -> str:
    """The cookie of a browser that is signed in by a session token."""
    with app.test_request_context():
        signed = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token})  # type: ignore[attr-defined,union-attr]
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


@dataclass
class Learner:
    """A signed-in learner in the middle of a quiz."""

    browser: Browser
    user_id: str
    lesson_path: str
    attempt_id: str
    question_id: str
    options: tuple[str, ...]
    csrf: str = ""
    revision: int = 0

    def reconnect(self) -> Browser:
        """A fresh connection with the same cookie, and the token that saving needs."""
        self.browser = Browser(self.browser.port, self.browser.cookie)
        page = self.browser.send("GET", f"/attempts/{self.attempt_id}").decode()
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found
        self.csrf = found.group(1)
        return self.browser

    def save_answer(self) -> None:
        """Save the next revision of one answer, as the page does."""
        self.revision += 1
        body = {
            "operation_id": f"bench-{self.revision}",
            "revision": self.revision,
            "value": [self.options[self.revision % len(self.options)]],
        }
        path = f"/attempts/{self.attempt_id}/answers/{self.question_id}"
        self.browser.send("PUT", path, json.dumps(body), **JSON, **{"X-CSRFToken": self.csrf})


def sign_in_learner(site: Server) -> Learner:
    """A learner of the site who has started a quiz."""
    app = _app(site.data, site.url)
    with app.app_context():
        user_id, organization_id, token = _add_person(Role.LEARNER)
        quiz = the_catalogue().quizzes[QUIZ_ID]
        question = next(question for question in quiz.questions if question.type == "single")
        attempt_id = start_attempt(Member(user_id, organization_id), quiz, now())
        db.engine.dispose()
    options = tuple(option.id for option in question.options)
    browser = Browser(site.port, cookie_of(app, token))
    return Learner(browser, user_id, FIRST_LESSON, attempt_id, question.id, options)


def sign_in_bare(site: Server) -> Browser:
    """A browser that the bare app knows."""
    browser = Browser(site.port)
    browser.send("GET", "/sign-in")
    return browser


def _count(app: Flask, path: str, token: str) -> tuple[int, float]:
    """Queries of one page, and its best time of five in milliseconds."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    client.get(path)
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        client.get(path)
        times.append(1000 * (time.perf_counter() - started))
    return len(statements), sorted(times)[len(times) // 2]


def count_queries(data: Path, path: str, user_id: str) -> int:
    """Queries of one page for one person."""
    app = _app(data)
    with app.app_context(), unit_of_work() as session:
        token = start_session(session, session.get_one(User, user_id), now())
    return _count(app, path, token)[0]


@dataclass(frozen=True)
class PageCost:
    """What a page costs."""

    queries: int
    #: Median of five, in this process.
    milliseconds: float


def trainer_page(data: Path, *, people: int, lessons: int) -> PageCost:
    """The trainer's list in an organization where everybody has read every lesson."""
    make_site(data, lessons=lessons)
    app = _app(data)
    with app.app_context():
        _trainer_id, organization_id, token = _add_person(Role.TRAINER)
        _fill(organization_id, people, list(the_catalogue().lessons))
    queries, milliseconds = _count(app, "/teaching/", token)
    return PageCost(queries, milliseconds)


def quiz_analysis_page(data: Path, *, attempts: int) -> PageCost:
    """The analysis of a quiz that so many people handed in, each on a paper of their own."""
    make_site(data)
    app = _app(data)
    with app.app_context():
        _trainer_id, organization_id, token = _add_person(Role.TRAINER)
        add_sittings(organization_id, the_catalogue().quizzes[QUIZ_ID], attempts)
    queries, milliseconds = _count(app, f"/teaching/quizzes/{QUIZ_ID}/", token)
    return PageCost(queries, milliseconds)


@dataclass(frozen=True)
class TeachingPages:
    """What the pages of trainers cost in an organization with so many people, and how its history was made."""

    #: Name of the page -> cost.
    pages: dict[str, PageCost]
    rows: int
    seconds: float


def teaching_pages(data: Path, *, people: int) -> TeachingPages:
    """Every page about people and lessons, with the history that ``tests.teaching.crowd`` makes."""
    make_site(data)
    app = _app(data)
    with app.app_context():
        _trainer_id, organization_id, token = _add_person(Role.TRAINER)
        started = time.perf_counter()
        crowd = add_crowd(organization_id, people, the_catalogue(), now())
        seconds = time.perf_counter() - started
    cohort = f"/teaching/cohorts/{crowd.cohort}"
    paths = {
        "People": "/teaching/",
        "One person's record": f"/teaching/people/{crowd.people[0]}",
        "Everybody by modules": "/teaching/progress",
        "Cohort by modules, by name": f"{cohort}/progress",
        "Cohort by modules, most done first": f"{cohort}/progress?sort=most-done",
        "Cohort by modules, longest without activity": f"{cohort}/progress?sort=longest-ago",
        "Cohort by modules, filtered": f"{cohort}/progress?state=started&name=a",
        "At risk": f"{cohort}/at-risk",
        "Curve": f"{cohort}/curve",
        "Lessons": "/teaching/lessons/",
        "One lesson": "/teaching/lessons/m01-l1/",
        "Quizzes": "/teaching/quizzes/",
    }
    costs = {name: PageCost(*_count(app, path, token)) for name, path in paths.items()}
    return TeachingPages(costs, crowd.rows, seconds)


@dataclass(frozen=True)
class Exports:
    """What files cost. Memory is the most that this process ever had, in MB."""

    lessons: int
    table_seconds: float
    peak_before: float
    peak_after: float
    record_seconds: float
    record_pages: int


def exports(data: Path, *, people: int, cohort: int) -> Exports:
    """Everybody with every lesson, after the same of a few; and the record of a cohort."""
    make_site(data)
    app = _app(data)
    with app.app_context(), force_locale("en"):
        trainer_id, organization_id, _token = _add_person(Role.TRAINER)
        member, catalogue = Member(trainer_id, organization_id), the_catalogue()
        crowd = add_crowd(organization_id, people, catalogue, now())
        some = make_cohort(member, "Some", None, now())
        add_people(member, some, crowd.people[:cohort], now())

        def timed(kind: str, file_format: Format, filters: dict[str, str]) -> tuple[float, Path]:
            export_id = export_service.ask(member, kind, file_format, filters, catalogue, now())
            started = time.perf_counter()
            export_service.make_due(catalogue, now())
            seconds = time.perf_counter() - started
            found = my_export(member, export_id, now())
            if found.state is not ExportState.READY:
                raise SystemExit(f"The export {kind} is {found.state}: {found.problem}")
            return seconds, the_folder() / str(found.claim)

        timed("lessons-read", Format.XLSX, {"cohort": some})
        before = _peak()
        table_seconds, _table = timed("lessons-read", Format.XLSX, {})
        after = _peak()
        record_seconds, record = timed("cohort-record", Format.PDF, {"cohort": some})
        lessons = {lesson for course in catalogue.courses.values() for lesson in course.lesson_ids}
        return Exports(len(lessons), table_seconds, before, after, record_seconds, len(PdfReader(record).pages))


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(organization_id: str, people: int, lessons: list[str]) -> None:
    """Insert people with progress in all lessons, in blocks."""
    moment = now() - timedelta(days=3)
    for start in range(0, people, 500):
        ids = [new_id() for _ in range(min(500, people - start))]
        with unit_of_work() as session:
            session.execute(
                insert(User),
                [
                    {"id": id_, "name": f"Person {start + n:05}", "sign_in_name": f"p-{id_}", "created_at": moment}
                    for n, id_ in enumerate(ids)
                ],
            )
            session.execute(
                insert(Membership),
                [
                    {
                        "id": new_id(),
                        "organization_id": organization_id,
                        "user_id": id_,
                        "role": Role.LEARNER,
                        "joined_at": moment,
                    }
                    for id_ in ids
                ],
            )
            session.execute(
                insert(LessonProgress),
                [
                    {
                        "id": new_id(),
                        "organization_id": organization_id,
                        "user_id": id_,
                        "lesson_id": lesson,
                        "completed_at": moment,
                        "lesson_hash": "0" * 64,
                    }
                    for id_ in ids
                    for lesson in lessons
                ],
            )


def first_page(data: Path) -> float:
    """Seconds from starting Python to the first lesson page, in a process of its own."""
    program = (
        "from pathlib import Path; from learning import create_app; from learning.config import load_settings\n"
        f"app = create_app(load_settings(data=Path({str(data)!r}), public_url='http://127.0.0.1'))\n"
        f"assert app.test_client().get({FIRST_LESSON!r}).status_code == 200"
    )
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)
        best = min(best, time.perf_counter() - started)
    return best
