"""The worked numbers of module 1, recomputed from what the lessons give."""

import pytest

from learning.config import PROJECT
from tests.worked.lessons import among, answers, number, says

ELECTRICITY, GRID = 0.70, 0.5306

LAYERS = {"material": 9_000, "energy": 600, "work": 900, "disposal": 300}
TONNE = sum(LAYERS.values())


def test_one_tonne_of_offcut_costs_four_layers() -> None:
    says("m01-l1", number(TONNE), number(40 * TONNE))


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_of_the_offcut(layer: str) -> None:
    cost = LAYERS[layer]
    says("m01-l1", f"| {number(cost)} | {number(40 * cost)} | {cost / TONNE * 100:.1f} % |")


def test_the_scrap_dealer_makes_the_loss_smaller() -> None:
    lost, income = TONNE - LAYERS["disposal"], 40 * 2_500
    says("m01-l1", number(lost), number(40 * lost), number(income), number(40 * lost - income))


def test_the_powder_that_was_thrown_away() -> None:
    says("m01-l1", number(2 * 1_500), number(2 * 20_000), f"{number(2 * (20_000 + 1_500))} CNY a year")


def test_six_tonnes_less_with_and_without_the_work() -> None:
    tonnes = 40 - 34
    without_work = TONNE - LAYERS["work"]
    says("m01-l1", f"{tonnes} t", number(tonnes * TONNE), number(without_work), number(tonnes * without_work))
    assert tonnes * TONNE > 5 * 40 * LAYERS["disposal"]


def test_six_machines_left_running() -> None:
    energy = 6 * 3.5 * 2.5 * 250
    says("m01-l2", f"{number(energy)} kWh", f"{number(energy * ELECTRICITY)} CNY", f"{number(energy * GRID)} kg")
    says("m01-l2", f"{energy * GRID / 1_000:.1f} t")


def test_the_textile_group_cut_its_water_by_more_than_half() -> None:
    says("m01-l2", f"a cut of {(1 - 55 / 120) * 100:.0f} %")


def test_both_totals_rose_and_both_ratios_fell_in_2006() -> None:
    says("m01-l2", f"105.8 / 110.9 − 1 = {number((105.8 / 110.9 - 1) * 100, 1)} %")
    says("m01-l2", f"104.2 / 110.9 − 1 = {number((104.2 / 110.9 - 1) * 100, 1)} %")


def test_intensity_falls_and_the_total_rises() -> None:
    total = (1 - 0.20) * (1 + 0.50)
    says("m01-l2", f"{total:.2f} times", f"a rise of {(total - 1) * 100:.0f} %")


def test_the_check_on_use_per_tonne() -> None:
    total = 0.90 * 1.05
    says("m01-l2", f"{total:.3f}", f"about {(1 - total) * 100:.1f} %")


def test_the_lighter_bottle() -> None:
    says("m01-l3", f"{(1 - 24 / 28) * 100:.1f} %")


def test_two_points_of_yield() -> None:
    before, after = 5_000 * 0.09, 5_000 * 0.07
    says("m01-l3", f"{number(before)} t", f"{number(after)} t", f"{number(before - after)} t")
    says("m01-l3", number((before - after) * 6_000))


def test_which_workshop_uses_more() -> None:
    a, b = 600 / 300, 900 / 900
    says("m01-l4", f"{600 / 900:.2f} times", f"{a:.1f} MWh", f"{b:.1f} MWh")
    assert a / b == 2


def test_points_are_subtracted_and_per_cents_are_multiplied() -> None:
    says("m01-l4", f"43 − 10 = {43 - 10} %", f"43 × 0.90 = {43 * 0.90:.1f} %", f"33 / 0.90 = {33 / 0.90:.1f} %")


def test_the_check_on_two_boilers() -> None:
    says("m01-l4", f"4 % of 80 is {0.04 * 80:.1f}", f"{80 * 1.04:.1f} %", f"84 − 80 = {84 - 80} points")
    says("m01-l4", f"84 / 80 − 1 = {(84 / 80 - 1) * 100:.0f} %")


def test_more_energy_and_less_pollution() -> None:
    before, after = 100 * 20 * (1 - 0.50), 120 * 15 * (1 - 0.80)
    says("m01-l4", number(before), number(after), f"a fall of {(1 - after / before) * 100:.0f} %")


def test_yearly_cuts_compound() -> None:
    says("m01-l4", f"{0.96**5:.3f}", f"{(1 - 0.96**5) * 100:.1f} %", f"{(1 - 0.80 ** (1 / 5)) * 100:.2f} %")


QUIZ = PROJECT / "content" / "modules" / "01-why-cleaner-production" / "quiz.md"


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m01-q2": 12 * (7_000 + 800 + 500),
        "m01-q5": (1.25 * 0.88 - 1) * 100,
        "m01-q10": 3_000 * (0.060 - 0.045) * 5_000,
        "m01-q12": (1 - 0.96**5) * 100,
    }
    for question, value in right.items():
        assert among(value, answers(question, "=")), f"{question}: {value}"


def test_the_quiz_knows_the_usual_mistakes() -> None:
    wrong = {
        "m01-q2": [12 * 7_000, 12 * 500, 12 * 7_800, 12 * 7_500, 8_300],
        "m01-q5": [25 - 12, 12 - 25, 25 + 12, -12, 1.25 * 0.88 * 100],
        "m01-q10": [3_000 * 0.06 * 5_000, 3_000 * 0.045 * 5_000, 3_000 * 0.25 * 5_000, 3_000 * 0.015],
        "m01-q12": [5 * 4, (1.04**5 - 1) * 100, 0.96**5 * 100, (1 - 0.96**4) * 100],
    }
    for question, values in wrong.items():
        for value in values:
            assert among(value, answers(question, "!=")), f"{question}: {value}"
            assert not among(value, answers(question, "=")), f"{question}: {value}"


def test_the_other_numbers_of_the_quiz() -> None:
    quiz = QUIZ.read_text(encoding="utf-8")
    assert f"33 / 0.90 = {33 / 0.90:.1f} %" in quiz
    assert f"1.058 / 1.109 − 1 = {number((1.058 / 1.109 - 1) * 100, 1)} %" in quiz
    assert f"needs {(1 - 0.80**0.2) * 100:.2f} % a year" in quiz
