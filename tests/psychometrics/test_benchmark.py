"""One company beside others."""

from __future__ import annotations

from dataclasses import replace

from learning.psychometrics.benchmark import Place, benchmark
from learning.psychometrics.release import build_release
from learning.psychometrics.report import Report
from tests.psychometrics.waves import SMALL, plan_of, wave_of


def _company(people: int, seed: int, middle: float = 0.5) -> Report:
    found = build_release(SMALL, plan_of([people]), wave_of([people], seed, middle=middle), None).report
    assert found
    return found


def test_five_companies_are_compared_each_counted_once() -> None:
    companies = [_company(60, seed) for seed in range(4)]
    own = _company(60, 9, middle=0.8)
    found = benchmark(own, companies)
    assert [each.headline_id for each in found] == ["a", "b"]
    assert {each.companies for each in found} == {5}
    middles = [each.headlines[0].score.middle for each in (own, *companies) if each.headlines[0].score]
    assert found[0].mean == round(sum(middles) / 5)
    assert found[0].place is Place.ABOVE
    low = benchmark(_company(60, 9, middle=0.2), companies)
    assert low[0].place is Place.BELOW
    several = [*companies, _company(60, 5)]
    places = [benchmark(each, [other for other in several if other is not each])[0].place for each in several]
    assert Place.LIKE_THE_OTHERS in places


def test_four_companies_or_one_with_most_of_the_people_are_not_compared() -> None:
    companies = [_company(60, seed) for seed in range(5)]
    assert benchmark(companies[0], companies[1:4]) == ()
    assert benchmark(_company(900, 8), companies) == ()


def test_another_version_and_a_specimen_are_no_company() -> None:
    companies = [_company(60, seed) for seed in range(5)]
    assert benchmark(companies[0], [*companies[1:4], replace(companies[4], instrument_version=2)]) == ()
    assert benchmark(companies[0], [*companies[1:4], replace(companies[4], specimen=True)]) == ()
    assert benchmark(companies[0], companies[1:])
