"""The worked numbers of module 4, recomputed from what the lessons give."""

import pytest

from tests.worked.lessons import accepted, number, says

ELECTRICITY, GAS, WATER, WATER_SUPPLY = 0.70, 3.5, 12, 4
GAS_HEAT, COAL_EQUIVALENT, KWH_BY_HEAT = 35.588, 29.3076, 0.1229


def test_milk_flushed_out_at_changes_of_product() -> None:
    at_one = 150 * 0.40
    a_day = 8 * at_one
    a_year = a_day * 300
    says("m04-l1", number(at_one), number(a_day), f"{a_day / 24_000 * 100:.1f} %", number(a_year), number(a_year * 4))
    avoided = (8 - 5) * at_one * 300
    says("m04-l1", number(avoided), number(avoided * 4))


class Nickel:
    """The balance of June in kg of nickel."""

    sulphate_share = 58.69 / 262.85
    chloride_share = 58.69 / 237.69
    anodes = 900 + 1_000 - 700
    sulphate = 400 * sulphate_share
    chloride = 60 * chloride_share
    total = anodes + sulphate + chloride
    on_parts = 6_500 * 20e-6 * 8_900
    drag_out = 6_500 * 0.20 * 75 / 1000
    out = on_parts + drag_out + 20
    gap = total - out


def test_the_nickel_that_came_in() -> None:
    says("m04-l2", f"{Nickel.sulphate_share * 100:.2f} %", f"{Nickel.chloride_share * 100:.2f} %")
    says("m04-l2", number(Nickel.anodes), number(Nickel.sulphate, 1), number(Nickel.chloride, 1))
    says("m04-l2", number(Nickel.total, 1))


def test_the_nickel_that_went_out_and_the_gap() -> None:
    says("m04-l2", number(Nickel.on_parts, 1), number(Nickel.drag_out, 1), number(Nickel.out, 1))
    says("m04-l2", number(Nickel.gap, 1), f"{Nickel.gap / Nickel.total * 100:.1f} %")


def test_the_yield_of_nickel_and_what_is_not_on_the_parts() -> None:
    elsewhere = Nickel.total - Nickel.on_parts
    says("m04-l2", f"{Nickel.on_parts / Nickel.total * 100:.1f} %", number(elsewhere, 1), number(elsewhere * 130))


def test_one_micrometre_more_turns_the_gap_negative() -> None:
    one = 6_500 * 1e-6 * 8_900
    assert Nickel.gap - one < 0
    says("m04-l2", f"about {number(one)} kg")


def test_the_check_on_closure_and_its_wrong_answers() -> None:
    gap = 2_500 - 2_120 - 290 - 40
    says("m04-l2", f"{gap / 2_500 * 100:.1f} %", f"{(2_500 - 2_120) / 2_500 * 100:.1f} %")
    says("m04-l2", f"{(gap + 40) / 2_500 * 100:.1f} %")


def test_a_tenth_of_the_water_is_missing() -> None:
    accounted = 720 + 180 + 150 + 30
    says("m04-l3", number(accounted), number(1_200 - accounted), f"{(1_200 - accounted) / 1_200 * 100:.0f} %")


def test_the_night_reading_explains_most_of_the_gap() -> None:
    read = 48_218.4 - 48_210.0
    an_hour = read / 2
    a_day = an_hour * 24
    gap = 1_200 - 1_080
    says("m04-l3", number(read, 1), number(an_hour, 1), number(a_day, 1), f"{a_day / gap * 100:.0f} % of the gap")
    says("m04-l3", number(gap - a_day, 1), f"{(gap - a_day) / 1_200 * 100:.1f} %")
    says("m04-l3", number(a_day * 365), number(a_day * 365 * WATER_SUPPLY))


def test_the_reuse_rate() -> None:
    says("m04-l3", f"{2_800 / (2_800 + 1_200) * 100:.0f} %")


