"""The pages: the plan page by page, nothing typed is lost, what is printed, what is shown while a wave is open."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdfium2 import PdfDocument
from sqlalchemy import event, select

from learning.ballots import codes
from learning.campaigns.closing import close_wave
from learning.campaigns.models import Campaign, Wave
from learning.clock import now
from learning.extensions import db
from tests.accounts.people import mails, send
from tests.campaigns.planned import WHAT as WHAT_PLANNED
from tests.campaigns.planned import add_people, days, manager_of, open_campaign, page_of, planned_campaign
from tests.conftest import Company
from tests.web.routes import database_text

Clients = Callable[[str | None], FlaskClient]
ROOT = "/organization/campaigns"
WHAT = {
    "title": "Our view 2030",
    "instrument_id": "employee-awareness",
    "purpose": "We want to waste less.",
    "measures": "20 hours a month.",
    "contact": "Ada Lowe",
    "course_ids": ["foundations"],
}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_campaign_is_planned_page_by_page_and_opened(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    assert "No campaign yet" in browser.get(f"{ROOT}/").text
    begun = send(browser, f"{ROOT}/new", title="Our view 2030")
    path = begun.headers["Location"].removesuffix("/setup/what")
    first, second = company.departments
    today = now().date()
    assert send(browser, f"{path}/setup/what", **WHAT).headers["Location"] == f"{path}/setup/who"
    page = browser.get(f"{path}/setup/who").text
    # A grid that holds is written in already.
    assert 'value="Dye house"' in page
    assert 'value="Boiler house"' in page
    groups = {f"group-{first}": "Wet side", f"group-{second}": "Hot side"}
    assert send(browser, f"{path}/setup/who", **groups).headers["Location"] == f"{path}/setup/when"
    dates = {"opens_on": str(today), "closes_on": str(today + timedelta(days=14))}
    assert send(browser, f"{path}/setup/when", **dates).headers["Location"] == f"{path}/setup/promise"
    read = re.search(r'name="read" value="(\w+)"', browser.get(f"{path}/setup/promise").text)
    assert read
    send(browser, f"{path}/setup/promise", read=read.group(1), accepts="y", council_agrees="y")
    page = browser.get(path).text
    assert "Everything is there" in page
    assert "Foundations of cleaner production" in page
    opening = re.search(rf'href="({path}/waves/\w+)/open"', page)
    assert opening
    wave = opening.group(1)
    assert "15 people get a mail" in browser.get(f"{wave}/open").text
    assert send(browser, f"{wave}/open", form_page=f"{wave}/open").headers["Location"] == wave
    page = browser.get(wave).text
    assert "15 mails wait to be sent" in page
    assert "fewer than 5" in page
    assert len(mails(site)) == 15


def test_nothing_typed_is_lost_when_a_page_is_refused(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        add_people(company, None, 3)
        path = f"{ROOT}/{planned_campaign(company)}"
    refused = send(browser, f"{path}/setup/what", **{**WHAT, "purpose": "", "contact": "Typed <b>contact</b>"})
    assert refused.status_code == 422
    assert "Say why you ask" in refused.text
    assert "Typed &lt;b&gt;contact&lt;/b&gt;" in refused.text
    first, second = company.departments
    names = {f"group-{first}": "Typed wet", f"group-{second}": "Typed hot", "group-none": "Typed rest"}
    refused = send(browser, f"{path}/setup/who", **names, **{f"cards-{second}": "yes"})
    assert refused.status_code == 422
    for name in names.values():
        assert f'value="{name}"' in refused.text
    assert 'href="#group-none"' in refused.text
    assert f'name="cards-{second}" value="yes" checked' in refused.text
    refused = send(browser, f"{path}/setup/when", opens_on="2031-05-05", closes_on="2031-05-04")
    assert refused.status_code == 422
    assert 'value="2031-05-04"' in refused.text
    when = {"opens_on": "2031-05-05", "closes_on": "2031-05-20", "again_closes_on": "2031-06-01"}
    refused = send(browser, f"{path}/setup/when", **when, again_opens_on="2031-05-20")
    assert 'id="again_opens_on-error"' in refused.text
    assert 'id="closes_on-error"' not in refused.text
    refused = send(browser, f"{path}/setup/when", opens_on="2031-05-05", closes_on="soon", again_opens_on="2032-01-01")
    assert 'value="soon"' in refused.text
    assert "Give both days of the second wave" in refused.text


def test_groups_are_suggested_on_the_page_and_not_saved_by_it(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        path = f"{ROOT}/{planned_campaign(company)}"
    before = database_text(site)
    page = send(browser, f"{path}/setup/who", then="suggest")
    assert page.status_code == 200
    assert 'value="Dye house"' in page.text
    assert database_text(site) == before


def test_k_is_raised_on_the_page_of_the_promise_and_the_promise_says_so(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        path = f"{ROOT}/{planned_campaign(company)}"
    send(browser, f"{path}/setup/smallest", f"{path}/setup/promise", k="6")
    page = browser.get(f"{path}/setup/promise").text
    assert "at least 6 answers" in page
    box = re.search(r'<input[^>]*id="accepts"[^>]*>', page)
    assert box
    assert "checked" not in box.group()
    for k, said in (("5", "never lowered"), ("7", "needs at least 14"), ("4", "from 5 to 100"), ("x", "")):
        refused = send(browser, f"{path}/setup/smallest", f"{path}/setup/promise", k=k)
        assert refused.status_code == 422
        assert said in refused.text


def test_only_the_promise_that_was_read_is_accepted(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
    path = f"{ROOT}/{campaign_id}/setup"
    read = re.search(r'name="read" value="(\w+)"', browser.get(f"{path}/promise").text)
    assert read
    send(browser, f"{path}/smallest", f"{path}/promise", k="6")
    refused = send(browser, f"{path}/promise", read=read.group(1), accepts="y", council_agrees="y")
    assert refused.status_code == 422
    assert "The promise has changed since you opened this page" in refused.text
    with site.test_request_context():
        assert not page_of(manager_of(company), campaign_id).is_ready


def test_a_small_company_is_offered_the_private_assessment(app: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    page = browser.get(f"{ROOT}/").text
    assert "too small for a campaign" in page
    assert 'href="/assessments/"' in page
    refused = send(browser, f"{ROOT}/new", title="All the same")
    assert refused.status_code == 422
    assert "Use the private self-assessment instead" in html.unescape(refused.text)
    with app.app_context():
        assert db.session.scalar(select(Campaign.id)) is None


def test_the_pages_of_the_plan_are_closed_once_the_campaign_has_opened(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    path = f"{ROOT}/{campaign_id}"
    before = database_text(site)
    fields = {**WHAT, "k": "9", f"group-{company.departments[0]}": "All", "opens_on": "2031-01-01"}
    for page in ("setup/what", "setup/who", "setup/when", "setup/smallest", "delete"):
        refused = send(browser, f"{path}/{page}", f"{path}/waves/{wave_id}/close", **fields)
        assert refused.status_code == 409, page
        assert "people were promised how their answers are used" in html.unescape(refused.text)
    assert database_text(site) == before
    page = browser.get(path).text
    for link in ("setup/what", "setup/who", "setup/when", "/delete"):
        assert link not in page


def test_the_sheet_of_cards_holds_each_code_as_text_and_as_a_picture_and_is_made_once(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    path = f"{ROOT}/{campaign_id}/waves/{wave_id}"
    made = send(browser, f"{path}/cards", path, group="g01")
    assert made.mimetype == "application/pdf"
    assert made.headers["Cache-Control"] == "no-store"
    text = text_of(made.data)
    printed = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}", text)
    assert len(set(printed)) == 12
    assert all(codes.read_code(code) for code in printed)
    assert "For the bowl of: Hot side" in text
    assert sorted(scanned(made.data)) == sorted(f"http://127.0.0.1/answer/#{code}" for code in printed)
    again = send(browser, f"{path}/cards", path, group="g01")
    assert again.status_code == 409
    assert "Made; the codes are gone" in browser.get(path).text
    assert send(browser, f"{path}/cards", path, group="g02").status_code == 404
    assert not list(site.extensions["settings"].data.rglob("*.pdf"))


def scanned(pdf: bytes) -> list[str]:
    """What a phone reads from the sheets."""
    found = []
    for page in PdfDocument(pdf):
        found += [each.text for each in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())]
    return found


def test_a_letter_that_no_font_has_is_told_and_not_left_out(site: Flask, company: Company, client_for: Clients) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company, replace(WHAT_PLANNED, purpose="\U00012fff"))
    made = client_for(company.manager).get(f"{ROOT}/{campaign_id}/dossier.pdf")
    assert made.status_code == 503
    assert "no font for a letter" in made.text


def test_the_dossier_holds_every_question_the_promise_and_a_specimen(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        page = page_of(manager_of(company), campaign_id)
    made = browser.get(f"{ROOT}/{campaign_id}/dossier.pdf")
    assert made.mimetype == "application/pdf"
    assert b"pdfuaid" in made.data or b"StructTreeRoot" in made.data
    # Line ends and hyphens of the paper do not count.
    text = re.sub(r"[\s\-\u00ad\u2010]", "", text_of(made.data))

    def is_there(words: str) -> bool:
        return re.sub(r"[\s\-]", "", words) in text

    assert page.instrument is not None
    for dimension in page.instrument.dimensions:
        for item in dimension.items:
            assert is_there(item.text), item.text
    for paragraph in page.promise:
        for sentence in paragraph.sentences:
            assert is_there(sentence.text), sentence.text
    for words in (
        "Wet side",
        "Hot side",
        "20 hours a month",
        "Ada Lowe, works council",
        "Invented figures",
        "no legal advice",
        "sections 87 and 94",
        "With 27 people invited",
        "until the closing",
    ):
        assert is_there(words), words


def test_the_preview_shows_every_page_is_marked_and_stores_nothing(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        page = page_of(manager_of(company), campaign_id)
    before = database_text(site)
    path = f"{ROOT}/{campaign_id}/preview"
    first = html.unescape(browser.get(path).text)
    for paragraph in page.promise:
        assert all(sentence.text in first for sentence in paragraph.sentences)
    assert "Until the end of" in first
    assert "UTC" not in first
    assert page.instrument is not None
    for number, dimension in enumerate(page.instrument.dimensions, start=1):
        shown = html.unescape(browser.get(f"{path}?step={number}").text)
        assert "Nothing is sent or kept" in shown
        assert 'method="post"' not in shown
        assert all(item.text in shown for item in dimension.items)
    assert database_text(site) == before


def test_the_announcement_says_what_is_true_and_team_leaders_learn_what_not_to_do(
    site: Flask, company: Company, client_for: Clients
) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
    page = html.unescape(client_for(company.manager).get(f"{ROOT}/{campaign_id}/announcement").text)
    for words in ("20 hours a month.", "Ada Lowe", "at least 5 answers", "into a bowl", "Do not ask who has answered"):
        assert words in page


def test_what_cannot_be_shown_yet_says_so(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    begun = send(browser, f"{ROOT}/new", title="Our view 2030")
    path = begun.headers["Location"].removesuffix("/setup/what")
    for page in ("preview", "dossier.pdf", "announcement"):
        assert browser.get(f"{path}/{page}").status_code == 409
        assert page not in browser.get(path).text
    assert "cannot be written yet" in browser.get(f"{path}/setup/promise").text


def test_closing_says_what_is_destroyed_and_then_does_it(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    path = f"{ROOT}/{campaign_id}/waves/{wave_id}"
    asked = browser.get(f"{path}/close").text
    for words in ("All ballots", "cards that were not printed", "The key of this wave", "cannot be undone"):
        assert words in asked
    assert send(browser, f"{path}/close", f"{path}/close").headers["Location"] == path
    page = browser.get(path).text
    assert "This wave is closed" in page
    assert "Make the sheet" not in page
    assert "Plan the next wave" in browser.get(f"{ROOT}/{campaign_id}").text
    assert browser.get(f"{path}/close").status_code == 302


def test_the_next_wave_is_planned_and_its_promise_accepted_anew(
    site: Flask, company: Company, client_for: Clients
) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        close_wave(company.id, campaign_id, wave_id, now())
        later = days(200, 214)
    path = f"{ROOT}/{campaign_id}"
    sent = send(browser, f"{path}/next", opens_on=str(later.opens_on), closes_on=str(later.closes_on))
    assert sent.headers["Location"] == f"{path}/setup/promise"
    page = browser.get(f"{path}/setup/promise").text
    assert 'name="k"' not in page
    read = re.search(r'name="read" value="(\w+)"', page)
    assert read
    assert "The promise is accepted as it reads today" in browser.get(path).text
    send(browser, f"{path}/setup/promise", read=read.group(1), accepts="y", council_agrees="y")
    assert "Everything is there" in browser.get(path).text
    with site.app_context():
        second = db.session.scalars(select(Wave.id).where(Wave.number == 2)).one()
    send(browser, f"{path}/waves/{second}/open", f"{path}/waves/{second}/open")
    assert "Wave 2 (after)" in browser.get(f"{path}/waves/{second}").text


def test_pages_ask_as_often_for_many_people_as_for_few(site: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    paths = (f"{ROOT}/", f"{ROOT}/{campaign_id}", f"{ROOT}/{campaign_id}/waves/{wave_id}")

    def queries() -> list[int]:
        counts = []
        with site.app_context():
            engine = db.engine
        for path in paths:
            seen: list[str] = []

            def note(*given: object, seen: list[str] = seen) -> None:
                seen.append(str(given[2]))

            event.listen(engine, "before_cursor_execute", note)
            browser.get(path)
            event.remove(engine, "before_cursor_execute", note)
            counts.append(len(seen))
        return counts

    few = queries()
    with site.test_request_context():
        for number in range(4):
            add_people(company, company.departments[number % 2], 10)
    assert queries() == few
    assert max(few) < 25


def test_no_page_names_who_answered_or_an_answer(site: Flask, company: Company, client_for: Clients) -> None:
    """While a wave is open: no name of a person, no exact count, no code on any page of it."""
    browser = client_for(company.manager)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    for path in (f"{ROOT}/", f"{ROOT}/{campaign_id}", f"{ROOT}/{campaign_id}/waves/{wave_id}"):
        main = unquote(browser.get(path).text).split("<main")[1].split("</main>")[0]
        assert "River learner" not in main
        assert "@" not in main
        assert not re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}", main)
