"""What tests over all routes share: every route and method, values for their parameters, the whole database as text.

A new route is tested without a line here, as long as its parameters are known. A new parameter needs a maker
in OWNED (its thing belongs to an organization), CONTENT (it comes from the catalogue) or SECRET (it is a right
by itself); a test fails until it has one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from learning.accounts.models import Department, Invitation, JoinLink, Membership, User, UserSession
from learning.accounts.sessions import start_session
from learning.accounts.tokens import new_token, token_hash
from learning.assessments import service as assessments
from learning.assessments.actions import add_action
from learning.campaigns import measures, planning
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.models import Campaign, Wave
from learning.campaigns.opening import open_wave
from learning.campaigns.queries import campaign_page
from learning.certificates.models import Certificate
from learning.certificates.numbers import new_number
from learning.clock import now
from learning.content.model import Catalogue
from learning.database import new_id, unit_of_work
from learning.exports import files as exports
from learning.exports.models import ExportJob, ExportState, Format
from learning.extensions import db
from learning.ideas import service as ideas
from learning.practice import service as practice
from learning.quizzes import service as quizzes
from learning.teaching.assignments import Period, Thing, assign
from learning.teaching.cohorts import add_people, make_cohort
from learning.teaching.models import AssignmentKind, CohortConfirmer, Note
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from learning.web.policies import Policy, policy_of
from tests.conftest import Company, csrf_token

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ROLES = ("stranger", "learner", "trainer", "manager", "administrator")


@dataclass(frozen=True)
class Route:
    """One method of one route."""

    method: str
    rule: Rule
    policy: Policy

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(self.rule.arguments)

    def path(self, app: Flask, **values: str) -> str:
        """Its address with these values; parameters that have none get "x"."""
        given = {name: values.get(name, "x") for name in self.parameters}
        return str(app.url_map.bind("").build(self.endpoint, given, method=self.method))


def routes(app: Flask) -> Iterator[Route]:
    """Every route with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            policy = policy_of(app, rule.endpoint)
            assert policy, f"{rule.rule} declares no policy"
            yield Route(method, rule, policy)


def clients(
    client_for: Callable[[str | None], FlaskClient], company: Company, administrator: str
) -> dict[str, FlaskClient]:
    """A browser for each role."""
    return {
        "stranger": client_for(None),
        "learner": client_for(company.learner),
        "trainer": client_for(company.trainer),
        "manager": client_for(company.manager),
        "administrator": client_for(administrator),
    }


def token_of(client: FlaskClient) -> str:
    """A CSRF token of this browser, from a page that strangers and people can open alike."""
    return csrf_token(client, "/people/forgotten")


def stub_views(app: Flask) -> list[str]:
    """Replace every view by one that only notes that it was reached; its policy stays."""
    reached: list[str] = []

    def stub(endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def note(**values: str) -> str:
            reached.append(endpoint)
            return "reached"

        return note

    for endpoint, view in list(app.view_functions.items()):
        app.view_functions[endpoint] = stub(endpoint, view)
    return reached


def database_text(app: Flask) -> dict[str, str]:
    """Of every table a hash over all its rows, so that a difference names the table."""
    with app.app_context():
        return {
            table.name: hashlib.sha256(
                repr(sorted(repr(tuple(row)) for row in db.session.execute(select(table)))).encode()
            ).hexdigest()
            for table in db.metadata.sorted_tables
        }


def masked(body: str, *values: str) -> str:
    """A page without what differs from request to request: CSRF tokens, and the values that were sent."""
    text = re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]+', r"\1", body)
    for value in values:
        text = text.replace(value, "…")
    return text


# --- makers: (company, user_id) -> id; user_id is the person whose thing it is --------------------------------

Maker = Callable[[Company, str], str]


