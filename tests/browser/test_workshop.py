"""The question workshop in the browser: checked while somebody types, and by its button without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visit
from tests.browser.looking import complaints

pytestmark = [pytest.mark.browser, pytest.mark.prove]

QUESTION = """## Which measure acts at the source? {#w-q1 type=single}

- [ ] A taller stack
    > It spreads.
- [x] A last rinse used first
"""
WHY = "\n> **Why:** prevention comes first.\n"


@pytest.mark.parametrize("width", [320, 1280])
def test_a_text_is_checked_as_it_is_typed(visit: Visit, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.page
    visitor.sign_in("trainer")
    visitor.open("/teaching/questions/")
    field = page.get_by_label("Questions", exact=True)
    field.fill(QUESTION)
    page.get_by_text("has no explanation").wait_for()
    found = complaints(visitor, "with a mistake")
    page.get_by_role("link", name="Line 1", exact=True).click()
    chosen = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert field.evaluate(chosen) == QUESTION.splitlines()[0]
    field.fill(QUESTION + WHY)
    page.get_by_text("Every question can be used as it is.").wait_for()
    assert field.input_value() == QUESTION + WHY
    found += complaints(visitor, "without a mistake")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download GIFT").click()
    assert "[id:w-q1]" in download.value.path().read_text()
    assert not found, "\n".join(found)


def test_what_is_typed_before_the_script_comes_is_checked_too(visit: Visit) -> None:
    visitor = visit()
    held: list[Route] = []
    visitor.page.route("**/workshop.js", lambda route: held.append(route))
    visitor.sign_in("trainer")
    with visitor.page.expect_request("**/workshop.js"):
        visitor.open("/teaching/questions/")
    visitor.page.get_by_label("Questions", exact=True).fill(QUESTION)
    for route in held:
        route.continue_()
    visitor.page.get_by_text("has no explanation").wait_for()


def test_the_button_does_the_same_without_scripts(visit: Visit) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.sign_in("manager")
    visitor.open("/teaching/questions/")
    page.get_by_label("GIFT, as Moodle exports it").check()
    page.get_by_label("Questions", exact=True).fill("Which?{=this ~that ####so}\n\nWrite.{}")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("is left out: it is an essay").wait_for()
    assert page.get_by_label("Questions", exact=True).input_value().startswith("Which?{=this")
    assert page.get_by_label("GIFT, as Moodle exports it").is_checked()
