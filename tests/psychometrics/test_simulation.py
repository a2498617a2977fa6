"""People simulated from known traits: scoring gives back what is true of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from learning.config import PROJECT
from learning.content.catalogue import load_catalogue
from learning.content.model import Instrument
from learning.psychometrics.scales import Z_95, score_instrument
from learning.psychometrics.simulation import simulate, simulate_study
from tests.proof import times
from tests.psychometrics.instruments import agreement, anchored, instrument, knowledge


@pytest.fixture(scope="module")
def awareness() -> Instrument:
    """The instrument that people really answer."""
    catalogue = load_catalogue(PROJECT / "content").catalogue
    assert catalogue
    return catalogue.instruments["employee-awareness"]


SMALL = instrument(anchored("a1", 3), anchored("a2", 4, 2.0), agreement("b1", "+-+-+"), knowledge("k", (0, 1, 2)))


def test_both_headline_scales_are_reliable_and_recover_what_is_true(awareness: Instrument) -> None:
    study = simulate_study(awareness)
    assert (study.persons, [each.headline.id for each in study.headlines]) == (500, ["a", "b"])
    assert [each.items for each in study.headlines] == [24, 25]
    for each in study.headlines:
        assert each.alpha
        assert each.alpha.low >= 0.80
        assert each.omega
        assert each.omega >= 0.80
        assert each.recovery
        assert each.recovery >= 0.9
        # Theory: the squared correlation with the true score is at least alpha
        assert each.recovery**2 >= each.alpha.low
        assert 40 <= each.mean <= 65
        assert 14 <= each.sd <= 22
        assert sum(count.persons for count in each.bands) == 500
        assert min(count.persons for count in each.bands) > 0
    assert study.knowledge
    assert 0.5 < study.knowledge < 0.9
    assert study.correlation
    assert study.true_correlation
    assert 0.2 < study.correlation < study.true_correlation + 0.05 < 0.55


@pytest.mark.prove
def test_what_is_recovered_does_not_hang_on_the_seed(awareness: Instrument) -> None:
    for seed in range(times(3, 40)):
        for each in simulate_study(awareness, seed=seed).headlines:
            assert each.alpha
            assert each.alpha.value >= 0.85
            assert each.recovery
            assert each.recovery >= 0.92
            assert 0.90 <= each.coverage <= 0.99


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    assert simulate(SMALL, 20, 1) == simulate(SMALL, 20, 1)
    assert simulate(SMALL, 20, 1).answers != simulate(SMALL, 20, 2).answers


def test_every_item_is_answered_within_its_limits() -> None:
    simulation = simulate(SMALL, 200, 3)
    assert len(simulation.answers) == 200
    values = {
        dimension.id: {person[item.id] for person in simulation.answers for item in dimension.items}
        for dimension in SMALL.dimensions
    }
    assert values == {
        "a1": {0, 1, 2, 3, 4},
        "a2": {0, 1, 2, 3, 4},
        "b1": {1, 2, 3, 4, 5},
        "k": {0, 1, 2},
    }
    assert all(0 < score < 100 for scores in simulation.true_scores.values() for score in scores)


def test_true_scores_are_what_many_answers_come_to() -> None:
    """Over many people the scores and the true scores have one mean: turned items and weights are in both."""
    simulation = simulate(SMALL, 4000, 11)
    scores = [score_instrument(SMALL, answers) for answers in simulation.answers]
    for headline, true in simulation.true_scores.items():
        errors = [(score.headline(headline).score or 0.0) - t for score, t in zip(scores, true, strict=True)]
        mean = sum(errors) / len(errors)
        sd = (sum((each - mean) ** 2 for each in errors) / len(errors)) ** 0.5
        assert abs(mean) < 2 * Z_95 * sd / len(errors) ** 0.5


def test_two_people_are_enough_and_one_is_not() -> None:
    study = simulate_study(SMALL, persons=2, seed=4)
    assert "nan" not in repr(study)
    with pytest.raises(ValueError, match="simulate 2 or more"):
        simulate_study(SMALL, persons=1)


def test_an_instrument_without_knowledge_or_with_one_headline() -> None:
    study = simulate_study(instrument(anchored("a1", 4)), persons=50)
    assert (len(study.headlines), study.knowledge, study.correlation) == (1, None, None)


def test_the_site_starts_without_the_libraries_of_reports() -> None:
    program = "import sys, wsgi; print(*sorted({'numpy', 'scipy', 'pandas', 'statsmodels'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", f"import os; os.environ['HEADWATER_DEVELOPMENT'] = '1'; {program}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == []


def test_the_wing_loads_its_libraries_when_asked_only() -> None:
    modules = sorted(path.stem for path in (PROJECT / "learning" / "psychometrics").glob("[a-z]*.py"))
    assert "simulation" in modules
    program = "; ".join(f"import learning.psychometrics.{name}" for name in modules)
    program += "; import sys; print(*sorted({'numpy', 'scipy'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
