"""States, reasons and orders in the words that their pages use."""

from __future__ import annotations

from typing import assert_never

from flask_babel import gettext as _

from learning.certificates.overview import IssuedRow, Shown
from learning.certificates.rules import State as CertificateState
from learning.content.model import Catalogue
from learning.grading.findings import Finding
from learning.practice.models import PracticeState
from learning.practice.sign_offs import SignOff
from learning.teaching.at_risk import Reason
from learning.teaching.matrix import QuizMark
from learning.teaching.matrix_people import Sort, State
from learning.teaching.models import AssignmentKind
from learning.teaching.timeline_events import EventKind


def done_words(done: bool) -> str:
    """Of the self-assessment: all that anybody is told of it."""
    return _("Done") if done else _("Not yet")


def state_words(state: State) -> str:
    """How far somebody is."""
    match state:
        case State.NOT_STARTED:
            return _("Not started")
        case State.STARTED:
            return _("On the way")
        case State.COMPLETE:
            return _("Complete")
        case _:
            assert_never(state)


def sort_words(sort: Sort) -> str:
    """The order of a table."""
    match sort:
        case Sort.NAME:
            return _("By name")
        case Sort.LEAST_DONE:
            return _("Least done first")
        case Sort.MOST_DONE:
            return _("Most done first")
        case Sort.LONGEST_AGO:
            return _("Longest without activity first")
        case Sort.LATEST:
            return _("Latest activity first")
        case _:
            assert_never(sort)


def quiz_words(mark: QuizMark) -> str:
    """How somebody stands in a quiz."""
    match mark:
        case QuizMark.PASSED:
            return _("Passed")
        case QuizMark.FAILING:
            return _("Not passed yet")
        case QuizMark.NOT_TRIED:
            return _("Not tried")
        case _:
            assert_never(mark)


def sign_off_words(found: SignOff | None) -> str:
    """Where the practice of somebody stands; None: nothing is handed in."""
    return practice_words(found.state) if found else _("Not handed in")


def task_title(catalogue: Catalogue, task_id: str) -> str:
    """What a practice task is called: as its lesson."""
    lesson = catalogue.lesson_with_task(task_id)
    return lesson.title if lesson else _("A lesson that is no longer taught")


def reason_words(reason: Reason) -> str:
    """Why somebody is at risk."""
    match reason:
        case Reason.OVERDUE:
            return _("Overdue")
        case Reason.FAILING:
            return _("Failing a quiz")
        case Reason.STOPPED:
            return _("Stopped")
        case Reason.NOT_STARTED:
            return _("Not started")
        case _:
            assert_never(reason)


def thing_words(kind: AssignmentKind) -> str:
    """What was assigned, in a word."""
    match kind:
        case AssignmentKind.COURSE:
            return _("Course")
        case AssignmentKind.QUIZ:
            return _("Quiz")
        case AssignmentKind.ASSESSMENT:
            return _("Self-assessment")
        case _:
            assert_never(kind)


def practice_words(state: PracticeState) -> str:
    """Where practice that was handed in stands."""
    match state:
        case PracticeState.HANDED_IN:
            return _("Waits to be confirmed")
        case PracticeState.RETURNED:
            return _("Returned")
        case PracticeState.CONFIRMED:
            return _("Confirmed")
        case _:
            assert_never(state)


def event_words(kind: EventKind) -> str:
    """What happened to a person."""
    match kind:
        case EventKind.READ:
            return _("Lesson read")
        case EventKind.PASSED:
            return _("Quiz passed")
        case EventKind.NOT_PASSED:
            return _("Quiz not passed")
        case EventKind.GIVEN:
            return _("Assigned")
        case EventKind.EXTENDED:
            return _("More time given")
        case EventKind.GRANTED:
            return _("One more attempt allowed")
        case EventKind.HANDED_IN:
            return _("Practice handed in")
        case EventKind.RETURNED:
            return _("Practice returned")
        case EventKind.CONFIRMED:
            return _("Practice confirmed")
        case EventKind.ISSUED:
            return _("Certificate issued")
        case EventKind.REVOKED:
            return _("Certificate revoked")
        case EventKind.NOTED:
            return _("Note of a trainer")
        case EventKind.REMINDED:
            return _("Reminder")
        case _:
            assert_never(kind)


def certificate_words(row: IssuedRow) -> str:
    """Where a certificate stands."""
    if row.doubted:
        return _("A quiz is no longer passed")
    if row.expiring:
        return _("Expires soon")
    return certificate_state_words(row.state)


def certificate_state_words(state: CertificateState) -> str:
    """Where a certificate stands, in short."""
    match state:
        case CertificateState.VALID:
            return _("Valid")
        case CertificateState.EXPIRED:
            return _("Expired")
        case CertificateState.REPLACED:
            return _("Replaced by a newer one")
        case CertificateState.REVOKED:
            return _("Revoked")
        case _:
            assert_never(state)


def shown_words(shown: Shown) -> str:
    """Which certificates a list shows."""
    match shown:
        case Shown.VALID:
            return _("Valid")
        case Shown.EXPIRING:
            return _("Expire within 90 days")
        case Shown.EXPIRED:
            return _("Expired")
        case Shown.REPLACED:
            return _("Replaced by a newer one")
        case Shown.REVOKED:
            return _("Revoked")
        case Shown.DOUBTED:
            return _("A quiz is no longer passed")
        case _:
            assert_never(shown)


def finding_words(finding: Finding) -> str:
    """What to think of a question."""
    match finding:
        case Finding.CHECK_KEY:
            return _("Check the key")
        case Finding.REVERSED:
            return _("Check the wording")
        case Finding.TOO_EASY:
            return _("Too easy")
        case Finding.TOO_HARD:
            return _("Too hard")
        case Finding.WEAK:
            return _("Separates little")
        case Finding.FAIR:
            return _("Works")
        case Finding.WORKS_WELL:
            return _("Works well")
        case Finding.NOTHING_TO_COMPARE:
            return _("Nothing to compare")
        case Finding.TOO_FEW_ATTEMPTS:
            return _("Too few attempts")
        case _:
            assert_never(finding)
