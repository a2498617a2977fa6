"""Questions that GIFT has no form for, kept whole in comments; and those that cannot be taken over at all."""

from __future__ import annotations

from learning.content.drafts import QuestionDraft, read_draft
from learning.content.gift.records import GiftQuestion
from learning.content.headings import split_questions
from learning.content.problems import Problems
from learning.content.text import Line, Text


class LeftOut(Exception):
    """The question cannot be taken over; the message says why, as the end of a sentence."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def kept_draft(question: GiftQuestion) -> QuestionDraft:
    """The question as it was. Raises LeftOut."""
    lines = [Line(note.line, note.text[1:].removeprefix(" ")) for note in question.notes if note.text[:1] == "|"]
    problems = Problems("")
    _, found = split_questions(Text(tuple(lines)))
    draft = read_draft(*found[0], problems) if len(found) == 1 else None
    if draft is None:
        told = problems.sorted()
        reason = f"its Markdown {told[0].message}" if told else "its comments hold no whole question"
        raise LeftOut(told[0].line if told else question.line, reason)
    return draft
