"""Calculators on a lesson page, without scripts: what was typed, what comes out, what is said."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from learning.content.model import Lesson
from learning.courses.calculators import NOTHING, lesson_stretches, work_out
from learning.web.catalogue import the_catalogue

PATH = "/courses/audit-team/m06/m06-l3"
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def results(page: str) -> list[str]:
    return re.findall(r"<output [^>]+>([^<]+)</output>", page)


def lesson(app: Flask, name: str = "m06-l3") -> Lesson:
    with app.app_context():
        return the_catalogue().lessons[name]


def test_the_page_opens_with_the_numbers_of_the_example(app: Flask) -> None:
    (calculator,) = lesson(app).calculators
    page = app.test_client().get(PATH).text
    with app.test_request_context():
        worked = work_out(calculator, {})
    assert results(page) == [result.text for result in worked.results]
    assert NOTHING not in results(page)


def test_every_calculator_of_every_lesson_has_its_place(app: Flask) -> None:
    with app.test_request_context():
        for each in the_catalogue().lessons.values():
            shown = [stretch.calculator.id for stretch in lesson_stretches(each, {}) if stretch.calculator]
            assert shown == [calculator.id for calculator in each.calculators]


def test_typed_numbers_are_worked_out_and_stay_in_their_fields(app: Flask) -> None:
    (calculator,) = lesson(app).calculators
    first = calculator.inputs[0]
    typed = {"calculator": calculator.id, first.id: str(first.default * 1.5)}
    page = app.test_client().get(PATH, query_string=typed).text
    assert f'value="{typed[first.id]}"' in page
    assert results(page) != results(app.test_client().get(PATH).text)


@pytest.mark.parametrize("text", ["", "x", "1e3", "nan", "-5", "99999999999", "<script>", "1" * 500])
def test_what_is_no_number_within_its_bounds_is_said_and_kept(app: Flask, text: str) -> None:
    (calculator,) = lesson(app).calculators
    first = calculator.inputs[0]
    page = app.test_client().get(PATH, query_string={"calculator": calculator.id, first.id: text}).text
    assert NOTHING in results(page)
    assert "Type a number from" in page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page


def test_a_comma_is_a_decimal_mark(app: Flask) -> None:
    (calculator,) = lesson(app).calculators
    name = calculator.inputs[0].id
    with app.test_request_context():
        comma, point = (work_out(calculator, {name: text}) for text in ("2,5", "2.5"))
    assert comma.results == point.results


def test_numbers_that_one_reader_typed_are_shown_to_nobody_else(app: Flask) -> None:
    (calculator,) = lesson(app).calculators
    before = app.test_client().get(PATH).text
    app.test_client().get(PATH, query_string={"calculator": calculator.id, calculator.inputs[0].id: "7.77"})
    assert app.test_client().get(PATH).text == before


def test_an_unknown_calculator_changes_nothing(app: Flask) -> None:
    asked = app.test_client().get(PATH, query_string={"calculator": "no-such-thing", "hours": "1"}).text
    assert results(asked) == results(app.test_client().get(PATH).text)
