"""``flask instruments``: checked, printed and tried, on the real content and on content with mistakes."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import Result
from pypdf import PdfReader

from learning import create_app
from learning.config import PROJECT, load_settings
from tests.content.builders import INSTRUMENT, replaced, write, write_content

FILE = "instruments/employee-awareness.yaml"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = write_content(tmp_path)
    # A single long word is graded as a text of its own.
    replaced(folder, FILE, "text: Prevention", "text: To act first")
    return folder


def run(content: Path, *arguments: str) -> Result:
    """One command on a content folder. It needs no database."""
    app = create_app(load_settings(data=content.parent / "var", content=content, secret_key="k" * 40))
    return app.test_cli_runner().invoke(args=["instruments", *arguments])


def test_the_instruments_of_the_site_are_right_and_easy_to_read() -> None:
    result = run(PROJECT / "content", "check")
    assert result.exit_code == 0, result.output
    assert "employee-awareness (en), version 2: 57 items in 13 dimensions, 14 minutes" in result.output
    assert "gate-check (en), version 1: 12 items in 4 dimensions, 3 minutes" in result.output
    assert "!" not in result.output


def test_a_text_above_grade_nine_is_named_and_ends_with_one(content: Path) -> None:
    hard = "Environmental responsibility necessitates organizational communication"
    replaced(content, FILE, "text: What managers say about waste", f"text: {hard}")
    result = run(content, "check")
    assert result.exit_code == 1
    assert re.search(rf"a1-2 text is grade \d\d\.\d: {hard}", result.output)
    assert "1 texts above grade 9" in result.output
    assert re.search(r"a1-2 +text \d\d\.\d!; anchor -?\d", result.output)
    assert re.search(r"^ +a1 +\d\d\.\d +-?\d+\.\d$", result.output, re.MULTILINE)


def test_lessons_that_are_not_written_yet_are_told_and_no_mistake(content: Path) -> None:
    result = run(content, "check")
    assert result.exit_code == 0, result.output
    assert "not written yet: m12-l1, m12-l2" in result.output


def test_all_mistakes_are_named_by_file_and_line(content: Path) -> None:
    first = replaced(content, FILE, "weight: 2", "weight: 0")
    result = run(content, "check")
    assert result.exit_code == 1
    assert f"content/{FILE}:{first}: " in result.output
    assert "Mend them" in result.output


def test_a_translation_is_checked_and_shown_and_not_graded(content: Path) -> None:
    chinese = INSTRUMENT.replace("language: en", "language: zh").replace("Attitude", "态度")
    write(content, "instruments/employee-awareness.zh.yaml", chinese)
    assert "not graded: the Flesch-Kincaid grade is for English" in run(content, "check").output
    assert "2. 态度" in run(content, "show", "employee-awareness", "--language", "zh").output
    result = run(content, "show", "employee-awareness", "--language", "de")
    assert result.exit_code == 1
    assert "It is there in: en, zh." in result.output


def test_an_unknown_name_is_answered_with_the_known_ones(content: Path) -> None:
    for command in ("show", "simulate"):
        result = run(content, command, "nothing")
        assert result.exit_code == 1
        assert "There is no instrument nothing. There are: employee-awareness." in result.output


def test_the_sheet_is_printed_as_an_accessible_pdf(content: Path, tmp_path: Path) -> None:
    # Markup of the typesetter in a text is a text like any other.
    replaced(content, FILE, "text: What managers say about waste", 'text: "#panic() *What* $x$ we say"')
    file = tmp_path / "sheet.pdf"
    result = run(content, "show", "employee-awareness", "--pdf", str(file))
    assert result.exit_code == 0, result.output
    reader = PdfReader(io.BytesIO(file.read_bytes()))
    assert reader.metadata is not None
    assert reader.metadata.title == "Employee awareness self-assessment"
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else False
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "#panic() *What* $x$ we say" in text
    assert "For those who score it" in text


def test_a_pdf_that_cannot_be_written_is_said(content: Path, tmp_path: Path) -> None:
    result = run(content, "show", "employee-awareness", "--pdf", str(tmp_path / "no" / "sheet.pdf"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_the_scores_of_the_site_recover_what_is_true_of_invented_people() -> None:
    result = run(PROJECT / "content", "simulate", "employee-awareness", "--persons", "300", "--seed", "7")
    assert result.exit_code == 0, result.output
    alphas = [float(each) for each in re.findall(r"alpha +(0\.\d+), 95 %", result.output)]
    recovered = [float(each) for each in re.findall(r"r with the true score +(0\.\d+)", result.output)]
    assert len(alphas) == len(recovered) == 2
    assert min(alphas) >= 0.80
    assert min(recovered) >= 0.90
    assert len(re.findall(r"omega +0\.\d+", result.output)) == 2
    # Ten bands; everybody is in one of five of each score.
    assert sum(map(int, re.findall(r" (\d+) +\d+\.\d%", result.output))) == 600


def test_the_same_seed_invents_the_same_people(content: Path) -> None:
    def simulated(seed: str) -> str:
        return run(content, "simulate", "employee-awareness", "--persons", "40", "--seed", seed).output

    assert simulated("1") == simulated("1") != simulated("2")
