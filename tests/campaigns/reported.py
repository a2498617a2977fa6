"""Closed waves for tests: everybody gets a card, so many of each group answer, and the test knows what they said."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime

from learning.ballots import codes
from learning.ballots import service as ballots
from learning.campaigns import planning
from learning.campaigns.cards import unsealed_cards
from learning.campaigns.closing import close_wave
from learning.clock import now
from learning.content.model import AnchoredItem, Instrument, KnowledgeItem
from learning.psychometrics.responses import Answer, Missing
from learning.web.catalogue import the_catalogue
from tests.campaigns.planned import WHAT, accept, days, manager_of, open_next
from tests.conftest import Company

#: Of twelve and fifteen people: groups stand in the order of their departments.
ANSWERING = (11, 13)


@dataclass
class Known:
    """A campaign of which the test knows every answer of its last wave."""

    company: Company
    campaign_id: str
    wave_id: str
    #: Codes that nobody has used, by group.
    codes: dict[str, list[str]]
    answers: list[dict[str, Answer]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/organization/campaigns/{self.campaign_id}/waves/{self.wave_id}"

    def answer(self, group: str, answers: dict[str, Answer], moment: datetime | None = None) -> None:
        """One more person of a group answers."""
        sent = ballots.Sent(self.codes[group].pop(), codes.new_permit(), codes.new_response_key(), answers, 4)
        ballots.submit(sent, moment or now())
        self.answers.append(answers)

    def answer_all(self, counts: tuple[int, ...] = ANSWERING, level: float = 0.5, seed: int = 1) -> None:
        """So many people of each group answer around a level, 0 to 1."""
        chance = random.Random(seed)
        for group, count in zip(sorted(self.codes), counts, strict=True):
            for _person in range(count):
                self.answer(group, filled(chance, asked(), level))

    def close(self) -> None:
        close_wave(self.company.id, self.campaign_id, self.wave_id, now())


def asked() -> Instrument:
    return the_catalogue().instruments["employee-awareness"]


def filled(chance: random.Random, instrument: Instrument, level: float) -> dict[str, Answer]:
    """What one person says."""
    own = level + chance.gauss(0, 0.12)
    found: dict[str, Answer] = {}
    for item in instrument.items:
        share = own + chance.gauss(0, 0.2)
        if isinstance(item, AnchoredItem):
            found[item.id] = Missing.DONT_KNOW if chance.random() < 0.15 else min(4, max(0, round(4 * share)))
        elif isinstance(item, KnowledgeItem):
            found[item.id] = chance.randrange(len(item.options))
        else:
            found[item.id] = min(5, max(1, round(1 + 4 * (share if item.key == "positive" else 1 - share))))
    return found


def open_wave(company: Company, names: tuple[str, str] = ("Wet side", "Hot side"), title: str = WHAT.title) -> Known:
    """A campaign with its first wave open, within a request; ``staff`` must be there."""
    member = manager_of(company)
    campaign_id = planning.create_campaign(member, title, now())
    planning.set_what(member, campaign_id, replace(WHAT, title=title))
    groups = dict(zip(company.departments, names, strict=True))
    planning.set_groups(member, campaign_id, groups, set(company.departments))
    planning.set_days(member, campaign_id, days(), None)
    accept(member, campaign_id)
    return _opened(company, campaign_id)


def open_again(known: Known) -> Known:
    """The next wave of a campaign whose last one is closed."""
    member = manager_of(known.company)
    planning.plan_next_wave(member, known.campaign_id, days(15, 29))
    accept(member, known.campaign_id)
    return _opened(known.company, known.campaign_id)


def _opened(company: Company, campaign_id: str) -> Known:
    wave_id = open_next(manager_of(company), campaign_id)
    codes_of = {
        group: list(unsealed_cards(manager_of(company), campaign_id, wave_id, group)) for group in ("g01", "g02")
    }
    return Known(company, campaign_id, wave_id, codes_of)


def closed_wave(company: Company, counts: tuple[int, ...] = ANSWERING, level: float = 0.5) -> Known:
    """The same with answers, closed."""
    known = open_wave(company)
    known.answer_all(counts, level)
    known.close()
    return known
