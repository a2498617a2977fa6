"""Tables of what single people did: one of them in order of time, their late answers, and practice that was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select

from learning.exports.sources import BLOCK, Asked, Source, at_once, in_blocks
from learning.exports.words import event_words, practice_words
from learning.practice.deciding import Confirmer
from learning.practice.models import PracticeState
from learning.practice.queries import HandedIn, QueueFilter, count_queue, queue
from learning.teaching.cohort_people import cohort_people
from learning.teaching.cohort_queries import cohort_head
from learning.teaching.late_answers import LateAnswer, late_answers
from learning.teaching.queries import learner_name
from learning.teaching.timeline import count_events, timeline
from learning.teaching.timeline_events import Event
from learning.web.tables import Column, Kind, Row


def in_order_of_time(asked: Asked) -> Source:
    """One person in order of time, the newest first."""
    user_id = asked.text("person")
    name = learner_name(asked.organization_id, user_id)

    def read(after: str | None) -> tuple[Sequence[Event], str | None]:
        found = timeline(asked.organization_id, user_id, asked.catalogue, after or "", BLOCK)
        return found.events, found.next_after

    def row(each: Event) -> Row:
        share = None if each.percent is None else each.percent / 100
        return (
            each.at,
            event_words(each.kind),
            each.title,
            share,
            each.attempt,
            each.cohort,
            each.due_on,
            each.by,
            each.text,
        )

    return Source(
        _("In order of time"),
        (
            Column(_("Day"), Kind.DATE),
            Column(_("What happened"), width=24),
            Column(_("What it is about"), width=40),
            Column(_("Result"), Kind.SHARE),
            Column(_("Attempt"), Kind.NUMBER),
            Column(_("Cohort"), width=24),
            Column(_("Due"), Kind.DATE),
            Column(_("By whom"), width=24),
            Column(_("Note"), width=40),
        ),
        ((_("Name"), name),),
        count_events(asked.organization_id, user_id, asked.catalogue),
        in_blocks(read, row),
    )


def practice(asked: Asked) -> Source:
    """What was handed in, the oldest first."""
    state = asked.one_of(PracticeState, "state") or PracticeState.HANDED_IN
    wanted, confirmer = QueueFilter(state, asked.text("lesson")), Confirmer(asked.member, trains=True)
    people, cohort_name = None, None
    if cohort_id := asked.text("cohort"):
        cohort_name = cohort_head(asked.member, cohort_id).name
        inside = cohort_people(asked.organization_id, cohort_id=cohort_id).subquery()
        people = select(inside.c.user_id)

    def read(after: str | None) -> tuple[Sequence[HandedIn], str | None]:
        page = queue(confirmer, replace(wanted, after=after or ""), asked.catalogue, people, BLOCK)
        return page.rows, page.next_after

    def row(each: HandedIn) -> Row:
        return (
            each.name,
            each.lesson_title or _("A lesson that is no longer taught"),
            practice_words(each.state),
            each.handed_in_at,
            each.text,
            _("Yes") if each.has_photo else _("No"),
            each.decided_at,
            each.decided_by,
            each.note,
        )

    lesson = asked.catalogue.lessons.get(wanted.lesson_id)
    return Source(
        _("Practice"),
        (
            Column(_("Name"), width=28),
            Column(_("Lesson"), width=36),
            Column(_("State"), width=24),
            Column(_("Handed in"), Kind.DATE),
            Column(_("What was written"), width=50),
            Column(_("Photo")),
            Column(_("Decided"), Kind.DATE),
            Column(_("By whom"), width=24),
            Column(_("Note"), width=40),
        ),
        (
            *([(_("Cohort"), cohort_name)] if cohort_name else []),
            *([(_("Lesson"), lesson.title if lesson else wanted.lesson_id)] if wanted.lesson_id else []),
            (_("State"), practice_words(state)),
        ),
        count_queue(confirmer, wanted, people),
        in_blocks(read, row),
    )


def late(asked: Asked) -> Source:
    """To which questions answers of one person came too late, and how late; never what was answered."""
    user_id = asked.text("person")
    name = learner_name(asked.organization_id, user_id)
    found = late_answers(asked.organization_id, user_id, asked.catalogue)

    def row(each: LateAnswer) -> Row:
        question = each.question_title or _("A question that is no longer asked")
        return question, each.quiz_title, each.attempt, round(each.late_by.total_seconds())

    return Source(
        _("Late answers"),
        (
            Column(_("Question"), width=50),
            Column(_("Quiz"), width=36),
            Column(_("Attempt"), Kind.NUMBER),
            Column(_("Seconds after the deadline"), Kind.NUMBER),
        ),
        ((_("Name"), name),),
        len(found),
        at_once(found, row),
    )
