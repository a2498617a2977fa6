"""What a person chooses for themselves."""

from __future__ import annotations

from learning.accounts.models import User
from learning.database import unit_of_work
from learning.web.identity import Person


def choose_language(person: Person, locale: str | None) -> None:
    """Keep the language of the pages; None follows the browser."""
    with unit_of_work() as session:
        session.get_one(User, person.id, with_for_update=True).locale = locale
