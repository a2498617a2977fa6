"""What the writer writes reads back the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from learning.config import PROJECT
from learning.content.context import Context, Reply, Request
from learning.content.drafts import ChoiceDraft, Choices, Order, QuestionDraft, Words, read_draft
from learning.content.frontmatter import split_front_matter
from learning.content.headings import split_questions
from learning.content.problems import Problems
from learning.content.question_writer import faithful, written_front, written_question
from learning.content.renderer import Renderer
from learning.content.text import Text, normalised
from tests.content.drafts import drafts
from tests.proof import times

QUIZZES = sorted((PROJECT / "content" / "modules").glob("*/quiz.md"))
ANYTHING = Context(terms=None, sources=None, constants=None)


def read_all(text: str) -> list[QuestionDraft]:
    """All drafts of a text without front matter."""
    problems = Problems("quiz.md")
    _, sources = split_questions(Text.of(text))
    found = [read_draft(heading, lines, problems) for heading, lines in sources]
    assert problems.sorted() == ()
    return [draft for draft in found if draft is not None]


@pytest.mark.prove
@settings(max_examples=times(100, 5_000), deadline=None)
@given(drafts)
def test_every_draft_reads_back_as_it_was_written(draft: QuestionDraft) -> None:
    assert read_all(written_question(draft)) == [draft]


def test_a_question_of_each_type_looks_as_an_author_would_write_it() -> None:
    draft = QuestionDraft(
        "m01-q1",
        "Which measure acts at the source?",
        "Look at the drawing.",
        Choices("single", (ChoiceDraft("A tank", False, "A tank treats.\n\nTwice."), ChoiceDraft("The rinse", True))),
        "prevention acts before.",
        2,
    )
    assert written_question(draft) == (
        "## Which measure acts at the source? {#m01-q1 type=single points=2}\n\nLook at the drawing.\n\n"
        "- [ ] A tank\n    > A tank treats.\n    >\n    > Twice.\n- [x] The rinse\n\n"
        "> **Why:** prevention acts before."
    )
    short = replace(draft, stem="", answer=Words(("payback period", "simple payback")))
    assert "\n\n= payback period | simple payback\n\n" in written_question(short)
    order = replace(draft, answer=Order(("Avoid", "Reuse")))
    assert "\n\n1. Avoid\n2. Reuse\n\n" in written_question(order)


@pytest.mark.parametrize(
    "stem",
    ["## A heading {#x type=single}", "- [x] an option", "- a list that ends the stem"],
)
def test_a_text_that_would_be_read_as_another_part_is_not_faithful(stem: str) -> None:
    answer = Choices("single", (ChoiceDraft("a", True), ChoiceDraft("b", False)))
    assert faithful(QuestionDraft("q1", "Q?", "", answer, "because."))
    assert not faithful(QuestionDraft("q1", "Q?", stem, answer, "because."))
    assert not faithful(QuestionDraft("q1", "Q?", "", answer, "because.\n**Why:** another."))


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parent.name)
def test_our_own_quizzes_are_the_same_questions_when_written_anew(path: object, renderer: Renderer) -> None:
    text = normalised(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    document, body = split_front_matter(text, Problems("quiz.md"))
    assert document is not None
    anew = written_front("quiz", "A quiz", 60) + "\n\n".join(map(written_question, read_all(str(body)))) + "\n"
    before, after = (renderer.read(Request("quiz", "quiz.md", each, "", ANYTHING)).quiz for each in (text, anew))
    assert before is not None
    assert after is not None
    assert after.questions == before.questions


@pytest.mark.parametrize("title", ["Why?", "yes", 'Say "no": twice', "1984", "节能", "a #b", "{x}", "- a"])
def test_any_title_can_stand_in_front_matter(read: Callable[..., Reply], title: str) -> None:
    question = "## Q {#q1 type=true-false}\n\n- [x] T\n- [ ] F\n\n> **Why:** so."
    quiz = read(written_front("quiz", title, 60) + question, kind="quiz").quiz
    assert quiz is not None
    assert quiz.title == title
