"""Due days in words: what day it is, and how far away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from learning.content.model import Catalogue
from learning.teaching.assignments import Thing
from learning.teaching.due import Standing
from learning.teaching.models import AssignmentKind
from learning.teaching.my_assignments import MyAssignment, my_assignments
from learning.web.identity import Member


def due_sentence(mine: MyAssignment) -> str:
    """When it is due, or that it is overdue, for the person who has to do it."""
    day = day_words(mine.due_on, mine.due_on - timedelta(days=mine.days_left))
    match mine.standing:
        case Standing.DONE:
            return _("Done. It was due on %(day)s.", day=day) if mine.days_left < 0 else _("Done.")
        case Standing.OVERDUE:
            return _("Overdue: it was due on %(day)s, %(ago)s.", day=day, ago=_ago(-mine.days_left))
        case Standing.NOT_OPEN:
            opens = day_words(mine.opens_on, mine.opens_on - timedelta(days=mine.days_to_open))
            away = _away(mine.days_to_open)
            return _("Opens on %(opens)s, %(away)s. Due on %(day)s.", opens=opens, away=away, day=day)
        case _ if mine.days_left <= 0:
            return _("Due today, %(day)s.", day=day)
        case _:
            return _("Due on %(day)s, %(away)s.", day=day, away=_away(mine.days_left))


def due_of_course(member: Member, course_id: str, catalogue: Catalogue, zone: str, now: datetime) -> str | None:
    """When a course is due for a person, for its page; None if nobody gave it to them."""
    wanted = Thing(AssignmentKind.COURSE, course_id)
    for each in my_assignments(member, catalogue, zone, now):
        if each.thing == wanted:
            return due_sentence(each)
    return None


def day_words(day: date, today: date) -> str:
    """A day with its name; the year only where it is another one."""
    # Translators: the order of a day in your language; see the patterns of dates in Unicode CLDR.
    pattern = _("EEEE d MMMM") if day.year == today.year else _("EEEE d MMMM y")
    return str(format_date(day, pattern))


def _away(days: int) -> str:
    return _("tomorrow") if days == 1 else ngettext("in %(num)d day", "in %(num)d days", days)


def _ago(days: int) -> str:
    return _("yesterday") if days == 1 else ngettext("%(num)d day ago", "%(num)d days ago", days)
