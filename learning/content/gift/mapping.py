"""A question of GIFT to a draft of ours; what has no place in it is told."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from learning.content.drafts import (
    AnswerDraft,
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
from learning.content.gift.escapes import hidden, shown
from learning.content.gift.explanations import what_is_right
from learning.content.gift.kept import LeftOut, kept_draft
from learning.content.gift.numeric import NotANumber, Range, read_range, unit_of
from learning.content.gift.records import GiftAnswer, GiftQuestion, Snippet
from learning.content.gift.texts import Converter, NotOurs
from learning.content.numbers import BadNumber, parse_span
from learning.content.problems import Remark

#: Notes of ours, behind ``// headwater:``.
HEAD, ALSO, NUMBER = "head ", "also ", "= "
#: A place of the missing word, where a question cannot hold it as a gap.
BLANK = "…"
GAP_TITLE = "Fill in the missing word."
_BLOCK = re.compile(r"\s*(?:[-*+] |\d{1,9}[.)] |[>#|:]|!\[|!!!|=|!=)|    ")
_NOT_IN_GAP = re.compile(r"[|{}]|^=")
_POINTS = re.compile(r"points=([1-9][0-9]?|100)")
_OBJECTIVES = re.compile(r"objective=([a-z][a-z0-9-]*\.[1-9][0-9]?(?:,[a-z][a-z0-9-]*\.[1-9][0-9]?)*)")
_STAR = re.compile(r"(?<!\\)\*")
#: Weights are written with two to five digits; this is far below what parts one share from the next.
_ROUNDING = Decimal("0.5")


def draft_of(question: GiftQuestion) -> tuple[QuestionDraft, list[Remark]]:
    """The draft, and what to say of it. Its id is the one that the file gives, if any. Raises LeftOut."""
    mapper = _Mapper(question)
    try:
        draft = mapper.draft()
    except NotOurs as reason:
        raise LeftOut(question.line, f"it {reason}") from reason
    mapper.remarks += [Remark(question.line, sentence, "changed") for sentence in mapper.texts.lost]
    return draft, mapper.remarks


class _Mapper:
    def __init__(self, question: GiftQuestion) -> None:
        self.question = question
        self.texts = Converter()
        self.remarks: list[Remark] = []

    def changed(self, line: int, message: str) -> None:
        self.remarks.append(Remark(line, message, "changed"))

    def draft(self) -> QuestionDraft:
        if self.question.kind == "kept":
            return kept_draft(self.question)
        if gap := self._gap():
            return self._whole(*gap)
        answer = self._answer()
        return self._whole(*self._title_and_stem(), answer)

    def _whole(self, title: str, stem: str, answer: AnswerDraft) -> QuestionDraft:
        question = self.question
        points = next((int(found[1]) for tag in question.tags if (found := _POINTS.fullmatch(tag))), 1)
        named = next((found[1] for tag in question.tags if (found := _OBJECTIVES.fullmatch(tag))), "")
        objectives = tuple(dict.fromkeys(named.split(","))) if named else ()
        return QuestionDraft(question.id, title, stem, answer, self._explanation(answer), points, objectives)

    # Texts

    def _title_and_stem(self) -> tuple[str, str]:
        """The first paragraph is the heading, unless it is a list or the like; then the name is."""
        stem = self.question.stem
        if self.question.tail.strip():
            blank = f"{self.question.lead}{BLANK}{self.question.tail}"
            stem = Snippet(stem.line, f"{stem.text}{blank}".strip(), stem.format)
        text = self.texts.blocks(stem)
        first, _, rest = text.partition("\n\n")
        if not text:
            if not self.question.name:
                raise LeftOut(self.question.line, "it has neither text nor name")
            return self._name(), ""
        if any(_BLOCK.match(line) for line in first.split("\n")):
            return self._name(), text
        return " ".join(first.split()), rest.strip("\n")

    def _name(self) -> str:
        return self.texts.inline(Snippet(self.question.line, self.question.name, "plain")) or GAP_TITLE

    def _explanation(self, answer: AnswerDraft) -> str:
        """The general feedback. Our questions need one: without it, it says what is right."""
        if self.question.explanation is not None:
            return self.texts.blocks(self.question.explanation)
        words = "has no general feedback (####), so its explanation only says what is right: write why"
        self.remarks.append(Remark(self.question.line, words, "hint"))
        return what_is_right(answer)

    # Answers

    def _answer(self) -> AnswerDraft:
        question = self.question
        match question.kind:
            case "essay":
                raise LeftOut(question.line, "it is an essay, which no rule can mark")
            case "description":
                raise LeftOut(question.line, "it is a text without a question")
            case "choice":
                return self._choices()
            case "true-false":
                return self._true_false()
            case "short":
                return self._words()
            case "numeric":
                return self._numbers()
            case "matching":
                return self._pairs()
            case "ordering":
                return self._order()
            case "kept":
                raise AssertionError("is read as a whole")
            case _:
                assert_never(question.kind)

    def _choices(self) -> Choices:
        answers = self.question.answers
        one = any(each.sign == "=" for each in answers)
        weights = [_weight(each) for each in answers]
        right = [weight == 100 if one else weight > 0 for weight in weights]
        if not any(right):
            raise LeftOut(self.question.line, "no answer of it is right")
        if one and sum(right) > 1:
            line = [each for each, so in zip(answers, right, strict=True) if so][1].line
            raise LeftOut(line, "it has a second right answer where only one can be chosen")
        self._check_weights(one=one, weights=weights, right=right)
        options = tuple(
            ChoiceDraft(self.texts.inline(each.text), so, self._feedback(each))
            for each, so in zip(answers, right, strict=True)
        )
        true_false = one and "type=true-false" in self.question.tags
        return Choices("true-false" if true_false else "single" if one else "multiple", options)

    def _check_weights(self, *, one: bool, weights: list[Decimal], right: list[bool]) -> None:
        """Weights other than those of our marking are told."""
        share = Decimal(100) / sum(right)
        for answer, weight, so in zip(self.question.answers, weights, right, strict=True):
            if one and not so and weight:
                self.changed(answer.line, f"has an answer worth {weight:f} %: here it is wrong and worth nothing")
            elif not one and so and abs(weight - share) > _ROUNDING:
                self.changed(
                    answer.line,
                    f"gives {weight:f} % for a right answer: here all right ones count alike, {share:.0f} %",
                )
            elif not one and not so and abs(weight + share) > _ROUNDING:
                self.changed(
                    answer.line,
                    f"takes {-weight:f} % for a wrong answer: here a wrong one takes away what a right one gives",
                )

    def _feedback(self, answer: GiftAnswer) -> str:
        return self.texts.blocks(answer.feedback) if answer.feedback else ""

    def _true_false(self) -> Choices:
        said = {each.sign: self.texts.blocks(each.text) for each in self.question.answers}
        truth = self.question.truth
        return Choices(
            "true-false",
            (
                ChoiceDraft("True", truth, said.get("=" if truth else "~", "")),
                ChoiceDraft("False", not truth, said.get("~" if truth else "=", "")),
            ),
        )

    def _words(self) -> Words:
        found = []
        for answer in self.question.answers:
            words = self.texts.words(answer.text)
            if _weight(answer) != 100:
                self.changed(
                    answer.line,
                    f"loses the answer `{words[:40]}`, worth {_weight(answer):f} %: here an answer is right or wrong",
                )
                continue
            if answer.feedback:
                self.changed(answer.line, "loses feedback: typed words have none here")
            if "|" in words:
                self.changed(answer.line, f"loses the answer `{words[:40]}`: a | cannot stand in typed words")
                continue
            if _STAR.search(words):
                self.changed(answer.line, f"has a * in `{words[:40]}` that stands for any words: here it is a star")
            found.append(words.replace("\\*", "*"))
        if not found:
            raise LeftOut(self.question.line, "no answer of it is wholly right")
        return Words(tuple(dict.fromkeys(found)))

    def _numbers(self) -> Numbers:
        accepted: list[NumberDraft] = []
        mistakes: list[NumberDraft] = []
        ranges: list[Range] = []
        before = self.question.line - 1
        for answer in self.question.answers:
            note = self._note(before, answer.line)
            before = answer.line
            if answer.sign == "~" or answer.text.text == "*":
                self.changed(answer.line, "loses the feedback for every other number: here it belongs to one mistake")
                continue
            span = self._range(answer)
            weight, said = _weight(answer), self._feedback(answer)
            if weight == 100:
                accepted.append(NumberDraft(_line(span, note), said))
                ranges.append(span)
                if len(accepted) > 1:
                    raise LeftOut(answer.line, "it accepts a second number, where ours accept one in each unit")
            elif weight and any(span.low <= each.high and each.low <= span.high for each in ranges):
                self.changed(answer.line, f"loses the wider range worth {weight:f} %: here a number is right or wrong")
            elif not said:
                self.changed(
                    answer.line, f"loses the number `{span.line}` worth {weight:f} %, to which nothing is said"
                )
            else:
                if weight:
                    self.changed(answer.line, f"has a number worth {weight:f} %: here it is a known mistake")
                mistakes.append(NumberDraft(_line(span, note), said))
        if not accepted:
            raise LeftOut(self.question.line, "no number of it is wholly right")
        more = [note for note in self.question.notes if note.text.startswith(ALSO)]
        for also in more:
            sign, _, rest = also.text.removeprefix(ALSO).partition(" ")
            text, _, said = rest.partition(" # ")
            number = NumberDraft(text, shown(hidden(said)))
            (accepted if sign == "=" else mistakes).append(number)
        return Numbers(tuple(accepted), tuple(mistakes))

    def _range(self, answer: GiftAnswer) -> Range:
        try:
            return read_range(answer.text.text)
        except NotANumber as error:
            raise LeftOut(answer.line, f"it {error}") from error

    def _note(self, after: int, before: int) -> str | None:
        """The answer line that we wrote above an answer."""
        found = [
            note.text.removeprefix(NUMBER)
            for note in self.question.notes
            if after < note.line < before and note.text.startswith(NUMBER)
        ]
        return found[-1] if found else None

    def _pairs(self) -> Pairs:
        rows: list[tuple[str, str]] = []
        for answer in self.question.answers:
            if answer.match is None:
                raise LeftOut(answer.line, "a pair of it has no ->")
            left, right = self.texts.inline(answer.text), self.texts.inline(answer.match)
            if left:
                rows.append((left, right))
            else:
                self.changed(
                    answer.line, f"loses `{right[:40]}`, which matches nothing: here every match has its prompt"
                )
        for note in self.question.notes:
            head = note.text.removeprefix(HEAD).split(" | ")
            if note.text.startswith(HEAD) and len(head) == 2:
                return Pairs(tuple(rows), (head[0], head[1]))
        return Pairs(tuple(rows))

    def _order(self) -> Order:
        words = self.question.setup.lstrip("> ").split()
        count = int(words[0]) if words and words[0].isdigit() else 0
        if 0 < count < len(self.question.answers):
            self.changed(self.question.line, f"shows {count} of its entries: here all are shown")
        grading = [word for word in words if word.startswith(("ALL_", "ABS", "RELATIVE", "LONGEST"))]
        if grading and grading[0] != "RELATIVE_NEXT_EXCLUDE_LAST":
            self.changed(self.question.line, "is marked otherwise: here by the neighbours that stand in their order")
        return Order(tuple(self.texts.inline(each.text) for each in self.question.answers))

    # Missing words

    def _gap(self) -> tuple[str, str, Gaps] | None:
        """A word missing in a sentence is a gap, if nothing is said to single words and no weight is lost."""
        question = self.question
        if not question.tail.strip() or question.kind not in ("choice", "short"):
            return None
        words = [self.texts.words(each.text) for each in question.answers]
        plain = all(_weight(each) in (0, 100) and not each.feedback for each in question.answers)
        right = [word for each, word in zip(question.answers, words, strict=True) if _weight(each) == 100]
        wrong = [word for each, word in zip(question.answers, words, strict=True) if _weight(each) == 0]
        if not plain or any(_NOT_IN_GAP.search(word) or not word for word in words):
            return None
        if question.kind == "choice" and (len(right) != 1 or all(each.sign == "~" for each in question.answers)):
            return None
        gap = "{{" + "|".join([*right, *wrong]) + "}}" if question.kind == "choice" else "{{=" + "|".join(right) + "}}"
        return self._around(gap)

    def _around(self, gap: str) -> tuple[str, str, Gaps]:
        question = self.question
        form = question.stem.format
        before = self.texts.blocks(question.stem)
        after = self.texts.blocks(Snippet(question.line, question.tail.strip(), form))
        lead, trail = question.lead, question.tail[: len(question.tail) - len(question.tail.lstrip())]
        if form != "markdown":
            lead, trail = lead and " ", trail and " "
        above, _, sentence = before.rpartition("\n\n") if "\n\n" not in lead else (before, "", "")
        text = f"{sentence}{lead if sentence else ''}{gap}{trail}{after}"
        title, _, stem = above.partition("\n\n")
        return " ".join(title.split()) or self._name(), stem, Gaps(text)


def _weight(answer: GiftAnswer) -> Decimal:
    """In per cent."""
    if answer.weight is not None:
        return answer.weight
    return Decimal(100 if answer.sign == "=" else 0)


def _line(span: Range, note: str | None) -> str:
    """An answer line: as the note says if it means the same numbers; its unit stays in any case."""
    unit = unit_of(note) if note else None
    try:
        if note and span.matches(parse_span(note)):
            return note
    except BadNumber:
        pass
    return f"{span.line} {unit}" if unit else span.line
