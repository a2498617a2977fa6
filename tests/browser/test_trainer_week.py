"""A trainer's week: make a cohort, give it something to do, see how it goes, remind, give more time, take the evidence."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from learning.clock import now
from tests.browser.conftest import Visit
from tests.browser.looking import complaints

pytestmark = [pytest.mark.browser, pytest.mark.prove]


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)], ids=["phone", "desk"])
def test_the_week_from_a_new_cohort_to_its_record(visit: Visit, width: int, dark: bool, tmp_path: Path) -> None:
    visitor = visit(width=width, dark=dark)
    page, today = visitor.page, now().date()
    visitor.sign_in("trainer")

    visitor.open("/teaching/cohorts/new")
    page.get_by_label("Name of the cohort").fill(f"Night shift {width}")
    page.get_by_label(re.compile("^By hand")).check()
    found = complaints(visitor, "a new cohort")
    page.get_by_role("button", name="Make the cohort").click()
    page.wait_for_url(re.compile("/people/add"))
    cohort = page.url.partition("/people/add")[0]
    for name in ("Aisha Bello", "Emil Bach", "Lena Brook"):
        page.goto(f"{cohort}/people/add")
        page.get_by_label("Name contains").fill(name)
        page.get_by_role("button", name="Show").click()
        page.get_by_label(f"Choose {name}").check()
        found += complaints(visitor, "choosing people")
        with page.expect_navigation():
            page.get_by_role("button", name="Add the chosen people").click()
    page.goto(cohort)
    page.get_by_text("3 people").first.wait_for()

    page.get_by_role("link", name="Assign something").click()
    page.get_by_label("Opens on").fill(str(today - timedelta(days=20)))
    page.get_by_label("Due on").fill(str(today + timedelta(days=10)))
    page.get_by_label("Foundations of cleaner production").check()
    found += complaints(visitor, "assigning")
    page.get_by_role("button", name="Assign", exact=True).click()
    page.get_by_role("link", name="Foundations of cleaner production").first.wait_for()

    page.get_by_role("link", name="Progress", exact=True).click()
    page.get_by_role("link", name="Aisha Bello").wait_for()
    found += complaints(visitor, "progress")
    page.get_by_role("link", name="At risk", exact=True).click()
    page.get_by_role("link", name="Emil Bach").wait_for()
    found += complaints(visitor, "at risk")

    page.get_by_label(re.compile("^Choose all")).check()
    page.get_by_role("button", name="Remind").click()
    page.get_by_role("heading", name="Who gets it, and who does not").wait_for()
    expect(page.locator("main")).to_contain_text("Emil Bach")
    found += complaints(visitor, "reminding")

    page.go_back()
    page.get_by_label("Choose Emil Bach").check()
    page.get_by_role("button", name="Give more time").click()
    page.get_by_label(re.compile(f"Night shift {width}")).check()
    page.get_by_label("New last day").fill(str(today + timedelta(days=30)))
    found += complaints(visitor, "more time")
    visitor.follow(page.get_by_role("button", name="Give more time"))
    page.get_by_text("Emil Bach").first.wait_for()
    found += complaints(visitor, "more time, given")

    page.goto(cohort)
    visitor.follow(page.locator("[aria-labelledby=assignments] tbody a").first)
    page.get_by_label("Choose Emil Bach").check()
    found += complaints(visitor, "who has more time")
    visitor.follow(page.get_by_role("button", name="Take the time back"))
    found += complaints(visitor, "taking time back")
    visitor.follow(page.get_by_role("button", name="Take the time back"))
    page.get_by_role("heading", name="1 person has no more time").wait_for()
    visitor.follow(page.get_by_role("link", name="Back to where you were"))
    page.get_by_role("heading", name="Give somebody more time").wait_for()
    assert page.get_by_label("Choose Emil Bach").count() == 0

    page.goto(cohort)
    with page.expect_download() as record:
        page.get_by_role("link", name="Record of this cohort as PDF").click()
    record.value.save_as(tmp_path / "record.pdf")
    text = "".join(each.extract_text() for each in PdfReader(tmp_path / "record.pdf").pages)
    assert "Aisha Bello" in text
    page.goto(f"{cohort}/progress")
    with page.expect_download() as table:
        page.get_by_role("link", name="XLSX").first.click()
    table.value.save_as(tmp_path / "progress.xlsx")
    names = [row[0] for row in load_workbook(tmp_path / "progress.xlsx").worksheets[0].iter_rows(values_only=True)]
    assert {"Aisha Bello", "Emil Bach", "Lena Brook"} <= set(names)
    visitor.open("/teaching/certificates/")
    found += complaints(visitor, "certificates")
    assert not found, "\n".join(found)
