"""Everything that people can open, as whoever looks for a leak reads it: sources of pages, papers, tables.

Pages, papers and tables that are added later are read without a line here, as long as they need no other ids than those
in ``values``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from werkzeug.test import TestResponse

from learning.web.policies import Policy
from tests.attacks.campaign import ROOT, Campaign
from tests.conftest import Company
from tests.web.routes import Route, masked, routes

Browsers = dict[str, FlaskClient]
#: What is random in a page that nobody has answered in yet.
KEYS = re.compile(r'(name="(?:permit|key)" value=")[^"]+')


@dataclass(frozen=True)
class Page:
    """What somebody got."""

    status: int
    kind: str
    text: str


def browsers_of(client_for: Callable[[str | None], FlaskClient], company: Company, administrator: str) -> Browsers:
    """Everybody who works there, the administrator of the site, and a stranger."""
    return {
        "learner": client_for(company.learner),
        "trainer": client_for(company.trainer),
        "manager": client_for(company.manager),
        "administrator": client_for(administrator),
        "stranger": client_for(None),
    }


def text_of(answer: TestResponse) -> str:
    """The source of a page; all words, alternative texts and properties of a paper; all parts of a table."""
    if answer.mimetype == "application/pdf":
        reader = PdfReader(io.BytesIO(answer.data))
        words = "\n".join(page.extract_text() for page in reader.pages)
        said = " ".join(str(each) for each in (reader.metadata or {}).values() if not str(each).startswith("D:"))
        return f"{words}\n{said}\n{_alternatives(reader)}"
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in sorted(parts.namelist()))
    return KEYS.sub(r"\1", masked(answer.get_data().decode("utf-8", "replace")))


def _alternatives(reader: PdfReader) -> str:
    """Texts for whoever cannot see the drawings."""
    numbers = {*reader.xref_objStm, *(number for generation in reader.xref.values() for number in generation)}
    found = (reader.get_object(number) for number in sorted(numbers))
    return "\n".join(str(each["/Alt"]) for each in found if isinstance(each, DictionaryObject) and "/Alt" in each)


def readable(app: Flask, values: Iterable[str], within: str = "/") -> list[Route]:
    """Routes that only show something, and ask for no other ids than these."""
    known = frozenset(values)
    return [
        route
        for route in routes(app)
        if route.method == "GET"
        and route.parameters <= known
        and route.rule.rule.startswith(within)
        and not route.rule.rule.startswith("/static")
    ]


#: Who may open what.
WHO = {
    Policy.PUBLIC: ("stranger",),
    Policy.READER: ("learner",),
    Policy.SIGNED_IN: ("learner", "manager"),
    Policy.MEMBER: ("learner", "trainer", "manager"),
    Policy.TRAINER: ("trainer",),
    Policy.MANAGER: ("manager",),
    Policy.STAFF: ("trainer", "manager"),
    Policy.ADMINISTRATOR: ("administrator",),
}


def values_of(campaign: Campaign) -> dict[str, str]:
    """Ids that stand in addresses."""
    company = campaign.company
    return {
        "campaign_id": campaign.id,
        "wave_id": campaign.wave_id,
        "user_id": company.learner,
        "department_id": company.departments[0],
        "organization_id": company.id,
    }


def shown(campaign: Campaign, browsers: Browsers, within: str = "/", query: str = "") -> dict[str, Page]:
    """Who and address -> what they get."""
    values = values_of(campaign)
    found = {}
    for route in readable(campaign.app, values, within):
        for who in WHO.get(route.policy, ()):
            path = route.path(campaign.app, **values)
            answer = browsers[who].get(path + query)
            found[f"{who} {path}"] = Page(answer.status_code, answer.mimetype or "", text_of(answer))
    return found


def of_campaigns(campaign: Campaign, browsers: Browsers, query: str = "") -> dict[str, Page]:
    """The pages and papers of campaigns alone."""
    return shown(campaign, browsers, ROOT, query)


def differing(before: dict[str, Page], after: dict[str, Page]) -> list[str]:
    """Which of them are not the same, byte for byte."""
    assert before.keys() == after.keys()
    return [name for name in before if before[name] != after[name]]