def test_two_energies_in_one_unit() -> None:
    factor = GAS_HEAT / COAL_EQUIVALENT
    power, gas = 3_000_000 * KWH_BY_HEAT, 600_000 * round(factor, 4)
    says("m04-l3", number(factor, 4), number(power), number(power / 1000, 1), number(gas), number(gas / 1000, 1))
    says("m04-l3", number((power + gas) / 1000, 1), number(round((power + gas) / 1000, 1) * 1000))
    says("m04-l3", number((power + gas) / 5_000, 1))


def test_the_two_energy_bills_are_alike_and_gas_brings_twice_the_heat() -> None:
    assert pytest.approx(600_000 * GAS) == 3_000_000 * ELECTRICITY
    says("m04-l3", number(600_000 * GAS))
    power, gas = 3_000_000 * 3.6, 600_000 * GAS_HEAT
    assert 1.9 < gas / power < 2.1
    says("m04-l3", number(power), number(gas), number(power + gas), number((power + gas) / COAL_EQUIVALENT / 1000, 1))


def test_other_coefficient_other_total() -> None:
    gas = 600_000 * GAS_HEAT / COAL_EQUIVALENT / 1000
    by_heat, by_fuel = 3_000 * KWH_BY_HEAT + gas, 3_000 * 0.3 + gas
    says("m04-l3", number(3_000 * 0.3), number(by_fuel, 1), f"{(by_fuel / by_heat - 1) * 100:.0f} % more")
    says("m04-l3", number(3.6 / COAL_EQUIVALENT, 5))


def test_coal_in_the_calculator() -> None:
    heat = 100 * 1000 * 21
    says("m04-l3", number(heat), number(heat / COAL_EQUIVALENT / 1000, 1))


def test_the_rinse_water_is_split_by_cause() -> None:
    breaks = 25 * 80 * 2 / 1000
    too_high = (25 - 16) * (480 - 80) * 2 / 1000
    needed = 16 * (480 - 80) * 2 / 1000
    all_of_it = 25 * 480 * 2 / 1000
    assert breaks + too_high + needed == pytest.approx(all_of_it)
    for part in (breaks, too_high, needed):
        says("m04-l4", number(part, 1), f"{part / all_of_it * 100:.1f} %", number(part * 300 * WATER))
    says("m04-l4", number(all_of_it, 1), number(all_of_it * 300 * WATER))
    assert 1 - breaks / all_of_it == pytest.approx(5 / 6)


def test_the_cost_of_the_quarter_is_divided_by_mass() -> None:
    costs = {"material": 1_000, "energy": 120, "system": 280}
    for cost in costs.values():
        says("m04-l5", number(cost), number(cost * 0.85), number(cost * 0.15))
    product = 0.85 * sum(costs.values())
    loss = 0.15 * sum(costs.values()) + 30
    says("m04-l5", number(product), number(loss), number(product + loss), f"{loss / (product + loss) * 100:.1f} %")
    assert loss / 30 == 8


def test_the_check_on_the_cost_of_a_loss_and_its_wrong_answers() -> None:
    shared = 400 + 50 + 150
    says("m04-l5", number(0.10 * shared + 20), number(0.10 * shared), number(0.10 * (shared + 20)))


def test_less_loss_at_the_same_output_saves_less_than_it_carries() -> None:
    new_input = 85 / 0.88
    material = (1 - new_input / 100) * 1_000
    new_loss = new_input - 85
    handling = 30 * (1 - new_loss / 15)
    says("m04-l5", number(new_input, 2), f"{100 - new_input:.2f} %", number(material, 1), number(new_loss, 2))
    says("m04-l5", number(handling, 1), number(material + handling, 1))
    assert material + handling < 240


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m04-q1": (4_000 - 3_480 - 310 - 90) / 4_000 * 100,
        "m04-q2": 500 * 58.69 / 262.85,
        "m04-q5": 4_800 / (4_800 + 1_200) * 100,
        "m04-q10": 0.12 * (600 + 80 + 220) + 25,
        "m04-q14": (7_315.4 - 7_310.0) / 1.5 * 24,
        "m04-q15": (200_000 * KWH_BY_HEAT + 50_000 * GAS_HEAT / COAL_EQUIVALENT) / 1000,
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
