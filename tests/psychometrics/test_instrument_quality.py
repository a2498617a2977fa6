"""How good an instrument is: never over fewer than 30 people, and blunt where a share would tell each answer."""

from __future__ import annotations

import random
import statistics

import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from learning.content.model import Headline, Instrument
from learning.psychometrics.instrument_quality import FEWEST_PEOPLE, TooFewPeople, instrument_quality, share
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import score_instrument
from tests.psychometrics.instruments import agreement, anchored

INSTRUMENT = Instrument(
    id="x", version=1, title="", language="en", purpose_html="", minutes=1, status="",
    headlines=(Headline("a", "A", "", 0.6667, 4.0, ()), Headline("b", "B", "", 0.8, 4.0, ())),
    dimensions=(anchored("p", 4), agreement("q", "+-++")),
    contradictory_pairs=(), hash="",
)  # fmt: skip


def people(count: int, seed: int = 7) -> list[dict[str, Answer]]:
    """People with a level of their own, so that the items of a dimension go together."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        level = chance.gauss(2, 1)
        answers: dict[str, Answer] = {
            f"p-{n}": min(4, max(0, round(level + chance.gauss(0, 0.8)))) for n in range(1, 5)
        }
        for n, key in enumerate("+-++", start=1):
            value = min(5, max(1, round(1 + level + chance.gauss(0, 0.8))))
            answers[f"q-{n}"] = value if key == "+" else 6 - value
        made.append(answers)
    return made


def test_twenty_nine_people_get_no_figures() -> None:
    with pytest.raises(TooFewPeople):
        instrument_quality(INSTRUMENT, people(FEWEST_PEOPLE - 1))


def test_alpha_is_the_one_of_another_program() -> None:
    everybody = people(60)
    found = instrument_quality(INSTRUMENT, everybody)
    table = DataFrame([[6 - a["q-2"] if n == 2 else a[f"q-{n}"] for n in (1, 2, 3, 4)] for a in everybody])
    alpha, interval = pingouin.cronbach_alpha(table)
    dimension = found.dimensions[1]
    assert dimension.alpha is not None
    assert dimension.alpha.value == pytest.approx(alpha, abs=6e-4)
    assert (dimension.alpha.low, dimension.alpha.high) == pytest.approx(tuple(interval), abs=1e-3)
    rest = table.drop(columns=0).sum(axis=1)
    assert dimension.items[0].item_rest == pytest.approx(table[0].corr(rest), abs=6e-3)


def test_the_distribution_of_the_scores_is_that_of_the_people() -> None:
    everybody = people(60)
    headline = instrument_quality(INSTRUMENT, everybody).headlines[0]
    scores = [score_instrument(INSTRUMENT, answers).headline("a").score or 0.0 for answers in everybody]
    assert headline.people == 60
    assert headline.mean == pytest.approx(statistics.mean(scores), abs=0.051)
    assert headline.deviation == pytest.approx(statistics.stdev(scores), abs=0.051)


def test_omega_waits_for_a_hundred_people() -> None:
    assert instrument_quality(INSTRUMENT, people(99)).dimensions[0].omega is None
    assert instrument_quality(INSTRUMENT, people(120)).dimensions[0].omega is not None


def test_a_figure_over_fewer_than_thirty_of_the_people_is_left_out() -> None:
    everybody = people(40)
    for answers in everybody[:11]:
        answers["p-1"] = Missing.DONT_KNOW
        answers["p-2"] = answers["p-3"] = answers["p-4"] = Missing.NOT_APPLICABLE
    found = instrument_quality(INSTRUMENT, everybody)
    dimension = found.dimensions[0]
    assert (dimension.people, dimension.alpha) == (None, None)
    assert {item.item_rest for item in dimension.items} == {None}
    # 29 gave a value, 40 an answer
    assert dimension.items[0].shares is None
    assert dimension.items[0].dont_know == share(11, 40)
    assert dimension.items[1].shares is None
    assert dimension.items[1].dont_know is None
    assert found.headlines[0].mean is None
    assert found.headlines[1].mean is not None


def test_where_everybody_answers_alike_nobody_is_told_so_exactly() -> None:
    everybody = people(40)
    for answers in everybody:
        answers["p-1"] = 3
    item = instrument_quality(INSTRUMENT, everybody).dimensions[0].items[0]
    assert item.shares is not None
    assert [(each.value, each.kind) for each in item.shares] == [
        (0.05, "under"), (0.05, "under"), (0.05, "under"), (0.95, "over"), (0.05, "under")]  # fmt: skip


@given(st.integers(30, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_is_never_told_nearer_to_the_ends(count_and_whole: tuple[int, int]) -> None:
    count, whole = count_and_whole
    told = share(count, whole)
    assert 0.05 <= told.value <= 0.95
    if told.kind == "exact":
        assert told.value == pytest.approx(count / whole, abs=0.0051)
    else:
        assert (count / whole < 0.05) == (told.kind == "under")
