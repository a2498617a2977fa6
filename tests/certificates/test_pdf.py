"""The paper: what stands on it, who can read it, and the QR code that leads to the page that verifies it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typst
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from learning import create_app
from learning.certificates.errors import NoFont
from learning.certificates.numbers import grouped
from learning.certificates.pdf import certificate_pdf, document
from learning.certificates.queries import Inscription
from learning.clock import now
from learning.config import load_settings
from learning.web.identity import Member
from learning.web.typesetting import FONTS
from tests.certificates.completing import complete

Clients = Callable[[str | None], FlaskClient]
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
NUMBER = "ABCDE-FGHJK-LMNPQ-RSTUV"
#: As long as names may be.
LONGEST = "Maximiliana Alexandrina " * 5


def paper(name: str = "Leyla Öztürk", **other: object) -> Inscription:
    values: dict[str, object] = {
        "number": NUMBER,
        "title": "Cleaner production at work",
        "course_title": "Cleaner production for every employee",
        "person_name": name,
        "organization_name": "River Works",
        "course_hash": "3f9a2c1b" * 8,
        "read_hash": "7d20e4aa" * 8,
        "lessons": 15,
        "quizzes": 2,
        "issued_at": DAY,
        "valid_from": DAY.date(),
        "valid_until": date(2028, 3, 5),
    }
    return Inscription(**(values | other))  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[None]:
    """A site without a database: the paper asks for none."""
    with create_app(
        load_settings(data=tmp_path, public_url="http://127.0.0.1", secret_key="k" * 40)
    ).test_request_context("/"):
        yield


def read(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    return reader


def text_of(data: bytes) -> str:
    return " ".join(read(data).pages[0].extract_text().split())


def test_the_paper_is_an_accessible_pdf_with_all_that_it_says(site: None) -> None:
    data = certificate_pdf(paper(), DAY)
    reader = read(data)
    assert b"pdfuaid:part" in data
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]
    assert reader.metadata
    assert reader.metadata.title == "Certificate: Cleaner production at work"
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert (round(width), round(height)) == (842, 595), "A4 across"
    text = text_of(data)
    for said in (
        "Leyla Öztürk",
        "Cleaner production at work",
        "Course “Cleaner production for every employee”: 15 lessons read, 2 quizzes passed.",
        "RIVER WORKS",
        "5 March 2026",
        "5 March 2028",
        NUMBER,
        "3f9a2c1b, as of 5 March 2026",
        "VERSION READ 7d20e4aa",
        f"127.0.0.1/verify/{NUMBER}",
    ):
        assert said in text, said
    assert "VALID FROM" not in text


def test_the_links_and_the_qr_code_lead_to_the_page_that_verifies_it(site: None) -> None:
    address = f"http://127.0.0.1/verify/{NUMBER}"
    reader = read(certificate_pdf(paper(), DAY))
    links = [each.get_object()["/A"]["/URI"] for each in reader.pages[0]["/Annots"]]  # type: ignore[union-attr]
    assert links == [address, address]
    source, inputs = document(paper())
    drawn = typst.compile(source, format="png", sys_inputs=inputs, ppi=144)
    assert isinstance(drawn, bytes)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))
    assert code.text == address


def test_the_qr_code_has_a_text_for_who_cannot_see_it(site: None) -> None:
    data = certificate_pdf(paper(), DAY)
    found = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            found.append((node.get("/S"), node.get("/Alt")))
            if "/K" in node:
                walk(node["/K"])

    walk(read(data).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    assert ("/Figure", f"QR code that leads to http://127.0.0.1/verify/{NUMBER}") in found
    assert "/H1" in {kind for kind, _ in found}


def test_one_without_an_end_an_older_one_and_one_that_was_found_later_say_so(site: None) -> None:
    without = text_of(certificate_pdf(paper(valid_until=None, read_hash=None), DAY))
    assert "no end" in without
    assert "VERSION READ" not in without
    later = text_of(certificate_pdf(paper(valid_from=date(2026, 3, 1)), DAY))
    assert "VALID FROM" in later
    assert "1 March 2026" in later


@pytest.mark.parametrize(
    "name",
    [
        LONGEST,
        "W" * 120,
        "Ирина Ковалёва",
        "Αλέξανδρος Παπαδόπουλος",
        "שרה כהן",
        "محمد عبد الله الفارسي",
        '#link("x")[*no markup*] $a^2$ \\',
        "<b>Bold</b> & Sons",
    ],
)
def test_every_name_stands_on_one_page_as_it_is(site: None, name: str) -> None:
    data = certificate_pdf(paper(name), DAY)
    letters = "".join(text_of(data).split())
    if "\u0590" <= name[0] <= "\u06ff":
        return  # set from right to left, and joined: how it is read back depends on the reader
    assert "".join(name.split()) in letters.replace("\u00ad", "").replace("\u2010", "")


def test_the_longest_texts_of_all_still_fit_one_page(site: None) -> None:
    longest = paper("W" * 120, title="Production " * 18, course_title="Cleaner " * 25, organization_name="River " * 20)
    read(certificate_pdf(longest, DAY))


def test_a_chinese_name_is_set_where_the_machine_has_a_font_for_it(site: None) -> None:
    if not set(FONTS[1:2]) & set(typst.Fonts().families()):
        pytest.skip("this machine has no Chinese font")
    assert "王小明" in text_of(certificate_pdf(paper("王小明"), DAY))


def test_a_name_that_no_font_has_is_refused_and_not_printed_with_gaps(site: None) -> None:
    with pytest.raises(NoFont):
        certificate_pdf(paper("\U000e0fff\U00012fff"), DAY)


def test_it_is_opened_from_ones_own_page(app: Flask, learner: Member, client_for: Clients) -> None:
    with app.app_context():
        found = complete(learner, now())
    client = client_for(learner.user_id)
    mine = client.get("/certificates/").text
    assert f"/certificates/{found.id}/certificate.pdf" in mine
    assert f"http://127.0.0.1/verify/{grouped(found.number)}" in mine
    answer = client.get(f"/certificates/{found.id}/certificate.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert grouped(found.number) in text_of(answer.data)
