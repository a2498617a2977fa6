"""Out to GIFT and back: the same questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.content.context import Context, Request, Sheet
from learning.content.drafts import Gaps, Order, Pairs, QuestionDraft, Words
from learning.content.gift.mapping import draft_of
from learning.content.gift.reader import read_gift
from learning.content.gift.writer import written_gift
from learning.content.problems import Problems
from learning.content.renderer import Renderer
from learning.content.text import Text, normalised
from tests.content.drafts import drafts
from tests.content.gift.snippets import SNIPPETS, Snippet
from tests.content.test_question_writer import ANYTHING, QUIZZES
from tests.proof import times


def back(gift: str) -> list[QuestionDraft]:
    """The drafts that a GIFT text holds, none of them with a loss."""
    problems = Problems("x.gift")
    found = [draft_of(question) for question in read_gift(Text.of(normalised(gift)).lines, problems).questions]
    assert problems.sorted() == ()
    assert [remarks for _, remarks in found if any(remark.is_loss for remark in remarks)] == []
    return [draft for draft, _ in found]


def has_a_form_in_gift(draft: QuestionDraft) -> bool:
    """Whether Moodle can show it: GIFT has one gap a question, its lines of an order know no escapes, and an arrow
    makes pairs of words wherever it stands."""
    match draft.answer:
        case Gaps(text=text):
            return text.count("{{") == 1
        case Order(items=items):
            return not any("####" in item for item in items)
        case Words(accepted=accepted):
            return not any("->" in each for each in accepted)
        case Pairs(rows=rows):
            return not any("->" in left for left, _ in rows)
    return True


@pytest.mark.prove
@settings(max_examples=times(150, 3_000), deadline=None)
@given(st.lists(drafts, min_size=1, max_size=3))
def test_every_question_comes_back_the_same(found: list[QuestionDraft]) -> None:
    gift, remarks = written_gift(list(enumerate(found, start=1)), "A: {title}/x")
    assert back(gift) == found
    kept = {remark.line for remark in remarks if remark.kind == "left-out"}
    assert kept == {line for line, draft in enumerate(found, start=1) if not has_a_form_in_gift(draft)}


def sheet(renderer: Renderer, kind: str, text: str, context: Context = ANYTHING) -> Sheet:
    found = renderer.read(Request(kind, "x", text, "", context)).sheet  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parent.name)
def test_our_own_quizzes_come_back_the_same(path: Path, renderer: Renderer) -> None:
    out = sheet(renderer, "questions", path.read_text(encoding="utf-8"))
    returned = sheet(renderer, "gift", out.gift)
    assert returned.questions == out.questions
    assert returned.title == out.title
    assert returned.remarks == ()
    # What Moodle cannot show is a text with several gaps, and nothing else.
    kept = [remark for remark in out.losses if remark.kind == "left-out"]
    cloze = [question for question in out.questions if question.type == "cloze" and len(question.gaps) > 1]
    assert len(kept) == len(cloze)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_what_was_imported_goes_out_and_in_again_unchanged(snippet: Snippet, renderer: Renderer) -> None:
    first = sheet(renderer, "gift", snippet.gift)
    if not first.questions:
        return
    second = sheet(renderer, "gift", first.gift)
    assert second.markdown == first.markdown
    assert second.questions == first.questions
    assert second.remarks == ()


def test_a_question_kept_in_comments_is_none_to_moodle() -> None:
    draft = QuestionDraft("q1", "Fill.", "", Gaps("One {{a|b}} two {{=c}}."), "so.")
    gift, [remark] = written_gift([(7, draft)], "T")
    lines = gift.splitlines()[2:]
    assert all(line.startswith("//") for line in lines)
    assert (remark.line, remark.kind) == (7, "left-out")
    assert "several gaps" in remark.message


def test_moodle_reads_a_star_as_any_words_so_ours_is_escaped() -> None:
    gift, _ = written_gift([(1, QuestionDraft("q1", "Q?", "", Words(("5 * 3",)), "so."))], "T")
    assert "=%100%5 \\\\* 3" in gift
