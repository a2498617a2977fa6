"""Calculators in the browser: the script comes to the same numbers as the server."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from learning import create_app
from learning.config import load_settings
from learning.content.model import Calculator
from learning.content.store import read_catalogue
from learning.courses.calculators import plain, work_out
from tests.browser.conftest import Visit
from tests.browser.looking import complaints

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def typed(calculator: Calculator, chance: random.Random) -> dict[str, str]:
    """A number within its bounds for every input, near the default, so that most results have a value."""
    values = {}
    for entry in calculator.inputs:
        value = entry.default * chance.uniform(0.4, 1.9) if entry.default else chance.uniform(0, entry.maximum)
        values[entry.id] = plain(round(min(max(value, entry.minimum), entry.maximum), 3))
    return values


def test_script_and_server_agree_on_every_calculator(visit: Visit, published: Path, tmp_path: Path) -> None:
    catalogue = read_catalogue(published)
    app = create_app(load_settings(data=tmp_path, secret_key="k" * 40))
    chance = random.Random(20)
    visitor = visit()
    count = 0
    for lesson in catalogue.lessons.values():
        if not lesson.calculators:
            continue
        visitor.open(f"/lessons/{lesson.id}")
        for calculator in lesson.calculators:
            place = visitor.page.locator(f"#{calculator.id}")
            place.get_by_role("button").wait_for(state="detached")  # the script has taken over
            for _ in range(3):
                values = typed(calculator, chance)
                for name, value in values.items():
                    place.locator(f"input[name='{name}']").fill(value)
                with app.test_request_context():
                    wanted = [result.text for result in work_out(calculator, values).results]
                assert place.locator("output").all_text_contents() == wanted, (calculator.id, values)
            count += 1
    assert count >= 14


@pytest.mark.parametrize("width", [320, 1280])
def test_a_calculator_is_accessible_also_when_something_is_wrong(visit: Visit, width: int) -> None:
    visitor = visit(width=width)
    visitor.open("/lessons/m05-l4")
    visitor.page.locator(".calculator input[inputmode]").first.fill("much")
    visitor.page.get_by_text("Type a number from").first.wait_for()
    assert complaints(visitor, "/lessons/m05-l4") == []


def test_without_scripts_the_form_works(visit: Visit) -> None:
    visitor = visit(scripts=False)
    visitor.open("/lessons/m05-l4")
    before = visitor.page.locator(".calculator output").first.text_content()
    visitor.page.locator(".calculator input[inputmode]").first.fill("90000")
    visitor.follow(visitor.page.get_by_role("button", name="Work it out"))
    assert visitor.page.locator(".calculator output").first.text_content() != before
    visitor.follow(visitor.page.get_by_role("link", name="Back to the numbers of the example"))
    assert visitor.page.locator(".calculator output").first.text_content() == before
