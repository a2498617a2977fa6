"""A table of GIFT: what comes of each text, and what is said of it on which line."""

from __future__ import annotations

import pytest

from learning.content.context import Request
from learning.content.renderer import Renderer
from tests.content.gift.snippets import SNIPPETS, Snippet
from tests.content.test_question_writer import ANYTHING

MISSING = "has no general feedback"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_gift_becomes_our_questions_and_every_loss_is_named(snippet: Snippet, renderer: Renderer) -> None:
    reply = renderer.read(Request("gift", "x.gift", snippet.gift, "", ANYTHING))
    assert reply.sheet is not None
    said = [(each.line, "mistake", each.message) for each in reply.problems]
    said += [(each.line, each.kind, each.message) for each in reply.sheet.remarks if MISSING not in each.message]
    assert [(line, kind) for line, kind, _ in sorted(said)] == [(line, kind) for line, kind, _ in snippet.said], said
    for (_, _, message), (_, _, words) in zip(sorted(said), snippet.said, strict=True):
        assert words in message
    at = 0
    for stretch in snippet.markdown:
        found = f"{reply.sheet.markdown}\n".find(stretch, at)
        assert found >= 0, f"{stretch!r} is not in\n{reply.sheet.markdown}"
        at = found + len(stretch)
    assert bool(reply.sheet.questions) == bool(snippet.markdown)
    assert all(question.explanation_html for question in reply.sheet.questions)


def test_the_table_is_large() -> None:
    assert len({snippet.gift for snippet in SNIPPETS}) == len(SNIPPETS) >= 80


@pytest.mark.parametrize(
    ("gift", "why"),
    [
        ("Q?{=A#Because it is first. ~B}", "> **Why:** Because it is first."),
        ("Q?{=A ~B}", "> **Why:** right is: A"),
        ("Q.{TRUE}", "> **Why:** right is: True"),
        ("Q?{=a =b}", "> **Why:** right is: a; b"),
        ("Q?{#5:1}", "> **Why:** right is: 5 ± 1"),
        ("Q?{=a -> b =c -> d}", "> **Why:** right is: a – b; c – d"),
    ],
)
def test_a_question_without_general_feedback_says_what_is_right_and_its_author_is_asked(
    gift: str, why: str, renderer: Renderer
) -> None:
    sheet = renderer.read(Request("gift", "x.gift", gift, "", ANYTHING)).sheet
    assert sheet is not None
    assert sheet.markdown.endswith(why)
    [hint] = sheet.remarks
    assert (hint.line, hint.kind, hint.is_loss) == (1, "hint", False)
    assert MISSING in hint.message
