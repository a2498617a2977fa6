"""What the lists of people of a cohort are asked for, and what they show."""

from __future__ import annotations

from collections.abc import Mapping

from learning.teaching.cohort_queries import PeopleChoice, people_choice
from learning.web.identity import Member


def wanted_people(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters in an address, without what is empty."""
    found = {name: asked.get(name, "").strip()[:100] for name in ("name", "department")}
    return {name: value for name, value in found.items() if value}


def listed_people(member: Member, cohort_id: str, asked: Mapping[str, str], *, inside: bool) -> PeopleChoice:
    """The page that an address asks for; the first one where nobody is left on it. Two queries, else four."""
    wanted = wanted_people(asked)

    def page(after: str | None) -> PeopleChoice:
        return people_choice(
            member,
            cohort_id,
            inside=inside,
            name_contains=wanted.get("name", ""),
            department_id=wanted.get("department", ""),
            after=after,
        )

    found = page(asked.get("after"))
    return found if found.rows or not asked.get("after") else page(None)
