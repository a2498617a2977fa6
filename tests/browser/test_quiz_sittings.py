"""A quiz of all types and rules in a real browser: with scripts, without, in two tabs, without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from learning.clock import now
from learning.content.store import publish
from tests.browser.conftest import Visit, Visitor, make_demo_site
from tests.content.builders import COURSE, LESSON, MODULE, QUIZ, write, write_content
from tests.proof import times
from tests.server import Server

pytestmark = pytest.mark.browser

RULES = """\
shuffle_questions: false
one_at_a_time: true
certainty: true
feedback: immediate
retry_penalty: 50
time_limit: 30
---"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo site whose second quiz has every rule."""
    root = tmp_path_factory.mktemp("rules")
    folder = write_content(root)
    write(folder, "courses/employee-path.yaml", COURSE.replace("id: employee-path", "id: foundations"))
    second = "modules/02-rules"
    write(folder, f"{second}/module.yaml", MODULE.replace("m01", "m02"))
    write(folder, f"{second}/01-gate.md", re.sub(r"!\[.*", "", LESSON.replace("m01-l1", "m02-l1")))
    write(folder, f"{second}/quiz.md", QUIZ.replace("m01-q", "m02-q").replace("---\n\nTake", f"{RULES}\n\nTake", 1))
    loaded = publish(folder, root / "published")
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    server = make_demo_site(tmp_path_factory.mktemp("rules-site"), root / "published")
    server.start()
    yield server
    server.stop()


def begin(visitor: Visitor, quiz: str) -> Page:
    """Start an attempt, or go on with the open one."""
    visitor.open(f"/quizzes/{quiz}/")
    page = visitor.page
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Continue").first).first.click()
    page.wait_for_url(re.compile(r"/attempts/\w+"))
    return page


