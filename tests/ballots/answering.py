"""People who answer anonymously, page by page, as a browser without scripts does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from learning.ballots import codes, service
from learning.ballots.database import BallotsTable, reading
from learning.ballots.records import LessonLink, OpenedWave, Opening, Sent
from learning.clock import now
from learning.content.model import Instrument
from learning.psychometrics.wave_table import Group, Plan
from learning.web.catalogue import the_catalogue

PROMISE = (
    "Taking part is free; nobody learns whether you did.\n\nNothing connects answers to an invitation: canary-promise."
)
GROUPS = (Group("dye", "Dye house", 12), Group("boiler", "Boiler house", 12))


def opening(closes_at: datetime, instrument: Instrument | None = None, groups: tuple[Group, ...] = GROUPS) -> Opening:
    """A wave of the real instrument."""
    catalogue = the_catalogue()
    lessons = tuple(
        LessonLink(lesson.id, lesson.title, f"/courses/foundations/{lesson.module_id}/{lesson.id}")
        for lesson in list(catalogue.lessons.values())[:6]
    )
    asked = instrument or catalogue.instruments["employee-awareness"]
    last_day = (closes_at - timedelta(microseconds=1)).date()
    return Opening("How do we work?", "River Works", asked, Plan(groups, 5), PROMISE, lessons, closes_at, last_day)


def open_wave(app: Flask, instrument: Instrument | None = None, groups: tuple[Group, ...] = GROUPS) -> OpenedWave:
    """Open a wave for two weeks."""
    with app.app_context():
        return service.open_wave(opening(now() + timedelta(days=14), instrument, groups), now())


@dataclass
class Form:
    """A form of a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    #: Radio name -> its values.
    choices: dict[str, list[str]] = field(default_factory=dict)
    #: Visible words -> (name, value) of the button.
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._button: tuple[str, str] | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given["action"]))
        elif tag == "input" and given.get("type") == "radio":
            self.forms[-1].choices.setdefault(given["name"], []).append(given["value"])
            if "checked" in given:
                self.forms[-1].fields[given["name"]] = given["value"]
        elif tag == "input":
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button" and given.get("type") == "submit":
            self._button, self._words = (given.get("name", ""), given.get("value", "")), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            self.forms[-1].buttons[" ".join("".join(self._words).split())] = self._button
            self._button = None


def forms_of(page: str) -> list[Form]:
    """All forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


class Respondent:
    """Somebody with a code."""

    def __init__(self, client: FlaskClient, code: str, start: str = "/answer/") -> None:
        self.client = client
        self.code = code
        self.answer = client.get(start)

    @property
    def page(self) -> str:
        """The page that is open."""
        return self.answer.text

    @property
    def form(self) -> Form:
        """Its first form."""
        return forms_of(self.page)[0]

    def press(self, words: str, **values: str) -> TestResponse:
        """Fill in values and press a button, of whichever form has it."""
        form = next(form for form in forms_of(self.page) if words in form.buttons)
        name, value = form.buttons[words]
        self.answer = self.client.post(form.action, data={**form.fields, **values, **({name: value} if name else {})})
        return self.answer

    def begin(self) -> None:
        """Type the code, read the promise, begin."""
        if "data-answer-start" in self.page:
            self.press("Go on", code=self.code)
        self.press("Begin")

    def pages(self) -> Iterator[Form]:
        """Each page of questions, until the answers are to be checked; fill ``Form.fields`` to answer."""
        while "Back" in self.form.buttons and "shown" in self.form.fields:
            form = self.form
            yield form
            on = next(words for words in ("Go on", "Check your answers") if words in form.buttons)
            self.press(on, **form.fields)

    def fill(self, place: int = 1) -> None:
        """From the first page to the last before sending: the same place among the choices everywhere."""
        self.begin()
        for form in self.pages():
            form.fields |= {name: values[place] for name, values in form.choices.items()}
        self.press("Go on")
        self.press("Go on", trust="4")

    def send(self) -> TestResponse:
        """Send what is filled in."""
        return self.press("Send my answers")


def everything(app: Flask) -> str:
    """Every row of the database of anonymous answers."""
    with app.app_context(), reading() as session:
        return repr(
            [
                (table.name, sorted(repr(tuple(row)) for row in session.execute(select(table))))
                for table in BallotsTable.metadata.sorted_tables
            ]
        )


def answer_at_once(app: Flask, code: str) -> None:
    """Answer nothing but that, without the pages."""
    with app.app_context():
        wave = service.open_wave_of(code)
        assert wave
        service.submit(Sent(code, codes.new_permit(), codes.new_response_key(), {}), now())
