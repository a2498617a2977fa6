"""GIFT that means harm ends in named lines, in bounded time, and hides nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.content.context import Reply, Request
from learning.content.documents import read_document
from learning.content.gift.kept import LeftOut
from learning.content.gift.mapping import draft_of
from learning.content.gift.reader import read_gift
from learning.content.gift.records import GiftQuestion
from learning.content.problems import Problems
from learning.content.renderer import CPU_SECONDS
from learning.content.text import Text, normalised
from tests.content.test_question_writer import ANYTHING
from tests.proof import times

Read = Callable[..., Reply]


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "}" * 9_000,
        "Q?{" * 3_000,
        "Q?{=" + "a=" * 4_000 + "}",
        ("Q?{" + "=a\n" * 3_000 + "~b}") * 10,
        "::" * 4_500 + "{=a ~b}",
        "\\" * 9_999,
        "Q?{=a ~b" + "#" * 9_000 + "}",
        "[html]" + "<i>" * 3_000 + "{=a ~b}",
        "[html]" + "<!" * 4_000 + "{=a ~b}",
        "[html]" + "<a href " * 1_200 + "{=a ~b}",
        "Q \\\\(" * 1_500 + "{=a ~b}",
        "[markdown]" + "![" * 200 + "`" * 3_000 + "{=a ~b}",
        "Q?{#" + "1" * 9_000 + ":" + "2" * 500 + "}",
        "Q?{#1e99:1e99}",
        "Q?{#%99999999%5}",
        "Q?{" + "~%100%a" * 1_000 + "}",
        "// [id:" * 1_300 + "\nQ{=a}",
        "// headwater: | ## Q {#q type=single}\n" * 5_000,
        "$CATEGORY:" * 900,
        "Q?{>99999999999999999999 ALL\na\nb}",
        "\ufeffQ?{=a ~b}",
        "Q\x00?{=a ~b}",
        "Q\ue103?{=a ~b}",
        "Q?{=a ~b}\n\n" * 30_000,
        "x" * 1_000_000,
    ],
    ids=lambda text: f"{text[:16]!r}-{len(text)}",
)
def test_a_hostile_text_ends_in_named_lines_and_bounded_time(read: Read, text: str) -> None:
    started = time.monotonic()
    reply = read(text, kind="gift", file="x.gift")
    # Waiting counts too on a busy machine; the limit of processor time itself is the renderer's.
    assert time.monotonic() - started < 5 * CPU_SECONDS
    said = [(each.line, each.message) for each in reply.problems]
    said += [(each.line, each.message) for each in (reply.sheet.remarks if reply.sheet else ())]
    assert said
    assert all(1 <= line <= text.count("\n") + 1 and message for line, message in said)
    assert not any("fault of Headwater" in message for _, message in said)


PIECES = ["{", "}", "=", "~", "#", "####", "->", "::", "%50%", "%", "\\", "\n", "\n\n", "//", "[html]", "[markdown]",
          "<b>", "</p>", "<", "&amp;", "a", "5", "..", ":", "T", " ", "- [x] ", "## ", "> ", "|", "$", "[[", "{{", "[id:a]",
          "// headwater: ", "| ", "1. ", ">2 ALL\n"]  # fmt: skip


def told(question: GiftQuestion) -> list[tuple[int, str]]:
    """What is said of a question, by line."""
    try:
        _, remarks = draft_of(question)
    except LeftOut as reason:
        return [(reason.line, str(reason))]
    return [(remark.line, remark.message) for remark in remarks]


@pytest.mark.prove
@settings(max_examples=times(300, 20_000), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_breaks_the_reader_and_every_question_is_taken_or_told(text: str) -> None:
    problems = Problems("x.gift")
    lines = Text.of(normalised(text)).lines
    for question in read_gift(lines, problems).questions:
        assert 1 <= question.line <= len(lines)
        assert all(1 <= line <= len(lines) and words for line, words in told(question))


@settings(max_examples=times(60, 2_000), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_text_is_a_fault_of_ours(text: str) -> None:
    reply = read_document(Request("gift", "x.gift", f"{text}\n\nQ?{{=a ~b}}", "", ANYTHING))
    assert reply.sheet is not None or reply.problems
