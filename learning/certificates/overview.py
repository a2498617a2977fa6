"""The certificates of an organization, as its trainers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from learning.accounts.models import User
from learning.certificates.models import Certificate
from learning.certificates.numbers import grouped, read_number
from learning.certificates.rules import RENEWABLE, State, renewable, state_of
from learning.errors import NotFound
from learning.extensions import db
from learning.web.cursors import read_cursor, write_cursor

A_PAGE = 50


class Shown(StrEnum):
    """Which certificates to show."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    #: A quiz that it stands on is no longer passed.
    DOUBTED = "doubted"


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """A certificate in the list."""

    id: str
    user_id: str
    #: As on the paper.
    person_name: str
    course_title: str
    number: str
    state: State
    issued_at: datetime
    valid_until: date | None
    expiring: bool
    doubted: bool


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course in the filter."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class IssuedPage:
    """A page of the list."""

    rows: tuple[IssuedRow, ...]
    courses: tuple[CourseChoice, ...]
    #: How many fit the filter.
    total: int
    #: Of the whole organization: how many a trainer should look at.
    doubted: int
    #: Where the next page starts; None on the last one.
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate with what a trainer decides by."""

    row: IssuedRow
    title: str
    organization_name: str
    #: Version of the course on the day of issue, shortened.
    version: str
    #: Of the lessons as the person read them, shortened; None on older ones.
    version_read: str | None
    lessons: int
    quizzes: int
    replaced_by: str | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_reason: str | None


@dataclass(frozen=True, slots=True)
class IssuedFilter:
    """What a trainer looks for."""

    course_id: str = ""
    shown: Shown | None = None
    #: Part of a name, or a whole number.
    text: str = ""
    #: Where the page before ended, as ``next_after`` told.
    after: str = ""


def issued_page(organization_id: str, wanted: IssuedFilter, now: datetime) -> IssuedPage:
    """A page of certificates, the newest first. Four queries, however many there are."""
    rows, next_after = issued_rows(organization_id, wanted, now, A_PAGE)
    return IssuedPage(
        rows=rows,
        courses=_courses(organization_id),
        total=count_issued(organization_id, wanted, now),
        doubted=count_issued(organization_id, IssuedFilter(shown=Shown.DOUBTED), now),
        next_after=next_after,
    )


def issued_rows(
    organization_id: str, wanted: IssuedFilter, now: datetime, most: int
) -> tuple[tuple[IssuedRow, ...], str | None]:
    """The next certificates from where the filter begins, and where those after them start. One query."""
    today = now.date()
    ordered = _after(_chosen(organization_id, wanted, today), wanted.after).order_by(
        Certificate.issued_at.desc(), Certificate.id.desc()
    )
    found = db.session.scalars(ordered.limit(most + 1)).all()
    rows = tuple(_row(each, today) for each in found[:most])
    return rows, write_cursor(rows[-1].issued_at, rows[-1].id) if len(found) > most else None


def count_issued(organization_id: str, wanted: IssuedFilter, now: datetime) -> int:
    """How many certificates fit the filter. One query."""
    ids = _chosen(organization_id, wanted, now.date()).with_only_columns(Certificate.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def holders(organization_id: str, wanted: IssuedFilter, now: datetime) -> Select[str]:
    """Rows of the user ids of those whose certificates fit the filter."""
    return _chosen(organization_id, wanted, now.date()).with_only_columns(Certificate.user_id)


def issued(organization_id: str, certificate_id: str, now: datetime) -> Issued:
    """One certificate of the organization. Raises NotFound."""
    found = db.session.execute(
        select(Certificate, User.name)
        .outerjoin(User, User.id == Certificate.revoked_by)
        .where(Certificate.organization_id == organization_id, Certificate.id == certificate_id)
    ).first()
    if found is None:
        raise NotFound
    row, revoked_by = found
    following = db.session.scalar(
        select(Certificate.number).where(
            Certificate.organization_id == organization_id,
            Certificate.user_id == row.user_id,
            Certificate.course_id == row.course_id,
            Certificate.round == row.round + 1,
        )
    )
    return Issued(
        row=_row(row, now.date()),
        title=row.title,
        organization_name=row.organization_name,
        version=row.course_hash[:8],
        version_read=row.read_hash[:8] if row.read_hash else None,
        lessons=row.lessons,
        quizzes=len(row.quiz_ids),
        replaced_by=grouped(following) if following and row.replaced_at else None,
        revoked_at=row.revoked_at,
        revoked_by=revoked_by,
        revoked_reason=row.revoked_reason,
    )


def _row(each: Certificate, today: date) -> IssuedRow:
    state = state_of(each.valid_until, each.replaced_at, each.revoked_at, today)
    return IssuedRow(
        id=each.id,
        user_id=each.user_id,
        person_name=each.person_name,
        course_title=each.course_title,
        number=grouped(each.number),
        state=state,
        issued_at=each.issued_at,
        valid_until=each.valid_until,
        expiring=state is State.VALID and renewable(state, each.valid_until, today),
        doubted=each.doubted_at is not None and state in (State.VALID, State.EXPIRED),
    )


def _chosen(organization_id: str, wanted: IssuedFilter, today: date) -> Select[Certificate]:
    query = select(Certificate).where(Certificate.organization_id == organization_id)
    if wanted.course_id:
        query = query.where(Certificate.course_id == wanted.course_id)
    if wanted.shown:
        query = query.where(_in_state(wanted.shown, today))
    if number := read_number(wanted.text):
        query = query.where(Certificate.number == number)
    elif wanted.text:
        query = query.where(Certificate.person_name.icontains(wanted.text, autoescape=True))
    return query


def _in_state(shown: Shown, today: date) -> ColumnElement[bool]:
    """The same as ``rules.state_of``, for the database."""
    living = and_(Certificate.revoked_at.is_(None), Certificate.replaced_at.is_(None))
    last_day = Certificate.valid_until
    match shown:
        case Shown.VALID:
            return and_(living, or_(last_day.is_(None), last_day >= today))
        case Shown.EXPIRING:
            return and_(living, last_day >= today, last_day <= today + RENEWABLE)
        case Shown.EXPIRED:
            return and_(living, last_day < today)
        case Shown.REPLACED:
            return and_(Certificate.revoked_at.is_(None), Certificate.replaced_at.is_not(None))
        case Shown.REVOKED:
            return Certificate.revoked_at.is_not(None)
        case Shown.DOUBTED:
            return and_(living, Certificate.doubted_at.is_not(None))
        case _:
            assert_never(shown)


def _after(query: Select[Certificate], after: str) -> Select[Certificate]:
    """Keyset paging: what is older than the certificate on which the page before ended."""
    last = read_cursor(after)
    if last is None:
        return query
    return query.where(tuple_(Certificate.issued_at, Certificate.id) < last)


def _courses(organization_id: str) -> tuple[CourseChoice, ...]:
    """Courses of which there are certificates, also those that are no longer taught."""
    rows = db.session.execute(
        select(Certificate.course_id, func.max(Certificate.course_title))
        .where(Certificate.organization_id == organization_id)
        .group_by(Certificate.course_id)
        .order_by(func.max(Certificate.course_title), Certificate.course_id)
    )
    return tuple(CourseChoice(*row) for row in rows)
