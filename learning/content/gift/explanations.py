"""What an explanation says where the author of a GIFT question gave none."""

from __future__ import annotations

from typing import assert_never

from learning.content.drafts import AnswerDraft, Choices, Gaps, Numbers, Order, Pairs, Words


def what_is_right(answer: AnswerDraft) -> str:
    """A sentence that names the right answer, or what its author says to it."""
    match answer:
        case Choices():
            right = [each for each in answer.options if each.right]
            if len(right) == 1 and right[0].feedback:
                return right[0].feedback
            return f"right is: {'; '.join(each.text for each in right)}"
        case Numbers():
            return answer.accepted[0].feedback or f"right is: {answer.accepted[0].text}"
        case Words():
            return "right is: " + "; ".join(word.replace("*", "\\*") for word in answer.accepted)
        case Pairs():
            return "right is: " + "; ".join(f"{left} – {right}" for left, right in answer.rows)
        case Order():
            return "right is: " + "; ".join(answer.items)
        case Gaps():
            return "the words fit the sentence."
        case _:
            assert_never(answer)
