"""Question drafts to Markdown: ``read_draft`` reads the same draft back."""

from __future__ import annotations

import json
import re
from typing import assert_never

from learning.content.drafts import AnswerDraft, Choices, Gaps, Numbers, Order, Pairs, QuestionDraft, Words, read_draft
from learning.content.headings import split_questions
from learning.content.problems import Problems
from learning.content.text import Text
from learning.content.words import WHY

_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][\w ,?.()-]*", re.IGNORECASE)


def written_question(draft: QuestionDraft) -> str:
    """The question from its heading to its explanation, without a line end."""
    space = "" if draft.explanation.startswith("\n") else " "
    explanation = _quoted(f"{WHY}{space}{draft.explanation}")
    parts = [f"## {draft.title} {{{_attributes(draft)}}}", draft.stem, _answer(draft.answer), explanation]
    return "\n\n".join(part for part in parts if part)


def written_front(identifier: str, title: str, pass_mark: int) -> str:
    """The front matter of a new quiz file, with an empty line below."""
    # JSON's way to quote is one of YAML's.
    shown = title if _PLAIN.fullmatch(title) else json.dumps(title, ensure_ascii=False)
    return f"---\nid: {identifier}\ntitle: {shown}\npass_mark: {pass_mark}\n---\n\n"


def faithful(draft: QuestionDraft) -> bool:
    """Whether what is written reads back the same. A text may hold what would be taken for another part."""
    problems = Problems("")
    _, found = split_questions(Text.of(written_question(draft)))
    return len(found) == 1 and read_draft(*found[0], problems) == draft and not problems


def _attributes(draft: QuestionDraft) -> str:
    """What stands in the braces of the heading."""
    objectives = f" objective={','.join(draft.objectives)}" if draft.objectives else ""
    return f"#{draft.id} type={draft.answer.kind} points={draft.points}{objectives}"


def _answer(answer: AnswerDraft) -> str:
    match answer:
        case Choices():
            return "\n".join(
                _entry(f"- [{'x' if each.right else ' '}] ", each.text, each.feedback) for each in answer.options
            )
        case Numbers():
            lines = [("=", each) for each in answer.accepted] + [("!=", each) for each in answer.mistakes]
            return "\n".join(_entry(f"{sign} ", each.text, each.feedback) for sign, each in lines)
        case Words():
            return f"= {' | '.join(answer.accepted)}"
        case Pairs():
            head, *rows = (f"| {left} | {right} |" for left, right in (answer.head, *answer.rows))
            return "\n".join([head, "|---|---|", *rows])
        case Order():
            return "\n".join(_entry(f"{number}. ", text, "") for number, text in enumerate(answer.items, start=1))
        case Gaps():
            return answer.text
        case _:
            assert_never(answer)


def _entry(mark: str, text: str, feedback: str) -> str:
    """An entry with more lines of it, and the quote below."""
    wrapped = text.replace("\n", "\n    ")
    return "\n".join([f"{mark}{wrapped}", *(f"    {line}" for line in _quoted(feedback).split("\n") if feedback)])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
