"""The promise that people read before they answer, made of the true settings of a wave and of nothing else.

Every sentence says what holds it: a setting, whose value stands in it, or a defence that is built in. A sentence that
nothing holds is not written. What is not promised stands in it too: who could still learn something, and how.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import format_date
from flask_babel import gettext as _


class Defence(StrEnum):
    """What is built so, whatever the settings; docs/privacy.md says of each how."""

    #: No table and no log puts a person beside a ballot; all get the same reminders; counts are told in bands.
    NOBODY_LEARNS_WHO_ANSWERED = "nobody-learns-who-answered"
    #: Answers are kept in a database that knows no person, without time, order, device or address.
    ANSWERS_KNOW_NO_PERSON = "answers-know-no-person"
    #: One function makes the report, once, at closing; nothing else of a wave is shown.
    ONE_REPORT = "one-report"
    #: The report is checked against working out smaller groups.
    AUDIT = "audit"
    #: There is no field for free text.
    NO_FREE_TEXT = "no-free-text"
    #: At closing ballots and the key are destroyed, backups hold only what the key would open.
    DESTROYED_AT_CLOSING = "destroyed-at-closing"
    #: One's own result opens with a code that is kept nowhere.
    OWN_CODE = "own-code"
    #: How far all this reaches while the wave is open.
    LIMITS = "limits"
    #: The share of people who believe the promise is part of the report.
    TRUST_IS_ASKED = "trust-is-asked"


@dataclass(frozen=True, slots=True)
class PromiseSettings:
    """What the promise is made of. Each field stands in some sentence."""

    organization: str
    instrument: str
    questions: int
    #: Why it is asked.
    purpose: str
    #: Who answers questions.
    contact: str
    k: int
    #: Names of the groups, as the report will name them.
    groups: tuple[str, ...]
    closes_on: date
    #: Days after the opening on which all are reminded.
    reminder_days: tuple[int, ...]
    by_mail: bool
    by_card: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of the promise, and what holds it: names of settings, or defences."""

    text: str
    held_by: tuple[str | Defence, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences on one subject."""

    title: str
    sentences: tuple[Sentence, ...]


def promise(settings: PromiseSettings) -> tuple[Paragraph, ...]:
    """The whole promise, paragraph by paragraph."""
    return (
        Paragraph(_("What you are asked"), tuple(_asked(settings))),
        Paragraph(_("Nobody can trace your answers"), tuple(_untraceable())),
        Paragraph(_("What is published"), tuple(_published(settings))),
        Paragraph(_("Your invitation"), tuple(_invited(settings))),
        Paragraph(_("What cannot be undone"), tuple(_undone())),
        Paragraph(_("What we do not promise"), tuple(_limits(settings))),
    )


def as_text(paragraphs: Iterable[Paragraph]) -> str:
    """Plain text: each paragraph begins with its title, empty lines part them. This is what is kept and frozen."""
    return "\n\n".join(
        f"{paragraph.title}. " + " ".join(sentence.text for sentence in paragraph.sentences) for paragraph in paragraphs
    )


def _asked(settings: PromiseSettings) -> Iterable[Sentence]:
    yield Sentence(
        _(
            "%(organization)s asks everybody the same %(questions)d questions: “%(instrument)s”.",
            organization=settings.organization,
            questions=settings.questions,
            instrument=settings.instrument,
        ),
        ("organization", "questions", "instrument"),
    )
    if settings.purpose:
        yield Sentence(_("Why it asks: %(purpose)s", purpose=_ended(settings.purpose)), ("purpose",))
    if settings.contact:
        yield Sentence(_("Questions are answered by: %(contact)s", contact=_ended(settings.contact)), ("contact",))
    yield Sentence(_("Taking part is free, and nobody learns whether you did."), (Defence.NOBODY_LEARNS_WHO_ANSWERED,))


def _untraceable() -> Iterable[Sentence]:
    yield Sentence(
        _(
            "Your answers are stored without your name, number, time, device or address, and nothing connects them "
            "to your invitation."
        ),
        (Defence.ANSWERS_KNOW_NO_PERSON,),
    )
    yield Sentence(
        _("No page, file or mail of this site shows one person's answers to anybody else."), (Defence.ONE_REPORT,)
    )


def _published(settings: PromiseSettings) -> Iterable[Sentence]:
    yield Sentence(
        _(
            "Results are told only of groups with at least %(k)d answers, and never so that a smaller group can be "
            "worked out.",
            k=settings.k,
        ),
        ("k", Defence.AUDIT),
    )
    yield Sentence(
        _(
            "Of your place of work only the group is stored. The groups are: %(groups)s.",
            groups="; ".join(settings.groups),
        ),
        ("groups",),
    )
    yield Sentence(_("You are not asked for remarks in your own words."), (Defence.NO_FREE_TEXT,))
    yield Sentence(
        _("At the end you are asked whether you believe this promise, and the result of that is published too."),
        (Defence.TRUST_IS_ASKED,),
    )


def _invited(settings: PromiseSettings) -> Iterable[Sentence]:
    if settings.by_mail:
        yield Sentence(
            _(
                "Who is invited by mail gets a link that works once. Which link goes to whom is drawn at random and not "
                "written down."
            ),
            ("by_mail", Defence.NOBODY_LEARNS_WHO_ANSWERED),
        )
        yield Sentence(_reminders(settings.reminder_days), ("reminder_days", Defence.NOBODY_LEARNS_WHO_ANSWERED))
    if settings.by_card:
        yield Sentence(
            _("Who is invited by a card draws one from a bowl: no card belongs to a person."),
            ("by_card", Defence.NOBODY_LEARNS_WHO_ANSWERED),
        )
    yield Sentence(
        _(
            "At the end of %(day)s at the latest the site stops taking answers and destroys all invitations. From then "
            "on not even whoever runs it can connect an answer to a person, not from a backup either.",
            day=format_date(settings.closes_on, "d MMMM y"),
        ),
        ("closes_on", Defence.DESTROYED_AT_CLOSING),
    )


def _reminders(days: tuple[int, ...]) -> str:
    if not days:
        return _("Nobody is reminded.")
    return _(
        "All who were invited by mail get the same reminders, on day %(days)s, whether they have answered or not.",
        days=_listed(days),
    )


def _undone() -> Iterable[Sentence]:
    yield Sentence(
        _("Once sent, an answer cannot be withdrawn or changed, because nobody can find it."),
        (Defence.ANSWERS_KNOW_NO_PERSON,),
    )
    yield Sentence(
        _("Your own result belongs to you: print it, or keep its private code. Without the code nobody can show it."),
        (Defence.OWN_CODE,),
    )


def _limits(settings: PromiseSettings) -> Iterable[Sentence]:
    yield Sentence(
        _(
            "Until the closing, whoever runs this site could learn answers by changing its program or by watching its "
            "traffic, and whoever controls your device or your network could see your screen."
        ),
        (Defence.LIMITS,),
    )
    if settings.by_mail:
        yield Sentence(_("Whoever can read your mail could use your link before you do."), ("by_mail", Defence.LIMITS))
    if settings.by_card:
        yield Sentence(
            _("Whoever finds your card could use it before you do: draw it yourself."), ("by_card", Defence.LIMITS)
        )


def _ended(text: str) -> str:
    """With a full stop, unless it ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "。")) else f"{text}."


def _listed(days: tuple[int, ...]) -> str:
    *first, last = map(str, days)
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
