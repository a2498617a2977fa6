"""Takes the screenshots of this folder from a fresh demo site: ``make pictures``."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from learning.config import load_settings
from learning.content.store import publish
from learning.demo import ACCOUNTS, PASSWORD
from tests.browser.conftest import ARGUMENTS, make_demo_site
from tests.conftest import chromium
from tests.server import Server

HERE = Path(__file__).resolve().parent
WIDTHS = {360: 780, 1280: 900}


def _sign_in(page: Page, site: Server, who: str) -> None:
    page.goto(site.url + "/people/sign-in")
    page.get_by_label("E-mail address or sign-in name").fill(ACCOUNTS[who])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url + "/")


def home(page: Page, site: Server) -> None:
    """The next step of an employee."""
    page.goto(site.url + "/")


def course(page: Page, site: Server) -> None:
    """A course with progress."""
    page.goto(site.url + "/courses/foundations/")


def lesson(page: Page, site: Server) -> None:
    """A lesson in the reader."""
    page.goto(site.url + "/courses/foundations/m02/m02-l2")


def quiz(page: Page, site: Server) -> None:
    """A quiz in the middle, with an answer saved."""
    page.goto(site.url + "/quizzes/m01-quiz/")
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Continue")).first.click()
    page.wait_for_url(re.compile(r"/attempts/\w+$"))
    question = page.locator("fieldset[data-question]").filter(has=page.locator("input[type=radio]")).first
    # An answer that stands there already is not saved again.
    question.locator("input[type=radio]:not(:checked)").first.check()
    question.locator(".save-status", has_text="Saved").wait_for()


def result(page: Page, site: Server) -> None:
    """The result of a self-assessment."""
    page.goto(site.url + "/assessments/")
    finished = page.get_by_role("link", name=re.compile("^Result of"))
    if finished.count() == 0:
        page.goto(site.url + "/assessments/instruments/employee-awareness")
        _fill(page)
    else:
        finished.first.click()
    page.wait_for_url(re.compile("/result$"))


def cohort(page: Page, site: Server) -> None:
    """A cohort's people by modules."""
    page.goto(site.url + "/teaching/cohorts/")
    page.get_by_role("link", name="Dye house, all shifts").click()
    page.get_by_role("link", name="Progress", exact=True).click()


def report(page: Page, site: Server) -> None:
    """The report of the closed campaign."""
    page.goto(site.url + "/organization/campaigns/")
    page.locator("main").get_by_role("link", name="How we work with water and energy").first.click()
    page.get_by_role("link", name="Read the report").click()


#: What a thoughtful person might choose on each page of the self-assessment, item by item, counted from 0.
CHOICES = (
    (2, 3, 2), (3, 2, 3), (2, 3, 2, 2), (1, 2, 2, 1), (1, 2, 1, 2), (2, 3, 1), (2, 2, 3),
    (3, 1, 3, 4, 1), (3, 1, 3, 3, 0), (2, 3, 1, 3, 2), (3, 3, 1, 3, 1), (4, 3, 1, 3, 1),
    (0, 1, 0, 1, 0, 1, 0, 1),
)  # fmt: skip


def _fill(page: Page) -> None:
    """Answer the self-assessment with a plausible pattern."""
    page.get_by_label("My department").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()
    for choices in CHOICES:
        items = page.locator("fieldset.assessment-item").all()
        for item, choice in zip(items, choices, strict=True):
            item.locator("input[type=radio]").nth(choice).check()
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("Save and (go on|check your answers)")).click()
    page.get_by_role("button", name="Finish and see my result").click()


def trainer(page: Page, site: Server) -> None:
    """How far everyone is."""
    page.goto(site.url + "/teaching/")


SCENES: dict[str, tuple[str, Callable[[Page, Server], None]]] = {
    "home": ("employee", home),
    "course": ("employee", course),
    "lesson": ("employee", lesson),
    "quiz": ("employee", quiz),
    "result": ("employee", result),
    "trainer": ("trainer", trainer),
    "cohort": ("trainer", cohort),
    "report": ("manager", report),
}


def take(browser: Browser, site: Server) -> None:
    """Take every scene, narrow and wide, light and dark."""
    for (width, height), look, who in product(WIDTHS.items(), ("light", "dark"), ("employee", "trainer", "manager")):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=look, reduced_motion="reduce"
        )
        page = context.new_page()
        _sign_in(page, site, who)
        for name, (owner, scene) in SCENES.items():
            if owner == who:
                scene(page, site)
                page.evaluate("window.scrollTo(0, 0)")
                page.screenshot(path=HERE / f"{name}-{width}-{look}.png")
                sys.stdout.write(f"{name}-{width}-{look}.png\n")
        context.close()


def main() -> None:
    """Start a demo site and a browser, take the pictures, and stop both whatever happens."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        publish(load_settings().content, data / "content")
        site = make_demo_site(data, data / "content")
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            site.start()
            take(browser, site)
        finally:
            browser.close()
            site.stop()


if __name__ == "__main__":
    main()
