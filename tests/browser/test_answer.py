"""Anonymous answering in real browsers: a phone without scripts, one with, a dead line, a kiosk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from learning import create_app
from learning.ballots import codes
from learning.ballots.database import the_engine
from learning.clock import now
from learning.config import load_settings
from learning.extensions import db
from learning.psychometrics.wave_table import Group
from tests.ballots.answering import open_wave
from tests.browser.conftest import Visit, Visitor
from tests.browser.looking import complaints
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]

#: What a first visit may load in all, the first page of questions included.
LIGHT = 60_000


@pytest.fixture(scope="module")
def given_out(site: Server) -> Iterator[Iterator[str]]:
    """Codes of an open wave, each to be taken once."""
    app = create_app(load_settings(data=site.data, public_url=site.url))
    wave = open_wave(app, groups=(Group("dye", "Dye house", 40),))
    yield iter(wave.codes["dye"])
    with app.app_context():
        db.engine.dispose()
        the_engine().dispose()


def press(page: Page, words: str) -> None:
    """Press a button and wait until the page is another."""
    title = page.locator("h1").inner_text()
    page.get_by_role("button", name=words, exact=True).click()
    expect(page.locator("h1")).not_to_have_text(title)
    page.wait_for_load_state()  # without scripts the heading is there before what follows it


def begin(visitor: Visitor, code: str, start: str = "/answer/") -> None:
    """To the first page of questions."""
    visitor.open(start)
    visitor.page.get_by_label("Your code").fill(code)
    press(visitor.page, "Go on")
    press(visitor.page, "Begin")


def answer(page: Page, place: int = 2) -> None:
    """Answer the page that is open."""
    for item in page.locator("fieldset.assessment-item").all():
        item.locator("input[type=radio]").nth(place).check()


def to_the_end(page: Page) -> None:
    """From the first page of questions to sending."""
    while page.locator("fieldset.assessment-item").count():
        answer(page)
        press(page, "Check your answers" if page.get_by_text("Page 13 of 13").count() else "Go on")
    press(page, "Go on")
    page.get_by_label("Mostly true").check()
    press(page, "Go on")


def kept(page: Page) -> list[int]:
    return list(page.evaluate("[localStorage.length, sessionStorage.length]"))


def test_a_phone_without_scripts_answers_from_the_code_to_the_result(visit: Visit, given_out: Iterator[str]) -> None:
    visitor = visit(width=360, scripts=False)
    begin(visitor, next(given_out).lower())
    to_the_end(visitor.page)
    assert visitor.sideways() <= 0
    press(visitor.page, "Send my answers")
    expect(visitor.page.get_by_role("heading", name="Your private code")).to_be_visible()
    assert visitor.page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_step_has_a_violation_or_is_wider_than_its_window(
    visit: Visit, given_out: Iterator[str], width: int
) -> None:
    visitor = visit(width=width, expect_status=(422,))
    page = visitor.page
    visitor.open("/answer/")
    page.get_by_label("Your code").fill("K7QD")
    press_start(page)
    expect(page.locator(".error-summary")).to_be_focused()
    found = complaints(visitor, "mistyped")
    page.get_by_label("Your code").fill(next(given_out))
    press(page, "Go on")
    found += complaints(visitor, "intro")
    press(page, "Begin")
    seen = set()
    while page.locator("fieldset.assessment-item").count():
        kind = page.locator("fieldset.assessment-item").first.get_attribute("class")
        if kind not in seen:
            seen.add(kind)
            page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
            found += complaints(visitor, f"questions {kind}")
        answer(page, 3 if page.get_by_text("Page 13 of 13").count() == 0 else 1)
        press(page, "Check your answers" if page.get_by_text("Page 13 of 13").count() else "Go on")
    assert len(seen) == 3
    for step in ("check", "trust"):
        page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
        found += complaints(visitor, step)
        press(page, "Go on")
    found += complaints(visitor, "last")
    press(page, "Send my answers")
    page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    found += complaints(visitor, "result")
    assert not found, "\n".join(found)


def press_start(page: Page) -> None:
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()


def test_the_code_of_a_link_is_taken_from_the_address_and_a_wrong_one_told_at_once(
    visit: Visit, given_out: Iterator[str]
) -> None:
    code = next(given_out)
    visitor = visit()
    page = visitor.page
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method + " " + request.url))
    visitor.open(f"/answer/#{code}")
    expect(page.get_by_label("Your code")).to_have_value(code)
    assert page.url == visitor.site.url + "/answer/"
    assert not [request for request in requests if request.startswith("POST")], "opening a link counts nothing"
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page.get_by_label("Your code").fill(wrong)
    expect(page.locator("#code-error")).to_contain_text("mistyped")
    page.get_by_label("Your code").fill(code)
    expect(page.locator("#code-error")).to_be_hidden()


def test_the_script_checks_codes_as_the_server_does(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/answer/")
    right = [codes.shown(codes.new_code(codes.new_prefix())) for _ in range(200)]
    wrong = [code[:place] + ("Z" if code[place] != "Z" else "Y") + code[place + 1 :] for code, place in zip(right, [0, 1, 5, 21] * 50, strict=True)]  # fmt: skip
    loose = [code.lower().replace("-", " ").replace("1", "l").replace("0", "o") for code in right]
    typed = right + wrong + loose + ["", "K7QD", right[0] + "0"]
    script = "document.querySelector('script[src$=\"answer.js\"]').src.replace('answer.js', 'ballotcode.js')"
    told = visitor.page.evaluate(
        f"async (typed) => {{ const {{ isMistyped }} = await import({script}); return typed.map(isMistyped); }}", typed
    )
    assert told == [codes.read_code(code) is None for code in typed]
    keys = visitor.page.evaluate(
        f"async () => {{ const {{ newKey }} = await import({script}); return [newKey(26), newKey(26)]; }}"
    )
    assert all(codes.read_symbols(key, codes.PERMIT_LENGTH) == key for key in keys)
    assert keys[0] != keys[1]


def test_answers_survive_a_reload_and_the_closing_of_the_tab_and_are_erased_after_sending(
    visit: Visit, given_out: Iterator[str]
) -> None:
    code, other = next(given_out), next(given_out)
    visitor = visit(width=360)
    page = visitor.page
    begin(visitor, code)
    answer(page, 3)
    press(page, "Go on")
    answer(page, 1)
    title = page.locator("h1").inner_text()
    page.reload()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("fieldset.assessment-item").first.locator("input[type=radio]").nth(1)).to_be_checked()

    key = page.locator("input[name=key]").first.input_value()
    assert key not in page.evaluate("JSON.stringify(localStorage)"), "it opens the result once they are sent"
    visitor.page.close()
    visitor.page = page = page.context.new_page()
    begin(visitor, other)
    expect(page.locator("fieldset.assessment-item").first.locator("input:checked")).to_have_count(0)
    page.evaluate("sessionStorage.clear()")
    visitor.open("/answer/")
    page.get_by_label("Your code").fill(code)
    press(page, "Go on")
    expect(page.get_by_text("Answers that you gave before on this device are here again.")).to_be_visible()
    press(page, "Begin")
    expect(page.locator("fieldset.assessment-item").first.locator("input[type=radio]").nth(3)).to_be_checked()
    stored = kept(page)[0]
    to_the_end(page)
    press(page, "Send my answers")
    page.wait_for_function("before => localStorage.length < before && sessionStorage.length === 0", arg=stored)
    assert page.context.cookies() == []


def test_whoever_shares_a_device_deletes_what_it_keeps_and_nobody_finds_it_by_going_back(
    visit: Visit, given_out: Iterator[str]
) -> None:
    code = next(given_out)
    visitor = visit(width=360)
    page = visitor.page
    visitor.open("/answer/")
    offer = page.get_by_text("Answers that this browser keeps")
    expect(offer).to_be_hidden()
    begin(visitor, code)
    answer(page, 3)
    press(page, "Go on")
    offer.click()
    assert complaints(visitor, "what is kept") == []
    page.get_by_role("button", name="Delete all of them and begin anew").click()
    expect(page.get_by_label("Your code")).to_have_value("")
    expect(offer).to_be_hidden()
    assert kept(page) == [0, 0]
    page.go_back()
    expect(page.get_by_label("Your code")).to_have_value("")
    begin(visitor, code)
    expect(page.locator("fieldset.assessment-item").first.locator("input:checked")).to_have_count(0)


def test_what_is_kept_is_gone_with_the_first_visit_after_the_last_day(visit: Visit, given_out: Iterator[str]) -> None:
    visitor = visit()
    page = visitor.page
    begin(visitor, next(given_out))
    answer(page, 3)
    press(page, "Go on")
    assert kept(page) == [1, 1]
    visitor.open("/privacy")  # a page that keeps nothing itself, while what is kept grows old
    late = "2000-01-01T00:00:00+00:00"
    page.evaluate(
        "late => [localStorage, sessionStorage].forEach((store) => Object.entries(store).forEach("
        "([name, text]) => store.setItem(name, JSON.stringify({ ...JSON.parse(text), until: late }))))",
        late,
    )
    visitor.open("/answer/")
    expect(page.get_by_label("Your code")).to_have_value("")
    assert kept(page) == [0, 0]


def test_the_way_back_of_the_browser_goes_back_one_page_without_loss(visit: Visit, given_out: Iterator[str]) -> None:
    visitor = visit()
    page = visitor.page
    begin(visitor, next(given_out))
    first = page.locator("h1").inner_text()
    answer(page, 3)
    press(page, "Go on")
    answer(page, 1)
    page.go_back()
    expect(page.locator("h1")).to_have_text(first)
    expect(page.locator("fieldset.assessment-item").first.locator("input[type=radio]").nth(3)).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).not_to_have_text(first)
    expect(page.locator("fieldset.assessment-item").first.locator("input[type=radio]").nth(1)).to_be_checked()


def test_a_dead_line_is_tried_again_with_the_same_keys_and_counts_once(visit: Visit, given_out: Iterator[str]) -> None:
    visitor = visit(width=360)
    page = visitor.page
    begin(visitor, next(given_out))
    to_the_end(page)
    page.clock.install()  # the page's own next try waits until the button was pressed
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.post_data or "") if "/send" in request.url else None)
    page.route("**/answer/send", lambda route: (route.fetch(), route.abort()))
    page.clock.pause_at(now() + timedelta(minutes=1))
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("No connection. Your answers stay on this page")).to_be_visible()
    page.unroute("**/answer/send")
    page.get_by_role("button", name="Try again now").click()
    expect(page.locator("h1")).to_contain_text("Thank you")
    assert len(bodies) >= 2
    assert len(set(bodies)) == 1
    visitor.complaints = [each for each in visitor.complaints if "ERR_FAILED" not in each]


def test_a_kiosk_stores_nothing_and_clears_itself(visit: Visit, given_out: Iterator[str]) -> None:
    code = next(given_out)
    visitor = visit()
    page = visitor.page
    page.clock.install()
    begin(visitor, code, "/answer/kiosk")
    answer(page)
    press(page, "Go on")
    assert kept(page) == [0, 0]
    page.clock.run_for(155_000)
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('scroll'))")  # a page that moves by itself is nobody's sign
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_text("Are you still there?")).to_be_hidden()
    page.clock.run_for(155_000)
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    page.clock.run_for(40_000)
    expect(page.get_by_label("Your code")).to_have_value("")
    assert page.url == visitor.site.url + "/answer/kiosk"
    page.go_back()
    assert page.url == "about:blank", "no page of the walk is left in the history"
    visitor.open("/answer/kiosk")
    expect(page.get_by_label("Your code")).to_have_value("")
    assert kept(page) == [0, 0]


def test_whoever_clears_the_screen_of_a_kiosk_leaves_nothing_on_the_way_back(
    visit: Visit, given_out: Iterator[str]
) -> None:
    visitor = visit()
    page = visitor.page
    begin(visitor, next(given_out), "/answer/kiosk")
    for words in ("Check all answers", "Go on", "Go on", "Send my answers"):
        press(page, words)
    page.get_by_role("link", name="I am done: clear this screen").click()
    expect(page.get_by_label("Your code")).to_have_value("")
    assert kept(page) == [0, 0]
    page.go_back()
    assert page.url == "about:blank"


def test_a_first_visit_weighs_less_than_60_kb(visit: Visit, given_out: Iterator[str]) -> None:
    visitor = visit(width=360)
    page = visitor.page
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    loaded: list[float] = []
    line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    begin(visitor, next(given_out))
    page.wait_for_load_state("networkidle")
    first = sum(loaded)
    to_the_end(page)
    press(page, "Send my answers")
    page.wait_for_load_state("networkidle")
    print(f"first visit {first:.0f} bytes, all pages to the result {sum(loaded):.0f}")
    assert len(loaded) > 8
    assert first < LIGHT


def test_no_request_of_the_way_carries_a_cookie(visit: Visit, given_out: Iterator[str]) -> None:
    """The browser has one, of somebody who is signed in; the pages do not send it."""
    visitor = visit()
    visitor.sign_in("employee")
    page = visitor.page
    sent: list[str | None] = []
    begin(visitor, next(given_out))
    page.on(
        "request",
        lambda request: sent.append(request.all_headers().get("cookie")) if request.method == "POST" else None,
    )
    answer(page)
    press(page, "Go on")
    press(page, "Check all answers")
    assert sent == [None, None]
    assert re.search("River|Demo|employee", page.locator("header").inner_text()) is None
