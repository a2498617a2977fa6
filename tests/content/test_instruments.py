"""The self-assessment: what its file may say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from learning.content.context import Reply
from learning.content.model import AgreementItem, AnchoredItem, Band, KnowledgeItem
from tests.content.builders import INSTRUMENT

Read = Callable[..., Reply]


def test_an_instrument_is_read_whole(read: Read) -> None:
    found = read(INSTRUMENT, kind="instrument").instrument
    assert found is not None
    assert (found.id, found.version, found.language, found.minutes) == ("employee-awareness", 1, "en", 14)
    assert found.purpose_html == "<p>A mirror, <strong>not</strong> a test.</p>\n<p>Nobody but you sees it.</p>"
    assert found.headlines[0].bands == (Band(0, "Not started", "Begin with one round."), Band(40, "Started", "Go on."))
    assert (found.headlines[1].bands, found.headlines[1].interval_floor) == ((), 5.0)
    assert [dimension.kind for dimension in found.dimensions] == ["anchored", "agreement", "knowledge"]
    anchored, agreement, knowledge = (dimension.items[0] for dimension in found.dimensions)
    assert isinstance(anchored, AnchoredItem)
    assert anchored.anchors == ("Nothing", "Talk", "Written", "Explained", "Checked")
    assert isinstance(agreement, AgreementItem)
    assert agreement.key == "negative"
    assert isinstance(knowledge, KnowledgeItem)
    assert [option.right for option in knowledge.options] == [True, False]
    assert found.contradictory_pairs == (("b1-1", "b1-2"),)


def test_a_recommended_lesson_need_not_be_written_yet(read: Read) -> None:
    reply = read(INSTRUMENT, kind="instrument")
    assert reply.instrument is not None
    recommendation = reply.instrument.dimensions[0].recommendation
    assert recommendation is not None
    assert (recommendation.lesson, recommendation.then) == ("m12-l1", "m12-l2")
    assert reply.references == ()


ANCHORS = "anchors: [Nothing, Talk, Written, Explained, Checked]"
MISTAKES = [
    ("version: 1", "version: 0", "write 1 or more"),
    ("language: en", "language: English", "not well formed"),
    ("A mirror, **not**", "A <b>mirror</b>, **not**", "raw HTML"),
    ("weight: 1.0", "weight: 0", "write more than 0"),
    ("weight: 1.0", "weight: .nan", "must be a number"),
    ("weight: 1.0", "wieght: 1.0", "write `weight`"),
    ("minimum_weight: 0.6667", "minimum_weight: 1.5", "write 1.0 or less"),
    ("    headline: a", "    headline: z", "unknown headline `z`"),
    ("      - {from: 0, title: Not", "      - {from: 5, title: Not", "does not start at 0"),
    ("      - {from: 40, title: Started", "      - {from: 0, title: Started", "put the bands in rising order"),
    ("kind: anchored", "kind: ranked", "write `anchored`, `agreement` or `knowledge`"),
    (ANCHORS, "anchors: [Nothing, Talk, Written, Explained]", "write five, level 0 to 4"),
    (ANCHORS, "anchors: [Nothing, Talk, Talk, Explained, Checked]", "repeats the anchor"),
    (ANCHORS, "key: positive", "has `key` in an item of kind anchored"),
    ("      lesson: m12-l1", "      lesson: M12", "must be an id"),
    ("        key: negative", "        key: reversed", "write `positive` or `negative`"),
    ("right: true", "right: false", "has no right option"),
    ("right: false", "right: true", "second right option"),
    ("text: Treatment", "text: prevention", "repeats the option"),
    ("id: b1-2", "id: b1-1", "repeats the id `b1-1` of line"),
    ("id: k1-1", "id: a1", "repeats the id `a1` of line"),
    ("[[b1-1, b1-2]]", "[[b1-1, b9-9]]", "unknown item `b9-9`"),
    ("[[b1-1, b1-2]]", "[[b1-1, k1-1]]", "no agreement item"),
    ("[[b1-1, b1-2]]", "[[b1-1]]", "not a pair"),
    ("[[b1-1, b1-2]]", "[[b1-1, b1-2], [b1-2, b1-1]]", "repeats the pair"),
    ("guidance: Look", "  guidance: Look", "cannot be read as YAML"),
]


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES, ids=[words for *_, words in MISTAKES])
def test_a_mistake_in_an_instrument_is_named_on_its_line(read: Read, old: str, new: str, words: str) -> None:
    line = INSTRUMENT[: INSTRUMENT.index(old)].count("\n") + 1
    reply = read(INSTRUMENT.replace(old, new, 1), kind="instrument")
    assert reply.instrument is None
    # A list that is wrong as a whole is named on its key; an option is named on its own line.
    near = (line - 1, line) if words in ("has no right option",) else (line,)
    assert any(problem.line in near and words in problem.message for problem in reply.problems), [
        str(problem) for problem in reply.problems
    ]


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        ("        why: It must reach the shop floor.\n", "kind anchored without `why`"),
        ("        key: positive\n", "kind agreement without `key`"),
        ("    about: What I know.\n", "`about` is missing"),
        ("        guidance: One is right.\n", "`guidance` is missing"),
    ],
)
def test_a_missing_key_is_named_where_it_is_missing(read: Read, cut: str, words: str) -> None:
    reply = read(INSTRUMENT.replace(cut, ""), kind="instrument")
    assert any(words in problem.message for problem in reply.problems)
    [line] = {problem.line for problem in reply.problems}
    assert INSTRUMENT.splitlines()[line - 1].lstrip().startswith("- id:")


def test_a_headline_without_dimension_is_refused(read: Read) -> None:
    reply = read(INSTRUMENT.replace("headline: b", "headline: a"), kind="instrument")
    assert [problem.message for problem in reply.problems] == [
        "is the headline `b` without a dimension: add one, or delete it"
    ]
