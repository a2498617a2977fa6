"""What is published of a wave."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from learning.config import PROJECT
from learning.content.catalogue import load_catalogue
from learning.content.model import Instrument
from learning.psychometrics.change import Effect
from learning.psychometrics.disclosure import Grid, protect
from learning.psychometrics.figures import Between, Count, Form, Withheld
from learning.psychometrics.release import (
    NO_GROUP,
    SKIPPED,
    Group,
    Plan,
    Release,
    ReleaseRefused,
    ResponseTable,
    build_release,
)
from learning.psychometrics.report import GroupStanding, NoChange, Refusal, Report
from learning.psychometrics.specimen import specimen_plan, specimen_release, specimen_waves
from learning.psychometrics.wave_scores import score_wave
from tests.proof import times
from tests.psychometrics.instruments import anchored, instrument
from tests.psychometrics.oracles import company_mean
from tests.psychometrics.waves import SMALL, earlier_of, plan_of, wave_of


@pytest.fixture(scope="module")
def awareness() -> Instrument:
    catalogue = load_catalogue(PROJECT / "content").catalogue
    assert catalogue
    return catalogue.instruments["employee-awareness"]


def _report(sizes: list[int], seed: int = 1, k: int = 5, **options: float) -> Report:
    found = build_release(SMALL, plan_of(sizes, k), wave_of(sizes, seed, **options), None).report
    assert found
    return found


def test_the_headline_is_the_rounded_mean_of_everybody_with_its_interval() -> None:
    sizes = [30, 40, 50]
    points = score_wave(SMALL, wave_of(sizes, 1).values).headlines[0].points
    expected = company_mean([float(each) for each in points[~np.isnan(points)]], invited=123)
    assert expected
    told = _report(sizes).headlines[0]
    assert told.score
    assert told.score.form is Form.POINTS
    assert abs(told.score.value - expected.value) <= told.score.step / 2
    assert told.score.interval
    assert told.score.interval.low <= expected.low + told.score.step / 2
    assert expected.high - told.score.step / 2 <= told.score.interval.high
    assert told.answered == Count(100, 123)
    assert told.sd
    assert told.sd.low <= float(np.nanstd(points, ddof=1)) <= told.sd.high
    assert 1 <= len(told.bands) <= 2


def test_every_part_of_the_instrument_is_there_in_its_order() -> None:
    report = _report([30, 40, 50])
    assert [each.id for each in report.headlines] == ["a", "b"]
    assert [each.id for each in report.dimensions] == ["a1", "a2", "b1", "b2"]
    assert [each.id for each in report.items] == [item.id for item in SMALL.items]
    assert [answer.value for answer in report.items[-1].distribution] == [0, 1, 2]
    assert [answer.value for answer in report.items[8].distribution] == [1, 2, 3, 4, 5]
    assert report.items[-1].score is None
    assert report.knowledge
    assert report.knowledge.score
    assert (report.k, report.instrument_id, report.specimen) == (5, "i", False)
    assert report.change.reason is NoChange.FIRST_WAVE


def test_of_five_to_nine_people_only_levels_are_told() -> None:
    report = _report([7])
    for each in (*report.headlines, *report.dimensions):
        assert each.score is None or each.score.form is Form.LEVEL
        assert each.score is None or each.score.interval is None
    assert all(each.spread == () and each.sd is None and each.bands == () for each in report.headlines)
    assert all(each.dont_know is None and each.agreement is None for each in report.dimensions)
    assert all(each.score is None and each.distribution == () for each in report.items)
    assert report.trust is None
    assert report.knowledge
    assert report.knowledge.withheld is Withheld.TOO_FEW


def test_reliability_is_told_from_thirty_and_from_a_hundred_complete_answers_on() -> None:
    few, some, many = (_report([people], missing=0.0).headlines[1].reliability for people in (29, 60, 150))
    assert few.alpha is None
    assert some.alpha
    assert some.alpha_interval
    assert some.alpha_interval.low < some.alpha.middle < some.alpha_interval.high
    assert some.omega is None
    assert many.alpha


def test_groups_are_told_merged_or_hidden_and_each_says_why() -> None:
    report = _report([3, 12, 30, 0, 40])
    standings = [(each.code, each.standing, each.reason) for each in report.groups.groups]
    assert standings == [
        ("g0", GroupStanding.MERGED, Withheld.TOO_FEW),
        ("g1", GroupStanding.MERGED, Withheld.PROTECTS_ANOTHER),
        ("g2", GroupStanding.TOLD, None),
        ("g3", GroupStanding.MERGED, Withheld.TOO_FEW),
        ("g4", GroupStanding.TOLD, None),
    ]
    assert [(row.code, row.members) for row in report.groups.rows] == [
        ("g2", ("g2",)),
        ("g4", ("g4",)),
        (None, ("g0", "g1", "g3")),
    ]
    assert report.groups.rows[2].answered == Count(10, 18)
    assert report.groups.shrunken == ()


def test_a_group_of_one_mind_has_no_row_of_its_own() -> None:
    table = wave_of([20, 25, 30], 2)
    table.values[:20] = table.values[0]
    report = build_release(SMALL, plan_of([20, 25, 30]), table, None).report
    assert report
    # The reason does not tell what it hides: in a group that protects another it is the same
    assert report.groups.groups[0].reason is Withheld.PROTECTS_ANOTHER
    assert Withheld.TOO_ALIKE.value not in Release.of(report).to_json()
    assert report.groups.groups[0].standing is not GroupStanding.TOLD
    assert all("g0" not in row.members or len(row.members) > 1 for row in report.groups.rows)


def test_from_five_rows_on_means_are_drawn_to_the_common_one() -> None:
    report = _report([20, 25, 30, 35, 40])
    assert set(report.groups.shrunken) == {"a", "b", "a1", "a2", "b1", "b2"}
    assert [each.headline_id for each in report.groups.differences] == ["a", "b"]


def test_one_group_is_the_company_and_nothing_is_compared() -> None:
    report = _report([40])
    assert report.groups.rows == ()
    assert report.groups.groups[0].standing is GroupStanding.HIDDEN


def test_people_whose_group_is_not_kept_count_for_the_company_only() -> None:
    table = wave_of([30, 30, 20], 3)
    group = table.group.copy()
    group[60:] = NO_GROUP
    report = build_release(SMALL, plan_of([30, 30, 20]), ResponseTable(group, table.values, table.trust), None).report
    assert report
    assert report.headlines[0].answered == Count(50, 83)
    assert [row.code for row in report.groups.rows] == ["g0", "g1", None]


def test_a_raised_k_holds_for_everything() -> None:
    report = _report([8, 9, 30, 40], k=10)
    assert [each.standing for each in report.groups.groups][:2] == [GroupStanding.MERGED] * 2
    with pytest.raises(ReleaseRefused, match="Fewer than 10 people"):
        _report([9], k=10)
    with pytest.raises(ValueError, match="never lowered"):
        _report([9], k=4)


def test_the_response_rate_is_told_roughly_and_warns_below_a_half() -> None:
    plan = Plan((Group("g0", "G", 100),), 5)
    response = build_release(SMALL, plan, wave_of([43], 1), None).report
    assert response
    told = response.response
    assert (told.invited, told.answered, told.rate, told.warn) == (100, Count(20, 49), pytest.approx(0.425), True)
    assert told.stretch == Between(0.4, 0.45)
    assert told.interval.low < 0.43 < told.interval.high
    assert not _report([43]).response.warn


def test_a_wave_that_all_answered_reads_like_one_that_some_did_not() -> None:
    for invited in (12, 40, 90, 250):
        plan = Plan((Group("g0", "G", invited),), 5)
        found = []
        for silent in (0, 5):
            table = wave_of([invited], 3, missing=0.0)
            some = ResponseTable(*(each[silent:] for each in (table.group, table.values, table.trust)))
            report = build_release(SMALL, plan, some, None).report
            assert report
            found.append(report)
        assert found[0].response == found[1].response
        assert [each.answered for each in found[0].headlines] == [each.answered for each in found[1].headlines]
        for score in [each.score for each in (*found[0].headlines, *found[0].dimensions)]:
            if score and score.interval and 0 < score.interval.low < score.interval.high < 100:
                assert score.interval.high - score.interval.low >= 2 * score.step


def test_a_wave_that_tells_nothing_says_why() -> None:
    with pytest.raises(ReleaseRefused) as refused:
        _report([4])
    released = Release.refused(refused.value)
    assert (released.refusal, released.report) == (Refusal.TOO_FEW_ANSWERS, None)
    with pytest.raises(ReleaseRefused) as nothing:
        _report([12], missing=1.0)
    assert nothing.value.reason is Refusal.NOTHING_TO_TELL


def test_what_does_not_belong_together_is_refused() -> None:
    table, plan = wave_of([20], 1), plan_of([20])
    with pytest.raises(ValueError, match="one column an item"):
        build_release(instrument(anchored("a1", 3)), plan, table, None)
    with pytest.raises(ValueError, match="20 answers from 12 people invited"):
        build_release(SMALL, Plan((Group("g0", "G", 12),), 5), table, None)
    with pytest.raises(ValueError, match="a group that the plan does not have"):
        build_release(SMALL, plan, ResponseTable(table.group + 1, table.values, table.trust), None)


def test_a_release_survives_its_json() -> None:
    release = build_release(SMALL, plan_of([30, 40]), wave_of([30, 40], 1), None)
    again = Release.from_json(release.to_json())
    assert again == release
    assert again.report == release.report
    assert again.to_json() == release.to_json()
    assert json.loads(release.to_json())["form"] == 1


def test_what_changed_since_the_wave_before() -> None:
    sizes, plan = [30, 40, 50], plan_of([30, 40, 50])
    before, after = wave_of(sizes, 1, middle=0.4), wave_of(sizes, 2, middle=0.6)
    first = build_release(SMALL, plan, before, None)
    report = build_release(SMALL, plan, after, earlier_of(plan, before, first)).report
    assert report
    change = report.change
    assert change.reason is None
    assert [each.id for each in change.headlines] == ["a", "b"]
    told = change.headlines[0]
    assert told.points
    assert told.interval
    assert told.interval.low < told.points < told.interval.high
    assert told.points > 5
    assert told.more_than_chance
    assert told.d
    assert told.effect in (Effect.CLEAR, Effect.LARGE)
    assert {each.code for each in change.groups} == {"g0", "g1", "g2"}
    assert all(each.points is not None and each.points > 0 for each in change.groups)


def test_no_change_is_told_from_chance() -> None:
    sizes, plan = [30, 40], plan_of([30, 40])
    verdicts = []
    for seed in range(times(20, 200)):
        before, after = wave_of(sizes, 100 + seed), wave_of(sizes, 500 + seed)
        first = build_release(SMALL, plan, before, None)
        report = build_release(SMALL, plan, after, earlier_of(plan, before, first)).report
        assert report
        verdicts.append(any(each.more_than_chance for each in report.change.dimensions))
    # By Holm any of the four is called a change in 5 % of such companies
    assert np.mean(verdicts) <= 0.15


def test_a_change_needs_the_same_questions_and_a_wave_that_told_something() -> None:
    plan, table = plan_of([30]), wave_of([30], 1)
    first = build_release(SMALL, plan, table, None)

    def reason(asks: Instrument, before: Release) -> NoChange | None:
        found = build_release(asks, plan, table, earlier_of(plan, table, before)).report
        assert found
        return found.change.reason

    assert reason(SMALL, first) is None
    assert reason(replace(SMALL, version=2), first) is NoChange.OTHER_INSTRUMENT
    assert reason(replace(SMALL, hash="other"), first) is NoChange.OTHER_INSTRUMENT
    assert reason(replace(SMALL, hash="other", language="de"), first) is None
    refused = Release.refused(ReleaseRefused(Refusal.TOO_FEW_ANSWERS, 5))
    assert reason(SMALL, refused) is NoChange.NOTHING_BEFORE


def test_strengths_and_weaknesses_are_what_anybody_would_pick_from_the_told_figures() -> None:
    report = _report([30, 40, 50], middle=0.7)
    told = {each.id: each.score.middle for each in report.dimensions if each.score}
    assert list(report.strengths) == sorted((i for i in told if told[i] >= 60), key=lambda i: -told[i])[:3]
    assert all(told[id_] < 80 and id_ not in report.strengths for id_ in report.weaknesses)


def test_trust_is_the_share_of_those_who_answered_it() -> None:
    table = wave_of([40], 1)
    trust = np.array([5] * 20 + [2] * 10 + [SKIPPED] * 10, dtype=np.int8)
    report = build_release(SMALL, plan_of([40]), ResponseTable(table.group, table.values, trust), None).report
    assert report
    assert report.trust
    assert report.trust.low <= 20 / 30 <= report.trust.high


def test_the_specimen_is_always_the_same_and_marked(awareness: Instrument) -> None:
    release = specimen_release(awareness)
    assert release == specimen_release(awareness)
    report = release.report
    assert report
    assert report.specimen
    assert report.change.reason is None
    assert {each.standing for each in report.groups.groups} == {GroupStanding.TOLD, GroupStanding.MERGED}
    assert report.strengths
    assert report.weaknesses
    for table in specimen_waves(awareness):
        assert build_release(awareness, specimen_plan(), table, None).report
    assert len(release.to_json()) < 60_000


def test_a_page_that_reads_a_release_loads_no_numpy(awareness: Instrument, tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(specimen_release(awareness).to_json())
    code = (
        "import sys, pathlib; from learning.psychometrics.release import Release; "
        f"Release.from_json(pathlib.Path({str(tmp_path / 'release.json')!r}).read_text()).report.headlines[0]; "
        "assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_ten_thousand_people_in_thirty_groups_are_audited_at_once() -> None:
    chance = np.random.default_rng(1)
    sizes = [int(each) for each in chance.multinomial(9_990, np.full(29, 1 / 29))] + [4]
    grid = Grid(tuple(sizes), (frozenset(range(30)), *(frozenset({place}) for place in range(30))))
    sums = [55.0 * grid.size(row) for row in grid.rows]
    start = time.perf_counter()
    found = protect(grid, 5, sums)
    took = time.perf_counter() - start
    assert len(found.told) == 29
    assert took < 5
    print(f"audit of 10,000 people in 30 groups: {took:.2f} s")


@pytest.mark.prove
def test_a_hundred_thousand_answers_are_built_in_ten_seconds_with_flat_memory(awareness: Instrument) -> None:
    people = times(9_000, 100_000)
    sizes = [people // 30] * 30
    plan, table = plan_of(sizes), wave_of(sizes, 1, asks=awareness)
    start = time.perf_counter()
    assert build_release(awareness, plan, table, None).report
    took = time.perf_counter() - start
    tracemalloc.start()
    build_release(awareness, plan, table, None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"release of {people} answers: {took:.1f} s, peak of {peak / 1e6:.0f} MB "
        f"beside the answers of {table.values.nbytes / 1e6:.0f} MB"
    )
    assert took < 10
    # A few columns of numbers at a time, never persons x items of them
    assert peak < 12 * table.values.nbytes
