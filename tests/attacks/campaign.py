"""One campaign of which everything is known: who was invited, who answered what with which code, in which order.

The plan, the invitations, the cards, the answers and the closing go through the verbs and pages that people use. What
people answer is drawn from a fixed seed; codes and keys are as random as ever.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.accounts.models import User
from learning.ballots import codes
from learning.ballots import service as ballots
from learning.ballots.answers import to_bytes
from learning.ballots.sent import SIGNS, Walk, answers_of, asks_of, offered_signs
from learning.campaigns.cards import forget_cards, unsealed_cards
from learning.campaigns.models import Wave
from learning.clock import now
from learning.content.model import Instrument
from learning.extensions import db
from learning.mail.deliver import deliver_due
from learning.psychometrics.release import Plan, Release, ResponseTable
from learning.psychometrics.wave_table import Group
from learning.web.catalogue import the_catalogue
from tests.accounts.people import send
from tests.ballots.answering import Respondent
from tests.campaigns.planned import add_people, manager_of, open_next, planned_campaign
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}\b")
ROOT = "/organization/campaigns"
SEED = 2030
#: Invited by mail; three are there before. Invited by card.
BY_MAIL, BY_CARD = 20, 16


@dataclass(frozen=True)
class Invitation:
    """A code, and whom it reached; of a card nobody knows."""

    code: str
    group: str
    user_id: str | None


@dataclass(frozen=True)
class Answered:
    """What one person sent."""

    invitation: Invitation
    permit: str
    response_key: str
    #: One sign for each item, as the form carries them.
    given: str
    trust: int


@dataclass
class Campaign:
    """An open campaign with its truth."""

    app: Flask
    company: Company
    manager: FlaskClient
    id: str
    wave_id: str
    ballots_id: str
    instrument: Instrument
    invitations: list[Invitation]
    answered: list[Answered] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    @property
    def path(self) -> str:
        """Address of its wave."""
        return f"{ROOT}/{self.id}/waves/{self.wave_id}"

    @property
    def unused(self) -> list[Invitation]:
        """Invitations that nobody has used."""
        used = {each.invitation for each in self.answered}
        return [each for each in self.invitations if each not in used]

    @property
    def plan(self) -> Plan:
        """As it was declared."""
        groups = (("g01", "Hot side"), ("g02", "Wet side"))
        invited = [sum(each.group == code for each in self.invitations) for code, _name in groups]
        return Plan(tuple(Group(*group, count) for group, count in zip(groups, invited, strict=True)), 5)

    def table(self) -> ResponseTable:
        """What everybody answered, in the order of answering."""
        rows = [answers_of(Walk(given=each.given), self.instrument) for each in self.answered]
        values = b"".join(to_bytes(self.instrument, row) for row in rows)
        places = [group.code for group in self.plan.groups]
        return ResponseTable(
            np.array([places.index(each.invitation.group) for each in self.answered], dtype=np.int16),
            np.frombuffer(values, dtype=np.int8).reshape(len(rows), -1),
            np.array([each.trust for each in self.answered], dtype=np.int8),
        )

    def draw(self) -> str:
        """One sign for each item: mostly a value, now and then a reason."""
        return "".join(
            self.chance.choice(sorted(offered_signs(item) - set(SIGNS.values())))
            if self.chance.random() > 0.05
            else self.chance.choice(sorted(offered_signs(item) & set(SIGNS.values())))
            for item in self.instrument.items
        )

    def form(self, each: Answered) -> dict[str, str]:
        """The last form of the way, as the script or the pages fill it."""
        return {
            "code": each.invitation.code,
            "permit": each.permit,
            "key": each.response_key,
            "asks": asks_of(self.instrument),
            "given": each.given,
            "trust": str(each.trust),
        }

    def made(self, invitation: Invitation) -> Answered:
        """What somebody is going to send."""
        return Answered(
            invitation, codes.new_permit(), codes.new_response_key(), self.draw(), self.chance.randint(2, 5)
        )

    def answer(self, count: int, browser_of: Callable[[Invitation], FlaskClient] | None = None) -> None:
        """Let so many more people answer, in a random order of the groups."""
        for invitation in self.chance.sample(self.unused, count):
            each = self.made(invitation)
            browser = browser_of(invitation) if browser_of else self.app.test_client()
            assert "Thank you" in browser.post("/answer/send", data=self.form(each)).text
            self.answered.append(each)

    def walk(self, browser: FlaskClient, invitation: Invitation) -> Respondent:
        """Answer page by page, as a browser without scripts does; the same place everywhere."""
        person = Respondent(browser, invitation.code)
        person.fill()
        sent = person.form.fields
        each = Answered(
            invitation, sent["permit"].replace("-", ""), sent["key"].replace("-", ""), sent["given"], int(sent["trust"])
        )
        assert "Thank you" in person.send().text
        self.answered.append(each)
        return person

    def close(self) -> Release:
        """Close it by the button; what it tells."""
        assert send(self.manager, f"{self.path}/close", f"{self.path}/close").status_code == 302
        return self.release()

    def release(self) -> Release:
        """What it tells, read anew."""
        with self.app.app_context():
            release = ballots.released(self.ballots_id)
        assert release is not None
        return release


def deliver(app: Flask, data: Path) -> list[tuple[str, str]]:
    """Send all mail that waits into files: (recipient, text)."""
    with app.app_context():
        while deliver_due():
            pass
    letters = [path.read_text().replace("=\n", "") for path in sorted((data / "mail").glob("*.eml"))]
    return [(re.search(r"^To: (.+)$", letter, re.MULTILINE).group(1), letter) for letter in letters]  # type: ignore[union-attr]


def open_campaign(app: Flask, company: Company, client_for: Clients, data: Path) -> Campaign:
    """Plan, open, deliver the mails, print the cards."""
    member = manager_of(company)
    with app.test_request_context():
        add_people(company, company.departments[0], BY_MAIL)
        add_people(company, company.departments[1], BY_CARD, with_address=False)
        campaign_id = planned_campaign(company)
        wave_id = open_next(member, campaign_id)
        ballots_id = db.session.scalars(select(Wave.ballots_id).where(Wave.id == wave_id)).one() or ""
        instrument = the_catalogue().instruments["employee-awareness"]
    manager = client_for(company.manager)
    with app.app_context():
        addresses = {user.email: user.id for user in db.session.scalars(select(User)) if user.email}
        db.session.remove()
    invitations = [
        Invitation(CODE.findall(letter)[0], "g02", addresses[recipient]) for recipient, letter in deliver(app, data)
    ]
    with app.test_request_context():
        cards = unsealed_cards(member, campaign_id, wave_id, "g01")
        forget_cards(member, campaign_id, wave_id, "g01", now())
    invitations += [Invitation(code, "g01", None) for code in cards]
    return Campaign(app, company, manager, campaign_id, wave_id, ballots_id, instrument, invitations)
