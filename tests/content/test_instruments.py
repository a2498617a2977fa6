"""The self-assessment: what its file may say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from learning.content.context import Reply
from learning.content.model import AgreementItem, AnchoredItem, Band, Comparable, KnowledgeItem
from tests.content.builders import INSTRUMENT

Read = Callable[..., Reply]


def test_an_instrument_is_read_whole(read: Read) -> None:
    found = read(INSTRUMENT, kind="instrument").instrument
    assert found is not None
    assert (found.id, found.version, found.language, found.minutes) == ("employee-awareness", 1, "en", 14)
    assert found.purpose_html == "<p>A mirror, <strong>not</strong> a test.</p>\n<p>Nobody but you sees it.</p>"
    assert found.headlines[0].bands == (Band(0, "Not started", "Begin with one round."), Band(40, "Started", "Go on."))
    assert [headline.id for headline in found.score_headlines] == ["a", "b"]
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
    ("version: 1", "version: 2", "add `comparable: {from: 1, items: [all]}`"),
    ("title: Employee", "comparable: {from: 1, items: [all]}\ntitle: Employee", "name one before 1"),
    (
        "text: What managers say",
        "text: What our company has promised\n        # text: What managers",
        "repeats the text",
    ),
    (
        "      measure: Ask for",
        "      lower: [{below: 30, lesson: m1, measure: A}]\n      measure: Ask for",
        "write `40`",
    ),
    (
        "      measure: Ask for",
        "      lower: [{below: 40, lesson: m1, measure: A}, {below: 40, lesson: m2, measure: B}]\n      measure: Ask",
        "put them in rising order",
    ),
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


def problems_of(read: Read, text: str, kind: str = "instrument") -> list[str]:
    """Mistakes as `line: message`."""
    return [f"{problem.line}: {problem.message}" for problem in read(text, kind=kind).problems]


def line_of(text: str, part: str, after: str = "") -> int:
    """The line on which a part starts, the first one after another part."""
    start = text.index(part, text.index(after))
    return text[:start].count("\n") + 1


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


LATER = INSTRUMENT.replace("version: 1", "version: 3\ncomparable: {from: 2, items: [a1-1, b1-2]}", 1)


def test_a_later_version_says_which_items_stayed(read: Read) -> None:
    found = read(LATER, kind="instrument").instrument
    assert found is not None
    assert found.comparable == Comparable(2, ("a1-1", "b1-2"))
    every = read(LATER.replace("[a1-1, b1-2]", "[all]"), kind="instrument").instrument
    assert every is not None
    assert every.comparable == Comparable(2, ("a1-1", "a1-2", "b1-1", "b1-2", "k1-1"))


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("[a1-1, z9]", "unknown item `z9`"),
        ("[a1-1, a1-1]", "names the item `a1-1` twice"),
        ("[all, a1-1]", "names `all` beside single items"),
    ],
)
def test_comparable_items_are_items_of_the_file(read: Read, items: str, words: str) -> None:
    [problem] = problems_of(read, LATER.replace("[a1-1, b1-2]", items))
    assert problem.startswith("3: ")
    assert words in problem


def test_a_headline_score_and_a_knowledge_check_are_kept_apart(read: Read) -> None:
    mixed = INSTRUMENT.replace("headline: a", "headline: k")
    assert f"{line_of(mixed, '- id: k')}: mixes the knowledge check into the headline `k`: give it one of its own" in (
        problems_of(read, mixed)
    )
    banded = INSTRUMENT.replace(
        "    interval_floor: 4\n", "    interval_floor: 4\n    bands: [{from: 0, title: T, text: X}]\n"
    )
    [problem] = problems_of(read, banded)
    assert problem.startswith(f"{line_of(banded, 'bands', 'Knowledge check')}: has bands for a knowledge check")


def test_an_instrument_has_one_or_two_scores(read: Read) -> None:
    head, dimensions, rest = INSTRUMENT.partition("dimensions:\n")
    extra = "  - {id: c, title: C, short: C., minimum_weight: 1, interval_floor: 4}\n"
    page = rest[: rest.index("  - id: b1\n")].replace("a1", "c1").replace("headline: a", "headline: c")
    page = page.replace("What", "Now what")
    third = head + extra + dimensions + page + rest
    assert problems_of(read, third) == [
        f"{line_of(third, '- {id: c')}: is one headline too many: an instrument has one or two and at most one "
        "knowledge check"
    ]
    only = INSTRUMENT[: INSTRUMENT.index("  - id: a1\n")] + INSTRUMENT[INSTRUMENT.index("  - id: k1\n") :]
    only = only[: only.index("contradictory_pairs")]
    assert f"{line_of(only, 'headlines:')}: has no headline with a score: add a dimension of kind " in "\n".join(
        problems_of(read, only)
    )


def test_one_item_makes_no_score(read: Read) -> None:
    start, end = INSTRUMENT.index("      - id: a1-2"), INSTRUMENT.index("  - id: b1\n")
    alone = INSTRUMENT[:start] + INSTRUMENT[end:]
    assert problems_of(read, alone) == [
        f"{line_of(alone, 'items:')}: has one item, which never makes a score: write 2 or more"
    ]


def test_a_pair_must_contradict_itself(read: Read) -> None:
    agreeing = INSTRUMENT.replace("key: positive", "key: negative")
    assert problems_of(read, agreeing) == [
        f"{line_of(agreeing, '[[b1-1')}: pairs two items that are both keyed negative: "
        "agreeing with both contradicts nothing"
    ]


def test_low_scores_may_lead_elsewhere(read: Read) -> None:
    text = INSTRUMENT.replace(
        "      measure: Ask for", "      lower: [{below: 40, lesson: m01-l1, measure: Begin.}]\n      measure: Ask for"
    )
    found = read(text, kind="instrument").instrument
    assert found is not None
    promise, attitude, _ = found.dimensions
    low, high = promise.recommendation_at(39.9), promise.recommendation_at(40.0)
    assert low is not None
    assert high is not None
    assert (low.lesson, low.measure, high.lesson) == ("m01-l1", "Begin.", "m12-l1")
    assert attitude.recommendation_at(0.0) is None


def test_an_instrument_has_any_ids_and_need_not_check_knowledge(read: Read) -> None:
    plain = INSTRUMENT[: INSTRUMENT.index("  - id: k1\n")] + "contradictory_pairs: []\n"
    plain = plain.replace(plain[plain.index("  - id: k\n") : plain.index("dimensions:")], "")
    found = read(plain, kind="instrument").instrument
    assert found is not None
    assert [headline.id for headline in found.score_headlines] == ["a", "b"]
    assert len(found.items) == 4
