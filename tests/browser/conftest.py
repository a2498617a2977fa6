"""A real server with the demo organization, and real browsers that note everything that goes wrong."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

from learning import create_app
from learning.ballots.database import the_engine
from learning.ballots.schema import prepare_ballots
from learning.clock import now
from learning.config import PROJECT, load_settings
from learning.demo import ACCOUNTS, PASSWORD, add_demo
from learning.extensions import db
from learning.migrating import upgrade_database
from learning.web.assets import build_assets
from tests.conftest import chromium
from tests.proof import times
from tests.server import Server

#: Chromium as root in a container, without its calls home.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

#: Milliseconds until what should appear is missed: a busy machine is slow, and waiting costs nothing where it is not.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)

#: Seconds that hardly a test takes.
ONE_TEST = 90

#: Milliseconds that the line takes for every answer. In the long proof scripts come well after the page they serve.
LATENCY = times(short=0, full=600)


def make_demo_site(data: Path, published: Path) -> Server:
    """A data folder with the demo organization, and the server for it (not started)."""
    if not (data / "content").exists():
        (data / "content").symlink_to(published)
    server = Server(data, environment={"HEADWATER_DEVELOPMENT": "1"})
    app = create_app(load_settings(data=data, public_url=server.url))
    with app.app_context():
        upgrade_database()
        prepare_ballots()
        build_assets(PROJECT / "static", data / "static")
        add_demo(now())
        db.engine.dispose()
        the_engine().dispose()
    return server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[Server]:
    """The running demo site."""
    server = make_demo_site(tmp_path_factory.mktemp("site"), published)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright_here() -> Iterator[Playwright]:
    """Playwright, for this worker."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser_here(playwright_here: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI must not leave it out.")
        pytest.skip("Chromium is missing: apt-get install chromium")
    browser = playwright_here.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def one_day() -> None:
    """No test of the browser runs past midnight, where the server's day is another one than the test's."""
    begun = now()
    left = (begun.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - begun).total_seconds()
    if left < ONE_TEST:
        threading.Event().wait(left + 1)


@dataclass
class Visitor:
    """A person with a browser of their own; ``complaints`` holds everything that went wrong on any page."""

    site: Server
    page: Page
    #: Of the window, in CSS pixels.
    width: int
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.site.url + path)

    def follow(self, target: Locator) -> None:
        """Click on what leads to another page, and be there: a click alone may return before the page has changed."""
        with self.page.expect_navigation():
            target.click()

    def sign_in(self, who: str) -> None:
        """Sign in as one of the demo accounts."""
        self.open("/people/sign-in")
        self.page.get_by_label("E-mail address or sign-in name").fill(ACCOUNTS[who])
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(self.site.url + "/")

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        self.page.wait_for_load_state()
        return int(self.page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth"))


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Server, browser_here: Browser) -> Iterator[Visit]:
    """A function that opens a fresh browser. At the end nothing may have gone wrong in any of them."""
    opened: list[tuple[Any, Visitor]] = []

    def make(
        *,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
        expect_status: tuple[int, ...] = (),
        latency: int = LATENCY,
    ) -> Visitor:
        context = browser_here.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(site, context.new_page(), width)
        if latency:
            line = context.new_cdp_session(visitor.page)
            line.send("Network.enable")
            slow = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
            line.send("Network.emulateNetworkConditions", slow)
        host = urlsplit(site.url).netloc

        def console(message: Any) -> None:
            expected = any(f"status of {status}" in message.text for status in expect_status)
            if message.type in {"error", "warning"} and not expected:
                visitor.complaints.append(f"console: {message.text}")

        def requested(request: Any) -> None:
            if urlsplit(request.url).netloc != host:
                visitor.complaints.append(f"request to another host: {request.url}")

        def answered(response: Any) -> None:
            if response.status >= 400 and response.status not in expect_status:
                visitor.complaints.append(f"{response.status}: {response.url}")

        visitor.page.on("console", console)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
        context.on("request", requested)
        context.on("response", answered)
        opened.append((context, visitor))
        return visitor

    yield make
    for context, visitor in opened:
        context.close()
        assert not visitor.complaints
