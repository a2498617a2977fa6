"""What tests of certificates do again and again: read the lesson, sit the quiz, look at what was issued."""

from __future__ import annotations

import random
from datetime import datetime

from sqlalchemy import select

from learning.certificates.models import Certificate
from learning.certificates.service import issue_for
from learning.courses.service import complete_lesson
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.quizzes.answering import Given
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.teaching.sittings import choose

COURSE_ID = "employee-path"
LESSON_ID = "m01-l1"
QUIZ_ID = "m01-quiz"


def read(member: Member, moment: datetime) -> None:
    """Read the lesson of the course."""
    complete_lesson(member, COURSE_ID, LESSON_ID, the_catalogue(), moment)


def sit(member: Member, moment: datetime, *, right: bool = True) -> str:
    """Hand in the quiz with every answer right, or none; the id of the attempt."""
    quiz = the_catalogue().quizzes[QUIZ_ID]
    attempt_id = quizzes.start_attempt(member, quiz, moment)
    chance = random.Random(3)
    answers = {each.id: Given(choose(each, 1.0 if right else -1.0, chance)) for each in quiz.questions}
    quizzes.submit(member, attempt_id, answers, moment)
    return attempt_id


def complete(member: Member, moment: datetime) -> Certificate:
    """Do all of the course at once; the certificate that is issued for it."""
    read(member, moment)
    sit(member, moment)
    assert issue_for(member, the_catalogue(), moment) == 1
    return certificates_of(member)[-1]


def certificates_of(member: Member) -> list[Certificate]:
    """All certificates of a person, the oldest first, as they stand now."""
    db.session.remove()
    query = select(Certificate).where(Certificate.user_id == member.user_id).order_by(Certificate.round)
    return list(db.session.scalars(query))
