"""The way through anonymous answering: which step comes after which, and what each shows.

A preview shows the same steps with links in place of buttons; it holds nothing and sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template

from learning.ballots.records import LessonLink, OpenWave, PersonalResult
from learning.ballots.sent import SIGNS, Walk, answers_of, completed, sign_by_item, skipped
from learning.content.model import Dimension, Instrument, Item
from learning.psychometrics.own_result import OwnResult, own_result
from learning.psychometrics.responses import Missing
from learning.web import result_words
from learning.web.item_words import Choice, agreement_words, answer_text, choices
from learning.web.public_url import public_url_for

#: Steps that are no page of questions; those are named by their number, from 1.
INTRO, CHECK, TRUST, LAST = "intro", "check", "trust", "last"


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item on its page."""

    item: Item
    #: Its place among all items, from 0.
    place: int
    #: With signs for values.
    choices: tuple[Choice, ...]
    #: The sign that was chosen.
    chosen: str


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page of questions on the page of answers to check."""

    step: str
    dimension: Dimension
    #: What was answered, in the words of the page.
    lines: tuple[tuple[Item, str], ...]
    skipped: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What every step knows."""

    wave: OpenWave
    walk: Walk
    step: str
    before: str
    after: str
    #: Address of the preview; empty when somebody really answers.
    preview: str


def steps(instrument: Instrument) -> tuple[str, ...]:
    """All steps before sending, in order."""
    questions = (str(number) for number in range(1, len(instrument.dimensions) + 1))
    return (INTRO, *questions, CHECK, TRUST, LAST)


def show(wave: OpenWave, walk: Walk, step: str, *, preview: str = "") -> str:
    """The page of one step; an unknown one is the first."""
    way = steps(wave.instrument)
    place = way.index(step) if step in way else 0
    step = way[place]
    shown = Shown(
        wave,
        walk,
        step,
        before=way[place - 1] if place else "",
        after=way[place + 1] if place + 1 < len(way) else "",
        preview=preview,
    )
    match step:
        case "check":
            return _page("check", shown, pages=_checked(wave.instrument, walk))
        case "trust":
            return _page("trust", shown, words=agreement_words())
        case "intro" | "last":
            return _page(step, shown)
        case _:
            return _questions(shown, int(step) - 1)


def _page(name: str, shown: Shown, **more: object) -> str:
    return render_template(f"answer/{name}.html", shown=shown, walk=shown.walk, preview=shown.preview, **more)


def show_preview(wave: OpenWave, step: str, address: str) -> str:
    """A step as employees will see it, marked as a preview. ``address`` is where the preview stands; steps are its
    parameter ``step``. Of ``wave`` only what people see is used."""
    return show(wave, completed(Walk(), wave.instrument), step, preview=address)


def show_result(
    kept: PersonalResult, private_code: str, *, kiosk: bool = False, sent: bool = False, changed: bool = False
) -> str:
    """One's own result. ``sent``: it was sent just now; ``changed``: once more, with other answers than are kept."""
    given = {item_id: answer for item_id, answer in kept.answers.items() if answer is not Missing.SKIPPED}
    lessons = {lesson.id: lesson for lesson in kept.lessons}
    own: OwnResult[LessonLink] = own_result(kept.instrument, given, lessons)
    return render_template(
        "answer/result.html",
        title=kept.title,
        own=own,
        words=result_words,
        private_code=private_code,
        address=public_url_for("answer.private_code"),
        kiosk=kiosk,
        sent=sent,
        changed=changed,
    )


def _questions(shown: Shown, number: int) -> str:
    instrument = shown.wave.instrument
    dimension = instrument.dimensions[number]
    signs = sign_by_item(shown.walk, instrument)
    places = {item.id: place for place, item in enumerate(instrument.items)}
    items = tuple(AskedItem(item, places[item.id], _with_signs(item), signs[item.id]) for item in dimension.items)
    return _page(
        "questions",
        shown,
        dimension=dimension,
        items=items,
        position=number + 1,
        count=len(instrument.dimensions),
    )


def _with_signs(item: Item) -> tuple[Choice, ...]:
    reasons = {reason.value: sign for reason, sign in SIGNS.items()}
    return tuple(replace(choice, value=reasons.get(choice.value, choice.value)) for choice in choices(item))


def _checked(instrument: Instrument, walk: Walk) -> tuple[CheckedPage, ...]:
    answers = answers_of(walk, instrument)
    return tuple(
        CheckedPage(
            str(number),
            dimension,
            tuple(
                (item, answer_text(item, str(answers[item.id])))
                for item in dimension.items
                if answers[item.id] is not Missing.SKIPPED
            ),
            skipped(walk, instrument, dimension),
        )
        for number, dimension in enumerate(instrument.dimensions, 1)
    )
