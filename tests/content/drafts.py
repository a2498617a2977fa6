"""Question drafts of all eight types for properties: what an author may write, odd signs included."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from learning.content.drafts import (
    ChoiceDraft,
    Choices,
    Gaps,
    NumberDraft,
    Numbers,
    Order,
    Pairs,
    QuestionDraft,
    Words,
)

WORDS = ["water", "Energy", "saves", "é", "水", "kWh", "isn't", "CO₂", "x"]
#: Words that mean something to GIFT.
ODD = [
    "a=b", "=", "~5", "~", "#1", "####", "{x}", "}", "back\\slash", "\\n", "\\", "\\:", "::", "1:2", "50%", "%50%", "[plain]",
    "[html]x", "->", "//", "*strong*", "`code`", "TRUE", "$CATEGORY:", "(a)", "headwater:", "&lt;", "..",
]  # fmt: skip
word = st.sampled_from(WORDS)
odd = st.sampled_from(WORDS + ODD)


@st.composite
def lines(draw: st.DrawFn, least: int = 1) -> str:
    """One line that starts with a word and holds anything."""
    first = draw(word)
    return " ".join([first, *draw(st.lists(odd, min_size=least - 1, max_size=6))])


#: An answer may start with an odd sign too.
answers = st.lists(odd, min_size=1, max_size=4).map(" ".join)
paragraphs = st.lists(lines(), min_size=1, max_size=2).map("\n".join)
blocks = st.lists(paragraphs, min_size=1, max_size=3).map("\n\n".join)
said = st.one_of(st.just(""), blocks)


@st.composite
def choices(draw: st.DrawFn) -> Choices:
    kind = draw(st.sampled_from(["single", "multiple", "true-false"]))
    most = 2 if kind == "true-false" else 10
    texts = draw(st.lists(lines(), min_size=2, max_size=most, unique=True))
    if kind == "true-false" and draw(st.booleans()):
        texts = ["True", "False"]
    if kind == "multiple":
        count = draw(st.integers(1, len(texts) - 1))
        right = draw(st.permutations([index < count for index in range(len(texts))]))
    else:
        place = draw(st.integers(0, len(texts) - 1))
        right = [index == place for index in range(len(texts))]
    return Choices(kind, tuple(ChoiceDraft(text, so, draw(said)) for text, so in zip(texts, right, strict=True)))


@st.composite
def number_line(draw: st.DrawFn, low: int, unit: str | None) -> str:
    """A number in a band of its own, so that no two answers overlap."""
    value = Decimal(draw(st.integers(low * 1000 + 200, low * 1000 + 800)))
    value = value.scaleb(-draw(st.integers(0, 2)))
    sign = draw(st.sampled_from(["", " ± 3", " ± 0.5", " .. ", " ± 1 %"]))
    if sign == " ± 1 %" and unit in (None, "%"):
        sign = " ± 0.1"
    if sign == " ± 0.1" and unit == "%":
        sign = ""
    if sign == " ± 3" and unit == "%":
        sign = ""
    if sign == " ± 0.5" and unit == "%":
        sign = ""
    text = f"{value} .. {value + 2}" if sign == " .. " else f"{value}{sign}"
    return f"{text} {unit}" if unit else text


@st.composite
def numbers(draw: st.DrawFn) -> Numbers:
    units = draw(st.lists(st.sampled_from(["kWh", "MJ", "%", "kg CO2/t"]), max_size=2, unique=True)) or [None]
    accepted = tuple(NumberDraft(draw(number_line(index + 1, unit)), draw(said)) for index, unit in enumerate(units))
    mistakes = tuple(
        NumberDraft(draw(number_line(10 + index, draw(st.sampled_from([None, units[0]])))), draw(blocks))
        for index in range(draw(st.integers(0, 3)))
    )
    return Numbers(accepted, mistakes)


words = st.lists(answers.filter(lambda text: "|" not in text), min_size=1, max_size=4, unique=True).map(
    lambda found: Words(tuple(found))
)
#: Two dollar signs of a row would enclose a formula.
cell = lines().map(lambda text: text.replace("$", "")).map(str.strip)
pairs = st.builds(
    Pairs,
    st.lists(st.tuples(cell, cell), min_size=2, max_size=10).map(tuple),
    st.sampled_from([("Prompt", "Match"), ("Stream", "Kind")]),
)
order = st.builds(Order, st.lists(lines(), min_size=2, max_size=10, unique=True).map(tuple))
gap_words = st.lists(word, min_size=2, max_size=4, unique=True)


@st.composite
def gap(draw: st.DrawFn) -> str:
    found = draw(gap_words)
    return "{{" + ("=" if draw(st.booleans()) else "") + "|".join(found) + "}}"


@st.composite
def gaps(draw: st.DrawFn) -> Gaps:
    count = draw(st.integers(1, 3))
    text = " ".join(f"{draw(lines())} {draw(gap())}" for _ in range(count))
    return Gaps(f"{text} {draw(lines())}")


answer = st.one_of(choices(), numbers(), words, pairs, order, gaps())
identifiers = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
drafts = st.builds(
    QuestionDraft,
    id=identifiers,
    title=lines(),
    stem=said,
    answer=answer,
    explanation=blocks,
    points=st.integers(1, 100),
)
