"""The people of a cohort who are at risk, each with the reasons, a page at a time.

The database adds up what each person has done; the rules of ``at_risk`` are asked once a person and task. Openings of
lessons play no part: they are never told of one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, true, tuple_

from learning.accounts.models import Membership, User
from learning.content.model import Catalogue
from learning.extensions import db
from learning.teaching.at_risk import Finding, Reason, findings
from learning.teaching.cases import Cases, Finished, finished_in
from learning.teaching.groups import Group, Task
from learning.teaching.models import AssignmentKind

PEOPLE_A_PAGE = 50
#: Up to so many people are read exactly at once; more in classes.
FEW_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class RiskChoice:
    """What the page was asked for."""

    #: None: any.
    reason: Reason | None = None
    name_contains: str = ""
    department_id: str | None = None
    #: The user id on which the page before ended.
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One reason on the page."""

    task: Task
    title: str
    #: For this person: with more time, the later day.
    due_on: date
    finding: Finding
    #: Title of the quiz of a FAILING.
    quiz_title: str | None


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One person at risk."""

    user_id: str
    name: str
    department: str | None
    lines: tuple[RiskLine, ...]


@dataclass(frozen=True, slots=True)
class RiskPage:
    """A page of people at risk."""

    rows: tuple[RiskRow, ...]
    #: People whom the filters let through, those at risk for any reason, and for each of them.
    people: int
    at_risk: int
    numbers: Mapping[Reason, int]
    next_after: str | None


def risk_page(group: Group, catalogue: Catalogue, now: datetime, choice: RiskChoice) -> RiskPage:
    """People at risk by name, for one reason or any. The number of queries does not depend on the number of people."""
    people = _people(group, choice)
    ids = _few(people)
    finished = finished_in(group, ids)
    everybody = Cases(group, catalogue, now, ids, finished)
    numbers: Counter[Reason] = Counter()
    at_risk = 0
    chosen: list[Any] = []
    for row in people:
        reasons = everybody.reasons(row.user_id, row.time_zone or group.time_zone)
        if reasons:
            at_risk += 1
            numbers.update(reasons)
            if row.behind and len(chosen) <= PEOPLE_A_PAGE and (choice.reason is None or choice.reason in reasons):
                chosen.append(row)
    shown = chosen[:PEOPLE_A_PAGE]
    return RiskPage(
        rows=tuple(_rows(group, catalogue, now, shown, finished)),
        people=len(people),
        at_risk=at_risk,
        numbers=numbers,
        next_after=shown[-1].user_id if len(chosen) > PEOPLE_A_PAGE else None,
    )


def everybody_at_risk(group: Group, catalogue: Catalogue, now: datetime, choice: RiskChoice) -> list[tuple[str, str]]:
    """Id and name of everybody whom the list shows, on all its pages, by name."""
    people = _people(group, choice)
    ids = _few(people)
    cases = Cases(group, catalogue, now, ids, finished_in(group, ids))
    found = []
    for row in people:
        reasons = cases.reasons(row.user_id, row.time_zone or group.time_zone)
        if choice.reason in reasons if choice.reason else reasons:
            found.append((row.user_id, row.name))
    return found


def risk_blocks(
    group: Group, catalogue: Catalogue, now: datetime, choice: RiskChoice
) -> Iterator[tuple[int, list[RiskRow]]]:
    """Everybody whom the list shows, in blocks of people: of how many people each speaks, and who of them is at risk."""
    people = _people(group, choice)
    for start in range(0, len(people), FEW_PEOPLE):
        block = people[start : start + FEW_PEOPLE]
        rows = _rows(group, catalogue, now, block, finished_in(group, [row.user_id for row in block]))
        wanted = [row for row in rows if any(choice.reason in (None, line.finding.reason) for line in row.lines)]
        yield len(block), wanted


def _few(people: Sequence[Any]) -> list[str] | None:
    """Few people by id, to be read exactly; None: they are many, and everybody is read in classes."""
    return [row.user_id for row in people] if len(people) <= FEW_PEOPLE else None


def _rows(
    group: Group, catalogue: Catalogue, now: datetime, people: Sequence[Any], finished: Finished
) -> Iterator[RiskRow]:
    """These people with their reasons, read exactly; those without any too."""
    ids = [row.user_id for row in people]
    exact = Cases(group, catalogue, now, ids, finished)
    named = {row.user_id: row for row in db.session.execute(group.people().where(User.id.in_(ids)))}
    for row in people:
        if row.user_id not in named:  # left between two queries
            continue
        yield RiskRow(
            row.user_id,
            named[row.user_id].name,
            named[row.user_id].department,
            tuple(
                RiskLine(task, _title(task, catalogue), due_on, finding, _quiz(finding, catalogue))
                for task, due_on, case in exact.of(row.user_id, row.time_zone or group.time_zone)
                for finding in findings(case, now)
            ),
        )


def _title(task: Task, catalogue: Catalogue) -> str:
    match task.kind:
        case AssignmentKind.COURSE:
            return catalogue.courses[task.content_id].title
        case AssignmentKind.QUIZ:
            return catalogue.quizzes[task.content_id].title
        case AssignmentKind.ASSESSMENT:
            return catalogue.instruments[task.content_id].title


def _quiz(finding: Finding, catalogue: Catalogue) -> str | None:
    return catalogue.quizzes[finding.trouble.quiz_id].title if finding.trouble else None


def _people(group: Group, choice: RiskChoice) -> Sequence[Any]:
    """Whom the filters let through by name: ``user_id, name, time_zone, behind``; behind: they come after the anchor."""
    after = choice.after
    name = after and db.session.scalar(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == group.organization_id, User.id == after)
    )
    behind = tuple_(User.name, User.id) > tuple_(name, after) if name else true()
    query = group.people(choice.name_contains, choice.department_id).with_only_columns(
        User.id.label("user_id"), User.name.label("name"), User.time_zone, behind.label("behind")
    )
    return db.session.connection().execute(query.order_by(User.name, User.id)).all()