def _user(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        user = User(name="Made for a test", sign_in_name=f"test-{new_id()}", created_at=now())
        session.add(user)
        session.flush()
        session.add(Membership(organization_id=company.id, user_id=user.id, role=Role.LEARNER, joined_at=now()))
        return user.id


def _department(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        department = Department(organization_id=company.id, name=f"Made {new_id()}")
        session.add(department)
        session.flush()
        return department.id


def _session(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        token = start_session(session, session.get_one(User, user_id), now())
        session.flush()
        return session.scalars(select(UserSession.id).where(UserSession.token_hash == token_hash(token))).one()


def _invitation(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        invitation = Invitation(
            organization_id=company.id,
            email=f"{new_id()}@example.org",
            name="Made for a test",
            role=Role.LEARNER,
            token_hash=token_hash(new_token()),
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        session.add(invitation)
        session.flush()
        return invitation.id


def _link(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        link = JoinLink(
            organization_id=company.id,
            token_hash=token_hash(new_token()),
            maximum_uses=5,
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        session.add(link)
        session.flush()
        return link.id


def _attempt(company: Company, user_id: str) -> str:
    quiz = next(iter(the_catalogue().quizzes.values()))
    return quizzes.start_attempt(Member(user_id, company.id), quiz, now())


def _assessment(company: Company, user_id: str) -> str:
    instrument_id = next(iter(the_catalogue().instruments))
    return assessments.start(Member(user_id, company.id), instrument_id, the_catalogue(), now())


def _enough_people(company: Company) -> None:
    """Twelve people with an address, so that there can be a campaign."""
    department_id = company.departments[0]
    here = select(func.count()).select_from(Membership).where(Membership.organization_id == company.id)
    if (db.session.scalar(here) or 0) > 12:
        return
    with unit_of_work() as session:
        for _person in range(12):
            user = User(name="Made for a test", email=f"{new_id()}@people.example", created_at=now())
            session.add(user)
            session.flush()
            session.add(
                Membership(
                    organization_id=company.id,
                    user_id=user.id,
                    department_id=department_id,
                    role=Role.LEARNER,
                    joined_at=now(),
                )
            )


def _campaign(company: Company, user_id: str) -> str:
    """A plan with its promise accepted, so that its wave can be opened."""
    _enough_people(company)
    member = Member(user_id, company.id)
    instrument_id = next(iter(the_catalogue().instruments))
    title = f"Made {new_id()}"
    # Words are looked up in the language of a request.
    with current_app.test_request_context():
        campaign_id = planning.create_campaign(member, title, now())
        planning.set_what(member, campaign_id, planning.What(title, instrument_id, (), "Why", "Hours", "Somebody"))
        planning.set_groups(member, campaign_id, {company.departments[0]: "Wet side"}, company.departments)
        today = now().date()
        planning.set_days(member, campaign_id, planning.Days(today, today + timedelta(days=14)), None)
        promised = campaign_page(member, campaign_id, the_catalogue(), now()).promised
        planning.accept_promise(member, campaign_id, promised, True)
    return campaign_id


def _wave(company: Company, user_id: str) -> str:
    """The wave, opened, of the campaign that was made last: an address names both."""
    member = Member(user_id, company.id)
    newest = select(Campaign.id).where(Campaign.organization_id == company.id).order_by(Campaign.created_at.desc())
    campaign_id = db.session.scalar(newest.limit(1)) or _campaign(company, user_id)
    wave_id = db.session.scalars(select(Wave.id).where(Wave.campaign_id == campaign_id)).one()
    with current_app.test_request_context():
        open_wave(member, campaign_id, wave_id, the_catalogue(), (), now())
    return wave_id


def _action(company: Company, user_id: str) -> str:
    member, assessment_id = Member(user_id, company.id), _assessment(company, user_id)
    assessments.finish(member, assessment_id, now())
    return add_action(member, assessment_id, "Made for a test", None, now())


def _cohort(company: Company, user_id: str) -> str:
    return make_cohort(Member(company.trainer, company.id), f"Made {new_id()}", None, now())


def _assignment(company: Company, user_id: str) -> str:
    thing = Thing(AssignmentKind.COURSE, next(iter(the_catalogue().courses)))
    period = Period(now().date(), now().date() + timedelta(days=30))
    member, cohort_id = Member(company.trainer, company.id), _cohort(company, user_id)
    return assign(member, cohort_id, [thing], period, now()).made[0]


def _note(company: Company, user_id: str) -> str:
    """On a new learner, by the person."""
    about = _user(company, user_id)
    with unit_of_work() as session:
        note = Note(
            organization_id=company.id, user_id=about, text="Made for a test", written_by=user_id, written_at=now()
        )
        session.add(note)
        session.flush()
        return note.id


def _certificate(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        certificate = Certificate(
            organization_id=company.id,
            user_id=user_id,
            course_id=f"course-{new_id()}",
            round=1,
            number=new_number(),
            title="Made for a test",
            course_title="Made for a test",
            person_name="Made for a test",
            organization_name="Made for a test",
            course_hash="0" * 64,
            lessons=1,
            quiz_ids=[],
            issued_at=now(),
            valid_from=now().date(),
        )
        session.add(certificate)
        session.flush()
        return certificate.id


def _measure(company: Company, user_id: str) -> str:
    """On the plan of the campaign that was made last: an address names both."""
    newest = select(Campaign.id).where(Campaign.organization_id == company.id).order_by(Campaign.created_at.desc())
    campaign_id = db.session.scalar(newest.limit(1)) or _campaign(company, user_id)
    wanted = measures.Wanted("Made for a test", "", None, None, MeasureStatus.PLANNED, "")
    return measures.add(Member(user_id, company.id), campaign_id, wanted, now())


def _export(company: Company, user_id: str) -> str:
    """Ready, with its file."""
    claim = new_id() + new_id()[:12]
    with exports.new_file(claim) as stream:
        stream.write(b"Made for a test")
    with unit_of_work() as session:
        job = ExportJob(
            organization_id=company.id,
            owner_id=user_id,
            kind="people",
            file_format=Format.CSV,
            filters={},
            title="Made for a test",
            state=ExportState.READY,
            claim=claim,
            created_at=now(),
            touched_at=now(),
            bytes=15,
        )
        session.add(job)
        session.flush()
        return job.id


def _idea(company: Company, user_id: str) -> str:
    return ideas.hand_in(Member(user_id, company.id), "Made for a test", None, now(), with_name=True)


def _practice(company: Company, user_id: str) -> str:
    """A text and a photo that this person handed in."""
    lesson = next(each for each in the_catalogue().lessons.values() if each.practice)
    folder = current_app.extensions["settings"].photos
    return practice.hand_in(Member(user_id, company.id), lesson, "Made for a test", b"a photo", folder, now())


def _handed(company: Company, user_id: str) -> str:
    """What somebody else handed in, which this person may confirm."""
    member, other = Member(user_id, company.id), _user(company, user_id)
    cohort_id = make_cohort(member, f"Made {new_id()}", None, now())
    add_people(member, cohort_id, [other], now())
    with unit_of_work() as session:
        session.add(CohortConfirmer(organization_id=company.id, cohort_id=cohort_id, user_id=user_id, named_at=now()))
    return _practice(company, other)


#: Things of an organization: from another one they must look as if they did not exist.
OWNED: dict[str, Maker] = {
    "user_id": _user,
    "department_id": _department,
    "session_id": _session,
    "invitation_id": _invitation,
    "link_id": _link,
    "attempt_id": _attempt,
    "assessment_id": _assessment,
    "action_id": _action,
    "cohort_id": _cohort,
    "assignment_id": _assignment,
    "note_id": _note,
    "certificate_id": _certificate,
    "issued_id": _certificate,
    "campaign_id": _campaign,
    "wave_id": _wave,
    "measure_id": _measure,
    "idea_id": _idea,
    "own_idea_id": _idea,
    "practice_id": _practice,
    "handed_id": _handed,
    "export_id": _export,
}
#: Of these, things of one person: a colleague must not find them either.
PERSONAL = {
    "session_id",
    "attempt_id",
    "assessment_id",
    "action_id",
    "certificate_id",
    "note_id",
    "own_idea_id",
    "practice_id",
    "export_id",
}
#: Things of the site, for administrators only.
OF_THE_SITE = {"organization_id"}
#: Links that are a right by themselves: whoever has one may use it.
SECRET = {"token", "certificate_number"}


def _first_lesson(catalogue: Catalogue) -> dict[str, str]:
    course = next(iter(catalogue.courses.values()))
    part = course.modules[0]
    return {"course_id": course.id, "module_id": part.module_id, "lesson_id": part.lesson_ids[0]}


def content_values(route: Route) -> dict[str, str]:
    """Values of the parameters that come from the catalogue, which fit together."""
    catalogue = the_catalogue()
    quiz = next(iter(catalogue.quizzes.values()))
    instrument = next(iter(catalogue.instruments.values()))
    values = {
        **_first_lesson(catalogue),
        "quiz_id": quiz.id,
        "question_id": quiz.questions[0].id,
        "instrument_id": instrument.id,
        "dimension_id": instrument.dimensions[0].id,
        "item_id": instrument.dimensions[0].items[0].id,
        "name": "",
        "page_id": "page-1",
        "task_id": next((each.practice.id for each in catalogue.lessons.values() if each.practice), ""),
        "table_name": "people",
        "file_format": "csv",
    }
    if "name" in route.parameters and catalogue.figures:
        figure = catalogue.figures[0]
        values |= {"module_id": figure.module_id, "name": figure.name}
    return {name: value for name, value in values.items() if name in route.parameters}


#: Bodies of requests that a view reads before it looks for the thing itself.
BODIES: dict[str, dict[str, Any]] = {
    "quizzes.save_answer": {"json": {"operation_id": "op-1", "revision": 1, "value": ["x"]}},
    "campaigns.cards": {"data": {"group": "g01"}},
    "campaigns.cards_for_all": {"data": {"group": "g01"}},
    "assessments.save_answer": {"json": {"operation_id": "op-1", "revision": 1, "value": ["1"]}},
    "teaching.change_cohort": {"data": {"name": "Renamed", "department_id": ""}},
    "teaching.cohort_add_people": {"data": {"people": ["x", "y"]}},
    "teaching.cohort_remove_people": {"data": {"people": ["x"]}},
    "teaching.remove_cohort_trainer": {"data": {"user_id": "x"}},
    "teaching.roster": {"data": {"addresses": "learner@river.example"}},
    "teaching.assign": {"data": {"things": ["course:foundations"], "opens_on": "2030-01-01", "due_on": "2030-02-01"}},
    "teaching.cohort_confirmers": {"data": {"login": "learner@river.example"}},
    "teaching.remove_cohort_confirmer": {"data": {"user_id": "x"}},
    "practice.decide": {"data": {"decision": "confirm", "revision": "1", "note": ""}},
    "teaching.extend_assignment": {"data": {"user_id": "x", "due_on": "2199-01-01"}},
    "teaching.end_extensions": {"data": {"people": ["x"]}},
}


def request_body(route: Route, token: str) -> dict[str, Any]:
    """What is sent along: the CSRF token, and a body where the view needs one."""
    if route.method not in UNSAFE:
        return {}
    return {"headers": {"X-CSRFToken": token}, **BODIES.get(route.endpoint, {})}
