"""Drafts to GIFT. What GIFT has no word for stands in comments that Moodle passes over and our reader understands.

Each question is read back; one that would come back changed is kept whole in comments. So reading what was
written always gives the same drafts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from learning.content.drafts import Choices, Gaps, Numbers, Order, Pairs, QuestionDraft, Words
from learning.content.gift.escapes import escaped
from learning.content.gift.kept import LeftOut
from learning.content.gift.mapping import ALSO, HEAD, NUMBER, draft_of
from learning.content.gift.numeric import read_range, unit_of, written_range
from learning.content.gift.reader import NOTE, read_gift
from learning.content.numbers import BadNumber
from learning.content.problems import Problems, Remark, shortened
from learning.content.question_writer import written_question
from learning.content.text import Text

_GAP = re.compile(r"\{\{(?!constant:)([^{}]*)\}\}")
#: What Moodle would take for something else at the start of an answer; a format in front prevents it.
_ODD_START = re.compile(r"[%\[]")
_OWN_MARK = re.compile(r"\]\(figures/|\[\[|\{\{constant:")
_LESSON = "](lesson:"


class _Unwritable(Exception):
    """GIFT has no form for a question; the message says why, as the end of a sentence."""


def written_gift(drafts: Sequence[tuple[int, QuestionDraft]], title: str) -> tuple[str, list[Remark]]:
    """GIFT of questions, each with the line it comes from, and what Moodle will not show as we do."""
    remarks: list[Remark] = []
    pieces = [f"$CATEGORY: $course$/top/{_one_line(title).replace('/', '//')}\n"]
    for line, draft in drafts:
        try:
            pieces.append(_checked(draft))
            remarks += _what_moodle_lacks(line, draft)
        except _Unwritable as reason:
            pieces.append(_kept(draft))
            words = f"`{draft.id}` is kept in comments, where Moodle does not see it: {reason}"
            remarks.append(Remark(line, words, "left-out"))
    linked = [line for line, draft in drafts if _LESSON in written_question(draft)]
    if linked:
        words = f"has a link to a lesson, as {len(linked)} questions have: such links lead nowhere in Moodle"
        remarks.append(Remark(linked[0], words, "hint"))
    return "\n".join(pieces), sorted(remarks)


def _checked(draft: QuestionDraft) -> str:
    """The question in the words of GIFT. Raises _Unwritable."""
    text = _written(draft)
    problems = Problems("")
    read = read_gift(Text.of(text).lines, problems).questions
    if len(read) == 1 and not problems:
        try:
            found, remarks = draft_of(read[0])
        except LeftOut:
            pass
        else:
            if found == draft and not remarks:
                return text
    raise _Unwritable("GIFT has no form for it that says the same")


def _written(draft: QuestionDraft) -> str:
    tags = [f"[id:{draft.id}]"]
    tags += [f"[tag:points={draft.points}]"] if draft.points != 1 else []
    tags += [f"[tag:objective={','.join(draft.objectives)}]"] if draft.objectives else []
    tags += ["[tag:type=true-false]"] if isinstance(draft.answer, Choices) and not _is_plain_truth(draft.answer) else []
    if isinstance(draft.answer, Choices) and draft.answer.kind != "true-false":
        tags = [tag for tag in tags if "type=" not in tag]
    name = escaped(shortened(draft.title, 200))
    return f"// {' '.join(tags)}\n::{name}::[markdown]{_text_and_answer(draft)}\n"


def _is_plain_truth(answer: Choices) -> bool:
    return answer.kind == "true-false" and [each.text for each in answer.options] == ["True", "False"]


def _text_and_answer(draft: QuestionDraft) -> str:
    text = "\n\n".join(part for part in (draft.title, draft.stem) if part)
    last = f"####{escaped(draft.explanation)}"
    match draft.answer:
        case Gaps(text=gaps):
            parts = _GAP.split(gaps)
            if len(parts) != 3:
                raise _Unwritable("it has several gaps, and GIFT has one a question")
            before, after = f"{text}\n\n{parts[0]}", parts[2]
            return f"{escaped(before)}{{{_gap_answers(parts[1])}{last}}}{escaped(after)}"
        case Choices() if _is_plain_truth(draft.answer):
            return f"{escaped(text)}{{{_truth(draft.answer)}{last}}}"
        case Choices() | Numbers() | Words() | Pairs() | Order():
            opening, lines = _answers(draft.answer)
            inner = "\n".join([opening, *(f"\t{line}" for line in lines), f"\t{last}"])
            return f"{escaped(text)}{{{inner}\n}}"
        case _:
            assert_never(draft.answer)


def _gap_answers(gap: str) -> str:
    typed = gap.startswith("=")
    words = [" ".join(word.split()) for word in gap.removeprefix("=").split("|")]
    return " ".join(f"{'=' if typed or not index else '~'}{_answer(word)}" for index, word in enumerate(words))


def _truth(answer: Choices) -> str:
    right, wrong = sorted(answer.options, key=lambda each: not each.right)
    said = f"#{_said(wrong.feedback)}" if wrong.feedback or right.feedback else ""
    return f"{right.text.upper()}{said}" + (f"#{_said(right.feedback)}" if right.feedback else "")


def _answers(answer: Choices | Numbers | Words | Pairs | Order) -> tuple[str, list[str]]:
    """What stands behind the brace, and the lines below."""
    match answer:
        case Choices():
            return "", _choices(answer)
        case Numbers():
            return "#", _numbers(answer)
        case Words():
            return "", [f"=%100%{_answer(word.replace('*', chr(92) + '*'))}" for word in answer.accepted]
        case Pairs():
            head = (
                [] if answer.head == ("Prompt", "Match") else [f"// {NOTE} {HEAD}{answer.head[0]} | {answer.head[1]}"]
            )
            return "", [*head, *(f"={_answer(left)} -> {_answer(right)}" for left, right in answer.rows)]
        case Order():
            if any("####" in item or item.startswith("//") for item in answer.items):
                raise _Unwritable("an entry of it would be read as something else")
            # Moodle's reader of these lines resolves no escapes, so only braces are escaped.
            items = [re.sub(r"(?=[{}])|\\(?=[~=#{}:n\\])", r"\\\g<0>", item) for item in answer.items]
            return f">{len(items)} ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW none", items
        case _:
            assert_never(answer)


def _choices(answer: Choices) -> list[str]:
    if not any(each.right for each in answer.options):
        raise _Unwritable("no option of it is right")
    share = (Decimal(100) / sum(each.right for each in answer.options)).quantize(Decimal("0.00001"))
    weight = format(share.normalize(), "f")
    signs = {True: f"~%{weight}%", False: f"~%-{weight}%"} if answer.kind == "multiple" else {True: "=", False: "~"}
    return [
        signs[each.right] + _answer(each.text) + (f"#{_said(each.feedback)}" if each.feedback else "")
        for each in answer.options
    ]


def _numbers(answer: Numbers) -> list[str]:
    """Numbers in the first unit are answers; those in others stand in comments, for Moodle would ask no unit."""
    lines: list[str] = []
    later: list[str] = []
    try:
        unit = unit_of(answer.accepted[0].text)
        for sign, weight, each in [
            *(("=", "100", each) for each in answer.accepted),
            *(("!=", "0", each) for each in answer.mistakes),
        ]:
            text, own = written_range(each.text)
            if (sign == "=" and lines) or own not in (unit, None):
                later.append(f"// {NOTE} {ALSO}{sign} {each.text} # {escaped(each.feedback)}")
                continue
            if later and sign == "=":
                raise _Unwritable("its answers stand in an order that GIFT cannot hold")
            if read_range(text).line != each.text:
                lines.append(f"// {NOTE} {NUMBER}{each.text}")
            lines.append(f"=%{weight}%{text}" + (f"#{_said(each.feedback)}" if each.feedback else ""))
    except BadNumber as error:
        raise _Unwritable(f"a number of it {error}") from error
    return [*lines, *later]


def _answer(text: str) -> str:
    return f"[markdown]{escaped(text)}" if _ODD_START.match(text) else escaped(text)


def _said(text: str) -> str:
    return f"[markdown]{escaped(text)}" if text.startswith("[") else escaped(text)


def _kept(draft: QuestionDraft) -> str:
    """The whole question in comments."""
    return "".join(f"// {NOTE} {f'| {line}'.rstrip()}\n" for line in written_question(draft).split("\n"))


def _what_moodle_lacks(line: int, draft: QuestionDraft) -> list[Remark]:
    found = []
    if isinstance(draft.answer, Numbers):
        units = [unit for each in draft.answer.accepted if (unit := unit_of(each.text))]
        if len(units) > 1:
            words = f"`{draft.id}` accepts {', '.join(units[1:])} too: in Moodle only the number in {units[0]} is right"
            found.append(Remark(line, words, "changed"))
        elif units and units[0] not in f"{draft.title} {draft.stem}":
            words = (
                f"`{draft.id}` is answered in {units[0]}: in Moodle nothing says so, for the unit stands in a comment"
            )
            found.append(Remark(line, words, "changed"))
    if mark := _OWN_MARK.search(written_question(draft)):
        words = f"`{draft.id}` holds `{mark[0].removeprefix('](')}…`, which Moodle shows as it is written"
        found.append(Remark(line, words, "changed"))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())
