"""Every page, as every kind of person, light and dark, wide and narrow: accessible, silent, and within its window."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from learning.web.policies import Policy, policy_of
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_employee import begin_assessment

pytestmark = pytest.mark.browser

#: Pages that a GET opens, by who opens them; addresses with ids are found on the pages themselves.
PAGES = {
    None: [
        "/", "/courses/", "/courses/foundations/", "/courses/foundations/m01/m01-l1", "/courses/foundations/m01/m01-l4",
        "/glossary/", "/search", "/search?q=waste", "/search?q=nowhere", "/privacy", "/people/sign-in",
        "/people/forgotten", "/people/first-sign-in", "/people/signed-out", "/components",
    ],
    "employee": [
        "/", "/courses/", "/courses/foundations/", "/courses/foundations/m01/m01-l2", "/quizzes/m01-quiz/", "/review/", "/assessments/", "/assessments/actions",
        "/assessments/instruments/employee-awareness", "/assessments/instruments/employee-awareness/method",
        "/people/account", "/people/sessions", "/people/password",
    ],
    "trainer": [
        "/teaching/", "/teaching/?name=nobody-has-this-name", "/teaching/quizzes/", "/teaching/quizzes/m01-quiz/",
        "/teaching/quizzes/m02-quiz/?attempts=all", "/teaching/quizzes/m03-quiz/", "/teaching/questions/",
        "/teaching/quizzes/m01-quiz/dates", "/teaching/quizzes/m01-quiz/regrade",
    ],
    "manager": [
        "/organization/people", "/organization/people/add", "/organization/people/add-several",
        "/organization/departments", "/organization/invitations", "/organization/join-links",
    ],
    "administrator": ["/administration/", "/administration/organizations/add", "/administration/questionnaires", "/"],
}  # fmt: skip


def _check(visitor: Visitor, path: str) -> list[str]:
    """Complaints about the page that is open."""
    found = [
        f"{path}: {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in Axe().run(visitor.page).response["violations"]
        for node in violation["nodes"][:2]
    ]
    if visitor.sideways() > 0:
        found.append(f"{path}: {visitor.sideways()} px wider than the window")
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_violation_or_is_wider_than_its_window(
    visit: Visit, who: str | None, width: int, dark: bool
) -> None:
    visitor = visit(width=width, dark=dark)
    if who:
        visitor.sign_in(who)
    found = []
    for path in PAGES[who]:
        visitor.open(path)
        found += _check(visitor, path)
    if who == "trainer":
        visitor.open("/teaching/")
        visitor.page.locator("tbody a").first.click()
        visitor.page.wait_for_url(re.compile("/teaching/people/"))
        found += _check(visitor, "a learner's record")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_quiz_and_self_assessment_have_no_violation_from_start_to_result(visit: Visit, width: int, dark: bool) -> None:
    visitor = visit(width=width, dark=dark)
    page = visitor.page
    visitor.sign_in("employee")
    visitor.open("/quizzes/m01-quiz/")
    page.get_by_role("button", name=re.compile("Start|Continue|Go on|Try again")).or_(
        page.get_by_role("link", name=re.compile("Continue|Go on"))
    ).first.click()
    page.wait_for_url(re.compile(r"/attempts/\w+$"))
    found = _check(visitor, "sitting")
    page.get_by_role("button", name=re.compile("Check|check")).click()
    page.wait_for_url(re.compile("/check$"))
    found += _check(visitor, "check of the quiz")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile("/review$"))
    found += _check(visitor, "review")
    begin_assessment(visitor)
    page.wait_for_url(re.compile("/pages/"))
    address = page.url.rsplit("/", 2)[0]
    for dimension in ("a1", "b1", "k"):
        page.goto(f"{address}/pages/{dimension}")
        page.locator("main details summary").first.click()
        found += _check(visitor, dimension)
        for item in page.locator("fieldset.assessment-item").all():
            item.locator("input[type=radio]").nth(1).check()
        page.get_by_role("button", name=re.compile("Save and (go on|check your answers)")).click()
    page.goto(f"{address}/check")
    found += _check(visitor, "check of the self-assessment")
    page.get_by_role("button", name="Finish and see my result").click()
    page.wait_for_url(re.compile("/result$"))
    page.get_by_label("What I will do").fill("Look for leaks")
    page.get_by_role("button", name="Put it on my list").click()
    page.get_by_text("It is on your list.").wait_for()
    page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    found += _check(visitor, "result")
    page.get_by_role("link", name="Change Look for leaks").first.click()
    page.wait_for_url(re.compile("/actions/"))
    found += _check(visitor, "an action")
    page.goto(f"{address}/delete")
    found += _check(visitor, "deleting")
    assert not found, "\n".join(found)


def test_errors_are_pages_too(visit: Visit) -> None:
    visitor = visit(expect_status=(404,))
    visitor.open("/nowhere")
    assert not _check(visitor, "404")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_page_without_an_id_is_on_the_list(app: Flask) -> None:
    listed = {path.split("?")[0] for paths in PAGES.values() for path in paths}
    plain = {"text/plain": {"/healthz", "/readyz"}}
    missing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and policy_of(app, rule.endpoint) is not Policy.DEVELOPMENT
    }
    assert not missing - listed - plain["text/plain"], "pages that no browser has looked at"
