"""A campaign in a real browser, from its plan to the poster: accessible on a phone and on a desk."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from learning import create_app
from learning.ballots import service as ballots
from learning.ballots.codes import new_permit, new_response_key
from learning.ballots.database import the_engine
from learning.clock import now
from learning.config import load_settings
from learning.content.model import AnchoredItem
from tests.browser.conftest import Visit
from tests.browser.looking import complaints
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def answer_with_cards(site: Server, sheet: Path) -> None:
    """Let everybody who drew a card of this sheet answer, each a little differently."""
    chance = random.Random(11)
    text = " ".join(page.extract_text() for page in PdfReader(sheet).pages)
    codes_ = sorted(set(re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}", text)))
    assert len(codes_) >= 10
    app = create_app(load_settings(data=site.data, public_url=site.url))
    with app.app_context():
        for code in codes_:
            wave = ballots.open_wave_of(code)
            assert wave
            answers = {
                item.id: chance.choice((0, 1, 1, 2) if isinstance(item, AnchoredItem) else (2, 3, 4))
                for dimension in wave.instrument.dimensions
                if dimension.kind != "knowledge"
                for item in dimension.items
            }
            ballots.submit(ballots.Sent(code, new_permit(), new_response_key(), answers), now())
        the_engine().dispose()


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])
def test_a_campaign_has_no_violation_from_its_plan_to_the_poster(
    visit: Visit, width: int, dark: bool, tmp_path: Path
) -> None:
    visitor = visit(width=width, dark=dark, expect_status=(422,))
    page, today = visitor.page, now().date()
    visitor.sign_in("manager")
    visitor.open("/organization/campaigns/new")
    page.get_by_label("Title").fill(f"Our view {width}")
    page.get_by_role("button", name="Begin").click()
    visitor.follow(page.get_by_role("button", name="Save and go on"))
    found = complaints(visitor, "what, with errors")
    page.get_by_label(re.compile("Employee awareness")).check()
    for label in ("Why you ask", "What you set aside", "Who answers questions"):
        page.get_by_label(re.compile(label)).fill("In a word")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(re.compile("/setup/who$"))
    found += complaints(visitor, "who")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("First day", exact=True).fill(str(today))
    page.get_by_label("Last day", exact=True).fill(str(today + timedelta(days=14)))
    found += complaints(visitor, "when")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(re.compile("/setup/promise$"))
    found += complaints(visitor, "promise")
    page.get_by_label(re.compile("makes this promise")).check()
    page.get_by_label(re.compile("works council")).check()
    page.get_by_role("button", name="Save and check everything").click()
    page.get_by_role("heading", name="Everything is there").wait_for()
    found += complaints(visitor, "campaign")
    address = page.url
    page.goto(f"{address}/announcement")
    found += complaints(visitor, "announcement")
    page.goto(f"{address}/preview")
    found += complaints(visitor, "preview")
    page.goto(address)
    visitor.follow(page.get_by_role("link", name="Open Wave 1 (before)"))
    found += complaints(visitor, "open")
    page.get_by_role("button", name="Open now").click()
    page.wait_for_url(re.compile(r"/waves/\w+$"))
    found += complaints(visitor, "wave")
    with page.expect_download() as sheet:
        page.get_by_role("button", name="Make the sheet").first.click()
    sheet.value.save_as(tmp_path / "cards.pdf")
    answer_with_cards(visitor.site, tmp_path / "cards.pdf")
    visitor.follow(page.get_by_role("link", name="Close this wave"))
    found += complaints(visitor, "close")
    page.get_by_role("button", name="Close for ever").click()
    page.get_by_text("This wave is closed").wait_for()
    found += complaints(visitor, "closed")

    page.get_by_role("link", name="Read the report").click()
    page.get_by_role("heading", name="Where it is weak").wait_for()
    found += complaints(visitor, "report")
    visitor.follow(page.get_by_role("link", name="Begin the action plan"))
    visitor.follow(page.get_by_role("button", name="Put it on the plan").first)
    page.get_by_label("By when").fill(str(today + timedelta(days=60)))
    found += complaints(visitor, "a measure")
    measure = page.get_by_label("Measure", exact=True).input_value()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=measure).wait_for()
    found += complaints(visitor, "action plan")
    page.get_by_role("link", name=measure).click()
    page.get_by_role("heading", name="How it went on").wait_for()
    found += complaints(visitor, "how a measure went on")
    page.goto(address)
    visitor.follow(page.get_by_role("link", name="Read the report").first)
    poster = page.get_by_role("link", name=re.compile("A4")).get_attribute("href")
    (tmp_path / "poster.pdf").write_bytes(page.request.get(f"{visitor.site.url}{poster}").body())
    text = " ".join(each.extract_text() for each in PdfReader(tmp_path / "poster.pdf").pages)
    assert "You said it" in text
    assert measure in " ".join(text.split())
    assert not found, "\n".join(found)
