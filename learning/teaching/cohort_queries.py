"""What the pages of cohorts show a trainer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select, tuple_

from learning.accounts.models import Department, Membership, User
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.cohort_people import cohort_people, cohort_sizes
from learning.teaching.models import Assignment, Cohort, CohortMember, CohortTrainer
from learning.web.identity import Member, Role

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort in the list."""

    id: str
    name: str
    department: str | None
    people: int
    trainers: tuple[str, ...]
    #: The trainer who asks looks after it.
    mine: bool
    #: The next day on which something is due; None if nothing is.
    next_due: date | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class CohortList:
    """All cohorts of an organization, each group by name."""

    mine: tuple[CohortLine, ...]
    others: tuple[CohortLine, ...]
    archived: tuple[CohortLine, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something with an id and a name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CohortHead:
    """A cohort without its people."""

    id: str
    name: str
    department_id: str | None
    department: str | None
    archived_at: datetime | None
    people: int


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort and who looks after it."""

    head: CohortHead
    trainers: tuple[Named, ...]
    #: Trainers of the organization who could look after it too.
    other_trainers: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a list to choose from."""

    user_id: str
    name: str
    login: str
    department: str | None
    #: Put in by hand or by address, not (only) by department.
    by_hand: bool


@dataclass(frozen=True, slots=True)
class PeopleChoice:
    """A page of people to choose from."""

    rows: tuple[PersonLine, ...]
    #: People whom the filters let through, on all pages.
    number: int
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Choosable:
    """Somebody whom a list shows, on whichever page."""

    user_id: str
    name: str
    #: In the department that the cohort follows: they cannot be taken out.
    by_department: bool


def cohort_choices(member: Member) -> list[Named]:
    """The cohorts in use, for a filter. One query."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .where(Cohort.organization_id == member.organization_id, Cohort.archived_at.is_(None))
        .order_by(func.lower(Cohort.name), Cohort.id)
    )
    return [Named(*row) for row in rows]


def cohort_list(member: Member, today: date) -> CohortList:
    """All cohorts of the organization. Five queries."""
    people = cohort_sizes(member.organization_id)
    trainers: defaultdict[str, list[Named]] = defaultdict(list)
    for cohort_id, user_id, name in db.session.execute(_trainers(member.organization_id)):
        trainers[cohort_id].append(Named(user_id, name))
    due = _next_due(member.organization_id, today)
    lines = [
        CohortLine(
            id=row.id,
            name=row.name,
            department=row.department,
            people=people.get(row.id, 0),
            trainers=tuple(each.name for each in trainers[row.id]),
            mine=any(each.id == member.user_id for each in trainers[row.id]),
            next_due=due.get(row.id),
            archived_at=row.archived_at,
        )
        for row in db.session.execute(_heads(member.organization_id).order_by(func.lower(Cohort.name), Cohort.id))
    ]
    live = [line for line in lines if line.archived_at is None]
    return CohortList(
        mine=tuple(line for line in live if line.mine),
        others=tuple(line for line in live if not line.mine),
        archived=tuple(line for line in lines if line.archived_at is not None),
    )


def cohort_head(member: Member, cohort_id: str) -> CohortHead:
    """One cohort. Raises NotFound. One query."""
    people = cohort_people(member.organization_id, cohort_id=cohort_id).subquery()
    size = select(func.count(people.c.user_id)).scalar_subquery()
    row = db.session.execute(
        _heads(member.organization_id).add_columns(size.label("people")).where(Cohort.id == cohort_id)
    ).first()
    if row is None:
        raise NotFound
    return CohortHead(row.id, row.name, row.department_id, row.department, row.archived_at, row.people)


def cohort_page(member: Member, cohort_id: str) -> CohortPage:
    """One cohort with its trainers. Raises NotFound. Three queries."""
    head = cohort_head(member, cohort_id)
    looking_after = tuple(
        Named(row.user_id, row.name)
        for row in db.session.execute(_trainers(member.organization_id).where(CohortTrainer.cohort_id == cohort_id))
    )
    taken = {each.id for each in looking_after}
    everybody = db.session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organization_id == member.organization_id,
            Membership.role == Role.TRAINER,
            Membership.left_at.is_(None),
        )
        .order_by(User.name, User.id)
    )
    return CohortPage(
        head=head,
        trainers=looking_after,
        other_trainers=tuple(Named(*row) for row in everybody if row.id not in taken),
    )


def people_choice(
    member: Member,
    cohort_id: str,
    *,
    inside: bool,
    name_contains: str,
    department_id: str,
    after: str | None,
    most: int = PEOPLE_A_PAGE,
) -> PeopleChoice:
    """A page of the people of a cohort or, not inside, of the learners who could be added. Two queries.

    ``after`` is the user id on which the page before ended.
    """
    by_hand = exists().where(
        CohortMember.organization_id == member.organization_id,
        CohortMember.cohort_id == cohort_id,
        CohortMember.user_id == User.id,
    )
    chosen = _choosable(member, cohort_id, inside=inside, name_contains=name_contains, department_id=department_id)
    number = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    query = chosen.outerjoin(
        Department,
        (Department.organization_id == member.organization_id) & (Department.id == Membership.department_id),
    ).with_only_columns(
        User.id,
        User.name,
        func.coalesce(User.email, User.sign_in_name).label("login"),
        Department.name.label("department"),
        by_hand.label("by_hand"),
    )
    if after:
        last = (
            select(User.name, User.id)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organization_id == member.organization_id, User.id == after)
            .cte("last")
        )
        query = query.join(last, tuple_(User.name, User.id) > tuple_(last.c.name, last.c.id))
    rows = db.session.execute(query.order_by(User.name, User.id).limit(most + 1)).all()
    shown = tuple(PersonLine(*row) for row in rows[:most])
    return PeopleChoice(shown, number, shown[-1].user_id if len(rows) > most else None)


def everybody_choosable(
    member: Member, head: CohortHead, *, inside: bool, name_contains: str, department_id: str
) -> list[Choosable]:
    """The same people on all pages, by name. One query."""
    chosen = _choosable(member, head.id, inside=inside, name_contains=name_contains, department_id=department_id)
    rows = db.session.execute(chosen.order_by(User.name, User.id))
    return [Choosable(user_id, name, at is not None and at == head.department_id) for user_id, name, at in rows]


def _choosable(
    member: Member, cohort_id: str, *, inside: bool, name_contains: str, department_id: str
) -> Select[str, str, str | None]:
    """Who learns here and is in the cohort or not: ``id, name, department_id``."""
    everybody = cohort_people(member.organization_id, cohort_id=cohort_id).subquery()
    present = select(everybody.c.user_id)
    query = (
        select(User.id, User.name, Membership.department_id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organization_id == member.organization_id,
            Membership.left_at.is_(None),
            Membership.role == Role.LEARNER,
            User.id.in_(present) if inside else User.id.not_in(present),
        )
    )
    if name_contains:
        query = query.where(User.name.icontains(name_contains, autoescape=True))
    if department_id:
        query = query.where(Membership.department_id == department_id)
    return query


def _heads(organization_id: str) -> Select[str, str, str | None, str | None, datetime | None]:
    return (
        select(
            Cohort.id,
            Cohort.name,
            Cohort.department_id,
            Department.name.label("department"),
            Cohort.archived_at,
        )
        .outerjoin(
            Department, (Department.organization_id == organization_id) & (Department.id == Cohort.department_id)
        )
        .where(Cohort.organization_id == organization_id)
    )


def _trainers(organization_id: str) -> Select[str, str, str]:
    """Who looks after which cohort; who left the organization or trains no more does not."""
    return (
        select(CohortTrainer.cohort_id, User.id.label("user_id"), User.name)
        .join(User, User.id == CohortTrainer.user_id)
        .join(Membership, Membership.user_id == CohortTrainer.user_id)
        .where(
            CohortTrainer.organization_id == organization_id,
            Membership.organization_id == organization_id,
            Membership.left_at.is_(None),
            Membership.role == Role.TRAINER,
        )
        .order_by(User.name, User.id)
    )


def _next_due(organization_id: str, today: date) -> dict[str, date]:
    rows = db.session.execute(
        select(Assignment.cohort_id, func.min(Assignment.due_on))
        .where(Assignment.organization_id == organization_id, Assignment.ended_at.is_(None), Assignment.due_on >= today)
        .group_by(Assignment.cohort_id)
    )
    return dict(rows.all())
