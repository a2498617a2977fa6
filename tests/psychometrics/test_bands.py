"""A band is named only where it is likely enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.psychometrics.bands import band_of, band_probabilities, normal_cdf
from tests.psychometrics.instruments import BANDS


def test_the_normal_distribution_has_its_table_values() -> None:
    assert normal_cdf(0) == 0.5
    assert normal_cdf(1.959964) == pytest.approx(0.975, abs=1e-6)
    assert normal_cdf(-1) == pytest.approx(0.158655, abs=1e-6)


def test_a_score_in_the_middle_of_its_band_is_named() -> None:
    verdict = band_of(BANDS, 50.0, 4.0)
    assert [band.title for band in verdict.bands] == ["third"]
    # Phi(2.5) - Phi(-2.5)
    assert verdict.probability == pytest.approx(0.987581, abs=1e-6)


def test_the_bands_of_the_worked_example() -> None:
    probabilities = band_probabilities(BANDS, 49.107143, 5.0)
    assert probabilities[1:4] == pytest.approx([0.034271, 0.951047, 0.014682], abs=1e-6)
    assert [band.title for band in band_of(BANDS, 49.107143, 5.0).bands] == ["third"]


def test_a_score_near_an_edge_lies_between_two_bands() -> None:
    verdict = band_of(BANDS, 59.0, 5.0)
    assert [band.title for band in verdict.bands] == ["third", "fourth"]
    assert not verdict.certain


def test_the_second_band_is_the_likelier_neighbour() -> None:
    assert [band.title for band in band_of(BANDS, 41.0, 5.0).bands] == ["second", "third"]


@pytest.mark.parametrize(("score", "title"), [(0.0, "first"), (100.0, "fifth")])
def test_the_ends_of_the_scale_belong_to_the_outer_bands(score: float, title: str) -> None:
    assert [band.title for band in band_of(BANDS, score, 8.0).bands] == [title]


def test_without_error_the_edge_belongs_to_the_upper_band() -> None:
    assert band_of(BANDS, 60.0, 0.0).bands[0].title == "fourth"
    assert band_of(BANDS, 100.0, 0.0).bands[0].title == "fifth"


@given(st.floats(0, 100), st.floats(0.1, 60))
def test_the_probabilities_sum_to_one_and_one_or_two_neighbours_are_named(score: float, sem: float) -> None:
    assert sum(band_probabilities(BANDS, score, sem)) == pytest.approx(1)
    verdict = band_of(BANDS, score, sem)
    places = [BANDS.index(band) for band in verdict.bands]
    assert places in ([places[0]], [places[0], places[0] + 1])
    assert verdict.certain == (verdict.probability >= 0.8 and len(places) == 1)
