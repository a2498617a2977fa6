"""The self-assessment in real browsers: two tabs, two devices, and what a screen reader hears."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_employee import begin_assessment

pytestmark = pytest.mark.browser


def test_it_is_resumed_on_another_device_and_two_tabs_do_not_overwrite_each_other(visit: Visit) -> None:
    first = visit(expect_status=(409,))
    first.sign_in("employee")
    begin_assessment(first)
    first.page.wait_for_url(re.compile(r"/pages/"))
    address = re.sub(r"/pages/.*", "/pages/a1", first.page.url)
    first.page.goto(address)
    item = first.page.locator("fieldset[data-question=a1-1]")
    item.locator("input[type=radio][value='3']").check()
    expect(item.locator(".save-status")).to_have_text("Saved")
    item.locator("input[type=radio][value='2']").check()
    expect(item.locator(".save-status")).to_have_text("Saved")

    second = visit(width=360)
    second.sign_in("employee")
    second.page.goto(address)
    same = second.page.locator("fieldset[data-question=a1-1]")
    expect(same.locator("input[type=radio][value='2']")).to_be_checked()
    same.locator("input[type=radio][value='4']").check()
    expect(same.locator(".save-status")).to_have_text("Saved")

    item.locator("input[type=radio][value='0']").check()
    expect(item.locator(".save-status")).to_contain_text("changed in another tab")
    first.page.get_by_role("button", name="Save and go on").click()
    expect(first.page.get_by_text("Saved in another tab:")).to_be_visible()
    expect(item.locator("input[type=radio][value='0']")).to_be_checked()
    first.page.get_by_role("button", name="Save and go on").click()
    first.page.wait_for_url(re.compile("/pages/a2"))
    second.page.reload()
    expect(same.locator("input[type=radio][value='0']")).to_be_checked()


def test_nothing_of_it_stays_in_the_browser_once_it_is_saved(visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in("employee")
    begin_assessment(visitor)
    page = visitor.page
    page.wait_for_url(re.compile(r"/pages/"))
    item = page.locator("fieldset.assessment-item").first
    page.route("**/answers/*", lambda route: route.abort())
    item.locator("input[type=radio]").nth(1).check()
    expect(item.locator(".save-status")).to_contain_text("Not saved yet")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 1]
    page.unroute("**/answers/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(item.locator(".save-status")).to_have_text("Saved")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    # The failed request is what was asked for.
    visitor.complaints = [each for each in visitor.complaints if "ERR_FAILED" not in each]


def test_a_screen_reader_hears_each_question_as_a_named_group_of_choices(visit: Visit) -> None:
    visitor = visit(scripts=False)
    visitor.sign_in("employee")
    begin_assessment(visitor)
    page = visitor.page
    address = re.sub(r"/pages/.*", "/pages/", page.url)
    page.goto(address + "a1")
    expect(page.locator("main")).to_match_aria_snapshot("""
      - progressbar "Page 1 of 13"
      - heading "Policy and commitment" [level=1]
      - group "1 What our company has promised to do for the environment":
        - radio "I have never heard of a promise about the environment."
        - radio "There is talk of a promise, but nothing in writing that I know of."
        - radio "There is a written promise, and I could find it."
        - radio "I can say what the written promise means for my department."
        - radio "We check together once a year whether the promise was kept."
        - radio "I don't know"
        - radio "Does not apply to my work"
      - group "2 How managers deal with waste of material and energy"
      - group "3 Money and time for improvements"
      - button "Save and go on"
    """)
    page.goto(address + "b1")
    group = page.get_by_role("group", name=re.compile("^1 When I throw something away"))
    names = [
        "Not at all true", "Hardly true", "Partly true", "Mostly true", "Completely true",
        "There was no opportunity", "Does not apply to my work",
    ]  # fmt: skip
    expect(group.get_by_role("radio")).to_have_count(len(names))
    for name in names:
        expect(group.get_by_role("radio", name=name, exact=True)).to_have_count(1)
