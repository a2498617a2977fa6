"""What the pages of one person, of a course, and the page that verifies show of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.certificates.errors import Revoked
from learning.certificates.models import Certificate
from learning.certificates.numbers import grouped, read_number
from learning.certificates.rules import State, renewable, state_of
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member

#: So long the home page says that a certificate was earned.
NEWS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MyCertificate:
    """A certificate as its owner sees it."""

    id: str
    course_id: str
    #: In groups, as it stands on the paper.
    number: str
    title: str
    course_title: str
    state: State
    issued_at: datetime
    valid_until: date | None
    #: Whether it is time to pass again, as its last day has it.
    renewable: bool
    shows_name: bool
    #: The number of the one that replaced it.
    replaced_by: str | None
    revoked_reason: str | None


@dataclass(frozen=True, slots=True)
class Inscription:
    """What stands on the paper."""

    number: str
    title: str
    course_title: str
    person_name: str
    organization_name: str
    course_hash: str
    #: Over the lessons as the person read them; None on older ones.
    read_hash: str | None
    lessons: int
    quizzes: int
    issued_at: datetime
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Verified:
    """The least that proves a certificate."""

    number: str
    title: str
    course_title: str
    state: State
    issued_at: datetime
    valid_until: date | None
    #: None unless the person allowed it, and once the certificate does not hold any more.
    name: str | None


def my_certificates(member: Member, now: datetime) -> list[MyCertificate]:
    """All certificates of a person, the newest first. One query."""
    return _mine(db.session(), member, now)


def certificate_for(member: Member, course_id: str, now: datetime) -> MyCertificate | None:
    """The last certificate of a person for a course. One query."""
    return next(iter(_mine(db.session(), member, now, course_id)), None)


def earned_lately(member: Member, now: datetime) -> list[MyCertificate]:
    """Valid certificates that a person was given in the last two weeks. One query."""
    found = _mine(db.session(), member, now, since=now - NEWS)
    return [each for each in found if each.state is State.VALID]


def _mine(
    session: Session, member: Member, now: datetime, course_id: str | None = None, since: datetime | None = None
) -> list[MyCertificate]:
    query = (
        select(Certificate)
        .where(Certificate.organization_id == member.organization_id, Certificate.user_id == member.user_id)
        .order_by(Certificate.issued_at.desc(), Certificate.round.desc())
    )
    if course_id is not None:
        query = query.where(Certificate.course_id == course_id)
    if since is not None:
        query = query.where(Certificate.issued_at >= since)
    rows = session.scalars(query).all()
    numbers = {(row.course_id, row.round): grouped(row.number) for row in rows}
    return [_my_certificate(row, numbers.get((row.course_id, row.round + 1)), now.date()) for row in rows]


def _my_certificate(row: Certificate, replaced_by: str | None, today: date) -> MyCertificate:
    state = state_of(row.valid_until, row.replaced_at, row.revoked_at, today)
    return MyCertificate(
        id=row.id,
        course_id=row.course_id,
        number=grouped(row.number),
        title=row.title,
        course_title=row.course_title,
        state=state,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        renewable=renewable(state, row.valid_until, today),
        shows_name=row.shows_name,
        replaced_by=replaced_by if row.replaced_at else None,
        revoked_reason=row.revoked_reason,
    )


def inscription_of(member: Member, certificate_id: str) -> Inscription:
    """What to print. Raises NotFound unless it is the person's own, Revoked if there is no paper any more."""
    row = db.session.scalar(
        select(Certificate).where(
            Certificate.organization_id == member.organization_id,
            Certificate.user_id == member.user_id,
            Certificate.id == certificate_id,
        )
    )
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        raise Revoked
    return Inscription(
        number=grouped(row.number),
        title=row.title,
        course_title=row.course_title,
        person_name=row.person_name,
        organization_name=row.organization_name,
        course_hash=row.course_hash,
        read_hash=row.read_hash,
        lessons=row.lessons,
        quizzes=len(row.quiz_ids),
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def verified(typed: str, now: datetime) -> Verified | None:
    """What a number proves; None for one that was never given out and for what cannot be one.

    The one query that names no organization: whoever holds the paper asks, wherever they are.
    """
    number = read_number(typed)
    row = db.session.scalar(select(Certificate).where(Certificate.number == number)) if number else None
    if row is None:
        return None
    state = state_of(row.valid_until, row.replaced_at, row.revoked_at, now.date())
    return Verified(
        number=grouped(row.number),
        title=row.title,
        course_title=row.course_title,
        state=state,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        name=row.person_name if row.shows_name and state is State.VALID else None,
    )
