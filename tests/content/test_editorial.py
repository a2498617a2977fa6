"""The editorial check: each rule finds what it names, on its line, and nothing where the author did well."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from learning.config import PROJECT
from learning.content.catalogue import Loaded, compile_folder
from learning.content.editorial import RULES, review, table
from learning.content.files import read_folder
from learning.content.findings import Finding
from learning.content.renderer import Renderer
from tests.content.builders import BODY, lesson, quiz, replaced, write

Review = Callable[[Path], tuple[Finding, ...]]

GATE, START, QUIZ = "modules/01-why/01-gate.md", "modules/01-why/02-start.md", "modules/01-why/quiz.md"
TESTED = "objective=m01-l1.1,m01-l1.2,m01-l2.1"


@pytest.fixture
def edited(content: Path) -> Path:
    """A content folder in which an editor finds nothing."""
    file = content / QUIZ
    text = re.sub(r"(\{#m01-q\d[^}]*)\}", rf"\1 {TESTED}}}", file.read_text(encoding="utf-8"))
    text = text.replace("- [ ] Scrap\n", "- [ ] Scrap\n    > It leaves.\n")
    text = text.replace("- [ ] False\n", "- [ ] False\n    > It was bought.\n")
    file.write_text(text, encoding="utf-8")
    return content


@pytest.fixture
def read_along(renderer: Renderer) -> Review:
    def run(folder: Path) -> tuple[Finding, ...]:
        files = read_folder(folder)
        loaded = compile_folder(files, renderer)
        assert loaded.catalogue is not None, loaded.problems
        return review(files, loaded.catalogue)

    return run


def _rules(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in findings]


def test_an_editor_finds_nothing_in_good_content(edited: Path, read_along: Review) -> None:
    assert read_along(edited) == ()


def test_the_course_has_no_warning(renderer: Renderer) -> None:
    files = read_folder(PROJECT / "content")
    catalogue = compile_folder(files, renderer).catalogue
    assert catalogue is not None
    assert "\n".join(map(str, review(files, catalogue))) == ""


def test_the_guide_shows_the_table_of_rules() -> None:
    assert table() in (PROJECT / "docs" / "authoring.md").read_text(encoding="utf-8")


def test_a_finding_names_file_line_and_rule(edited: Path, read_along: Review) -> None:
    line = replaced(edited, QUIZ, f" {TESTED}", "")
    (finding,) = read_along(edited)
    assert str(finding).startswith(f"content/{QUIZ}:{line}: names no objective: ")
    assert str(finding).endswith(" [no-objective]")
    assert RULES[finding.rule].level == "warning"


#: Rule, file, what stands there, what is written instead, and how many lines below the change the finding is.
MISTAKES = [
    ("no-objective", QUIZ, f" {TESTED}", "", 0),
    (
        "long-sentence",
        START,
        "Begin at the source",
        "So we do. " * 20 + "Go " + "at the place " * 10 + "at the source",
        0,
    ),
    ("no-term", START, "[[material balance]]", "whole account", 0),
    ("unmarked-term", START, "Begin", "Mind the rinse. Begin", 0),
    ("unmarked-term", START, "Begin", "Two rinses. Begin", 0),
    ("unsourced-number", START, "Begin", "A leak costs 7 to 8 CNY an hour. Begin", 0),
    ("unsourced-number", START, "Begin", "It falls by 12.5 per cent. Begin", 0),
    ("unsourced-number", START, "Begin", '!!! note "Remember"\n    It takes 1,300 m³ a day.\n\nBegin', 1),
    ("no-feedback", QUIZ, "    > It leaves.\n", "", -1),
    ("no-feedback", GATE, "        > The invoice is what one sees.\n", "", -1),
    ("no-feedback", QUIZ, "!= 1200\n    > That is the power.\n", "", -5),
    ("duplicate-stem", QUIZ, "## Waste is bought. ", "## Which... are INPUTS? ", 0),
]


@pytest.mark.parametrize(("rule", "file", "old", "new", "below"), MISTAKES)
def test_each_rule_finds_what_it_names(
    edited: Path, read_along: Review, rule: str, file: str, old: str, new: str, below: int
) -> None:
    line = replaced(edited, file, old, new) + below
    found = [(finding.file, finding.rule, finding.line) for finding in read_along(edited)]
    assert found == [(f"content/{file}", rule, line)]


def test_a_lesson_of_long_words_is_hard_to_read(edited: Path, read_along: Review) -> None:
    hard = "Organisational responsibilities necessitate comprehensive environmental documentation. [[Rinse]]."
    replaced(edited, START, "Begin at the source of the [[material balance]].", hard)
    assert [rule for rule, _ in _rules(read_along(edited))] == ["hard-to-read"]


def test_an_objective_without_a_question_is_found_on_its_line(edited: Path, read_along: Review) -> None:
    file = edited / QUIZ
    file.write_text(file.read_text(encoding="utf-8").replace("m01-l1.1,m01-l1.2,", "m01-l1.1,"), encoding="utf-8")
    (finding,) = read_along(edited)
    assert (finding.file, finding.rule, finding.line) == (f"content/{GATE}", "untested-objective", 8)


@pytest.mark.parametrize(
    "sentence",
    [
        "A leak costs 7 CNY an hour [@own].",
        "A leak costs 7 CNY an hour (textbook value).",
        "Suppose a leak costs 7 CNY an hour.",
        "A leak costs 3.5 × 2 CNY, which is 7 CNY an hour.",
        "A unit costs {{constant:electricity-price:unit}}, and a lot more than 7 CNY.",
        "From 0 % to 100 % in the year 2006, in 15 minutes and 3 steps.",
        'It costs 7 CNY.\n\n!!! example "Worked example: a leak"\n    It costs 7.0 CNY.',
        "It costs 7 CNY.\n\n| Stream | CNY |\n|---|--:|\n| Leak | 7 |",
        "It costs 7 CNY, as told above.\n\nA leak costs 7 CNY [@own].",
    ],
)
def test_a_number_is_sourced_or_said_to_be_none_or_reckoned(edited: Path, read_along: Review, sentence: str) -> None:
    write(edited, START, lesson(f"The [[rinse]].\n\n{sentence}").replace("id: m01-l1", "id: m01-l2"))
    replaced(edited, START, "[s1, own]", "[own]")
    assert read_along(edited) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The [[rinse]] and the rinse again.",
        "See [the rinse](lesson:m01-l1) of the [[material balance]].",
        "The [[material balance]] is good. So it is.\n\n## The rinse",
        "The [[material balance]] has a rinse-like side, and rinsing.",
    ],
)
def test_a_term_is_marked_or_not_used(edited: Path, read_along: Review, text: str) -> None:
    write(edited, START, lesson(text).replace("id: m01-l1", "id: m01-l2"))
    assert read_along(edited) == ()


def test_a_longer_term_is_no_use_of_the_shorter_and_an_abbreviation_is_found_as_written(
    edited: Path, read_along: Review
) -> None:
    entries = (
        "- id: waste-rinse\n  term: Waste rinse (WAR)\n  zh: 废\n  meaning: A rinse that is thrown away\n"
        "- id: information\n  term: Information (IT)\n  zh: 信\n  meaning: What is known\n"
    )
    glossary = edited / "glossary.yaml"
    glossary.write_text(glossary.read_text(encoding="utf-8") + entries, encoding="utf-8")
    write(
        edited, START, lesson("A [[waste rinse (WAR)|waste rinse]]: it is lost.\n\nAsk IT.").replace("m01-l1", "m01-l2")
    )
    (finding,) = read_along(edited)
    assert (finding.rule, finding.line) == ("unmarked-term", BODY + 2)
    assert "write [[information|IT]] here" in finding.message


def _single(number: int, right: int, texts: tuple[str, str, str] = ("One", "Two", "Six")) -> str:
    options = "".join(
        f"- [{'x' if place == right else ' '}] {text}\n    > So.\n" for place, text in enumerate(texts, start=1)
    )
    return f"## Question {'abcdefgh'[number]}? {{#m01-q{number} type=single {TESTED}}}\n\n{options}\n> **Why:** so.\n\n"


def _true_false(number: int, right: int) -> str:
    return _single(number, right).replace("- [ ] Six\n    > So.\n", "").replace("type=single", "type=true-false")


@pytest.mark.parametrize(
    ("places", "told"),
    [((1, 1, 2), True), ((1, 2, 3), False), ((1, 1), False), ((1, 1, 2, 3), False), ((3, 3, 3, 1), True)],
)
def test_the_place_of_the_right_option_tells_nothing(
    edited: Path, read_along: Review, places: tuple[int, ...], told: bool
) -> None:
    write(edited, QUIZ, quiz("".join(_single(number, right) for number, right in enumerate(places))))
    # The three options are of one length: which is the longest tells nothing.
    assert [rule for rule, _ in _rules(read_along(edited))] == ["telling-position"] * told


@pytest.mark.parametrize(("places", "told"), [((2, 2, 2), True), ((2, 2, 1), False), ((1, 1), False)])
def test_true_and_false_are_both_right_somewhere(
    edited: Path, read_along: Review, places: tuple[int, ...], told: bool
) -> None:
    write(edited, QUIZ, quiz("".join(_true_false(number, right) for number, right in enumerate(places))))
    assert [rule for rule, _ in _rules(read_along(edited))] == ["telling-position"] * told


@pytest.mark.parametrize(("longest", "told"), [((1, 2, 3), True), ((1, 2, 1), True), ((1, 3, 1), False)])
def test_the_longest_option_is_not_mostly_right(
    edited: Path, read_along: Review, longest: tuple[int, ...], told: bool
) -> None:
    questions = ""
    for number, (right, long) in enumerate(zip((1, 2, 3), longest, strict=True)):
        texts = tuple("A much longer text" if place == long else f"Text {place}" for place in (1, 2, 3))
        questions += _single(number, right, texts)  # type: ignore[arg-type]
    write(edited, QUIZ, quiz(questions))
    assert [rule for rule, _ in _rules(read_along(edited))] == ["telling-length"] * told


ERRORS = {
    "missing-alt-text": (GATE, "![Bars: the purchase is the largest part of the cost]", "![]", "alternative text"),
    "unknown-term": (START, "[[material balance]]", "[[no such thing]]", "names the unknown term"),
    "unknown-objective": (QUIZ, "type=single points=2", "type=single objective=m01-l1.3", "has 2 objectives"),
}


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.level == "error"])
def test_the_parser_names_every_error_of_the_table(content: Path, load: Callable[[Path], Loaded], rule: str) -> None:
    file, old, new, told = ERRORS[rule]
    line = replaced(content, file, old, new)
    problems = load(content).problems
    assert [(problem.file, problem.line) for problem in problems] == [(f"content/{file}", line)]
    assert told in problems[0].message


def test_every_warning_of_the_table_is_tested_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in RULES if source.count(f'"{name}"') < 1] == []
