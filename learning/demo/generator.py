"""Makes the demo organization through the same verbs that people use, from a fixed seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.accounts.models import Department, Membership, Organization, User
from learning.accounts.passwords import hash_password
from learning.certificates.service import issue_due
from learning.config import Settings
from learning.content.model import Catalogue
from learning.courses.completion import Step, steps_of
from learning.courses.models import StepKind
from learning.courses.service import complete_lesson, open_lesson
from learning.database import unit_of_work
from learning.demo.answers import answers_of
from learning.demo.assessment import fill_assessment
from learning.demo.campaign import add_campaign
from learning.demo.cohorts import add_cohorts
from learning.demo.people import DEPARTMENTS, LEARNERS, WEAVERS, WEAVING
from learning.demo.practice import add_practice
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.quizzes.queries import quiz_standings
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role

PASSWORD = "clean-water-runs-upstream"
ACCOUNTS = {
    "employee": "learner@demo.example",
    "trainer": "trainer@demo.example",
    "manager": "manager@demo.example",
    "administrator": "admin@demo.example",
}
#: Any number; the same one gives the same people every time.
SEED = 2007
COURSE_ID = "foundations"
#: How often somebody tries a quiz that they have not passed.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Character:
    """How one invented person learns."""

    #: Share of the course done, 0 to 1.
    diligence: float
    #: What they know, between 0 and 1.
    knowledge: float
    started: datetime


def is_empty() -> bool:
    """Whether the database has no organization and no person."""
    people = db.session.scalar(select(func.count()).select_from(User)) or 0
    organizations = db.session.scalar(select(func.count()).select_from(Organization)) or 0
    return people + organizations == 0


def add_demo(now: datetime) -> None:
    """Add the demo organization: forty learners in two cohorts, a trainer, a manager, and weavers who have not begun.

    It has asked all of them twice what they see. An administrator of the site comes with it.
    """
    chance = random.Random(SEED)  # invented data, nothing secret
    catalogue = the_catalogue()
    password_hash = hash_password(PASSWORD)
    with unit_of_work() as session:
        members = _add_people(session, password_hash, now - timedelta(days=400))
    characters = [_character(chance, number, now) for number in range(len(members))]
    with click.progressbar(list(zip(members, characters, strict=True)), label="Inventing people") as people:
        for member, character in people:
            _learn(chance, catalogue, member, character, now)
    issue_due(catalogue, now)
    trainer = add_cohorts(members, COURSE_ID, catalogue, now)
    settings: Settings = current_app.extensions["settings"]
    add_practice(members[3:], trainer, catalogue, settings.photos, now)
    add_campaign(catalogue, members[0].organization_id, now)


def _add_people(session: Session, password_hash: str, joined: datetime) -> list[Member]:
    """Four accounts that can sign in, and thirty-nine learners that only stand in the tables."""
    organization = Organization(name="Millbrook Textiles (demo)", code="demo", is_demo=True, created_at=joined)
    session.add(organization)
    session.flush()
    departments = [Department(organization_id=organization.id, name=name) for name in DEPARTMENTS]
    session.add_all(departments)
    session.flush()

    def add(name: str, email: str | None, role: Role | None, place: int, code: str | None = None) -> User:
        user = User(
            name=name,
            email=email,
            sign_in_name=code,
            password_hash=password_hash if email else None,
            is_administrator=role is None,
            created_at=joined,
        )
        session.add(user)
        session.flush()
        if role is not None:
            department = departments[place % len(departments)] if role is Role.LEARNER else None
            session.add(
                Membership(
                    organization_id=organization.id,
                    user_id=user.id,
                    department_id=department.id if department else None,
                    role=role,
                    joined_at=joined,
                )
            )
        return user

    add("Tilda Rivers", ACCOUNTS["trainer"], Role.TRAINER, 0)
    add("Max Sluis", ACCOUNTS["manager"], Role.MANAGER, 0)
    add("Ada Wells", ACCOUNTS["administrator"], None, 0)
    learners = [add(LEARNERS[0], ACCOUNTS["employee"], Role.LEARNER, 0)]
    for number, name in enumerate(LEARNERS[1:], start=1):
        learners.append(add(name, None, Role.LEARNER, number, f"demo-{1000 + number}"))
    _add_weavers(session, organization.id, joined)
    return [Member(user.id, organization.id) for user in learners]


def _add_weavers(session: Session, organization_id: str, joined: datetime) -> None:
    """Two shifts that do not learn yet; they are asked in the campaign."""
    shifts = [Department(organization_id=organization_id, name=name) for name in WEAVING]
    session.add_all(shifts)
    session.flush()
    people = [User(name=name, sign_in_name=f"demo-{2000 + n}", created_at=joined) for n, name in enumerate(WEAVERS)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Membership(
            organization_id=organization_id,
            user_id=person.id,
            department_id=shifts[number % len(shifts)].id,
            role=Role.LEARNER,
            joined_at=joined,
        )
        for number, person in enumerate(people)
    )


def _character(chance: random.Random, number: int, now: datetime) -> Character:
    """The first person has just begun; of the others a seventh has not started and two fifths are nearly done."""
    if number == 0:
        return Character(diligence=0.3, knowledge=0.8, started=now - timedelta(days=6))
    kind = chance.random()
    diligence = 0.0 if kind < 0.14 else chance.uniform(0.2, 0.9) if kind < 0.6 else 1.0
    return Character(diligence, chance.uniform(0.3, 0.93), now - timedelta(days=chance.uniform(8, 38)))


def _learn(chance: random.Random, catalogue: Catalogue, member: Member, character: Character, now: datetime) -> None:
    # Practice waits for somebody who confirms it.
    steps = [step for step in steps_of(catalogue.courses[COURSE_ID]) if step.kind is not StepKind.PRACTICE]
    moment = character.started
    done = round(character.diligence * len(steps))
    for step in steps[:done]:
        moment += timedelta(minutes=chance.uniform(15, 2400))
        moment = min(moment, now - timedelta(minutes=chance.uniform(60, 600)))
        _take(chance, catalogue, member, character, step, moment)
    if done < len(steps) and steps[done].kind is StepKind.LESSON and chance.random() < 0.8:
        # Begun and left: somewhere between the top and the end.
        open_lesson(member, steps[done].id, chance.randrange(4), catalogue, moment)
    if character.diligence > 0.4 and chance.random() < 0.7:
        fill_assessment(chance, catalogue, member, min(moment + timedelta(hours=2), now))


def _take(
    chance: random.Random,
    catalogue: Catalogue,
    member: Member,
    character: Character,
    step: Step,
    moment: datetime,
) -> None:
    if step.kind is StepKind.LESSON:
        open_lesson(member, step.id, 9, catalogue, moment - timedelta(minutes=chance.uniform(6, 90)))
        complete_lesson(member, COURSE_ID, step.id, catalogue, moment)
        return
    quiz = catalogue.quizzes[step.id]
    knowledge = character.knowledge
    for _ in range(MOST_ATTEMPTS):
        attempt_id = quizzes.start_attempt(member, quiz, moment)
        moment += timedelta(minutes=chance.uniform(4, 12))
        quizzes.submit(member, attempt_id, answers_of(chance, quiz, knowledge), moment)
        (standing,) = quiz_standings(member.organization_id, [member.user_id], [quiz.id])
        if standing.passed:
            break
        # They have read the explanations.
        knowledge = (knowledge + 1) / 2
