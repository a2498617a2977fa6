"""What everybody of a group has done about each thing they were given: the facts on which the rules of risk stand.

A constant number of queries, for all people at once. Thousands of people are read in classes: of a moment the database
tells only on which side of the limits of the rules it lies, and one moment stands for all of its side. The rules say
the same of both, and a moment is never read for each of thousands of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from learning.assessments.queries import finishes
from learning.content.model import Catalogue
from learning.courses.models import CourseStanding, QuizRecord
from learning.extensions import db
from learning.quizzes.models import Attempt, GrantedAttempt
from learning.quizzes.records import SHARE, of_latest_grading
from learning.teaching.at_risk import STOPPED_AFTER, Case, Reason, Trouble, findings
from learning.teaching.due import due_moment, opens_moment
from learning.teaching.groups import Group, Task
from learning.teaching.models import AssignmentKind, Extension


@dataclass(frozen=True, slots=True)
class _Given:
    """A thing that was given, with the quizzes that belong to it."""

    place: int
    task: Task
    quizzes: tuple[str, ...]
    #: Of a refresh: what was done before does not count. By the organization's day.
    since: datetime | None

    @property
    def steps_known(self) -> bool:
        """Of the self-assessment nothing is told but that it was done."""
        return self.task.kind is not AssignmentKind.ASSESSMENT


#: Of a quiz: passed in time, handed in last, and the trouble if it was not passed.
_Record = tuple[bool, datetime | None, Trouble | None]

#: Instrument -> user -> when they finished it.
Finished = Mapping[str, Mapping[str, Sequence[datetime]]]


class Cases:
    """The cases of a group; what was given but is no longer taught is none.

    ``people``: whom to read exactly; None reads everybody, in classes. ``finished``: as ``finished_in`` found it, for
    these people and perhaps for more.
    """

    def __init__(
        self, group: Group, catalogue: Catalogue, now: datetime, people: Sequence[str] | None, finished: Finished
    ) -> None:
        self._organization_id, self._now, self._people, self._finished = group.organization_id, now, people, finished
        self._quizzes = catalogue.quizzes
        self._given = tuple(
            _Given(place, task, quizzes, group.opened(task) if task.is_refresh else None)
            for place, task in enumerate(group.tasks)
            if (quizzes := _quizzes_of(task, catalogue)) is not None
        )
        #: What a class of moments stands for: none that counts, one long ago, one lately.
        self._moments = (None, now - STOPPED_AFTER, now)
        # The same few days and zones for thousands of people.
        self._dated = cache(self._dated_in)
        self._due = cache(due_moment)
        self._known: dict[Any, frozenset[Reason]] = {}
        self._standings = self._read_standings()
        self._records = self._read_records()
        self._extensions = self._read_extensions()

    def of(self, user_id: str, zone: str) -> Iterator[tuple[Task, date, Case]]:
        """The cases of one person, in the order of the group's tasks, each with the day on which it is due for them."""
        for given, opens, due in self._dated(zone):
            facts = self._facts(given, user_id, opens)
            day = self._later_day(given.task, user_id) or given.task.due_on
            due_then = self._due_of(given.task, user_id, zone, due)
            yield given.task, day, Case(opens, due_then, *facts, given.steps_known)

    def reasons(self, user_id: str, zone: str) -> frozenset[Reason]:
        """Why a person is at risk. Asked of the rules once for all people who are alike."""
        everything: frozenset[Reason] = frozenset()
        for given, opens, due in self._dated(zone):
            facts = self._facts(given, user_id, opens)
            key = given.place, zone, self._due_of(given.task, user_id, zone, due), facts
            found = self._known.get(key)
            if found is None:
                found = frozenset(
                    each.reason for each in findings(Case(opens, key[2], *facts, given.steps_known), self._now)
                )
                self._known[key] = found
            everything |= found
        return everything

    def _dated_in(self, zone: str) -> tuple[tuple[_Given, datetime, datetime], ...]:
        return tuple(
            (each, opens_moment(each.task.opens_on, zone), self._due(each.task.due_on, zone)) for each in self._given
        )

    def _due_of(self, task: Task, user_id: str, zone: str, due: datetime) -> datetime:
        later = self._later_day(task, user_id)
        return self._due(later, zone) if later else due

    def _later_day(self, task: Task, user_id: str) -> date | None:
        return self._extensions.get((task.assignment_id, user_id)) if self._extensions else None

    def _facts(self, given: _Given, user_id: str, opens: datetime) -> tuple[bool, datetime | None, tuple[Trouble, ...]]:
        """Whether it is done, when something of it was done last, and the quizzes that were not passed.

        ``opens``: where the person is.
        """
        if given.task.kind is AssignmentKind.ASSESSMENT:
            times = self._finished.get(given.task.content_id, {}).get(user_id, ())
            return any(not given.task.is_refresh or at >= opens for at in times), None, ()
        last_at, finished = self._standings[given.place].get(user_id, (None, False))
        if finished and given.since is None:
            return True, None, ()
        records = self._records[given.place].get(user_id, ())
        if given.since is not None or given.task.kind is AssignmentKind.QUIZ:
            enough = finished or given.task.kind is AssignmentKind.QUIZ
            if enough and sum(passed for passed, _at, _trouble in records) == len(given.quizzes):
                return True, None, ()
        for _passed, at, _trouble in records:
            if at is not None and (last_at is None or at > last_at):
                last_at = at
        return False, last_at, tuple(trouble for _passed, _at, trouble in records if trouble)

    def _read_standings(self) -> dict[int, dict[str, tuple[datetime | None, bool]]]:
        """Place of the task -> user -> the last step, and whether all are done."""
        asked = [
            select(
                literal(given.place),
                CourseStanding.user_id,
                self._when(CourseStanding.last_at, given.since),
                CourseStanding.finished_at.is_not(None),
            ).where(
                CourseStanding.organization_id == self._organization_id,
                CourseStanding.course_id == given.task.content_id,
                *self._only(CourseStanding.user_id),
            )
            for given in self._given
            if given.task.kind is AssignmentKind.COURSE
        ]
        read = cache(lambda at, finished: (self._read(at), finished))
        found: dict[int, dict[str, tuple[datetime | None, bool]]] = defaultdict(dict)
        for place, user, at, finished in _rows(asked):
            found[place][user] = read(at, finished)
        return found

    def _read_records(self) -> dict[int, dict[str, list[_Record]]]:
        """Place of the task -> user -> records of its quizzes.

        Of a course that is given the first time the quizzes that were passed are left out: its standing knows them. Of
        a repetition those that were not handed in since it opened: they tell nothing.
        """
        asked = []
        for given in self._given:
            passed = QuizRecord.last_passed_at.is_not(None)
            in_time = passed & (QuizRecord.last_passed_at >= given.since) if given.since else passed
            query = select(
                literal(given.place),
                QuizRecord.user_id,
                QuizRecord.quiz_id,
                in_time,
                self._when(QuizRecord.last_submitted_at, given.since),
                self._in_vain(given, in_time),
                QuizRecord.attempts,
                self._granted(given),
                self._best(given, in_time),
            ).where(
                QuizRecord.organization_id == self._organization_id,
                QuizRecord.quiz_id.in_(given.quizzes),
                *self._only(QuizRecord.user_id),
            )
            if given.since is not None:
                query = query.where(QuizRecord.last_submitted_at >= given.since)
            elif given.task.kind is AssignmentKind.COURSE:
                query = query.where(~passed)
            asked.append(query)
        found: dict[int, dict[str, list[_Record]]] = defaultdict(dict)
        record = cache(self._record)
        for place, user, *values in _rows(asked):
            found[place].setdefault(user, []).append(record(*values))
        return found

    def _in_vain(self, given: _Given, in_time: ColumnElement[bool]) -> ColumnElement[int]:
        """How many attempts count where none passed: of a repetition those since it opened."""
        if given.since is None:
            return QuizRecord.attempts.expression
        return _if_tried_again(given.since, in_time, func.count())

    def _best(self, given: _Given, in_time: ColumnElement[bool]) -> ColumnElement[Any]:
        """The best of these attempts, in thousandths."""
        if self._people is None:
            # How bad it was is for the sentence on one person, and would make each a class of its own.
            return literal(0)
        if given.since is None:
            return QuizRecord.best.expression
        return _if_tried_again(given.since, in_time, func.max(of_latest_grading(SHARE)))

    def _granted(self, given: _Given) -> ColumnElement[int]:
        """How many attempts a trainer has added. Not asked where no quiz has a limit."""
        if not any(self._quizzes[quiz].attempts for quiz in given.quizzes):
            return literal(0)
        return (
            select(func.count())
            .select_from(GrantedAttempt)
            .where(
                GrantedAttempt.organization_id == QuizRecord.organization_id,
                GrantedAttempt.user_id == QuizRecord.user_id,
                GrantedAttempt.quiz_id == QuizRecord.quiz_id,
            )
            .scalar_subquery()
        )

    def _record(
        self, quiz: str, in_time: bool, at: Any, in_vain: int, attempts: int, granted: int, best: float | None
    ) -> _Record:
        moment = self._read(at)
        # Of a repetition only what was handed in since it opened.
        if in_time or moment is None:
            return in_time, moment, None
        limit = self._quizzes[quiz].attempts
        # Attempts of the time before are used up and no part of what may be tried now.
        allowed = max(limit + granted - (attempts - in_vain), 1) if limit else 0
        return in_time, moment, Trouble(quiz, in_vain, allowed, int(best or 0) // 10)

    def _read_extensions(self) -> dict[tuple[str, str], date]:
        """(assignment, user) -> the later day."""
        rows = db.session.execute(
            select(Extension.assignment_id, Extension.user_id, Extension.due_on).where(
                Extension.organization_id == self._organization_id,
                Extension.assignment_id.in_([given.task.assignment_id for given in self._given]),
                *self._only(Extension.user_id),
            )
        )
        return {(assignment, user): due_on for assignment, user, due_on in rows}

    def _only(self, user_id: InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
        return () if self._people is None else (user_id.in_(self._people),)

    def _when(self, moment: InstrumentedAttribute[datetime], since: datetime | None) -> ColumnElement[Any]:
        """A moment, or the class to which it belongs; none if it lies before ``since``."""
        if self._people is not None:
            exact: ColumnElement[Any] = case((moment >= since, moment)) if since else moment.expression
            return exact
        old = (moment <= self._moments[1], 1)
        return case((moment < since, 0), old, else_=2) if since else case(old, else_=2)

    def _read(self, moment: Any) -> datetime | None:
        read: datetime | None = moment if self._people is not None else self._moments[moment]
        return read


def finished_in(group: Group, people: Sequence[str] | None) -> Finished:
    """Who finished the self-assessments that were given; that they did is all that may be known. One query at most."""
    instruments = {task.content_id for task in group.tasks if task.kind is AssignmentKind.ASSESSMENT}
    return finishes(group.organization_id, instruments, people) if instruments else {}


def _if_tried_again(since: datetime, in_time: ColumnElement[bool], figure: ColumnElement[Any]) -> ColumnElement[Any]:
    """A figure over the attempts of a record since a moment. Asked only of the few who tried since then in vain."""
    again = (
        select(figure)
        .select_from(Attempt)
        .where(
            Attempt.organization_id == QuizRecord.organization_id,
            Attempt.user_id == QuizRecord.user_id,
            Attempt.quiz_id == QuizRecord.quiz_id,
            Attempt.submitted_at >= since,
        )
        .correlate(QuizRecord)
        .scalar_subquery()
    )
    return case((in_time, 0), else_=again)


def _rows(selects: Sequence[Any]) -> Iterator[Any]:
    """All rows of several queries as one; never all in memory, where they would keep the collector busy."""
    if selects:
        for some in db.session.connection().execute(union_all(*selects)).partitions(500):
            yield from some


def _quizzes_of(task: Task, catalogue: Catalogue) -> tuple[str, ...] | None:
    """The quizzes that belong to a task; None if it is no longer taught."""
    match task.kind:
        case AssignmentKind.COURSE:
            return catalogue.courses[task.content_id].quiz_ids if task.content_id in catalogue.courses else None
        case AssignmentKind.QUIZ:
            return (task.content_id,) if task.content_id in catalogue.quizzes else None
        case AssignmentKind.ASSESSMENT:
            return () if task.content_id in catalogue.instruments else None
