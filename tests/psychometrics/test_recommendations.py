"""Three things to do next."""

from __future__ import annotations

from learning.content.model import Headline, Instrument
from learning.psychometrics.recommendations import reading_list, recommend
from learning.psychometrics.responses import Answer
from learning.psychometrics.scales import score_instrument
from tests.psychometrics.instruments import agreement, anchored, instrument

INSTRUMENT = instrument(
    anchored("a1", 2, lesson="l5"),
    anchored("a2", 2, lesson="l6", then="l2"),
    anchored("a3", 2, lesson="l9"),
    *(agreement(f"b{n}", "++", lesson="l7") for n in range(1, 6)),
)
LESSONS = ["l1", "l2", "l3", "l5", "l6", "l7"]


def _advice(values: dict[str, int], read: set[str] | None = None):  # type: ignore[no-untyped-def]
    answers: dict[str, Answer] = {f"{id_}-{n}": value for id_, value in values.items() for n in (1, 2)}
    return recommend(INSTRUMENT, score_instrument(INSTRUMENT, answers), answers, LESSONS, read or set())


ALL = {"a1": 1, "a2": 0, "a3": 2, "b1": 3, "b2": 2, "b3": 4, "b4": 3, "b5": 3}


def test_the_two_lowest_of_the_first_and_the_lowest_of_the_second_score() -> None:
    assert [(each.dimension.id, each.lesson_id) for each in _advice(ALL)] == [("a2", "l6"), ("a1", "l5"), ("b2", "l7")]


def test_ties_stand_in_the_order_of_the_instrument() -> None:
    assert [each.dimension.id for each in _advice(ALL | {"a1": 1, "a2": 1, "a3": 1})][:2] == ["a1", "a2"]


def test_what_is_good_enough_is_not_advised_on() -> None:
    assert [each.dimension.id for each in _advice(dict.fromkeys(ALL, 4) | {"b1": 1})] == ["b1"]


def test_each_shows_the_next_level_of_its_lowest_items() -> None:
    first = _advice(ALL)[0]
    assert [level.anchor for level in first.next_levels] == ["now and then", "now and then"]
    assert first.measure == "measure of a2"


def test_the_second_lesson_stands_in_where_the_first_is_read() -> None:
    assert _advice(ALL, read={"l6"})[0].lesson_id == "l2"


def test_a_lesson_that_is_not_written_yet_gives_way_to_the_first_unread_one() -> None:
    advice = _advice(ALL | {"a1": 3, "a3": 0}, read={"l1"})
    assert [(each.dimension.id, each.lesson_id) for each in advice[:2]] == [("a2", "l6"), ("a3", "l2")]


def test_no_lesson_is_named_twice() -> None:
    lessons = [each.lesson_id for each in _advice(ALL, read=set(LESSONS))]
    assert len(set(lessons)) == len(lessons) == 3


def test_without_answers_there_is_no_advice() -> None:
    assert _advice({}) == ()


def test_three_lessons_are_named_even_where_the_advice_names_fewer() -> None:
    instrument = _one_headline()
    answers: dict[str, Answer] = {f"{name}-{n}": 1 for name in ("p", "q", "r") for n in (1, 2, 3)}
    score = score_instrument(instrument, answers)
    lessons = ["m01-l1", "m01-l2", "m01-l3", "m01-l4"]
    advice = recommend(instrument, score, answers, lessons, set())
    assert [each.lesson_id for each in advice] == ["m01-l2", "m01-l3"]
    assert reading_list(advice, score, lessons, set()) == ("m01-l2", "m01-l3", "m01-l4")
    assert reading_list(advice, score, lessons, {"m01-l4"}) == ("m01-l2", "m01-l3", "m01-l1")
    assert reading_list((), score, [], set()) == ()


def _one_headline() -> Instrument:
    return Instrument(
        id="x", version=1, title="", language="en", purpose_html="", minutes=1, status="",
        headlines=(Headline("a", "A", "", 0.6667, 4.0, ()),),
        dimensions=(anchored("p", 3, lesson="m01-l2"), anchored("q", 3, lesson="m01-l3"), anchored("r", 3, lesson="m01-l4")),
        contradictory_pairs=(), hash="",
    )  # fmt: skip
