"""The eight types of questions, and every mistake an author can make in one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from learning.content.context import Reply
from learning.content.model import (
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    NumericRange,
    OrderingQuestion,
    Question,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.content.numbers import BadNumber, parse_span
from tests.content.builders import QUESTIONS, quiz

Read = Callable[..., Reply]
WHY = "\n\n> **Why:** because."


def question(read: Read, heading: str, answer: str) -> Question:
    reply = read(quiz(f"## {heading}\n\n{answer}{WHY}"), kind="quiz")
    assert reply.quiz is not None, [str(problem) for problem in reply.problems]
    [found] = reply.quiz.questions
    return found


def test_a_quiz_has_rules_and_an_intro(read: Read) -> None:
    text = quiz(f"Take your *time*.\n\n## Q? {{#q1 type=true-false}}\n\n- [x] T\n- [ ] F{WHY}")
    found = read(text.replace("pass_mark: 60", "pass_mark: 75\nattempts: 3\nshuffle_options: false"), kind="quiz").quiz
    assert found is not None
    assert (found.id, found.title, found.pass_mark, found.attempts) == ("m01-quiz", "A quiz", 75, 3)
    assert (found.shuffle_questions, found.shuffle_options) == (True, False)
    assert found.intro_html == "<p>Take your <em>time</em>.</p>"


def test_a_question_names_the_objectives_it_tests(read: Read) -> None:
    found = question(read, "Which? {#q1 type=single objective=m03-l2.1,m03-l4.12}", "- [ ] A\n- [x] B\n")
    assert found.objectives == ("m03-l2.1", "m03-l4.12")
    assert question(read, "Which? {#q1 type=single}", "- [ ] A\n- [x] B\n").objectives == ()


def test_a_question_that_was_frozen_before_it_named_objectives_can_still_be_read(read: Read) -> None:
    questions: TypeAdapter[Question] = TypeAdapter(Question)
    body = questions.dump_python(question(read, "Which? {#q1 type=single}", "- [ ] A\n- [x] B\n"), mode="json")
    del body["objectives"]
    assert questions.validate_python(body).objectives == ()


def test_a_single_question(read: Read) -> None:
    found = question(
        read,
        "Which *measure* acts? {#q1 type=single points=3}",
        'Look at the drawing.\n\n![Rinses](figures/offcut-cost.svg "Three rinses")\n\n'
        "- [ ] A tank\n  that is long\n    > A tank treats.\n    >\n    > Twice.\n- [x] The last rinse\n",
    )
    assert isinstance(found, SingleQuestion)
    assert (found.id, found.points, found.title) == ("q1", 3, "Which measure acts?")
    assert found.stem_html.startswith('<p class="question-title">Which <em>measure</em> acts?</p>\n<p>Look at')
    assert "<figcaption>Three rinses</figcaption>" in found.stem_html
    assert found.explanation_html == "<p><strong>Why:</strong> because.</p>"
    assert [(option.html, option.right, option.feedback_html) for option in found.options] == [
        ("A tank\nthat is long", False, "<p>A tank treats.</p>\n<p>Twice.</p>"),
        ("The last rinse", True, None),
    ]


def test_option_ids_are_stable_and_tell_nothing(read: Read) -> None:
    one = question(read, "Q? {#q1 type=single}", "- [ ] A\n- [x] B\n- [ ] C")
    two = question(read, "Q? {#q1 type=single}", "- [x] C\n- [ ] B\n- [ ] A")
    other = question(read, "Q? {#q2 type=single}", "- [ ] A\n- [x] B\n- [ ] C")
    assert isinstance(one, SingleQuestion)
    assert isinstance(two, SingleQuestion)
    assert isinstance(other, SingleQuestion)
    ids = {option.html: option.id for option in one.options}
    assert ids == {option.html: option.id for option in two.options}
    assert all(len(identifier) == 8 and int(identifier, 16) >= 0 for identifier in ids.values())
    assert not set(ids.values()) & {option.id for option in other.options}


def test_a_multiple_question(read: Read) -> None:
    found = question(read, "Q? {#q1 type=multiple}", "- [x] A\n- [X] B\n- [ ] C")
    assert isinstance(found, MultipleQuestion)
    assert [option.right for option in found.options] == [True, True, False]


def test_a_true_false_question(read: Read) -> None:
    found = question(read, "Q. {#q1 type=true-false}", "- [ ] True\n- [x] False")
    assert isinstance(found, TrueFalseQuestion)
    assert [option.right for option in found.options] == [False, True]


def test_a_numeric_question(read: Read) -> None:
    found = question(
        read,
        "How much? {#q1 type=numeric}",
        "Use $E = P t$.\n\n= 42.5 ± 0.5 kWh\n    > Yes.\n= 153 ± 1 % MJ\n!= 1200\n    > That is the power.\n!= 40 .. 41 kWh\n    > Less.",
    )
    assert isinstance(found, NumericQuestion)
    assert found.accepted == (
        NumericRange(Decimal("42.0"), Decimal("43.0"), "42.5", "kWh", "<p>Yes.</p>"),
        NumericRange(Decimal("151.47"), Decimal("154.53"), "153", "MJ", None),
    )
    assert found.mistakes == (
        NumericRange(Decimal(1200), Decimal(1200), "1200", "kWh", "<p>That is the power.</p>"),
        NumericRange(Decimal(40), Decimal(41), "40 to 41", "kWh", "<p>Less.</p>"),
    )


def test_a_known_mistake_takes_the_unit_of_the_answer_and_may_have_a_tolerance_in_per_cent(read: Read) -> None:
    found = question(read, "Q? {#q1 type=numeric}", "= 1143 ± 1 % mg/L\n!= 100 ± 1 %\n    > No.")
    assert isinstance(found, NumericQuestion)
    assert found.mistakes == (NumericRange(Decimal(99), Decimal(101), "100", "mg/L", "<p>No.</p>"),)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("42", "42", "42", None),
        ("-5 ± 1 °C", "-6", "-4", "°C"),
        ("\u22125", "-5", "-5", None),
        ("12%", "12", "12", "%"),
        ("11.5 .. 12.5 %", "11.5", "12.5", "%"),
        ("40..45", "40", "45", None),
        ("1143 ± 1 % mg/L", "1131.57", "1154.43", "mg/L"),
        ("-200 ± 10 % kg CO2e/t", "-220", "-180", "kg CO2e/t"),
        ("3.2 m³/d", "3.2", "3.2", "m³/d"),
        ("42.5±0.5 kWh", "42", "43", "kWh"),
    ],
)
def test_a_number_with_tolerance_range_and_unit(text: str, low: str, high: str, unit: str | None) -> None:
    span = parse_span(text)
    assert (span.low, span.high, span.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("42,5", "after a point"),
        ("1,143 kg", "no sign for thousands"),
        ("42 ± 0,5", "after a point"),
        ("1 143 kg", "without blanks"),
        ("42 ± kWh", "tolerance that is not a number"),
        ("42 ± -1", "tolerance that is not a number"),
        ("42 ± 150 %", "100 % or more"),
        ("0 ± 1 %", "per cent of nothing"),
        ("5 .. 4", "does not rise"),
        ("5 kWh ± 1", "start the unit with a letter"),
        ("about 5", "not a number"),
        ("1e999999999", "not a number"),
        ("9" * 400, "not a number"),
        ("nan", "not a number"),
        ("", "not a number"),
    ],
)
def test_a_number_that_cannot_be_read_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadNumber, match=words):
        parse_span(text)


def test_a_short_question(read: Read) -> None:
    found = question(read, "Q? {#q1 type=short}", "= payback period | simple payback\n= pay-back")
    assert isinstance(found, ShortQuestion)
    assert found.accepted == ("payback period", "simple payback", "pay-back")


def test_a_matching_question(read: Read) -> None:
    found = question(
        read,
        "Q? {#q1 type=matching}",
        "| Not | this |\n|---|---|\n| a | b |\n\nMatch.\n\n| Stream | Kind |\n|---|---|\n| Steam, `a|b` | *Energy* |\n| [[rinse|Rinse]] | a \\| b |",
    )
    assert isinstance(found, MatchingQuestion)
    assert "<td>a</td>" in found.stem_html
    assert [(pair.prompt_html, pair.match_html) for pair in found.pairs] == [
        ("Steam, <code>a|b</code>", "<em>Energy</em>"),
        ('<a class="term" data-term="rinse" href="/glossary/#term-rinse">Rinse</a>', "a | b"),
    ]
    assert len({pair.id for pair in found.pairs}) == 2


def test_an_ordering_question(read: Read) -> None:
    found = question(read, "Q? {#q1 type=ordering}", "Sort them.\n\n1. Avoid\n2. Reuse\n   again\n3. 10. May")
    assert isinstance(found, OrderingQuestion)
    assert [item.html for item in found.items] == ["Avoid", "Reuse\nagain", "10. May"]


def test_a_cloze_question(read: Read) -> None:
    found = question(
        read,
        "Fill. {#q1 type=cloze}",
        "Think: {{constant:electricity-price}}.\n\nIt is {{reused|drained}} as the {{=first|1st}}.\n\nAnd *{{b|a}}*.",
    )
    assert isinstance(found, ClozeQuestion)
    assert found.stem_html.endswith("<p>Think: 0.70.</p>")
    assert found.html_parts == ("<p>It is ", " as the ", ".</p>\n<p>And <em>", "</em>.</p>")
    assert [(gap.id, gap.right, gap.choices) for gap in found.gaps] == [
        ("g1", ("reused",), ("drained", "reused")),
        ("g2", ("first", "1st"), ()),
        ("g3", ("b",), ("a", "b")),
    ]


#: Questions, the line of the mistake among them, words of the message.
MISTAKES = [
    ("## Q?" + WHY, 1, "without id and type"),
    ("## Q? {type=single}\n\n- [x] a\n- [ ] b" + WHY, 1, "without an id"),
    ("## Q? {#Q1 type=single}\n\n- [x] a\n- [ ] b" + WHY, 1, "has the id `Q1`"),
    ("## Q? {#q1}\n\n- [x] a\n- [ ] b" + WHY, 1, "without a type"),
    ("## Q? {#q1 type=essay}\n\n- [x] a\n- [ ] b" + WHY, 1, "unknown type `essay`"),
    ("## Q? {#q1 type=single points=0}\n\n- [x] a\n- [ ] b" + WHY, 1, "points=0"),
    ("## Q? {#q1 type=single points=1.5}\n\n- [x] a\n- [ ] b" + WHY, 1, "points=1.5"),
    ("## Q? {#q1 type=single points=101}\n\n- [x] a\n- [ ] b" + WHY, 1, "points=101"),
    (
        "## Q? {#q1 type=single objective=m01-l1}\n\n- [x] a\n- [ ] b" + WHY,
        1,
        "write lesson and number, objective=m03-l2.1",
    ),
    ("## Q? {#q1 type=single objective=M1.1}\n\n- [x] a\n- [ ] b" + WHY, 1, "names the objective `M1.1`"),
    ("## Q? {#q1 type=single objective=m01-l1.0}\n\n- [x] a\n- [ ] b" + WHY, 1, "names the objective `m01-l1.0`"),
    ("## Q? {#q1 type=single objective=}\n\n- [x] a\n- [ ] b" + WHY, 1, "names the objective ``"),
    (
        "## Q? {#q1 type=single objective=m01-l1.1,m01-l1.1}\n\n- [x] a\n- [ ] b" + WHY,
        1,
        "names the objective `m01-l1.1` twice",
    ),
    ("## Q? {#q1 type=single weight=2}\n\n- [x] a\n- [ ] b" + WHY, 1, "unknown attribute `weight=2`"),
    ("## Q? {#q1 #q2 type=single}\n\n- [x] a\n- [ ] b" + WHY, 1, "gives `id` twice"),
    ("## {#q1 type=single}\n\n- [x] a\n- [ ] b" + WHY, 1, "question without words"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- [ ] b", 1, "no explanation"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- [ ] b\n\n> **Why:**", 6, "explanation without words"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- [ ] b" + WHY + "\n\nMore.", 8, "below the explanation"),
    ("## Q? {#q1 type=single}\n\n- [ ] a\n- [ ] b" + WHY, 3, "none is right"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- [x] b" + WHY, 4, "second right option: mark one only, or write"),
    ("## Q? {#q1 type=single}\n\n- [x] a" + WHY, 1, "has 1 options"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n" + "\n".join(f"- [ ] {n}" for n in range(10)) + WHY, 1, "has 11 options"),
    ("## Q? {#q1 type=single}\n\n- [x] One  two\n- [ ] one two" + WHY, 4, "repeats the option"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- b" + WHY, 4, "is not an option"),
    ("## Q? {#q1 type=single}\n\n- a\n- [x] b\n- [ ] c" + WHY, 3, "option without a box"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- []b" + WHY, 4, "is not an option"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n> feedback\n- [ ] b" + WHY, 4, "indent it"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n    > f\n    more\n- [ ] b" + WHY, 5, "is not feedback"),
    ("## Q? {#q1 type=single}\n\n- [x] a <b>\n- [ ] c" + WHY, 3, "raw HTML"),
    ("## Q <b>? {#q1 type=single}\n\n- [x] a\n- [ ] c" + WHY, 1, "raw HTML"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n    > [[no]]\n- [ ] c" + WHY, 4, "unknown term"),
    ("## Q? {#q1 type=single}\n\n- [x] a\n- [ ] c\n\n> **Why:** x\n> [@s1]", 7, "outside a lesson"),
    ("## Q? {#q1 type=single}\n\n### H\n\n- [x] a\n- [ ] c" + WHY, 3, "heading inside a question"),
    ("## Q? {#q1 type=multiple}\n\n- [x] a\n- [x] b" + WHY, 3, "all right"),
    ("## Q? {#q1 type=multiple}\n\n- [ ] a\n- [ ] b" + WHY, 3, "none is right"),
    ("## Q? {#q1 type=true-false}\n\n- [x] a\n- [ ] b\n- [ ] c" + WHY, 1, "exactly two"),
    ("## Q? {#q1 type=true-false}\n\n- [x] a\n- [x] b" + WHY, 4, "second right option: mark one only"),
    ("## Q? {#q1 type=numeric}\n\nText" + WHY, 1, "has no answer"),
    ("## Q? {#q1 type=numeric}\n\n= 5\n= 4,2 kg" + WHY, 4, "with a comma"),
    ("## Q? {#q1 type=numeric}\n\n= 5 ± x kg" + WHY, 3, "tolerance that is not a number"),
    ("## Q? {#q1 type=numeric}\n\n= 5 kg\n= 6 kg" + WHY, 4, "second answer in one unit"),
    ("## Q? {#q1 type=numeric}\n\n= 14.3 ± 0.2 %" + WHY, 3, "may be a tolerance or the unit"),
    ("## Q? {#q1 type=numeric}\n\n= 14 .. 15 %\n!= 9 ± 1 %\n    > No." + WHY, 4, "may be a tolerance or the unit"),
    ("## Q? {#q1 type=numeric}\n\n= 5 kg\n!= 6" + WHY, 4, "without feedback"),
    ("## Q? {#q1 type=numeric}\n\n= 5 ± 2 kg\n!= 6\n    > No." + WHY, 4, "that an answer accepts"),
    ("## Q? {#q1 type=numeric}\n\n= 5 kg\n!= 6 t\n    > No." + WHY, 4, "a unit that no answer has"),
    ("## Q? {#q1 type=numeric}\n\n= 5 kg\n\nMore." + WHY, 5, "between the answers"),
    ("## Q? {#q1 type=short}\n\nText" + WHY, 1, "has no answer"),
    ("## Q? {#q1 type=short}\n\n= a |" + WHY, 3, "empty answer"),
    ("## Q? {#q1 type=short}\n\n= Pay back | ＰＡＹBACK" + WHY, 3, "repeats the answer"),
    ("## Q? {#q1 type=short}\n\n= a\n!= b" + WHY, 4, "more than an accepted answer"),
    ("## Q? {#q1 type=matching}\n\nText" + WHY, 1, "has 0 pairs"),
    ("## Q? {#q1 type=matching}\n\n| a | b |\n|---|---|\n| 1 | 2 |" + WHY, 1, "has 1 pairs"),
    ("## Q? {#q1 type=matching}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 2 |" + WHY, 6, "repeats the match"),
    ("## Q? {#q1 type=matching}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 3 |" + WHY, 6, "repeats the prompt"),
    ("## Q? {#q1 type=matching}\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 3 | 4 |" + WHY, 5, "has 3 cells"),
    ("## Q? {#q1 type=matching}\n\n| a | b |\n|---|---|\n| 1 | |\n| 3 | 4 |" + WHY, 5, "empty cell"),
    ("## Q? {#q1 type=ordering}\n\n1. a" + WHY, 1, "has 1 entries"),
    ("## Q? {#q1 type=ordering}\n\n1. a\n2. A" + WHY, 4, "repeats the entry"),
    ("## Q? {#q1 type=ordering}\n\n1. a\n    > no\n2. b" + WHY, 4, "feedback to a list entry"),
    ("## Q? {#q1 type=cloze}\n\nText." + WHY, 1, "has no gap"),
    ("## Q? {#q1 type=cloze}\n\nA {{b}}." + WHY, 3, "without 2 to 10 choices"),
    ("## Q? {#q1 type=cloze}\n\nA {{b||c}}." + WHY, 3, "empty choice"),
    ("## Q? {#q1 type=cloze}\n\nA {{b|B}}." + WHY, 3, "repeats the choice"),
    ("## Q? {#q1 type=cloze}\n\nA\n`{{b|c}}` {{d|e}} [{{f|g}}](/x)\n{{=}}" + WHY, 5, "empty choice"),
    ("## Q? {#q1 type=cloze}\n\nA {{b|c." + WHY, 3, "neither a constant nor a gap"),
    ("## Q?[^a] {#q1 type=short}\n\n= a\n\n> **Why:** x\n>\n> [^a]: note", 1, "footnotes are for lessons"),
    ("No question here.", 0, "quiz without a question"),
]


@pytest.mark.parametrize(("body", "line", "words"), MISTAKES, ids=[words for _, _, words in MISTAKES])
def test_a_mistake_in_a_question_is_named_on_its_line(read: Read, body: str, line: int, words: str) -> None:
    reply = read(quiz(body), kind="quiz")
    assert reply.quiz is None
    assert any(problem.line == QUESTIONS + line - 1 and words in problem.message for problem in reply.problems), [
        str(problem) for problem in reply.problems
    ]
    assert not any("fault of Headwater" in problem.message for problem in reply.problems)


def test_every_broken_question_of_a_quiz_is_named_in_one_run(read: Read) -> None:
    bodies = [body.replace("#q1", f"#q{number}") for number, (body, *_) in enumerate(MISTAKES[3:-1])]
    reply = read(quiz("\n\n".join(bodies)), kind="quiz")
    assert len({problem.line for problem in reply.problems}) >= len(bodies) * 0.9