def answer_all(visitor: Visitor, scripts: bool) -> None:
    """Every question of the first quiz rightly, as a person would."""
    page = visitor.page
    if scripts:
        expect(page.locator(".entry-handle").first).to_be_visible()
    page.get_by_label("Using the last rinse as the first").check()
    page.get_by_label("Water", exact=True).check()
    page.get_by_label("Energy", exact=True).check()
    page.get_by_label("True", exact=True).check()
    page.get_by_label("Your answer in kWh").fill("42.5")
    page.get_by_label("Your answer", exact=True).fill("Payback  Period")
    page.get_by_label("Steam").select_option("Energy")
    page.get_by_label("Scrap", exact=True).and_(page.locator("select")).select_option("Waste")
    page.get_by_label("Gap 1").select_option("reused")
    page.get_by_label("Gap 2").fill("1st")
    for place, wanted in enumerate(["Avoid", "Reuse", "Treat"]):
        while page.locator(".ordering .entry").all_inner_texts().index(wanted) > place:
            up = page.locator(".ordering li", has_text=wanted).get_by_role("button", name="Up")
            up.click() if scripts else visitor.follow(up)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_type_is_answered_and_marked_right(visit: Visit, scripts: bool) -> None:
    visitor = visit(width=360, scripts=scripts)
    visitor.sign_in("manager")
    page = begin(visitor, "m01-quiz")
    answer_all(visitor, scripts)
    if scripts:
        assert visitor.sideways() <= 0
        expect(page.locator(".save-status[data-state=saved]")).to_have_count(8)
    page.get_by_role("button", name="Check and hand in").click()
    expect(page.get_by_text("Every question is answered.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(re.compile("/review$"))
    expect(page.get_by_text("100.0 %")).to_be_visible()
    expect(page.locator(".marks .review-right")).to_have_count(8)


def test_one_question_a_page_is_checked_tried_again_and_marked_by_certainty(visit: Visit) -> None:
    visitor = visit(scripts=False, expect_status=(422,))
    visitor.sign_in("manager")
    page = begin(visitor, "m02-quiz")
    expect(page.locator("fieldset[data-question]")).to_have_count(1)
    expect(page.locator(".deadline")).to_be_visible()
    page.get_by_role("button", name="Check this answer").click()
    expect(page.get_by_text("There is no answer to check yet").first).to_be_visible()
    page.get_by_label("Adding a second settling tank").check()
    page.get_by_label("Sure", exact=True).check()
    page.get_by_role("button", name="Check this answer").click()
    expect(page.get_by_text("A tank treats what has been lost.")).to_be_visible()
    expect(page.get_by_text("You may try once more; it costs 50 % of the points.")).to_be_visible()
    assert "prevention acts before" not in page.content(), "why comes when nothing can be tried any more"
    page.get_by_label("Using the last rinse as the first").check()
    page.get_by_role("button", name="Check this answer").click()
    expect(page.get_by_text("prevention acts before the waste exists")).to_be_visible()
    expect(page.get_by_text("3 of 6 points")).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    page.get_by_label("Water", exact=True).check()
    page.get_by_role("button", name=re.compile("^Question 5")).click()
    page.get_by_label("Your answer").fill("payback period")
    page.get_by_role("button", name="Check and hand in").click()
    expect(page.get_by_text("5 questions are not answered yet")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".result-figure")).to_contain_text("%")


def test_an_older_tab_becomes_read_only_and_can_take_over_again(visit: Visit) -> None:
    visitor = visit(expect_status=(409,))
    visitor.sign_in("trainer")
    first = begin(visitor, "m01-quiz")
    first.get_by_label("Your answer in kWh").fill("1")
    expect(first.locator(".save-status[data-state=saved]")).to_have_count(1)
    second = first.context.new_page()
    second.goto(first.url)
    expect(first.get_by_role("alert")).to_contain_text("another tab")
    expect(first.get_by_label("Your answer in kWh")).to_be_disabled()
    second.get_by_label("Your answer in kWh").fill("2")
    expect(second.locator(".save-status[data-state=saved]")).to_have_count(1)
    first.get_by_role("button", name="Continue here").click()
    expect(first.get_by_label("Your answer in kWh")).to_have_value("2")
    expect(first.get_by_label("Your answer in kWh")).to_be_enabled()
    expect(second.get_by_label("Your answer in kWh")).to_be_disabled()


@pytest.mark.prove
def test_answers_given_without_a_network_arrive_in_order_and_once(visit: Visit) -> None:
    visitor = visit(latency=0)  # a line that is slow cannot be cut as well
    visitor.sign_in("employee")
    page = begin(visitor, "m01-quiz")
    arrived: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on(
        "requestfinished",
        lambda request: arrived.append(request.url.rpartition("/")[2]) if request.method == "PUT" else None,
    )
    page.context.set_offline(True)
    page.get_by_label("Your answer", exact=True).fill("payback")
    page.get_by_label("True", exact=True).check()
    page.get_by_label("Your answer in kWh").fill("42")
    page.get_by_label("Gap 2").fill("first")
    page.get_by_label("Steam").select_option("Energy")
    expect(page.locator(".save-status[data-state=failed]")).to_have_count(5)
    # In the proof it is away for a minute, as long as a browser takes for its longest pause.
    page.wait_for_timeout(times(short=0, full=60_000))
    page.context.set_offline(False)
    expect(page.locator(".save-status[data-state=saved]")).to_have_count(5)
    for _ in range(100):  # the page may show it before the browser tells of it
        if len(arrived) < 5:
            page.wait_for_timeout(50)
    assert arrived == ["m01-q5", "m01-q3", "m01-q4", "m01-q8", "m01-q6"]
    page.reload()
    expect(page.get_by_label("Your answer in kWh")).to_have_value("42")
    expect(page.get_by_label("Gap 2")).to_have_value("first")
    visitor.complaints = [each for each in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def test_an_answer_that_failed_long_ago_is_not_overtaken_by_a_new_one(visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in("manager")
    page = begin(visitor, "m01-quiz")
    page.wait_for_load_state("networkidle")
    page.clock.install()
    page.clock.pause_at(now() + timedelta(minutes=1))
    sent: list[str] = []
    lost: list[str] = []
    page.on("request", lambda each: sent.append(each.url.rpartition("/")[2]) if each.method == "PUT" else None)
    page.on("requestfailed", lambda each: lost.append(each.url))
    page.route("**/answers/*", lambda route: route.abort())
    page.get_by_label("Steam").select_option("Waste")
    for _ in range(400):
        if len(lost) < 3:  # the try after these comes in five seconds
            page.clock.run_for(50)
            page.wait_for_timeout(20)
    assert len(lost) == 3
    page.get_by_label("Gap 1").select_option("drained")
    page.clock.run_for(10)
    expect(page.locator(".save-status[data-state=failed]")).to_have_count(2)
    page.unroute("**/answers/*")
    sent.clear()
    page.clock.run_for(1100)  # the new one is tried again
    expect(page.locator(".save-status[data-state=saved]")).to_have_count(2)
    assert sent == ["m01-q6", "m01-q8"]
    visitor.complaints = [each for each in visitor.complaints if "ERR_FAILED" not in each]


def test_an_ended_session_still_saves_and_then_asks_to_sign_in(visit: Visit) -> None:
    visitor = visit(expect_status=(400, 401))
    visitor.sign_in("employee")
    page = begin(visitor, "m01-quiz")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.get_by_label("Your answer in kWh").fill("41")
    expect(page.locator(".save-status[data-state=saved]")).to_have_count(1)
    again = visit()
    again.sign_in("employee")
    again.page.goto(page.url)
    expect(again.page.get_by_label("Your answer in kWh")).to_have_value("41")


def test_what_is_answered_before_the_script_comes_is_saved_too(visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in("trainer")
    held: list[Route] = []
    visitor.page.route("**/autosave.js", lambda route: held.append(route))
    page = begin(visitor, "m01-quiz")
    page.get_by_label("Your answer in kWh").fill("17")
    page.get_by_label("Gap 1").select_option("drained")
    assert held
    for route in held:
        route.continue_()
    expect(page.locator(".save-status[data-state=saved]")).to_have_count(2)
