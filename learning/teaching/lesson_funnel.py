"""How lessons are opened and finished in an organization: numbers of people, never who.

Trainers know who has read a lesson. That somebody opened one and did not finish it is told only of five people or more,
and only while five or more have not opened it: else the number would tell it of each of those who are left.
All who learn or learned here count, also those who have left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from learning.accounts.models import Membership
from learning.content.model import Catalogue, Lesson, Quiz
from learning.courses.models import LessonOpening, LessonProgress
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Role

FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Funnel:
    """Of how many people a lesson was opened and finished."""

    people: int
    finished: int
    #: Opened and not finished; None: too few people, or nearly all of those who are left.
    stuck: int | None

    @property
    def opened(self) -> int | None:
        """What is read counts as opened. None where that may not be told."""
        return None if self.stuck is None else self.finished + self.stuck

    @property
    def share(self) -> float | None:
        """Of those who opened it, the share that finished it."""
        return self.finished / self.opened if self.opened else None


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list."""

    lesson: Lesson
    funnel: Funnel


@dataclass(frozen=True, slots=True)
class Stop:
    """How many of those who did not finish came as far as a place of the lesson and no further."""

    #: None: the top, before the first heading; several small places together have no title either.
    title: str | None
    heading_id: str | None
    people: int
    #: Places too small to be told by themselves.
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class AskedIn:
    """A question that tests an objective of the lesson."""

    quiz: Quiz
    question_id: str
    title: str


@dataclass(frozen=True, slots=True)
class LessonFunnelPage:
    """One lesson."""

    lesson: Lesson
    funnel: Funnel
    #: From opening to finishing, the middle one of all people; None for fewer than five.
    median_time: timedelta | None
    #: In the order of the lesson; empty where too few are left.
    stops: tuple[Stop, ...]
    questions: tuple[AskedIn, ...]


def lesson_rows(organization_id: str, catalogue: Catalogue) -> tuple[LessonRow, ...]:
    """All lessons, first those that the smallest share of people finished who opened them. Five queries."""
    people = _count_learners(organization_id)
    opened = _numbers(organization_id, LessonOpening.lesson_id, LessonOpening.user_id, LessonOpening.organization_id)
    finished = _numbers(
        organization_id, LessonProgress.lesson_id, LessonProgress.user_id, LessonProgress.organization_id
    )
    rows = [
        LessonRow(lesson, funnel_of(people, opened[lesson.id], finished[lesson.id]))
        for lesson in catalogue.lessons.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.funnel.share is None, row.funnel.share or 0.0)))


def funnel_of(people: int, opened: int, finished: int) -> Funnel:
    """What may be told of these numbers. ``opened`` counts those who finished too."""
    stuck = opened - finished
    may_be_told = stuck >= FEWEST_PEOPLE and people - opened >= FEWEST_PEOPLE
    return Funnel(people, finished, stuck if may_be_told else None)


def lesson_funnel(organization_id: str, lesson_id: str, catalogue: Catalogue) -> LessonFunnelPage:
    """One lesson with the places where people stop. Raises NotFound. Three queries."""
    lesson = catalogue.lessons.get(lesson_id)
    if lesson is None:
        raise NotFound
    rows = db.session.execute(
        select(LessonOpening.opened_at, LessonOpening.furthest_heading, LessonProgress.completed_at)
        .join(Membership, _learner(LessonOpening.organization_id, LessonOpening.user_id))
        .outerjoin(
            LessonProgress,
            (LessonProgress.organization_id == LessonOpening.organization_id)
            & (LessonProgress.user_id == LessonOpening.user_id)
            & (LessonProgress.lesson_id == LessonOpening.lesson_id),
        )
        .where(LessonOpening.organization_id == organization_id, LessonOpening.lesson_id == lesson_id)
    ).all()
    # Opened and finished at one moment: by somebody whose browser runs no scripts.
    seconds = [(done - opened).total_seconds() for opened, _at, done in rows if done is not None and done > opened]
    left = Counter(furthest for _opened, furthest, done in rows if done is None)
    funnel = funnel_of(_count_learners(organization_id), len(rows), len(rows) - left.total())
    return LessonFunnelPage(
        lesson,
        funnel,
        timedelta(seconds=median(seconds)) if len(seconds) >= FEWEST_PEOPLE else None,
        stops_of(lesson, left) if funnel.stuck is not None else (),
        _questions(lesson, catalogue),
    )


def stops_of(lesson: Lesson, left: Mapping[int, int]) -> tuple[Stop, ...]:
    """The places where five people or more stopped; smaller ones together, so that none can be reckoned from the rest."""
    places = {min(place, len(lesson.headings)): 0 for place in left}
    for place, number in left.items():
        places[min(place, len(lesson.headings))] += number
    shown = {place: number for place, number in places.items() if number >= FEWEST_PEOPLE}
    rest = sum(places.values()) - sum(shown.values())
    while 0 < rest < FEWEST_PEOPLE and shown:
        smallest = min(shown, key=lambda place: (shown[place], place))
        rest += shown.pop(smallest)
    stops = [_stop(lesson, place, number) for place, number in sorted(shown.items())]
    return tuple(stops + ([Stop(None, None, rest, is_rest=True)] if rest else []))


def _stop(lesson: Lesson, place: int, number: int) -> Stop:
    if place == 0:
        return Stop(None, None, number)
    heading = lesson.headings[place - 1]
    return Stop(heading.title, heading.id, number)


def _count_learners(organization_id: str) -> int:
    count = select(func.count(Membership.id)).where(
        Membership.organization_id == organization_id, Membership.role == Role.LEARNER
    )
    return db.session.scalar(count) or 0


def _numbers(
    organization_id: str,
    lesson_id: InstrumentedAttribute[str],
    user_id: InstrumentedAttribute[str],
    organization: InstrumentedAttribute[str],
) -> Counter[str]:
    """Lesson -> learners with a row. The index alone counts all people; the few who are no learners are taken off."""
    everybody: Select[str, int] = (
        select(lesson_id, func.count()).where(organization == organization_id).group_by(lesson_id)
    )
    staff = select(Membership.user_id).where(
        Membership.organization_id == organization_id, Membership.role != Role.LEARNER
    )
    numbers = Counter(dict(db.session.execute(everybody).all()))
    # Counted here, for the database would else walk through the lessons of all to have theirs in order.
    numbers.subtract(db.session.scalars(select(lesson_id).where(organization == organization_id, user_id.in_(staff))))
    return numbers


def _learner(organization: InstrumentedAttribute[str], user_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return (
        (Membership.organization_id == organization)
        & (Membership.user_id == user_id)
        & (Membership.role == Role.LEARNER)
    )


def _questions(lesson: Lesson, catalogue: Catalogue) -> tuple[AskedIn, ...]:
    """Questions of the module's quiz that test an objective of the lesson."""
    quizzes: Sequence[Quiz] = [quiz for quiz in catalogue.quizzes.values() if quiz.module_id == lesson.module_id]
    return tuple(
        AskedIn(quiz, question.id, question.title)
        for quiz in quizzes
        for question in quiz.questions
        if any(objective.rpartition(".")[0] == lesson.id for objective in question.objectives)
    )
