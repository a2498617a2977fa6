"""Drawing ballots for people, and the sealed invitations. Who drew which is known while this runs, and never after."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom

from flask_babel import force_locale, format_date

from learning.ballots import service as ballots
from learning.mail.letters import Letter, write_letter
from learning.web.public_url import public_url_for


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asked."""

    user_id: str
    group_code: str
    #: None: by a card.
    email: str | None
    locale: str


def draw(people: Sequence[Person], codes: Mapping[str, Sequence[str]]) -> list[tuple[Person, str]]:
    """One code for each person, at random within the group. The pairs are kept nowhere."""
    chance = SystemRandom()
    hats = {}
    for group, inside in codes.items():
        hats[group] = list(inside)
        chance.shuffle(hats[group])
    return [(person, hats[person.group_code].pop()) for person in people]


def sealed_letters(
    opening: ballots.Opening, ballots_id: str, drawn: Sequence[tuple[Person, str]], closes_on: date
) -> list[tuple[str, Letter]]:
    """Address and letter of everybody who is invited by mail, in random order; bodies are sealed with the wave's key.

    Neither subject nor body names a department.
    """
    letters = []
    for person, code in drawn:
        if person.email is None:
            continue
        with force_locale(person.locale):
            letter = write_letter(
                "campaign_invitation",
                organization=opening.organization,
                title=opening.title,
                minutes=opening.instrument.minutes,
                closes_on=format_date(closes_on, "d MMMM y"),
                link=answer_link(code),
                code=code,
                address=answer_address(),
            )
        letters.append((person.email, Letter(letter.subject, ballots.seal(ballots_id, letter.body))))
    SystemRandom().shuffle(letters)
    return letters


def sealed_cards(ballots_id: str, drawn: Sequence[tuple[Person, str]]) -> dict[str, tuple[int, str]]:
    """Group code -> number of cards, and their codes in random order, sealed with the wave's key."""
    codes: dict[str, list[str]] = {}
    for person, code in drawn:
        if person.email is None:
            codes.setdefault(person.group_code, []).append(code)
    for inside in codes.values():
        SystemRandom().shuffle(inside)
    return {group: (len(inside), ballots.seal(ballots_id, json.dumps(inside))) for group, inside in codes.items()}


def answer_address() -> str:
    """Where people type a code."""
    return public_url_for("answer.start")


def kiosk_address() -> str:
    """The same on a tablet that many use: it forgets whoever leaves it."""
    return public_url_for("answer.kiosk")


def answer_link(code: str) -> str:
    """Where a ballot is used. The code stands in the fragment, which no browser sends and no log keeps."""
    return f"{answer_address()}#{code}"
