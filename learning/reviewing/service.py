"""The verbs of the review: start today's set, answer a question of it, switch it on or off.

Each is one transaction that first locks the person's setting, so that two tabs cannot cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.content.model import Catalogue
from learning.database import insert_once, unit_of_work
from learning.errors import NotFound
from learning.grading.marking import mark
from learning.grading.responses import BadResponse, parse_response
from learning.quizzes.errors import UnfitAnswer
from learning.quizzes.history import secret_quizzes
from learning.reviewing.cards import KnownQuestion, known_questions
from learning.reviewing.errors import KeyWaits, NothingAnswered, SwitchedOff
from learning.reviewing.models import ReviewCard, ReviewSetting
from learning.reviewing.queries import questions_of, todays_set
from learning.web.identity import Member


def start(member: Member, catalogue: Catalogue, now: datetime) -> str | None:
    """Keep a card for every question answered in attempts; return the first question of today's set, if there is one.

    Raises SwitchedOff.
    """
    with unit_of_work() as session:
        _lock(session, member)
        known = known_questions(session, member)
        _keep(session, member, known.values())
        return todays_set(known, catalogue, secret_quizzes(session, member, catalogue, now), now).first


def answer(member: Member, catalogue: Catalogue, question_id: str, value: Sequence[str] | None, now: datetime) -> None:
    """Take an answer (None: the person does not know) and say when the question comes back.

    What is not in today's set stays as it is: the same answer sent twice counts once. Raises NotFound (no such
    question, or none that this person was asked in an attempt), SwitchedOff, KeyWaits, NothingAnswered or UnfitAnswer.
    """
    found = questions_of(catalogue).get(question_id)
    if found is None:
        raise NotFound
    quiz, question = found
    with unit_of_work() as session:
        _lock(session, member)
        known = known_questions(session, member)
        if question_id not in known:
            raise NotFound
        secret = secret_quizzes(session, member, catalogue, now)
        if quiz.id in secret:
            raise KeyWaits
        try:
            response = parse_response(question, value or ())
        except BadResponse as error:
            raise UnfitAnswer(str(error)) from error
        if response is None and value is not None:
            raise NothingAnswered
        if question_id in todays_set(known, catalogue, secret, now).question_ids:
            _keep(session, member, [known[question_id].answered(mark(question, response).verdict, now)])


def switch(member: Member, is_on: bool) -> None:
    """Switch the review on or off. The schedule stays for later."""
    with unit_of_work() as session:
        _setting(session, member).is_on = is_on


def _setting(session: Session, member: Member) -> ReviewSetting:
    """The person's setting, locked until the end of the transaction; made if it is missing."""
    mine = {"organization_id": member.organization_id, "user_id": member.user_id}
    insert_once(session, ReviewSetting, **mine, is_on=True)
    return session.scalars(select(ReviewSetting).filter_by(**mine).with_for_update()).one()


def _lock(session: Session, member: Member) -> None:
    if not _setting(session, member).is_on:
        raise SwitchedOff


def _keep(session: Session, member: Member, known: Iterable[KnownQuestion]) -> None:
    """Store what is not stored yet, within a unit of work that has read the cards."""
    cards = {
        card.question_id: card
        for card in session.scalars(
            select(ReviewCard).where(
                ReviewCard.organization_id == member.organization_id, ReviewCard.user_id == member.user_id
            )
        )
    }
    for each in known:
        if each.stored:
            continue
        card = cards.get(each.question_id) or ReviewCard(
            organization_id=member.organization_id, user_id=member.user_id, question_id=each.question_id
        )
        card.state = dict(each.schedule.state)
        card.due_at = each.schedule.due_at
        card.answered_at = each.schedule.answered_at
        card.reviewed_at = each.reviewed_at
        session.add(card)
