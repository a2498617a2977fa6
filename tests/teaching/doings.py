"""What people did, put into the database as the verbs would leave it, at any moment."""

from __future__ import annotations

import random
from datetime import datetime

from learning.assessments import service as assessments
from learning.assessments.models import Assessment
from learning.courses.models import LessonProgress
from learning.database import new_id, unit_of_work
from learning.quizzes.models import Attempt, AttemptState, Grading
from learning.quizzes.papers import draw_paper
from learning.quizzes.records import keep_record
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company


def read_lesson(company: Company, user_id: str, lesson_id: str, at: datetime) -> None:
    """A lesson marked as read."""
    with unit_of_work() as session:
        session.add(
            LessonProgress(
                organization_id=company.id, user_id=user_id, lesson_id=lesson_id, completed_at=at, lesson_hash="x" * 64
            )
        )


def hand_in(
    company: Company,
    user_id: str,
    quiz_id: str,
    at: datetime,
    *,
    passed: bool,
    number: int | None = None,
    points: int | None = None,
) -> None:
    """A quiz handed in and marked, with ten points if it is passed and none else, unless ``points`` says so."""
    points = points if points is not None else 10 if passed else 0
    with unit_of_work() as session:
        paper_hash = draw_paper(session, the_catalogue().quizzes[quiz_id], random.Random(1))
        attempt = Attempt(
            id=new_id(),
            organization_id=company.id,
            user_id=user_id,
            quiz_id=quiz_id,
            number=number if number is not None else random.randrange(1, 2**30),
            paper_hash=paper_hash,
            state=AttemptState.SUBMITTED,
            started_at=at,
            submitted_at=at,
        )
        session.add(attempt)
        session.flush()
        session.add(
            Grading(
                organization_id=company.id,
                attempt_id=attempt.id,
                number=1,
                rule_version=1,
                points=points,
                maximum=10,
                passed=passed,
                details={},
                reason="submitted",
                created_at=at,
            )
        )
        keep_record(session, attempt, at)


def finish_assessment(company: Company, user_id: str, instrument_id: str, at: datetime) -> None:
    """A self-assessment begun and finished, with no answer in it."""
    assessment_id = assessments.start(Member(user_id, company.id), instrument_id, the_catalogue(), at)
    with unit_of_work() as session:
        session.get_one(Assessment, assessment_id).finished_at = at
