"""Every mistake in a lesson is refused on its line, and the sentence says how to mend it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from learning.content.context import Reply
from tests.content.builders import BODY, lesson

Read = Callable[..., Reply]

#: Body, the line of the mistake in it, words of the message.
MISTAKES = [
    ("Text\n\nA <b>bold</b> word.", 3, "raw HTML"),
    ("Text\n<div>\nblock\n</div>", 2, "raw HTML"),
    ("<!-- hidden -->", 1, "raw HTML"),
    ("Text\n<img src=x\nonerror=y>", 2, "raw HTML"),
    ("Text\n\nA [[strange thing]].", 3, "unknown term `strange thing`"),
    ("A [[material balances]].", 1, "write [[material balance|material balances]]"),
    ("An [[open term.", 1, "opens a glossary term badly"),
    ("A\nB\n[@s9]", 3, "cites `s9`, which the lesson does not list"),
    ("{{constant:gas-price}}", 1, "unknown constant `gas-price`"),
    ("{{constant:electricity-prize}}", 1, "write `electricity-price`"),
    ("{{constant:electricity-price:euro}}", 1, "writes a constant badly"),
    ("{{a|b}}", 1, "neither a constant nor a gap"),
    ("A {{ gap", 1, "neither a constant nor a gap"),
    ("A\n\n# Title", 3, "level-1 heading"),
    ("## A\n\n#### B", 3, "skips a heading level: write ###"),
    ("> ## A", 1, "inside a box, list or quote"),
    ("## A {#B}", 1, "`B`, which is not well formed"),
    ("## A {#x}\n\n## B {#x}", 3, "is used twice"),
    ("## {#x}", 1, "heading without words"),
    ("Title\n=====", 2, "underlines a heading"),
    ("Title\n---", 2, "underlines a heading"),
    ("```\ncode\n```", 1, "indent code by four blanks"),
    ("[a][b]\n\n[b]: https://example.org", 3, "defines a link apart"),
    ("- [ ] a\n- [x] b", 1, "is an option outside a question"),
    ("!!! note\n    Text", 1, 'write `!!! note "Title"`'),
    ('!!! nota "T"\n    Text', 1, "unknown kind `nota`"),
    ('!!! note ""\n    Text', 1, "box without a title"),
    ('!!! note "T"\nText', 1, "box without text"),
    ('!!! note "T"\n    Text\n\n    !!! check "C"\n        Q?', 4, "check inside something else"),
    ("Text\n- a\n- b", 2, "leave a line empty above"),
    ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", 3, "leave a line empty above its header"),
    ("- a\n  - b", 2, "indent it by four blanks or none"),
    ("A[^x].", 1, "no footnote `x`"),
    ("A[^x].\n\n[^x]:", 3, "footnote without text"),
    ("A[^x\ny].", 1, "footnotes are for lessons, written [^a]"),
    ("A[^x y].\n\n[^x y]: z", 1, "names a footnote badly"),
    ("It costs $5.", 1, "write \\$ for the sign"),
    ("A\n\n$\\frac{a$ b", 3, "unequal braces"),
    ("$\\frac{a}$", 1, "not complete"),
    ("$\\foo{a}$", 1, "unknown command `\\foo`"),
    ("$\\href{javascript:alert(1)}{x}$", 1, "sets a style or a link"),
    ("$\\style{color:red}{x}$", 1, "sets a style or a link"),
    ("A $$x$$ b", 1, "inside a text"),
    ("[a](lesson:M02)", 1, "write lesson: and its id"),
    ("A\n[a](javascript:alert(1))", 2, "links to `javascript:alert(1"),
    ("[a](&#106;avascript:x)", 1, "links to"),
    ("[a](//evil.example)", 1, "links to `//evil.example`"),
    ("[a](/&#47;evil.example)", 1, "links to"),
    ("[a](/&amp;#47;evil.example)", 1, "with an &…; sign"),
    ("[a](/\\evil.example)", 1, "links to"),
    ("[a](other.md)", 1, "write https://…, mailto:…, lesson:id"),
    ("[a](data:text/html,x)", 1, "links to"),
    ("[a](#nowhere)", 1, "section `#nowhere`"),
    ("[](https://example.org)", 1, "link without words"),
    ("[the [[rinse]]](https://example.org)", 1, "inside a link"),
    ('Text ![a](figures/offcut-cost.svg "c") text', 1, "alone into a paragraph"),
    ('A\n\n![](figures/offcut-cost.svg "c")', 3, "without alternative text"),
    ("![a](figures/offcut-cost.svg)", 1, "without a caption"),
    ('![a](figures/none.svg "c")', 1, "not in this module"),
    ('![a](https://example.org/a.svg "c")', 1, "only drawings in figures/*.svg"),
    ('![a](figures/../x.svg "c")', 1, "only drawings in figures/*.svg"),
    ('![a [[rinse]]](figures/offcut-cost.svg "c")', 1, "in an alternative text"),
    ("[" * 251 + "a" + "]" * 251, 1, "more than 500 square brackets"),
    ("> " * 21 + "deep", 1, "nested more than 20 deep"),
    ("a" * 10_001, 1, "longer than 10,000 characters"),
    ("A\nB\u202ec", 2, "invisible character U+202E"),
    ("A\n\nB\x07c", 3, "invisible character U+0007"),
]


@pytest.mark.parametrize(("body", "line", "words"), MISTAKES, ids=[words for _, _, words in MISTAKES])
def test_a_mistake_in_the_body_is_named_on_its_line(read: Read, body: str, line: int, words: str) -> None:
    reply = read(lesson(body))
    assert reply.lesson is None
    assert any(problem.line == BODY + line - 1 and words in problem.message for problem in reply.problems), [
        str(problem) for problem in reply.problems
    ]
    assert all(": " in problem.message or "; " in problem.message for problem in reply.problems), "says how to mend it"


CHECKS = [
    ("    Q?\n\n    - [ ] a\n    - [ ] b\n\n    > **Why:** c", 3, "none is right"),
    ("    Q?\n\n    - [x] a\n    - [x] b\n\n    > **Why:** c", 3, "all right"),
    ("    Q?\n\n    - [x] a\n    - [ ] b", 0, "no explanation"),
    ("    Q?\n\n    - [x] a\n    - [ ] A\n\n    > **Why:** c", 4, "repeats the option"),
    ("    Q?\n\n    - [x] a\n    - b\n\n    > **Why:** c", 4, "is not an option"),
    ("    Q?\n\n    - [x] a\n\n    > **Why:** c", 0, "has 1 options"),
    ("    - [x] a\n    - [ ] b\n\n    > **Why:** c", 0, "check without a question"),
    ("    Q?\n\n    - [x] a [[nothing]]\n    - [ ] b\n        > <i>x</i>\n\n    > **Why:** c", 3, "unknown term"),
    ("    Q?\n\n    - [x] a\n    - [ ] b\n        > <i>x</i>\n\n    > **Why:** c", 5, "raw HTML"),
    ("    Q?\n\n    - [x] a\n    - [ ] b\n\n    > **Why:** c\n\n    More.", 8, "below the explanation"),
    ("    Q?\n\n    - [x] a\n  - [ ] b\n\n    > **Why:** c", 4, "indented too little"),
]


@pytest.mark.parametrize(("body", "line", "words"), CHECKS, ids=[words for _, _, words in CHECKS])
def test_a_mistake_in_a_check_is_named_on_its_line(read: Read, body: str, line: int, words: str) -> None:
    reply = read(lesson(f'Text.\n\n!!! check "Your turn"\n{body}\n\nAfter.'))
    assert reply.lesson is None
    assert any(problem.line == BODY + 2 + line and words in problem.message for problem in reply.problems), [
        str(problem) for problem in reply.problems
    ]


FRONTS = [
    ("id: m01-l1", "id: M01", 2, "must be an id"),
    ("id: m01-l1", "", 2, "`id` is missing"),
    ("minutes: 10", "minutes: ten", 4, "must be a whole number"),
    ("minutes: 10", "minutes: 61", 4, "write 60 or less"),
    ("minutes: 10", "minuts: 10", 4, "write `minutes`"),
    ("audience: [employee]", "audience: [boss]", 5, "write `employee`, `audit-team` or `manager`"),
    ("audience: [employee]", "audience: employee", 5, "must be a list"),
    ("  - Know", "  - 5", 7, "must be text"),
    ("sources: [s1, own]", "sources: []", 8, "too few entries"),
    ("sources: [s1, own]", "sources: [s1, s9]", 8, "unknown source `s9`"),
    ("sources: [s1, own]", "sources: [s1, s1]", 8, "lists the source `s1` twice"),
    ("title: A lesson", "title: A: lesson", 3, "in quotes"),
    ("title: A lesson", "title: ''", 3, "is empty"),
    ("title: A lesson", "title: A\ntitle: B", 4, "repeats the key"),
    ("title: A lesson", "title: &x A", 3, "anchor"),
    ("title: A lesson", "title: !!python/name:os.system A", 3, "tag"),
    ("---\nid", "id", 1, "no front matter"),
    ("own]\n---", "own]", 1, "without an end"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), FRONTS, ids=[words for *_, words in FRONTS])
def test_a_mistake_in_the_front_matter_is_named_on_its_line(
    read: Read, old: str, new: str, line: int, words: str
) -> None:
    reply = read(lesson("Text.").replace(old, new, 1))
    assert reply.lesson is None
    assert any(problem.line == line and words in problem.message for problem in reply.problems), [
        str(problem) for problem in reply.problems
    ]


def test_mistakes_of_front_matter_and_body_are_told_in_one_run(read: Read) -> None:
    reply = read(lesson("<b>\n\n[[nothing]]\n\n$x").replace("minutes: 10", "minutes: 0"))
    assert [problem.line for problem in reply.problems] == [4, 11, 13, 15]


def test_a_lesson_needs_a_text(read: Read) -> None:
    assert [str(problem) for problem in read(lesson("")).problems] == [
        "content/document:10: is a lesson without text: write it below the front matter"
    ]


def test_a_problem_reads_as_file_line_and_sentence(read: Read) -> None:
    [problem] = read(lesson("<b>x"), file="content/modules/01-why/01-gate.md").problems
    assert str(problem) == (
        "content/modules/01-why/01-gate.md:11: holds raw HTML: use Markdown, or write \\< for the sign"
    )
