"""What a roster would do to a cohort: shown first, then done as it was shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from learning.accounts.models import Membership, Organization, User
from learning.extensions import db
from learning.teaching.cohorts import people_of
from learning.teaching.roster import CellFinding, Roster, Row
from learning.web.identity import Member, Role


class Outcome(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    #: In the cohort already, by hand or by department.
    PRESENT = "present"
    #: Nobody of the organization; whether there is an account elsewhere is not said.
    UNKNOWN = "unknown"
    #: A trainer or manager: cohorts are for people who learn.
    NO_LEARNER = "no-learner"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the roster with whom it means."""

    row: Row
    outcome: Outcome
    #: As the person is called here; None for nobody.
    name: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying the roster would do."""

    roster: Roster
    lines: tuple[Line, ...]
    #: User ids to be added, each once.
    add: tuple[str, ...]

    def of(self, outcome: Outcome) -> list[Line]:
        """The rows with this outcome."""
        return [line for line in self.lines if line.outcome is outcome]

    @property
    def findings(self) -> tuple[CellFinding, ...]:
        """What is said of single cells."""
        return self.roster.findings


def preview(member: Member, cohort_id: str, roster: Roster) -> Preview:
    """Whom the rows mean among the people of the organization. Three queries, for any number of rows."""
    people, code = _people(member.organization_id)
    present = people_of(db.session(), member.organization_id, cohort_id)
    lines, add = [], {}
    for row in roster.rows:
        found = people.get(row.login) or people.get(f"{code}-{row.login}")
        if found is None:
            lines.append(Line(row, Outcome.UNKNOWN, None))
        elif found.role is not Role.LEARNER:
            lines.append(Line(row, Outcome.NO_LEARNER, found.name))
        elif found.user_id in present or found.user_id in add:
            lines.append(Line(row, Outcome.PRESENT, found.name))
        else:
            add[found.user_id] = row.number
            lines.append(Line(row, Outcome.ADD, found.name))
    return Preview(roster, tuple(lines), tuple(add))


@dataclass(frozen=True, slots=True)
class _Person:
    user_id: str
    name: str
    role: Role


def _people(organization_id: str) -> tuple[dict[str, _Person], str]:
    """Everybody of an organization by address and by sign-in name, and its code. Two queries.

    All are read, not only those of the file: that is one query for 20,000 rows, and tells nothing by its time.
    """
    found: dict[str, _Person] = {}
    for user_id, name, email, sign_in_name, role in db.session.execute(
        select(User.id, User.name, User.email, User.sign_in_name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, Membership.left_at.is_(None))
    ):
        person = _Person(user_id, name, role)
        found |= {login: person for login in (email, sign_in_name) if login}
    code = db.session.scalars(select(Organization.code).where(Organization.id == organization_id)).one()
    return found, code
