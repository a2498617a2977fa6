"""The people whom a trainer chose in a list: some by their boxes, or everyone whom the list shows under its filter.

A list sends ``people`` once for each box, or ``everyone`` with its filter as fields that begin with ``filter-``. Who
that is, is worked out once, for the page that shows them; the page sends them on under a seal (``sealed``), so that
nobody is acted upon whom it did not show. Every id is checked: only people who learn in the trainer's organization are
ever found, and an id of somebody else looks like one of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.datastructures import MultiDict

from learning.accounts.models import User
from learning.certificates.overview import IssuedFilter, Shown, holders
from learning.content.model import Catalogue
from learning.errors import DomainError
from learning.extensions import db
from learning.practice.models import PracticeState
from learning.practice.queries import people_with
from learning.teaching.at_risk import Reason
from learning.teaching.at_risk_page import RiskChoice, everybody_at_risk
from learning.teaching.groups import cohort_group, everybody
from learning.teaching.matrix import steps_in
from learning.teaching.matrix_people import Choice, State, everybody_chosen
from learning.teaching.models import Extension
from learning.teaching.queries import learners
from learning.teaching.sealed_people import seal_people, unseal_people
from learning.web.identity import Member

_ID = re.compile(r"[0-9a-f]{20}")
#: Filters that can be applied again here. A list with another one offers no "everyone".
FILTERS = (
    *("department", "name", "cohort", "course", "state", "reason"),
    # Of the lists of practice and of certificates, which list things that people have.
    *("practice", "lesson", "certificate", "text"),
    # Of the list of those who have more time for an assignment.
    "assignment",
)
#: Filter of a list of certificates in whatever state.
ANY_STATE = "any"
#: The reason of a list of people at risk for whatever reason.
ANY_REASON = "any"
PREFIX = "filter-"
#: What sealed people of a list are for.
_PURPOSE = "actions"
#: Ids looked up by one query: databases allow so many values only.
AT_ONCE = 5_000


class UnknownFilter(DomainError):
    """The list was filtered by something that cannot be repeated: everyone would be too many."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("This list cannot be chosen as a whole. Choose people by their boxes."))


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list sent."""

    #: Ids as they were sent, each once.
    people: tuple[str, ...]
    everyone: bool
    #: Only of ``everyone``.
    filters: Mapping[str, str]
    #: A page has shown them and sends them on.
    sealed: bool = False

    @property
    def anybody(self) -> bool:
        """Whether anything was chosen at all."""
        return self.everyone or bool(self.people)


@dataclass(frozen=True, slots=True)
class ChosenPerson:
    """Somebody who was chosen."""

    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was chosen and learns here, by name."""

    people: tuple[ChosenPerson, ...]
    #: How many others were sent that do not learn here, or not any more.
    unknown: int

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return [person.user_id for person in self.people]


def read_selection(member: Member, form: MultiDict[str, str]) -> Selection:
    """What a list sent, or the page after it. Raises UnknownFilter, PreviewGone."""
    if sealed := form.get("sealed"):
        return Selection(tuple(unseal_people(member, _PURPOSE, sealed)), everyone=False, filters={}, sealed=True)
    everyone = form.get("everyone") == "1"
    given = {name.removeprefix(PREFIX): value for name, value in form.items() if name.startswith(PREFIX) and value}
    if everyone and set(given) - set(FILTERS):
        raise UnknownFilter
    # A box that is ticked beside "everyone" adds nobody.
    people = () if everyone else tuple(dict.fromkeys(form.getlist("people")))
    return Selection(people, everyone, given if everyone else {})


def fields(member: Member, selection: Selection, found: Chosen) -> list[tuple[str, str]]:
    """The same people as fields of a form, to be sent on by the page that shows them."""
    if selection.everyone or selection.sealed:
        people = found.ids if selection.everyone else selection.people
        return [("sealed", seal_people(member, _PURPOSE, people))]
    return [("people", user_id) for user_id in selection.people]


def chosen(organization_id: str, selection: Selection, catalogue: Catalogue, now: datetime) -> Chosen:
    """Those of the selection who learn in the organization now. One query for each five thousand, few for everyone.

    Raises NotFound, UnknownFilter.
    """
    if selection.everyone:
        found = _everyone(organization_id, selection.filters, catalogue, now)
        return _chosen(found, len(found))
    ids = [each for each in selection.people if _ID.fullmatch(each)]
    found = []
    for start in range(0, len(ids), AT_ONCE):
        query = learners(organization_id, None, "")
        wanted = query.where(query.selected_columns.user_id.in_(ids[start : start + AT_ONCE]))
        found += [(row.user_id, row.name) for row in db.session.execute(wanted)]
    return _chosen(found, len(selection.people))


def _everyone(
    organization_id: str, filters: Mapping[str, str], catalogue: Catalogue, now: datetime
) -> list[tuple[str, str]]:
    """Id and name of everybody whom a list shows under its filter, on all pages."""
    cohort_id = filters.get("cohort")
    group = cohort_group(organization_id, cohort_id, now) if cohort_id else everybody(organization_id)
    if "practice" in filters or "certificate" in filters:
        having = group.people().where(User.id.in_(_having(organization_id, filters, now)))
        return [(row.user_id, row.name) for row in db.session.execute(having)]
    name_contains, department_id = filters.get("name", "").strip(), filters.get("department")
    if assignment_id := filters.get("assignment"):
        fitting = everybody(organization_id).people(name_contains)
        having = fitting.where(User.id.in_(_with_more_time(organization_id, assignment_id)))
        return [(row.user_id, row.name) for row in db.session.execute(having)]
    reason = filters.get("reason")
    if reason == ANY_REASON or reason in set(Reason):
        choice = RiskChoice(None if reason == ANY_REASON else Reason(reason), name_contains, department_id)
        return everybody_at_risk(group, catalogue, now, choice)
    state = filters.get("state")
    if reason or (state and state not in set(State)):
        raise UnknownFilter
    course = catalogue.courses.get(filters.get("course", ""))
    courses = [course] if course else group.courses(catalogue) or tuple(catalogue.courses.values())
    shown = Choice(name_contains=name_contains, department_id=department_id, state=State(state) if state else None)
    return everybody_chosen(group, courses, steps_in(courses), shown)


def _having(organization_id: str, filters: Mapping[str, str], now: datetime) -> Select[str]:
    """Rows of user ids: who has practice in a state, or certificates that fit. Raises UnknownFilter."""
    if practice := filters.get("practice"):
        if practice not in set(PracticeState):
            raise UnknownFilter
        return people_with(organization_id, PracticeState(practice), filters.get("lesson", ""))
    shown = filters["certificate"]
    if shown != ANY_STATE and shown not in set(Shown):
        raise UnknownFilter
    wanted = IssuedFilter(
        course_id=filters.get("course", ""),
        shown=None if shown == ANY_STATE else Shown(shown),
        text=filters.get("text", "").strip(),
    )
    return holders(organization_id, wanted, now)


def _with_more_time(organization_id: str, assignment_id: str) -> Select[str]:
    """Rows of user ids."""
    return select(Extension.user_id).where(
        Extension.organization_id == organization_id, Extension.assignment_id == assignment_id
    )


def _chosen(found: list[tuple[str, str]], asked: int) -> Chosen:
    people = tuple(ChosenPerson(user_id, name) for user_id, name in sorted(found, key=lambda each: (each[1], each[0])))
    return Chosen(people, asked - len(people))
