"""The employee's whole path in a real browser: lesson, quiz, self-assessment, result."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Visitor

pytestmark = pytest.mark.browser

#: The controls of a question that hold the answer.
ANSWER = "input:not([type=hidden])"


def _answer_quiz(page: Page) -> None:
    """Answer every question: the first choice everywhere, a number or word where one is typed, one entry moved."""
    for question in page.locator("fieldset[data-question]").all():
        for field in question.locator("input[type=text]").all():
            field.fill("42")
            field.blur()
        for choice in question.locator("select").all():
            choice.select_option(index=1)
        if question.locator("[data-ordering]").count():
            identifier = question.get_attribute("id")
            page.locator(f"#{identifier} li").first.get_by_role("button", name="Down").click()
            page.wait_for_load_state()
        elif question.locator("input[type=radio], input[type=checkbox]").count():
            question.locator("input[type=radio], input[type=checkbox]").first.check()


def _read_a_lesson(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/courses/foundations/")
    visitor.follow(page.locator(".next-step a.button").first)
    if "/quizzes/" in page.url:
        return
    title = page.locator("h1").inner_text()
    visitor.follow(page.get_by_role("button", name=re.compile("Mark as read")))
    visitor.open("/courses/foundations/")
    row = page.locator("li.done", has_text=title)
    expect(row).to_contain_text("Read")


def _sit_a_quiz(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/quizzes/m01-quiz/")
    page.get_by_role("button", name=re.compile("Start|Continue|Go on|Try again")).or_(
        page.get_by_role("link", name=re.compile("Continue|Go on"))
    ).first.click()
    page.wait_for_url(re.compile(r"/attempts/\w+$"))
    _answer_quiz(page)
    page.get_by_role("button", name=re.compile("Check|check")).click()
    page.wait_for_url(re.compile(r"/attempts/\w+/check$"))
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile(r"/review$"))
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("Why:").first).to_be_visible()


def begin_assessment(visitor: Visitor, scope: str = "My department") -> None:
    """Start a self-assessment, or go on with the open one."""
    page = visitor.page
    visitor.open("/assessments/instruments/employee-awareness")
    if page.get_by_role("link", name="Go on where you stopped").count():
        visitor.follow(page.get_by_role("link", name="Go on where you stopped"))
        return
    page.get_by_label(scope).check()
    visitor.follow(page.get_by_role("button", name="Start"))


def _assess(visitor: Visitor) -> None:
    page = visitor.page
    begin_assessment(visitor)
    for number in range(13):
        items = page.locator("fieldset.assessment-item").all()
        assert items
        for item in items:
            item.locator("input[type=radio]").nth(number % 4).check()
        visitor.follow(page.get_by_role("button", name=re.compile("Save and (go on|check your answers)")))
    page.wait_for_url(re.compile("/check$"))
    page.get_by_role("button", name="Finish and see my result").click()
    page.wait_for_url(re.compile("/result$"))
    expect(page.get_by_role("heading", name="Organization management").first).to_be_visible()
    expect(page.get_by_role("heading", name="Environmental awareness").first).to_be_visible()
    expect(page.get_by_role("heading", name="Three things to do next")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [360, 1280])
def test_an_employee_reads_answers_and_looks_at_the_workplace(visit: Visit, width: int, scripts: bool) -> None:
    visitor = visit(width=width, scripts=scripts)
    visitor.sign_in("employee")
    _read_a_lesson(visitor)
    assert visitor.sideways() <= 0 if scripts else True
    _sit_a_quiz(visitor)
    _assess(visitor)
    visitor.page.locator("header summary").locator("visible=true").last.click()
    visitor.follow(visitor.page.get_by_role("button", name="Sign out").locator("visible=true"))
    visitor.open("/")
    expect(visitor.page.get_by_role("link", name="Sign in").locator("visible=true").first).to_be_visible()


def test_answers_are_saved_as_one_goes_and_are_there_on_another_device(visit: Visit) -> None:
    first = visit()
    first.sign_in("employee")
    first.open("/quizzes/m01-quiz/")
    first.page.get_by_role("button", name=re.compile("Start|Continue|Go on|Try again")).or_(
        first.page.get_by_role("link", name=re.compile("Continue|Go on"))
    ).first.click()
    first.page.wait_for_url(re.compile(r"/attempts/\w+$"))
    question = first.page.locator("fieldset[data-question]:has(input[type=radio])").first
    question.locator(ANSWER).first.focus()
    question.locator(ANSWER).first.check()
    expect(question.locator("[data-save-status], .save-status").first).to_contain_text("Saved")
    second = visit(width=360)
    second.sign_in("employee")
    second.page.goto(first.page.url)
    same = second.page.locator(f"fieldset[data-question='{question.get_attribute('data-question')}']")
    expect(same.locator(ANSWER).first).to_be_checked()


def _tab_to(page: Page, wanted: str, most: int = 250) -> None:
    """Press Tab until the focused control's text or name matches."""
    script = "() => { const e = document.activeElement; return (e.type === 'radio' ? 'radio ' + e.value : e.innerText || e.value || e.id || '') + ' ' + (e.getAttribute('aria-label') || ''); }"
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.search(wanted, page.evaluate(script)):
            return
    raise AssertionError(f"Tab never reaches {wanted!r} on {page.url}")


def _enter(page: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_alone_completes_the_path(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/people/sign-in")
    page.keyboard.press("Tab")
    page.get_by_label("E-mail address or sign-in name").focus()
    page.keyboard.type("learner@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type("clean-water-runs-upstream")
    page.keyboard.press("Enter")
    page.wait_for_url(visitor.site.url + "/")
    _tab_to(page, r"^(Read the lesson|Go to the quiz)")
    _enter(page)
    if "/quizzes/" not in page.url:
        _tab_to(page, "Mark as read|Take the mark back")
        _enter(page)
    visitor.open("/assessments/instruments/employee-awareness")
    if page.get_by_role("button", name="Start").count():
        _tab_to(page, "^radio organization")
        page.keyboard.press("Space")
    _tab_to(page, r"^(Start|Go on where you stopped)")
    _enter(page)
    while "/check" not in page.url:
        for _ in range(page.locator("fieldset.assessment-item").count()):
            _tab_to(page, "^radio")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        _tab_to(page, "Save and (go on|check your answers)")
        _enter(page)
    _tab_to(page, "Finish and see my result")
    _enter(page)
    assert page.url.endswith("/result")
    _tab_to(page, "Put these 3 lessons on my list|Take them off my list")
    _enter(page)
    expect(page.get_by_text("The lessons are on your list")).to_be_visible()
    page.get_by_label("What I will do").focus()
    page.keyboard.type("Look for leaks at the break")
    _tab_to(page, "Put it on my list")
    _enter(page)
    expect(page.get_by_text("It is on your list.")).to_be_visible()
