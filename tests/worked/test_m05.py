"""The worked numbers of module 5, recomputed from what the lessons give."""

import pytest

from tests.worked.lessons import accepted, number, says

WATER, NICKEL, GRID = 12, 130, 0.5306


def present_value(cash: float, rate: float, years: int) -> float:
    """The value today of the same cash at the end of each year."""
    return sum(cash / (1 + rate) ** year for year in range(1, years + 1))


def irr(investment: float, cash: float, years: int) -> float:
    """The rate at which the investment equals the present value of the cash."""
    low, high = 0.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if present_value(cash, middle, years) > investment else (low, middle)
    return low


def cash_flow(saving: float, investment: float, years: int, tax: float) -> tuple[float, float, float, float]:
    """Depreciation, taxable profit, net profit and annual cash flow."""
    depreciation = investment / years
    taxable = saving - depreciation
    net = taxable * (1 - tax)
    return depreciation, taxable, net, net + depreciation


def test_prompts_bring_nineteen_ideas_of_which_six_need_no_machine() -> None:
    first = {"equipment": 3}
    added = {"materials": 2, "technology": 1, "equipment": 1, "control": 3, "product": 1, "waste": 2}
    people = {"management": 3, "employees": 3}
    prompted = sum(added.values()) + sum(people.values())
    says("m05-l1", f"the {prompted} ideas that the prompts added", f"{sum(first.values()) + prompted} after them")
    assert (sum(first.values()) + prompted, sum(people.values())) == (19, 6)
    says("m05-l1", "Six of the nineteen ideas")


def test_the_photocell_saves_glaze_in_the_gaps() -> None:
    empty = 0.15 * 960
    usable = empty * 2 / 3
    a_day = usable * 1.6
    a_year = a_day * 300
    says("m05-l1", f"{number(empty)} min", f"{number(usable)} min", f"{number(a_day, 1)} kg", number(a_year))
    says("m05-l1", number(a_year * 3), number(480 * 300 * 3))


def test_every_card_of_the_wire_works_has_a_heap() -> None:
    now, study, later, doubles = 16, 11, 7, 7
    says("m05-l2", f"{now + study + later + doubles} cards enter", f"The other {now + study + later} part")


WEIGHTS = (9, 9, 7, 5)
SCORES = {"O1": (7, 8, 9, 9), "O2": (9, 6, 6, 4), "O3": (8, 8, 7, 6), "O4": (5, 4, 8, 7)}


def weighted(scores: tuple[int, ...], weights: tuple[int, ...] = WEIGHTS) -> int:
    """The weighted sum of an option."""
    return sum(weight * score for weight, score in zip(weights, scores, strict=True))


def order(weights: tuple[int, ...]) -> list[str]:
    """The options from the best to the last."""
    return sorted(SCORES, key=lambda option: -weighted(SCORES[option], weights))


def test_the_weighted_screen_of_four_options() -> None:
    for scores in SCORES.values():
        says("m05-l2", f"({scores[0]}) {9 * scores[0]}", f"({scores[2]}) {7 * scores[2]}", number(weighted(scores)))
    says("m05-l2", f"Of {10 * sum(WEIGHTS)} possible points")
    assert order(WEIGHTS) == ["O1", "O3", "O2", "O4"]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("change", [-1, 1])
def test_the_order_survives_a_point_more_or_less(place: int, change: int) -> None:
    weights = tuple(weight + change * (place == spot) for spot, weight in enumerate(WEIGHTS))
    assert order(weights) == order(WEIGHTS)


def test_without_ease_the_first_place_is_close() -> None:
    without = (*WEIGHTS[:3], 0)
    says("m05-l2", f"{weighted(SCORES['O1'], without)} to {weighted(SCORES['O3'], without)}")


def test_the_check_on_the_screen() -> None:
    parts = [weight * score for weight, score in zip(WEIGHTS, (6, 9, 5, 8), strict=True)]
    says("m05-l2", " + ".join(map(str, parts)) + f" = {sum(parts)}")
    says("m05-l2", number(sum((6, 9, 5, 8))), number(sum((6, 9, 5, 8)) * sum(WEIGHTS)))
    assert weighted(SCORES["O3"]) > sum(parts) > weighted(SCORES["O2"])


def test_savings_on_one_stream_do_not_add_up() -> None:
    left = (1 - 0.30) * (1 - 0.40)
    saved, added = 20_000 * (1 - left), 20_000 * (0.30 + 0.40)
    says("m05-l2", number(left, 2), f"{number((1 - left) * 100)} %", number(saved), number(saved * WATER))
    says("m05-l2", number(added), number(added * WATER), number((added - saved) * WATER))


def test_the_tunnel_is_too_short_until_the_air_is_faster() -> None:
    per_shift = {minutes: 36 / minutes * 450 for minutes in (6, 9, 8)}
    for minutes, metres in per_shift.items():
        says("m05-l3", f"36 ÷ {minutes} = {36 / minutes:g} m/min", f"{number(metres)} m")
    assert per_shift[9] < 2_000 < per_shift[8]
    says("m05-l3", f"by {number(2_000 - per_shift[9])} m", f"{number(per_shift[8] - 2_000)} m to spare")
    assert 0.01 < (per_shift[8] - 2_000) / 2_000 < 0.015


