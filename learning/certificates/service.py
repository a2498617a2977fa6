"""The verbs of certificates. Unique keys decide every race: of many who issue the same one, one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from flask import current_app
from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from learning.accounts.models import Organization, User
from learning.background import each_by_itself
from learning.certificates.errors import NoReason
from learning.certificates.evidence import blocks, candidates, done_by, passes
from learning.certificates.models import LONGEST_REASON, Certificate
from learning.certificates.numbers import new_number
from learning.certificates.rules import Award, Last, award, in_doubt
from learning.content.course_versions import course_version, version_read
from learning.content.model import Catalogue, Course
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.web.identity import Member

log = structlog.get_logger()

#: (organization, courses, now, a person or None for all) -> course -> person -> when the refresh that asks them for it
#: opened.
RefreshesOpened = Callable[[str, Sequence[Course], datetime, str | None], Mapping[str, Mapping[str, datetime]]]


def issue_for(member: Member, catalogue: Catalogue, now: datetime, lesson_id: str | None = None) -> int:
    """Issue what is due to a person who has just handed in a quiz, or read a lesson; tell how many certificates.

    Not part of that transaction: what was read or answered is kept, whatever happens here. What is missed then,
    ``issue_due`` finds.
    """
    courses = [each for each in _certifying(catalogue) if lesson_id is None or lesson_id in each.lesson_ids]
    return _issue_all(member.organization_id, courses, catalogue, now, member.user_id)


def issue_due(catalogue: Catalogue, now: datetime, organization_id: str | None = None) -> int:
    """Issue every certificate that is due, and look again at those that were issued; tell how many are new.

    Safe to run anywhere and at any time, also twice at once. ``organization_id``: in this one only. Raises PartlyDone.
    """
    query = select(Organization.id)
    organizations = [organization_id] if organization_id else db.session.scalars(query).all()

    def issue(each: str) -> int:
        count = _issue_all(each, _certifying(catalogue), catalogue, now)
        look_again(each, now)
        return count

    return each_by_itself("issue certificates", organizations, issue)


def _certifying(catalogue: Catalogue) -> list[Course]:
    return [course for course in catalogue.courses.values() if course.certificate]


def _issue_all(
    organization_id: str, courses: Sequence[Course], catalogue: Catalogue, now: datetime, user_id: str | None = None
) -> int:
    """Issue the certificates of some courses that are due, to one person or to all."""
    if not courses:
        return 0
    opened: RefreshesOpened = current_app.extensions["refreshes_opened"]
    refreshed = opened(organization_id, courses, now, user_id)
    return sum(
        _issue(organization_id, course, catalogue, now, refreshed.get(course.id, {}), user_id) for course in courses
    )


def _issue(
    organization_id: str,
    course: Course,
    catalogue: Catalogue,
    now: datetime,
    refreshed: Mapping[str, datetime],
    user_id: str | None,
) -> int:
    waiting = candidates(db.session(), organization_id, course, now.date(), refreshed, user_id)
    done = done_by(db.session(), organization_id, course, waiting)
    found = {person: award(course, done[person], last, now.date()) for person, last in waiting.items()}
    due = {person: each for person, each in found.items() if each}
    version = course_version(catalogue, course)
    count = 0
    # In one order for all, so that two who issue at once do not wait for each other in a circle.
    for block in blocks(sorted(due)):
        with unit_of_work() as session:
            names = dict(session.execute(select(User.id, User.name).where(User.id.in_(block))).all())
            organization = session.get_one(Organization, organization_id).name
            for person in [each for each in block if each in names]:
                if _retired(session, organization_id, person, course.id, waiting[person], now):
                    inscribed = {
                        "person_name": names[person],
                        "organization_name": organization,
                        "course_hash": version,
                        "read_hash": version_read(course, done[person].versions),
                    }
                    count += _write(session, Member(person, organization_id), course, due[person], now, **inscribed)
    if count:
        log.info("certificates_issued", organization=organization_id, course=course.id, count=count)
    return count


def _retired(
    session: Session, organization_id: str, user_id: str, course_id: str, last: Last | None, now: datetime
) -> bool:
    """Mark the last certificate as replaced, and tell whether the way is free: of two who renew at once one comes
    through, and none if it was revoked in between."""
    if last is None or last.revoked_at is not None:
        return True
    renewed = session.execute(
        update(Certificate)
        .where(
            Certificate.organization_id == organization_id,
            Certificate.user_id == user_id,
            Certificate.course_id == course_id,
            Certificate.round == last.round,
            Certificate.replaced_at.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .values(replaced_at=now)
    )
    return bool(renewed.rowcount == 1)  # type: ignore[attr-defined]


def _write(
    session: Session, member: Member, course: Course, due: Award, now: datetime, **inscribed: str | None
) -> bool:
    assert course.certificate is not None
    return insert_once(
        session,
        Certificate,
        id=new_id(),
        organization_id=member.organization_id,
        user_id=member.user_id,
        course_id=course.id,
        round=due.round,
        number=new_number(),
        title=course.certificate.title,
        course_title=course.title,
        lessons=len(course.lesson_ids),
        quiz_ids=list(course.quiz_ids),
        issued_at=now,
        valid_from=due.valid_from,
        valid_until=due.valid_until,
        shows_name=False,
        **inscribed,
    )


def look_again(organization_id: str, now: datetime) -> int:
    """Note of every living certificate whether a quiz it stands on is still passed; tell how many changed.

    Marking again can take a pass away. The certificate stays, and a trainer decides what becomes of it.
    """
    if db.session.scalar(_suspects(organization_id).with_only_columns(Certificate.id).limit(1)) is None:
        return 0
    with unit_of_work() as session:
        suspects = session.scalars(_suspects(organization_id).with_for_update()).all()
        people = {each.user_id for each in suspects}
        quizzes = sorted({quiz_id for each in suspects for quiz_id in each.quiz_ids})
        passed: defaultdict[str, set[str]] = defaultdict(set)
        for block in blocks(people):
            for person, quiz_id, _ in session.execute(
                passes(organization_id, quizzes).where(Attempt.user_id.in_(block))
            ):
                passed[person].add(quiz_id)
        count = 0
        for each in suspects:
            doubted = in_doubt(each.quiz_ids, passed[each.user_id])
            if doubted is (each.doubted_at is None):
                each.doubted_at = now if doubted else None
                count += 1
        return count


def _suspects(organization_id: str) -> Select[Certificate]:
    """Living certificates of people of whom an attempt was marked again and does not pass, and those in doubt."""
    # Found once for all: asked for each certificate, it goes through all gradings every time.
    regraded = (
        select(Attempt.user_id)
        .join(Grading, (Grading.organization_id == Attempt.organization_id) & (Grading.attempt_id == Attempt.id))
        .where(Grading.organization_id == organization_id, Grading.number > 1, ~Grading.passed)
    )
    return (
        select(Certificate)
        .where(
            Certificate.organization_id == organization_id,
            Certificate.revoked_at.is_(None),
            Certificate.replaced_at.is_(None),
            or_(Certificate.doubted_at.is_not(None), Certificate.user_id.in_(regraded)),
        )
        .order_by(Certificate.id)
    )


def show_name(member: Member, certificate_id: str, now: datetime, *, shown: bool) -> None:
    """Let the page that verifies a certificate of one's own name its holder, or no longer.

    Of one that does not hold any more the page names nobody, so there is nothing to allow. Raises NotFound.
    """
    holds = Certificate.revoked_at.is_(None) & Certificate.replaced_at.is_(None)
    holds &= or_(Certificate.valid_until.is_(None), Certificate.valid_until >= now.date())
    with unit_of_work() as session:
        changed = session.execute(
            update(Certificate)
            .where(
                Certificate.organization_id == member.organization_id,
                Certificate.user_id == member.user_id,
                Certificate.id == certificate_id,
                *([holds] if shown else []),
            )
            .values(shows_name=shown)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise NotFound


def revoke(trainer: Member, certificate_id: str, reason: str, now: datetime) -> None:
    """Revoke a certificate of the organization for good. Doing it twice keeps the first reason.

    Raises NotFound, or NoReason unless there is one of 1 to 300 characters.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise NoReason
    mine = (Certificate.organization_id == trainer.organization_id, Certificate.id == certificate_id)
    with unit_of_work() as session:
        changed = session.execute(
            update(Certificate)
            .where(*mine, Certificate.revoked_at.is_(None))
            .values(revoked_at=now, revoked_by=trainer.user_id, revoked_reason=reason)
        )
        if not changed.rowcount and session.scalar(select(Certificate.id).where(*mine)) is None:  # type: ignore[attr-defined]
            raise NotFound
    log.info(
        "certificate_revoked", organization=trainer.organization_id, certificate=certificate_id, by=trainer.user_id
    )
