"""What every template knows: the menu, the person, the language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from learning.web.identity import Person, signed_in
from learning.web.policies import permits, policy_of


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu."""

    label: str
    url: str
    current: bool


def _entries() -> list[tuple[str, str]]:
    return [
        (_("Courses"), "courses.catalogue"),
        (_("Daily review"), "reviewing.overview"),
        (_("Self-assessment"), "assessments.index"),
        (_("Ideas"), "ideas.box"),
        (_("Teaching"), "teaching.people"),
        (_("Questions"), "workshop.page"),
        (_("Organization"), "organization.people"),
        (_("Administration"), "administration.overview"),
    ]


def menu(person: Person | None) -> list[Link]:
    """The pages this person may open."""
    settings = current_app.extensions["settings"]
    links = []
    for label, endpoint in _entries():
        policy = policy_of(current_app, endpoint)
        if policy and permits(policy, person, open_reading=settings.read_without_sign_in, development=False):
            here = (request.endpoint or "").split(".")[0] == endpoint.split(".")[0]
            links.append(Link(label, url_for(endpoint), here))
    return links


def init_navigation(app: Flask) -> None:
    """Give every template ``navigation``, ``signed_in`` and ``locale``."""

    @app.context_processor
    def shared() -> dict[str, object]:
        person = signed_in()
        return {"navigation": menu(person), "signed_in": person, "locale": str(get_locale() or "en").replace("_", "-")}
