"""The worked numbers of module 3, recomputed from what the lessons give."""

from itertools import pairwise
from statistics import mean, median

from tests.worked.lessons import accepted, number, says

ELECTRICITY, WATER, STEAM = 0.70, 12, 220


def test_an_overflow_of_white_water_costs_fibre_and_water() -> None:
    fibre_a_day = 60 * 2.5
    fibre = fibre_a_day * 330 / 1000
    water = 60 * 330
    says("m03-l1", number(fibre_a_day), number(fibre, 1), number(fibre * 3_200))
    says("m03-l1", number(water), number(water * WATER), number(fibre * 3_200 + water * WATER))


def test_a_lid_pays_for_itself_before_phase_6_begins() -> None:
    a_week = 14 * 10 * 6
    weeks = 21 - 5
    waiting = weeks * a_week * ELECTRICITY
    says("m03-l2", number(a_week), number(a_week * ELECTRICITY), number(3_000 / (a_week * ELECTRICITY), 1))
    says("m03-l2", number(weeks), number(weeks * a_week), number(waiting))
    assert round(waiting / 3_000) == 3


def test_the_team_costs_a_small_share_of_water_and_steam() -> None:
    hours_a_week = 1 + 8 + 3 + 2 + 2 + 2 + 1 + 1
    hours = hours_a_week * 26
    linen = 3_000 * 310
    water = linen * 18 / 1000
    steam = linen * 2.2 / 1000
    bill = water * WATER + steam * STEAM
    says("m03-l3", number(hours_a_week), number(hours), number(hours * 60), number(linen))
    says("m03-l3", number(water), number(water * WATER), number(steam), number(steam * STEAM))
    says("m03-l3", number(bill), number(hours * 60 / bill * 100, 1))


def test_a_year_leaves_about_17_weeks_in_reserve() -> None:
    two_months = round(52 / 12 * 2)
    says("m03-l3", f"about {two_months} pass", f"about {52 - two_months - 26} weeks")


def test_the_phases_of_the_timetable_follow_each_other() -> None:
    phases = [(1, 3), (4, 7), (8, 13), (14, 16), (17, 20), (21, 26)]
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(phases))
    says("m03-l3", *(f"{first} to {last}" for first, last in phases))


KWH = [118, 121, 119, 12, 120, 122]
TONNES = [236, 244, 237, 239, 240, 203]


def test_one_lost_digit_shifts_the_mean() -> None:
    without = mean(value for value in KWH if value != 12)
    says("m03-l4", number(mean(KWH), 1), number(without, 1), f"{(1 - mean(KWH) / without) * 100:.0f} %")
    says("m03-l4", number(median(KWH), 1), f"{(1 - 12 / median(KWH)) * 100:.0f} % below")
    says("m03-l4", f"June {(122 / median(KWH) - 1) * 100:.0f} % above")


def test_june_stands_out_per_tonne_only() -> None:
    specific = [1000 * energy / output for energy, output in zip(KWH, TONNES, strict=True)]
    says("m03-l4", *(number(value) for value in specific))
    says("m03-l4", f"{(specific[5] / specific[4] - 1) * 100:.0f} % above", number(120_000 / 239))


def test_the_rejected_biscuits_took_their_share_of_electricity() -> None:
    baked = 203 + 37
    share = 122_000 * 37 / baked
    says("m03-l4", number(baked), number(share), number(share * ELECTRICITY))


def test_a_gap_to_the_benchmark_has_a_value() -> None:
    output = 240 * 12
    kwh = (500 - 460) * output
    says("m03-l4", number(output), number(kwh), number(kwh * ELECTRICITY))


def test_a_doubled_reading_is_twice_its_neighbours() -> None:
    neighbours = [840, 870, 855, 860, 845]
    assert round(1_710 / median(neighbours), 1) == 2.0
    says("m03-l4", *(number(value) for value in neighbours))


WEIGHTS = [10, 9, 8, 5, 2]
SCORES = {"plating": [9, 8, 8, 6, 8], "boiler house": [6, 9, 5, 8, 6], "paint shop": [4, 5, 9, 4, 9]}


def weighted(scores: list[int], weights: list[int]) -> int:
    return sum(score * weight for score, weight in zip(scores, weights, strict=True))


def order(weights: list[int]) -> list[str]:
    return sorted(SCORES, key=lambda unit: -weighted(SCORES[unit], weights))


def test_plating_is_the_audit_focus() -> None:
    sums = {unit: weighted(scores, WEIGHTS) for unit, scores in SCORES.items()}
    assert order(WEIGHTS) == ["plating", "boiler house", "paint shop"]
    says("m03-l5", *(number(value) for value in sums.values()), number(sums["plating"] - sums["boiler house"]))
    for scores in SCORES.values():
        says("m03-l5", *(f"({s}) {s * w}" for s, w in zip(scores, WEIGHTS, strict=True)))


def test_the_order_survives_any_weight_changed_by_one() -> None:
    for place in range(len(WEIGHTS)):
        for step in (-1, 1):
            changed = [weight + step * (place == other) for other, weight in enumerate(WEIGHTS)]
            assert order(changed) == order(WEIGHTS), changed


def test_plating_leads_even_without_the_weight_of_waste() -> None:
    without = [0, *WEIGHTS[1:]]
    says("m03-l5", *(number(weighted(SCORES[unit], without)) for unit in ("plating", "boiler house")))
    assert order(without)[0] == "plating"


def test_the_sums_in_the_check_on_ranking() -> None:
    weights, scores = [10, 8, 5], [7, 9, 6]
    right = weighted(scores, weights)
    says("m03-l5", number(right), number(sum(scores)), number(sum(scores) * sum(weights)))


def test_the_draft_target_saves_water() -> None:
    saved = (60 - 42) * 78_000
    says("m03-l5", f"{number((42 / 60 - 1) * 100)} %", number(saved), number(saved / 1000))
    says("m03-l5", number(saved / 1000 * WATER))
    assert 78_000 == 12 * 6_500  # the shop of module 4, which plates 6,500 m² a month


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m03-q3": 10 * 6 + 7 * 8 + 4 * 9,
        "m03-q9": mean([42, 44, 43, 41, 45]),
        "m03-q16": (1 + 6 + 3 + 2 + 2) * 24,
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
