"""Who stood where in two waves, and rows that keep open whoever moved between them."""

from __future__ import annotations

import numpy as np

from learning.psychometrics.figures import Form
from learning.psychometrics.over_time import NOWHERE, Past, cross
from learning.psychometrics.release import Earlier, Moved, ResponseTable, build_release
from tests.psychometrics.waves import SMALL, earlier_of, plan_of, wave_of


def _past(sizes: list[int], moved: tuple[Moved, ...], silent: int = 0) -> Past:
    plan, table = plan_of(sizes, silent=silent), wave_of(sizes, 1, missing=0.0)
    report = build_release(SMALL, plan, table, None).report
    assert report
    return Past(plan, table, report, moved)


def test_people_are_counted_by_where_they_stood_in_both_waves() -> None:
    past = _past([20, 30], (Moved("g0", "g0", 16), Moved("g0", "g1", 3), Moved("g1", "g1", 28)))
    plan = plan_of([18, 31], silent=0)
    found = cross(past, plan, [0] * 20 + [1] * 30, [0] * 18 + [1] * 31)
    stood = dict(zip(zip(found.before, found.after, strict=True), found.sizes, strict=True))
    # Of twenty one is not asked again, of thirty two; two of eighteen were not asked before
    assert stood == {(0, 0): 16, (0, 1): 3, (1, 1): 28, (0, NOWHERE): 1, (1, NOWHERE): 2, (NOWHERE, 0): 2}
    assert past.turnover(plan) == (3, 2)
    was, is_ = found.was(frozenset({0})), found.is_(frozenset({0}))
    assert (found.size(was - is_), found.size(is_ - was), found.few(was, is_, 5)) == (4, 2, 4)
    assert found.few(found.was(), found.is_(), 5) == 3


def test_who_did_not_answer_is_taken_from_the_most() -> None:
    past = _past([20, 30], (Moved("g0", "g0", 17), Moved("g0", "g1", 3), Moved("g1", "g1", 30)))
    found = cross(past, plan_of([17, 33], silent=0), [0] * 18 + [1] * 30, [0] * 16 + [1] * 33)
    stood = dict(zip(zip(found.before, found.after, strict=True), found.sizes, strict=True))
    assert stood == {(0, 0): 15, (0, 1): 3, (1, 1): 30, (NOWHERE, 0): 1}


def test_an_earlier_group_that_was_not_told_is_one_with_all_others() -> None:
    past = _past([20, 30, 3, 9], (Moved("g2", "g0", 3), Moved("g3", "g1", 9)))
    assert past.told == {"g0": 0, "g1": 1}
    found = cross(past, plan_of([10, 10], silent=0), [0] * 20 + [1] * 30 + [-1] * 12, [0] * 10 + [1] * 10)
    assert {place for place in found.before if place != NOWHERE} == {0, 1, 4}
    assert found.size(found.was(frozenset({4}))) == 12


def test_where_people_answer_differently_than_before_as_much_is_told_as_of_others() -> None:
    """What both reports tell contradicts that anybody stayed with their answers; four who left count all the same."""
    sizes = [40, 40, 40]
    plan, before = plan_of(sizes, silent=0), wave_of(sizes, 5, missing=0.0, middle=0.3)
    first = build_release(SMALL, plan, before, None)
    after = wave_of([36, 40, 40], 6, missing=0.0, middle=0.7)
    again = plan_of([36, 40, 40], silent=0)
    report = build_release(SMALL, again, after, earlier_of(plan, before, first, gone=[4])).report
    assert report
    scores = [each.score for row in report.groups.rows for each in row.headlines]
    assert len(scores) == 6
    assert all(score and score.form is Form.POINTS for score in scores)
    # The sum of the thirty-six leaves 40 points open for each of the four who left
    assert all(score and 36 * score.step >= 4 * 40 for score in scores[:2])
    assert all(score and score.step <= 2 for score in scores[2:])


def test_a_report_of_other_people_takes_nothing_away() -> None:
    sizes = [40, 40]
    plan, table = plan_of(sizes), wave_of(sizes, 7)
    first = build_release(SMALL, plan, table, None)
    other = wave_of(sizes, 8)
    alone = build_release(SMALL, plan, other, None).report
    beside = build_release(SMALL, plan, other, None, (Earlier(plan, table, first, ()),)).report
    assert alone == beside
    # The order of answers does not matter beside an earlier report either
    order = np.random.default_rng(1).permutation(80)
    shuffled = ResponseTable(other.group[order], other.values[order], other.trust[order])
    earlier = earlier_of(plan, table, first, gone=[2])
    assert (
        build_release(SMALL, plan, other, earlier).to_json() == build_release(SMALL, plan, shuffled, earlier).to_json()
    )
