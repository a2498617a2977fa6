"""The weekly mail to each trainer of a cohort: who is overdue, who is stuck, what is due next.

Names and counts. Of the self-assessment nothing but that it is not done, like of everything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.accounts.models import Membership
from learning.background import each_by_itself
from learning.content.model import Catalogue
from learning.courses.models import LessonProgress
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.letters import Letter, write_letter
from learning.quizzes.models import Attempt
from learning.teaching.due import Standing, days_left
from learning.teaching.models import Cohort, CohortTrainer, Reminder, ReminderKind
from learning.teaching.owing import Owing, owings
from learning.teaching.recipients import Recipient, locked_recipient, recipients
from learning.teaching.reminder_rules import digest_due
from learning.teaching.reminders import mute_link, organizations_with_assignments, remind
from learning.web.identity import Member, Role
from learning.web.public_url import public_url_for

#: Nothing done for so long, with something open, is being stuck.
STUCK_AFTER = timedelta(days=14)
#: Days that "next week" reaches.
AHEAD = 7
#: So many names stand in a mail; the others are counted.
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Names:
    """People in a mail: the first of them by name, and how many there are."""

    named: tuple[str, ...]
    count: int

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.count - len(self.named)


@dataclass(frozen=True, slots=True)
class DueNext:
    """Something that is due within the week, and how many have not done it."""

    title: str
    due_on: date
    people: int


@dataclass(frozen=True, slots=True)
class CohortDigest:
    """What a trainer reads of one cohort."""

    name: str
    people: int
    overdue: Names
    stuck: Names
    due_next: tuple[DueNext, ...]
    #: People who cannot be reminded by mail.
    without_address: int

    @property
    def says_something(self) -> bool:
        """Whether there is anything to act on."""
        return bool(self.overdue.count or self.stuck.count or self.due_next)


def send_digests(catalogue: Catalogue, now: datetime) -> int:
    """Put this week's digest into the outbox for every trainer who has not had it; tell how many. Safe twice at once.

    Raises PartlyDone.
    """
    return each_by_itself("digest", organizations_with_assignments(), lambda each: _send(each, catalogue, now))


def _send(organization_id: str, catalogue: Catalogue, now: datetime) -> int:
    session = db.session()
    cohorts = _cohorts_of_trainers(organization_id)
    trainers = recipients(session, organization_id, now, list(cohorts))
    last = _last_digests(session, organization_id, list(cohorts))
    due = [
        trainer
        for trainer in trainers.values()
        if trainer.refusal is None and digest_due(now, trainer.time_zone, last.get(trainer.user_id))
    ]
    if not due:
        db.session.remove()
        return 0
    digests = _digests(organization_id, {each for trainer in due for each in cohorts[trainer.user_id]}, catalogue, now)
    db.session.remove()
    sent = 0
    for trainer in due:
        mine = [digests[each] for each in cohorts[trainer.user_id] if each in digests]
        if any(each.says_something for each in mine):
            sent += _send_one(organization_id, trainer, mine, now)
    return sent


def _send_one(organization_id: str, trainer: Recipient, cohorts: Sequence[CohortDigest], now: datetime) -> bool:
    letter = digest_letter(trainer, cohorts)
    member = Member(trainer.user_id, organization_id)
    with unit_of_work() as session:
        still = locked_recipient(session, member, now)
        if still is None or still.refusal is not None or still.email is None:
            return False
        last = _last_digests(session, organization_id, [trainer.user_id])
        if not digest_due(now, still.time_zone, last.get(trainer.user_id)):
            return False
        return remind(session, member, still, letter, ReminderKind.DIGEST, now)


def digest_letter(trainer: Recipient, cohorts: Sequence[CohortDigest]) -> Letter:
    """The mail of one trainer over their cohorts."""
    with force_locale(trainer.locale or "en"):
        return write_letter(
            "digest",
            person=trainer.name,
            cohorts=[each for each in cohorts if each.says_something],
            link=public_url_for("teaching.people"),
            mute_link=mute_link(),
        )


def _cohorts_of_trainers(organization_id: str) -> defaultdict[str, list[str]]:
    """Trainer -> the cohorts they look after, by name. People who left or are trainers no more look after none."""
    rows = db.session.execute(
        select(CohortTrainer.user_id, CohortTrainer.cohort_id)
        .join(
            Cohort, (Cohort.organization_id == CohortTrainer.organization_id) & (Cohort.id == CohortTrainer.cohort_id)
        )
        .join(
            Membership,
            (Membership.organization_id == CohortTrainer.organization_id)
            & (Membership.user_id == CohortTrainer.user_id),
        )
        .where(
            CohortTrainer.organization_id == organization_id,
            Cohort.archived_at.is_(None),
            Membership.left_at.is_(None),
            Membership.role == Role.TRAINER,
        )
        .order_by(Cohort.name)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for user_id, cohort_id in rows:
        found[user_id].append(cohort_id)
    return found


def _last_digests(session: Session, organization_id: str, trainers: Sequence[str]) -> dict[str, datetime]:
    rows = session.execute(
        select(Reminder.user_id, func.max(Reminder.sent_at))
        .where(
            Reminder.organization_id == organization_id,
            Reminder.kind == ReminderKind.DIGEST,
            Reminder.user_id.in_(trainers),
        )
        .group_by(Reminder.user_id)
    )
    return dict(rows.all())


def _digests(
    organization_id: str, cohorts: Collection[str], catalogue: Catalogue, now: datetime
) -> dict[str, CohortDigest]:
    """Cohort -> what stands in a mail about it; cohorts without assignments are not there."""
    by_cohort: defaultdict[str, list[Owing]] = defaultdict(list)
    for each in owings(organization_id, catalogue, now, cohorts):
        by_cohort[each.cohort_id].append(each)
    people = recipients(db.session(), organization_id, now)
    active = _last_activity(organization_id)
    names = dict(
        db.session.execute(
            select(Cohort.id, Cohort.name).where(Cohort.organization_id == organization_id, Cohort.id.in_(cohorts))
        ).all()
    )
    return {
        cohort_id: cohort_digest(names[cohort_id], owing, people, active, now) for cohort_id, owing in by_cohort.items()
    }


def cohort_digest(
    name: str, owing: Sequence[Owing], people: dict[str, Recipient], active: dict[str, datetime], now: datetime
) -> CohortDigest:
    """What a mail says of one cohort. Pure."""
    overdue = {each.user_id for each in owing if each.standing is Standing.OVERDUE}
    stuck = {each.user_id for each in owing if _is_stuck(each, active.get(each.user_id), now)} - overdue
    members = {each.user_id for each in owing} & people.keys()
    next_week: defaultdict[tuple[date, str], set[str]] = defaultdict(set)
    for each in owing:
        if each.standing in (Standing.OPEN, Standing.DUE_SOON):
            zone = people[each.user_id].time_zone if each.user_id in people else "UTC"
            if days_left(now, each.due_on, zone) <= AHEAD:
                next_week[each.due_on, each.title].add(each.user_id)
    return CohortDigest(
        name,
        len(members),
        _names(overdue, people),
        _names(stuck, people),
        tuple(DueNext(title, day, len(who)) for (day, title), who in sorted(next_week.items())),
        sum(people[each].email is None for each in members),
    )


def _is_stuck(owing: Owing, active: datetime | None, now: datetime) -> bool:
    """Whether it has been open for long and the person has done nothing at all in that time."""
    if owing.standing not in (Standing.OPEN, Standing.DUE_SOON):
        return False
    return now - max(owing.known_since, active or owing.known_since) >= STUCK_AFTER


def _names(wanted: Iterable[str], people: dict[str, Recipient]) -> Names:
    known = sorted(people[each].name for each in wanted if each in people)
    return Names(tuple(known[:MOST_NAMES]), len(known))


def _last_activity(organization_id: str) -> dict[str, datetime]:
    """Person -> when they last read a lesson or sat a quiz. Two queries."""
    found: dict[str, datetime] = {}
    sat = func.coalesce(Attempt.submitted_at, Attempt.started_at)
    for table, moment in ((LessonProgress, LessonProgress.completed_at), (Attempt, sat)):
        query = select(table.user_id, func.max(moment)).where(table.organization_id == organization_id)
        for user_id, last in db.session.execute(query.group_by(table.user_id)):
            found[user_id] = max(last, found.get(user_id, last))
    return found
