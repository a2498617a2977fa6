"""Scores of all people at once are those of each person."""

from __future__ import annotations

import numpy as np
import pytest

from learning.config import PROJECT
from learning.content.catalogue import load_catalogue
from learning.content.model import Instrument
from learning.psychometrics.quality import careless_flags
from learning.psychometrics.release import DONT_KNOW, NO_OPPORTUNITY, NOT_APPLICABLE, SKIPPED
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import score_instrument
from learning.psychometrics.wave_scores import careless, missing_counts, right_answers, score_wave
from tests.psychometrics.waves import SMALL, wave_of

REASONS = {
    SKIPPED: Missing.SKIPPED,
    DONT_KNOW: Missing.DONT_KNOW,
    NOT_APPLICABLE: Missing.NOT_APPLICABLE,
    NO_OPPORTUNITY: Missing.NO_OPPORTUNITY,
}


@pytest.fixture(scope="module")
def awareness() -> Instrument:
    catalogue = load_catalogue(PROJECT / "content").catalogue
    assert catalogue
    return catalogue.instruments["employee-awareness"]


def _answers(instrument: Instrument, row: list[int]) -> dict[str, Answer]:
    return {item.id: REASONS.get(value, value) for item, value in zip(instrument.items, row, strict=True)}


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.35, 0.9])
def test_every_person_scores_as_they_would_alone(awareness: Instrument, missing: float) -> None:
    for asks in (SMALL, awareness):
        table = wave_of([40, 20], seed=3, missing=missing, asks=asks)
        table.values[::7, 2] = NO_OPPORTUNITY
        found, right = score_wave(asks, table.values), right_answers(asks, table.values)
        assert right is not None
        for person, row in enumerate(table.values.tolist()):
            alone = score_instrument(asks, _answers(asks, row))
            for scored, expected in (
                *zip(found.headlines, alone.headlines, strict=True),
                *zip(found.dimensions, alone.dimensions, strict=True),
            ):
                value = scored.points[person]
                assert value == pytest.approx(expected.score) if expected.score is not None else np.isnan(value)
            assert alone.knowledge
            assert right[person] == pytest.approx(100 * alone.knowledge.right / alone.knowledge.questions)


def test_a_move_is_what_two_steps_in_one_answer_do() -> None:
    table = wave_of([30], seed=4, missing=0.0, middle=0.5, spread=0.3)
    before = score_wave(SMALL, table.values)
    for item in range(7):
        values = table.values.copy()
        values[:, item] = np.where(values[:, item] <= 2, values[:, item] + 2, values[:, item] - 2)
        after = score_wave(SMALL, values)
        for old, new in zip(
            (*before.headlines, *before.dimensions), (*after.headlines, *after.dimensions), strict=True
        ):
            assert (np.abs(new.points - old.points) <= old.moves + 1e-9).all()
    # The first dimension has three items of five steps: two steps are half of an item, a sixth of the whole
    assert before.dimensions[0].moves[0] == pytest.approx(100 / 6)


def test_careless_people_are_those_with_two_signs_of_haste(awareness: Instrument) -> None:
    table = wave_of([300], seed=5, missing=0.02, asks=awareness)
    agreement = [place for place, item in enumerate(awareness.items) if item.kind == "agreement"]
    for person in range(60):
        run = 4 + person % 12
        table.values[person, agreement[:run]] = 5 - person % 3
    table.values[60:80, agreement] = 5
    marked = careless(awareness, table.values)
    expected = [len(careless_flags(awareness, _answers(awareness, row))) >= 2 for row in table.values.tolist()]
    assert marked.tolist() == expected
    assert 20 <= marked.sum() < 100


def test_missing_answers_are_counted_by_kind() -> None:
    values = np.array([[0, DONT_KNOW, SKIPPED], [NOT_APPLICABLE, NO_OPPORTUNITY, 3]], dtype=np.int8)
    counts = {kind: each.tolist() for kind, each in missing_counts(values).items()}
    assert counts == {"dont_know": [1, 0], "not_applicable": [0, 2], "skipped": [1, 0]}
