"""The promise says what the settings are and what is built in, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from learning.campaigns.closing import close_wave
from learning.campaigns.models import Campaign, Wave
from learning.campaigns.promise import Defence, PromiseSettings, Sentence, as_text, promise
from learning.clock import now
from learning.config import PROJECT
from learning.database import unit_of_work
from learning.extensions import db
from tests.campaigns.planned import manager_of, open_campaign, page_of
from tests.conftest import Company

SETTINGS = PromiseSettings(
    organization="River Works",
    instrument="Our view",
    questions=57,
    purpose="We want to waste less.",
    contact="Ada Lowe",
    k=5,
    groups=("Wet side", "Hot side"),
    closes_on=date(2030, 3, 14),
    reminder_days=(4, 9, 13),
    by_mail=True,
    by_card=True,
)
CHANGED = {
    "organization": "Harbour Works",
    "instrument": "Another view",
    "questions": 12,
    "purpose": "We want to learn.",
    "contact": "Bo Lind",
    "k": 8,
    "groups": ("Wet side", "Hot and dry side"),
    "closes_on": date(2030, 3, 15),
    "reminder_days": (3, 7),
    "by_mail": False,
    "by_card": False,
}


@pytest.fixture
def words(app: Flask) -> Iterator[None]:
    """Words are looked up in the language of a request."""
    with app.test_request_context():
        yield


def sentences(settings: PromiseSettings) -> list[Sentence]:
    return [sentence for paragraph in promise(settings) for sentence in paragraph.sentences]


@pytest.mark.usefixtures("words")
def test_each_sentence_is_held_by_a_setting_or_a_defence() -> None:
    names = {field.name for field in dataclasses.fields(PromiseSettings)}
    for sentence in sentences(SETTINGS):
        assert sentence.held_by, sentence.text
        for holder in sentence.held_by:
            assert isinstance(holder, Defence) or holder in names, sentence.text


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(PromiseSettings)])
def test_a_changed_setting_changes_the_sentences_that_it_holds_and_no_other(name: str) -> None:
    before = sentences(SETTINGS)
    after = {sentence.text for sentence in sentences(dataclasses.replace(SETTINGS, **{name: CHANGED[name]}))}
    held = {sentence.text for sentence in before if name in sentence.held_by}
    assert held, f"No sentence says what {name} is."
    # Reminders go to people with an address: without one the sentence on them goes too.
    gone = {sentence.text for sentence in before} - after
    follows = {each.text for each in before if name == "by_mail" and "reminder_days" in each.held_by}
    assert gone == held | follows


@pytest.mark.usefixtures("words")
def test_each_defence_holds_a_sentence_and_is_explained_in_the_document_on_privacy() -> None:
    document = (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8")
    used = {holder for sentence in sentences(SETTINGS) for holder in sentence.held_by if isinstance(holder, Defence)}
    assert used == set(Defence)
    for defence in Defence:
        assert f"| `{defence.value}` |" in document, defence


@pytest.mark.usefixtures("words")
def test_words_that_promise_too_much_are_not_used() -> None:
    text = as_text(promise(SETTINGS)).lower()
    for word in ("100 %", "completely anonymous", "encrypted", "guarantee", "never be", "impossible"):
        assert word not in text


@pytest.mark.usefixtures("words")
def test_the_promise_says_who_could_learn_something_all_the_same() -> None:
    text = as_text(promise(SETTINGS))
    for limit in ("changing its program", "watching its traffic", "see your screen", "use your link before you do"):
        assert limit in text


@pytest.mark.usefixtures("words")
def test_the_promise_is_plain_text_in_paragraphs() -> None:
    paragraphs = as_text(promise(SETTINGS)).split("\n\n")
    assert len(paragraphs) == 6
    assert paragraphs[0].startswith("What you are asked. River Works asks everybody the same 57 questions")
    assert "14 March 2030" in paragraphs[3]
    assert "on day 4, 9 and 13" in paragraphs[3]


def test_after_the_opening_the_promise_is_frozen(site: Flask, company: Company) -> None:
    """Whatever is changed around it, people read what was promised; the ballots hold the same text."""
    from learning.ballots import service as ballots
    from learning.campaigns.cards import unsealed_cards

    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        code = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")[0]
        promised = page_of(manager_of(company), campaign_id).promised
        with unit_of_work() as session:
            session.get_one(Campaign, campaign_id).accepted_promise = "Something else."
        db.session.remove()
        assert db.session.scalars(select(Wave.promise)).one() == promised
        found = ballots.open_wave_of(code)
        assert found is not None
        assert found.promise == promised
        close_wave(company.id, campaign_id, wave_id, now())
        db.session.remove()
        assert db.session.scalars(select(Wave.promise)).one() == promised
