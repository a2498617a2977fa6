"""More than one instrument on a site; nothing leans on the ids of one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.content.store import CATALOGUE_FILE
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.assessments.filling import INSTRUMENT, answers, fill
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
OTHER = "gate-check"
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def two_instruments(app: Flask, tmp_path: Path, published: Path) -> None:
    """A second instrument in the store: one headline, two pages with the names of our own pages, other item ids."""
    book: dict[str, Any] = json.loads((published / CATALOGUE_FILE).read_bytes())
    other = json.loads(json.dumps(book["instruments"][INSTRUMENT]))
    pages = [each for each in other["dimensions"] if each["kind"] == "anchored"][:2]
    for page, name in zip(pages, ("check", "result"), strict=True):
        page |= {"id": name, "headline_id": "gate", "weight": 1.0}
        for number, item in enumerate(page["items"]):
            item["id"] = f"{name}-{number}"
    headline = next(each for each in other["headlines"] if each["bands"])
    other |= {
        "id": OTHER,
        "title": "Look at the gate",
        "dimensions": pages,
        "headlines": [headline | {"id": "gate", "title": "The gate"}],
        "contradictory_pairs": [],
    }
    book["instruments"][OTHER] = other
    (tmp_path / "content").unlink()
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / CATALOGUE_FILE).write_text(json.dumps(book))


@pytest.mark.usefixtures("two_instruments")
def test_one_chooses_among_them(company: Company, client_for: Clients) -> None:
    page = client_for(company.learner).get("/assessments/").text
    for instrument_id in (INSTRUMENT, OTHER):
        assert f'href="/assessments/instruments/{instrument_id}"' in page


@pytest.mark.usefixtures("two_instruments")
def test_a_page_may_have_any_name(company: Company, client_for: Clients) -> None:
    browser = client_for(company.learner)
    token = csrf_token(browser, f"/assessments/instruments/{OTHER}")
    assert browser.post(f"/assessments/start/{OTHER}", data={"csrf_token": token}).status_code == 422
    sent = {"csrf_token": token, "scope": "department"}
    place = browser.post(f"/assessments/start/{OTHER}", data=sent, follow_redirects=True)
    for name in ("check", "result"):
        assert place.request.path.endswith(f"/pages/{name}")
        assert "Think of your department." in place.text
        given = {f"{name}-{number}": "1" for number in range(3)}
        place = browser.post(place.request.path, data={"csrf_token": token, **given}, follow_redirects=True)
    finish = place.request.path.replace("/check", "/finish")
    place = browser.post(finish, data={"csrf_token": token}, follow_redirects=True)
    assert place.request.path.endswith("/result")
    assert "The gate" in place.text
    assert "you could answer 100 %" in place.text


@pytest.mark.usefixtures("two_instruments")
def test_results_of_different_instruments_are_not_compared(app: Flask, company: Company, client_for: Clients) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        first = fill(member, answers(3))
        other = the_catalogue().instruments[OTHER]
        second = fill(member, answers(1, other), instrument_id=OTHER)
    browser = client_for(company.learner)
    assert "Since the last time" not in browser.get(f"/assessments/{second}/result").text
    assert browser.get(f"/assessments/{second}/result.pdf").status_code == 200
    shown = browser.get(f"/assessments/instruments/{OTHER}").text
    assert second in shown
    assert first not in shown
