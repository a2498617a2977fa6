"""Every page, as every kind of person, light and dark, wide and narrow: accessible, silent, and within its window."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from learning.web.policies import Policy, policy_of
from tests.browser.conftest import Visit, Visitor
from tests.browser.looking import complaints
from tests.browser.test_employee import begin_assessment

pytestmark = [pytest.mark.browser, pytest.mark.prove]

#: Pages that a GET opens, by who opens them; addresses with ids are found on the pages themselves.
PAGES = {
    None: [
        "/", "/courses/", "/courses/foundations/", "/courses/foundations/m01/m01-l1", "/courses/foundations/m01/m01-l4",
        "/glossary/", "/search", "/search?q=waste", "/search?q=nowhere", "/privacy", "/people/sign-in",
        "/people/forgotten", "/people/first-sign-in", "/people/signed-out", "/components",
        "/answer/", "/answer/kiosk", "/answer/result", "/verify/",
    ],
    "employee": [
        "/", "/ideas/", "/certificates/", "/certificates/transcript", "/practice/", "/practice/tasks/m10-l1-try", "/practice/to-confirm/", "/courses/", "/courses/foundations/", "/courses/foundations/m01/m01-l2", "/quizzes/m01-quiz/", "/review/", "/assessments/", "/assessments/actions",
        "/assessments/instruments/employee-awareness", "/assessments/instruments/employee-awareness/method",
        "/people/account", "/people/sessions", "/people/password", "/courses/employee-path/",
    ],
    "trainer": [
        "/teaching/", "/teaching/?name=nobody-has-this-name", "/teaching/quizzes/", "/teaching/quizzes/m01-quiz/",
        "/teaching/quizzes/m02-quiz/?attempts=all", "/teaching/quizzes/m03-quiz/", "/teaching/questions/",
        "/teaching/quizzes/m01-quiz/dates", "/teaching/quizzes/m01-quiz/regrade",
        "/teaching/cohorts/", "/teaching/cohorts/new", "/teaching/certificates/", "/teaching/practice/", "/teaching/exports/", "/teaching/progress", "/teaching/lessons/",
    ],
    "manager": [
        "/organization/people", "/organization/ideas/", "/organization/campaigns/", "/organization/people/add", "/organization/people/add-several",
        "/organization/departments", "/organization/invitations", "/organization/join-links",
        "/organization/time-zone",
        "/organization/campaigns/new",
    ],
    "administrator": ["/administration/", "/administration/organizations/add", "/administration/questionnaires", "/"],
}  # fmt: skip


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_violation_or_is_wider_than_its_window(visit: Visit, who: str | None, width: int) -> None:
    visitor = visit(width=width)
    if who:
        visitor.sign_in(who)
    found = []
    for path in PAGES[who]:
        visitor.open(path)
        found += complaints(visitor, path)
    if who == "trainer":
        visitor.open("/teaching/")
        visitor.page.locator("tbody a").first.click()
        visitor.page.wait_for_url(re.compile("/teaching/people/"))
        found += complaints(visitor, "a learner's record")
        found += _check_cohort(visitor)
    if who == "manager":
        found += _check_report(visitor)
    assert not found, "\n".join(found)


def _check_report(visitor: Visitor) -> list[str]:
    """Complaints about the closed campaign of the demo and its report, with everything unfolded."""
    page = visitor.page
    visitor.open("/organization/campaigns/")
    page.get_by_role("link", name="How we work with water and energy").click()
    page.wait_for_url(re.compile(r"/campaigns/\w+$"))
    found = complaints(visitor, "a campaign")
    page.get_by_role("link", name="Read the report").click()
    page.wait_for_url(re.compile("/report$"))
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    return found + complaints(visitor, "the report of a wave")


def _check_cohort(visitor: Visitor) -> list[str]:
    """Complaints about the pages of one cohort, with a list of people that has everything wrong."""
    page = visitor.page
    visitor.open("/teaching/cohorts/")
    page.get_by_role("link", name="Newcomers of this spring").click()
    page.wait_for_url(re.compile(r"/cohorts/\w+$"))
    cohort = page.url
    found = complaints(visitor, "a cohort")
    for part in ("change", "people/add", "assign", "roster"):
        page.goto(f"{cohort}/{part}")
        found += complaints(visitor, part)
    page.get_by_label("Or paste addresses").fill("demo-1001\ndemo-1030\nnobody@x.example\nwrong@\ntrainer@demo.example")
    page.get_by_role("button", name="Show what it does").click()
    page.get_by_role("button", name="Add 1 person").wait_for()
    found += complaints(visitor, "what a list does")
    page.goto(cohort)
    page.locator("[aria-labelledby=assignments] tbody a").first.click()
    page.wait_for_url(re.compile("/assignments/"))
    found += complaints(visitor, "an assignment")
    page.get_by_role("link", name="Take the assignment back").click()
    page.wait_for_url(re.compile("/end$"))
    return found + complaints(visitor, "taking an assignment back")


@pytest.mark.parametrize("width", [320, 1280])
def test_quiz_and_self_assessment_have_no_violation_from_start_to_result(visit: Visit, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.page
    visitor.sign_in("employee")
    visitor.open("/quizzes/m01-quiz/")
    page.get_by_role("button", name=re.compile("Start|Continue|Go on|Try again")).or_(
        page.get_by_role("link", name=re.compile("Continue|Go on"))
    ).first.click()
    page.wait_for_url(re.compile(r"/attempts/\w+$"))
    found = complaints(visitor, "sitting")
    page.get_by_role("button", name=re.compile("Check|check")).click()
    page.wait_for_url(re.compile("/check$"))
    found += complaints(visitor, "check of the quiz")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile("/review$"))
    found += complaints(visitor, "review")
    begin_assessment(visitor)
    page.wait_for_url(re.compile("/pages/"))
    address = page.url.rsplit("/", 2)[0]
    for dimension in ("a1", "b1", "k"):
        page.goto(f"{address}/pages/{dimension}")
        page.locator("main details summary").first.click()
        found += complaints(visitor, dimension)
        for item in page.locator("fieldset.assessment-item").all():
            item.locator("input[type=radio]").nth(1).check()
        visitor.follow(page.get_by_role("button", name=re.compile("Save and (go on|check your answers)")))
    page.goto(f"{address}/check")
    found += complaints(visitor, "check of the self-assessment")
    page.get_by_role("button", name="Finish and see my result").click()
    page.wait_for_url(re.compile("/result$"))
    page.get_by_label("What I will do").fill("Look for leaks")
    page.get_by_role("button", name="Put it on my list").click()
    page.get_by_text("It is on your list.").wait_for()
    page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    found += complaints(visitor, "result")
    page.get_by_role("link", name="Change Look for leaks").first.click()
    page.wait_for_url(re.compile("/actions/"))
    found += complaints(visitor, "an action")
    page.goto(f"{address}/delete")
    found += complaints(visitor, "deleting")
    assert not found, "\n".join(found)


def test_errors_are_pages_too(visit: Visit) -> None:
    visitor = visit(expect_status=(404,))
    visitor.open("/nowhere")
    assert not complaints(visitor, "404")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_page_without_an_id_is_on_the_list(app: Flask) -> None:
    listed = {path.split("?")[0] for paths in PAGES.values() for path in paths}
    no_pages = {"/healthz", "/readyz", "/certificates/transcript.pdf"}
    missing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and policy_of(app, rule.endpoint) is not Policy.DEVELOPMENT
    }
    assert not missing - listed - no_pages, "pages that no browser has looked at"
