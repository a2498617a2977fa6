"""Reminders as they are made: one a person and day, with their mail, whatever happens meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import delete, event, select

from learning.accounts.membership import end_membership
from learning.accounts.models import Membership, Organization, User
from learning.background import PartlyDone
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.deliver import deliver_due
from learning.mail.models import OutboxMessage
from learning.teaching import reminders
from learning.teaching.assignments import extend
from learning.teaching.digests import send_digests
from learning.teaching.models import (
    Assignment,
    AssignmentKind,
    Cohort,
    CohortTrainer,
    Reminder,
    ReminderKind,
    ReminderSetting,
)
from learning.teaching.muting import set_muted
from learning.teaching.nudges import nudge
from learning.teaching.reminders import remind_due
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners
from tests.teaching.doings import hand_in

OPENS, DUE = date(2030, 2, 1), date(2030, 3, 15)
MORNING = datetime(2030, 3, 8, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def give(company: Company, people: list[str], **more: Any) -> str:
    """An assignment that was made long ago, in a cohort of its own."""
    with_dates = {"opens_on": OPENS, "due_on": DUE, **more}
    assignment = make_assignment(company, make_cohort(company, people), **with_dates)
    with unit_of_work() as session:
        session.get_one(Assignment, assignment).created_at = datetime(2030, 1, 1, tzinfo=UTC)
    return assignment


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.recipient)))


def kinds() -> list[ReminderKind]:
    return list(db.session.scalars(select(Reminder.kind).order_by(Reminder.day)))


def run(at: datetime) -> int:
    return remind_due(the_catalogue(), at)


def test_a_person_hears_a_week_and_a_day_before_the_day_after_and_then_weekly(app: Flask, company: Company) -> None:
    with app.app_context():
        give(company, [company.learner])
        sent = [number for number in range(30) for _ in range(2) if run(MORNING + number * DAY)]
        assert sent == [0, 6, 8, 15, 22, 29]
        assert kinds() == [ReminderKind.DUE_SOON] * 2 + [ReminderKind.OVERDUE] * 4
        assert len(mails()) == 6


def test_the_letter_names_what_presses_and_how_to_switch_it_off(app: Flask, company: Company) -> None:
    with app.app_context():
        quiz = next(iter(the_catalogue().quizzes.values()))
        give(company, [company.learner], due_on=date(2030, 3, 5))
        give(company, [company.learner], kind=AssignmentKind.QUIZ, content_id=quiz.id)
        give(company, [company.learner], kind=AssignmentKind.QUIZ, content_id=quiz.id)
        give(company, [company.learner], kind=AssignmentKind.QUIZ, content_id=quiz.id, due_on=date(2030, 4, 30))
        assert run(MORNING) == 1
        (mail,) = mails()
        course = next(iter(the_catalogue().courses.values()))
        assert mail.recipient == "learner@river.example"
        assert mail.subject == "Overdue on Headwater"
        assert f"- {course.title} (was due on 5 Mar 2030)" in mail.body
        assert mail.body.count(quiz.title) == 1
        assert f"- {quiz.title} (due on 15 Mar 2030)" in mail.body
        assert "http://127.0.0.1/people/account#reminders" in mail.body


def test_what_is_done_or_extended_or_taken_back_or_put_away_reminds_nobody(app: Flask, company: Company) -> None:
    with app.app_context():
        done, extended, taken_back, put_away = make_learners(company, 4)
        quiz = next(iter(the_catalogue().quizzes))
        give(company, [done], kind=AssignmentKind.QUIZ, content_id=quiz)
        hand_in(company, done, quiz, MORNING - 9 * DAY, passed=True)
        longer = give(company, [extended])
        extend(Member(company.trainer, company.id), longer, [extended], DUE + 20 * DAY, MORNING - DAY)
        ended = give(company, [taken_back])
        away = give(company, [put_away])
        with unit_of_work() as session:
            session.get_one(Assignment, ended).ended_at = MORNING - DAY
            session.get_one(Cohort, session.get_one(Assignment, away).cohort_id).archived_at = MORNING - DAY
        assert run(MORNING) == 0
        assert mails() == []
        assert run(MORNING + 20 * DAY) == 1, "the longer time is nearly over too"


def test_who_is_muted_or_has_no_address_or_has_left_or_is_switched_off_gets_none(app: Flask, company: Company) -> None:
    with app.app_context():
        muted, addressless, left, off, reached = make_learners(company, 5)
        give(company, [muted, addressless, left, off, reached])
        with unit_of_work() as session:
            session.add(ReminderSetting(organization_id=company.id, user_id=muted, muted_at=MORNING))
            person = session.get_one(User, addressless)
            person.email, person.sign_in_name = None, "somebody"
            session.scalars(select(Membership).where(Membership.user_id == left)).one().left_at = MORNING
            session.get_one(User, off).is_active = False
        assert run(MORNING) == 1
        assert list(db.session.scalars(select(Reminder.user_id))) == [reached]


def test_a_trainer_s_reminder_takes_the_day_and_the_other_one_follows_the_next_day(
    app: Flask, company: Company
) -> None:
    with app.app_context():
        give(company, [company.learner])
        with unit_of_work() as session:
            session.add(
                Reminder(
                    organization_id=company.id,
                    user_id=company.learner,
                    day=MORNING.date(),
                    kind=ReminderKind.BY_TRAINER,
                    sent_at=MORNING,
                )
            )
        assert [run(MORNING), run(MORNING + DAY), run(MORNING + 2 * DAY)] == [0, 1, 0]


def test_two_workers_at_once_send_one_mail_each_person(app: Flask, company: Company) -> None:
    with app.app_context():
        people = make_learners(company, 12)
        give(company, people)
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                run(MORNING)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    with app.app_context():
        assert Counter(mail.recipient for mail in mails()) == Counter(
            db.session.scalars(select(User.email).where(User.id.in_(people)))
        )
        assert len(kinds()) == 12


def test_two_workers_on_either_side_of_midnight_send_one(app: Flask, company: Company) -> None:
    """Both have decided; one commits before midnight of UTC, the other after: it is one day where the person is."""
    with app.app_context():
        with unit_of_work() as session:
            session.get_one(User, company.learner).time_zone = "Pacific/Auckland"
        give(company, [company.learner])
        late = datetime(2030, 3, 7, 23, 59, tzinfo=UTC)
        person = reminders.recipients(db.session(), company.id, late)[company.learner]
        first = reminders._remind_one(company.id, person, the_catalogue(), late)
        second = reminders._remind_one(company.id, person, the_catalogue(), late + timedelta(minutes=2))
        assert (first, second) == (True, False)


@pytest.mark.parametrize("where", ["before_the_mail", "after_the_mail"])
def test_a_worker_that_dies_leaves_neither_a_reminder_without_mail_nor_a_mail_without_reminder(
    app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    post_all: Callable[..., None] = reminders.post_all

    def dies(*given: Any) -> None:
        if where == "after_the_mail":
            post_all(*given)
        raise KeyboardInterrupt

    with app.app_context():
        give(company, [company.learner])
        with monkeypatch.context() as patch:
            patch.setattr(reminders, "post_all", dies)
            with pytest.raises(KeyboardInterrupt):
                run(MORNING)
        assert (mails(), kinds()) == ([], [])
        assert run(MORNING) == 1
        assert len(mails()) == 1


def test_nobody_is_reminded_of_things_of_another_organization(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        give(company, [company.learner, other_company.learner])
        assert run(MORNING) == 1
        assert {mail.recipient for mail in mails()} == {"learner@river.example"}


def test_a_fault_in_one_organization_is_told_and_stops_no_other(
    app: Flask, company: Company, other_company: Company
) -> None:
    monday = datetime(2030, 3, 11, 8, 0, tzinfo=UTC)
    with app.app_context():
        for each in (company, other_company):
            give(each, [each.learner], due_on=date(2030, 3, 10))
            with unit_of_work() as session:
                cohort = session.scalars(select(Cohort.id).where(Cohort.organization_id == each.id)).one()
                session.add(
                    CohortTrainer(
                        organization_id=each.id, cohort_id=cohort, user_id=each.trainer, added_at=monday - DAY
                    )
                )
        for broken, sound in ((company, "harbour"), (other_company, "river")):
            with unit_of_work() as session:
                session.get_one(Organization, company.id).time_zone = "UTC"
                session.get_one(Organization, other_company.id).time_zone = "UTC"
                session.get_one(Organization, broken.id).time_zone = "Nowhere/Nothing"
                session.execute(delete(Reminder))
                session.execute(delete(OutboxMessage))
            for work in (remind_due, send_digests):
                with structlog.testing.capture_logs() as events, pytest.raises(PartlyDone, match="1 of 2"):
                    work(the_catalogue(), monday)
                assert [each["organization"] for each in events if each["log_level"] == "error"] == [broken.id]
            db.session.remove()
            assert sorted(mail.recipient for mail in mails()) == [
                f"{who}@{sound}.example" for who in ("learner", "trainer")
            ]
            db.session.remove()
        tasks_run = [app.extensions["background"].run(name) for name in ("assignments remind", "assignments digest")]
    assert tasks_run == [False, False]


def test_one_a_day_is_a_day_where_the_person_is(app: Flask, company: Company) -> None:
    """In Auckland, 13 hours ahead, midnight of UTC is early afternoon; in Honolulu, 10 behind, early afternoon too."""
    nudge_at = [
        (datetime(2030, 3, 4, 23, 0, tzinfo=UTC), 1),  # Tuesday noon in Auckland, Monday 13:00 in Honolulu
        (datetime(2030, 3, 5, 1, 0, tzinfo=UTC), 0),  # two hours later
        (datetime(2030, 3, 5, 11, 30, tzinfo=UTC), 1),  # Wednesday has begun in Auckland; Tuesday in Honolulu
    ]
    trainer = Member(company.trainer, company.id)
    with app.app_context():
        for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
            (person,) = make_learners(company, 1)
            with unit_of_work() as session:
                session.get_one(User, person).time_zone = zone
            assert [len(nudge(trainer, [person], "Hello", at).sent) for at, _ in nudge_at] == [1, 0, 1]
        # Whoever travels back over the date line is not written to twice within the hour.
        with unit_of_work() as session:
            session.get_one(User, person).time_zone = "Pacific/Auckland"
        last = nudge_at[-1][0]
        assert [len(nudge(trainer, [person], "Hello", last + hours * HOUR).sent) for hours in (1, 24)] == [0, 1]


def test_what_was_done_while_others_were_reminded_is_not_reminded_of(app: Flask, company: Company) -> None:
    with app.app_context():
        quiz = next(iter(the_catalogue().quizzes))
        give(company, [company.learner], kind=AssignmentKind.QUIZ, content_id=quiz)
        person = reminders.recipients(db.session(), company.id, MORNING)[company.learner]
        hand_in(company, company.learner, quiz, MORNING, passed=True)
        assert not reminders._remind_one(company.id, person, the_catalogue(), MORNING)
        assert mails() == []


def deliver(app: Flask, at: datetime) -> list[str]:
    """Deliver, with files instead of a server; the addresses of what is withdrawn."""
    deliver_due(lambda: at)
    query = select(OutboxMessage.recipient).where(OutboxMessage.parked.is_not(None), OutboxMessage.body == "")
    return sorted(db.session.scalars(query))


def test_a_reminder_that_waits_is_withdrawn_when_there_is_no_reason_for_it_any_more(
    app: Flask, company: Company
) -> None:
    """The mail server was down for an hour, in which people did it, left, muted, or were switched off."""
    with app.app_context():
        quiz = next(iter(the_catalogue().quizzes))
        done, half, left, muted, off, _waiting = people = make_learners(company, 6)
        with unit_of_work() as session:
            for user_id, name in zip(people, ("done", "half", "left", "muted", "off", "waiting"), strict=True):
                session.get_one(User, user_id).email = f"{name}@river.example"
        give(company, people, kind=AssignmentKind.QUIZ, content_id=quiz)
        give(company, [half])
        assert run(MORNING) == 6
        for user_id in (done, half):
            hand_in(company, user_id, quiz, MORNING, passed=True)
        end_membership(Member(company.manager, company.id), left, MORNING)
        set_muted(Member(muted, company.id), True, MORNING)
        with unit_of_work() as session:
            session.get_one(User, off).is_active = False
        withdrawn = [f"{name}@river.example" for name in ("done", "left", "muted", "off")]
        assert deliver(app, MORNING + HOUR) == withdrawn
        sent = select(OutboxMessage.recipient).where(OutboxMessage.sent_at.is_not(None))
        assert sorted(db.session.scalars(sent)) == ["half@river.example", "waiting@river.example"]


def test_words_of_a_trainer_go_to_who_is_done_too_and_a_digest_to_trainers_alone(app: Flask, company: Company) -> None:
    monday = datetime(2030, 3, 11, 8, 0, tzinfo=UTC)
    with app.app_context():
        quiz = next(iter(the_catalogue().quizzes))
        give(company, [company.learner], kind=AssignmentKind.QUIZ, content_id=quiz)
        with unit_of_work() as session:
            cohort = session.scalars(select(Cohort)).one()
            session.add(
                CohortTrainer(
                    organization_id=company.id, cohort_id=cohort.id, user_id=company.trainer, added_at=MORNING
                )
            )
        assert nudge(Member(company.trainer, company.id), [company.learner], "Hello", monday).sent
        assert send_digests(the_catalogue(), monday) == 1
        hand_in(company, company.learner, quiz, monday, passed=True)
        with unit_of_work() as session:
            trainer = select(Membership).where(Membership.user_id == company.trainer)
            session.scalars(trainer).one().role = Role.LEARNER
        assert deliver(app, monday) == ["trainer@river.example"]
        sent = select(OutboxMessage.recipient).where(OutboxMessage.sent_at.is_not(None))
        assert list(db.session.scalars(sent)) == ["learner@river.example"]


def test_the_digest_says_who_is_overdue_who_is_stuck_and_what_is_due_next(app: Flask, company: Company) -> None:
    monday = datetime(2030, 3, 11, 8, 0, tzinfo=UTC)
    with app.app_context():
        course = next(iter(the_catalogue().courses.values()))
        quiz = next(iter(the_catalogue().quizzes.values()))
        instrument = next(iter(the_catalogue().instruments.values()))
        late, stuck, busy = make_learners(company, 3)
        with unit_of_work() as session:
            for user_id, name in ((late, "Ana Late"), (stuck, "Ben Stuck"), (busy, "Cleo Busy")):
                session.get_one(User, user_id).name = name
            person = session.get_one(User, busy)
            person.email, person.sign_in_name = None, "cleo"
        cohort = make_cohort(company, [late, stuck, busy], name="Night shift")
        for more in (
            {"kind": AssignmentKind.QUIZ, "content_id": quiz.id, "due_on": date(2030, 3, 10)},
            {"due_on": date(2030, 4, 20)},
            {"kind": AssignmentKind.ASSESSMENT, "content_id": instrument.id, "due_on": date(2030, 3, 14)},
        ):
            values: dict[str, Any] = {"opens_on": OPENS, **more}
            made = make_assignment(company, cohort, **values)
            with unit_of_work() as session:
                session.get_one(Assignment, made).created_at = datetime(2030, 1, 1, tzinfo=UTC)
        for user_id in (stuck, busy):
            hand_in(company, user_id, quiz.id, monday - (20 if user_id == stuck else 2) * DAY, passed=True)
        with unit_of_work() as session:
            session.add(
                CohortTrainer(
                    organization_id=company.id, cohort_id=cohort, user_id=company.trainer, added_at=monday - DAY
                )
            )
        assert send_digests(the_catalogue(), monday - timedelta(hours=2)) == 0, "it is early"
        assert [send_digests(the_catalogue(), monday + number * timedelta(hours=1)) for number in range(3)] == [1, 0, 0]
        (mail,) = mails()
        assert mail.recipient == "trainer@river.example"
        assert "Night shift (3 people)" in mail.body
        assert "Overdue: 1: Ana Late" in mail.body
        assert "Nothing done for two weeks: 1: Ben Stuck" in mail.body
        assert f"{instrument.title} is due on 14 Mar 2030; 3 people have not done it" in mail.body
        assert course.title not in mail.body, "it is due in April"
        assert "1 person has no e-mail address" in mail.body
        assert send_digests(the_catalogue(), monday + 6 * DAY) == 0
        assert send_digests(the_catalogue(), monday + 7 * DAY) == 1


def test_the_number_of_queries_does_not_depend_on_people(app: Flask, company: Company) -> None:
    with app.app_context():
        counts = []
        for people in (3, 60):
            give(company, make_learners(company, people), due_on=date(2030, 9, 1))
            statements: list[str] = []

            def note(*given: Any, into: list[str] = statements) -> None:
                into.append(given[2])

            event.listen(db.engine, "before_cursor_execute", note)
            assert run(MORNING) == 0
            event.remove(db.engine, "before_cursor_execute", note)
            counts.append(sum(each.startswith("SELECT") for each in statements))
        assert counts[0] == counts[1] <= 12