def test_the_lacquer_before_and_after() -> None:
    before, after = 20 * 0.60, 22 * 0.08
    less = before - after
    says("m05-l3", number(before, 2), number(after, 2), f"−{number(less, 2)} (−{number(less / before * 100, 1)} %)")
    hours = 450 / 60 * 250
    electricity = 6 * hours
    carbon = electricity * GRID / 1000
    says("m05-l3", number(hours), number(electricity), number(carbon, 2), number(less - round(carbon, 2), 2))


def test_the_annual_saving_of_the_rinse() -> None:
    water, nickel = 6_000 * WATER, 200 * NICKEL
    saving = water + nickel - 6_000
    says("m05-l4", number(water), number(nickel), number(saving), f"{180_000 / saving:.2f} years")


def test_the_full_calculation_of_the_rinse() -> None:
    depreciation, taxable, net, cash = cash_flow(92_000, 180_000, 10, 0.25)
    says("m05-l4", number(depreciation), number(taxable), number(net), f"{number(cash)} CNY")
    npv = present_value(cash, 0.10, 10) - 180_000
    says("m05-l4", number(present_value(1, 0.10, 10), 4), f"{180_000 / cash:.2f} years", number(npv))
    says("m05-l4", f"{irr(180_000, cash, 10) * 100:.1f} %", number(npv / 180_000, 2))


def test_thirty_per_cent_less_saving_still_pays_for_the_rinse() -> None:
    cash = cash_flow(0.7 * 92_000, 180_000, 10, 0.25)[3]
    assert present_value(cash, 0.10, 10) > 180_000


def test_payback_and_npv_disagree() -> None:
    options = {"A": (50_000, 3), "B": (35_000, 10)}
    npv = {name: present_value(cash, 0.10, years) - 100_000 for name, (cash, years) in options.items()}
    for name, (cash, years) in options.items():
        says("m05-l4", number(100_000 / cash, 2), number(npv[name]), f"{irr(100_000, cash, years) * 100:.1f} %")
    assert 4.5 < npv["B"] / npv["A"] < 5
    repeated = sum(npv["A"] / 1.10**start for start in (0, 3, 6, 9))
    says("m05-l4", number(repeated))
    assert repeated < npv["B"]


def test_the_lines_cross_zero_in_the_third_and_in_the_fourth_year() -> None:
    assert present_value(50_000, 0.10, 2) < 100_000 < present_value(50_000, 0.10, 3)
    assert present_value(35_000, 0.10, 3) < 100_000 < present_value(35_000, 0.10, 4)


def test_a_filter_that_dies_before_it_has_paid() -> None:
    brought = 45_000 * 1.5
    says("m05-l4", number(brought), f"{number(90_000 - brought)} CNY short", f"payback of {90_000 / 45_000:.0f} years")


def test_the_crate_washer_before_and_after() -> None:
    before, after = 1_440_000 / 288_000, 1_053_000 / 324_000
    saved = before - after
    says("m05-l5", number(before, 2), number(after, 2), f"{number(saved, 2)} L", f"{saved / 2.0 * 100:.1f} %")
    quarter = saved * 324_000 / 1000
    says("m05-l5", f"{number(quarter)} m³", f"{number(1_440 - 1_053)} m³", number(324_000 - 288_000))
    crates = 4 * 324_000
    year, forecast = saved * crates / 1000, 2.0 * 1_200_000 / 1000
    says("m05-l5", number(crates), number(year), number(year * WATER), number(forecast), number(forecast * WATER))
    says("m05-l5", f"{29_500 / (year * WATER):.2f} years", f"forecast {26_000 / (forecast * WATER):.2f}")


def test_the_months_add_up_to_the_quarters() -> None:
    before = [5.104 * 96, 4.896 * 96, 5.0 * 96]
    after = [3.5 * 108, 3.25 * 108, 3.0 * 108]
    assert sum(before) == pytest.approx(1_440, abs=0.5)
    assert sum(after) == pytest.approx(1_053)


def test_the_check_on_a_saving_behind_growth() -> None:
    would_be = 800_000 / 100_000 * 125_000 / 1000
    says("m05-l5", f"{number(would_be)} m³", f"{number(would_be - 760)} m³", f"{number(800 - 760)} m³")
    per_piece = 800_000 / 100_000 - 760_000 / 125_000
    says("m05-l5", f"{number(per_piece, 2)} L", f"{number(per_piece * 100)} m³")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m05-q4": weighted((6, 8, 7, 9), (9, 8, 7, 5)),
        "m05-q8": 1_500 - 30 / 10 * 450,
        "m05-q9": 240_000 / (5_000 * WATER + 28_000 - 8_000),
        "m05-q10": cash_flow(60_000, 120_000, 8, 0.25)[3],
        "m05-q11": present_value(30_000, 0.10, 5) - 100_000,
        "m05-q15": (900 / 150_000 - 880 / 176_000) * 176_000,
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
