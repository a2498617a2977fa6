"""The worked numbers of module 6, recomputed from what the lessons give."""

from math import acos, hypot, pi, sqrt, tan

import pytest

from tests.worked.lessons import accepted, number, says

PRICE, GRID, KWH_IN_COAL = 0.70, 0.5306, 0.1229
GAS, GAS_HEAT, BOILER = 3.5, 35.588, 0.88
SPECIFIC_POWER = 6.5


def test_the_night_reading_shows_the_idle_load() -> None:
    dial = 2_128.1 - 2_112.8
    energy = dial * 40
    power = energy / 6
    needed = 20 + 8 + 6 + 4
    idle = power - needed
    says("m06-l1", number(dial, 1), f"{number(energy)} kWh", f"{number(power)} kW", f"{number(needed)} kW")
    says("m06-l1", f"{number(idle)} kW served nobody", f"{number(dial / 6, 2)} kW")
    found = 28 + 15 + 12 + 9
    assert idle == pytest.approx(found)


def test_the_idle_load_of_a_year() -> None:
    still = 8_760 - 16 * 300
    energy = 64 * still
    says("m06-l1", f"{number(still)} hours", number(energy), number(energy * PRICE), f"{still / 8_760 * 100:.0f} %")
    says("m06-l1", number(energy * GRID), number(energy * GRID / 1000, 1))
    says("m06-l1", f"{number(energy * 0.6361 / 1000, 1)} t", f"{number(energy * 0.2472 / 1000, 1)} t")


def test_the_check_on_the_night_load() -> None:
    says("m06-l1", f"{4.5 / 5} kW", f"{number(4.5 * 60)} kWh", f"{number(4.5 * 60 / 5)} kW")


def test_the_break_even_pause() -> None:
    hours = 3 / 4.2
    says("m06-l1", f"{hours:.3f} h", f"{hours * 60:.0f} minutes")
    idling, restarts = 8 * 4.2 * 1.5 * 300, 8 * 3 * 300
    saved = idling - restarts
    says("m06-l1", number(idling), number(restarts), number(saved), number(saved * PRICE))
    assert 0.4 < restarts / idling < 0.5


def power_ratio(flow: float, static: float) -> float:
    """Power over full power, with the share of static head in the full head."""
    return flow * (static + (1 - static) * flow**2)


def test_speed_acts_on_power_with_the_cube() -> None:
    says("m06-l2", number(0.8**3, 3), number(0.5**3, 3), number(0.9**3, 3), f"{0.9**2 * 100:.0f} %")
    says("m06-l2", f"{0.9**3 * 100:.0f} % of full power")


def test_a_drive_in_place_of_the_damper() -> None:
    damper, drive = 0.92 * 37, 37 * power_ratio(0.8, 0) / 0.96
    saved = damper - drive
    says("m06-l2", f"{number(damper, 2)} kW", f"{number(drive, 2)} kW", f"{number(saved, 2)} kW")
    says("m06-l2", number(saved * 6_000), number(saved * 6_000 * PRICE))
    assert 37 / 0.96 > 37, "at full flow the drive only adds its loss"


def test_static_head_takes_part_of_the_saving() -> None:
    head = 10 + 20 * 0.8**2
    ratio = 0.8 * head / 30
    assert ratio == pytest.approx(power_ratio(0.8, 10 / 30))
    says("m06-l2", f"{number(head, 1)} m", number(ratio, 3), f"{(1 - ratio) * 100:.0f} % instead of 49 %")
    says("m06-l2", f"{ratio * 100:.1f} %", f"{power_ratio(0.5, 10 / 30) * 100:.0f} at half flow")


def test_a_better_motor_class() -> None:
    saved = 22 * 0.75 * (1 / 0.899 - 1 / 0.930) * 6_000
    life = 22 * 0.75 / 0.930 * 6_000 * 15 * PRICE
    says("m06-l2", f"{number(saved)} kWh", f"{number(saved * PRICE)} CNY", f"{number(life / 1e6, 2)} million CNY")


def test_the_load_of_a_motor_from_its_current() -> None:
    drawn = sqrt(3) * 0.380 * 32 * 0.85
    shaft = drawn * 0.93
    says("m06-l2", f"{number(drawn, 1)} kW", f"{number(shaft, 1)} kW", f"about {shaft / 22 * 100:.0f} %")


def test_the_price_of_a_cubic_metre_of_air() -> None:
    energy = SPECIFIC_POWER / 60
    says("m06-l3", f"{number(energy, 3)} kWh", f"{number(energy * PRICE, 3)} CNY")


def leak_factor() -> float:
    """Free air in m³ a minute through a hole of 1 mm for each bar absolute: choked flow of air at 20 °C."""
    area = pi / 4 * 0.001**2
    mass = 0.65 * area * 1e5 * sqrt(1.4 / (287.05 * 293.15)) * (2 / 2.4) ** 3
    return mass * 60 / 1.204


def leak(diameter: float, gauge: float = 7) -> float:
    """Free air lost, in m³ a minute."""
    return round(leak_factor(), 6) * diameter**2 * (gauge + 1.01325)


def test_the_formula_of_the_leak() -> None:
    says("m06-l3", number(leak_factor(), 6))


def test_what_holes_cost() -> None:
    power = leak(3) * SPECIFIC_POWER
    says("m06-l3", number(7 + 1.01325, 2), number(leak(3), 3), f"{number(power, 2)} kW", number(power * 8_000))
    for diameter in (1, 2, 3, 5):
        says("m06-l3", number(leak(diameter) * SPECIFIC_POWER * 8_000 * PRICE))
    says("m06-l3", f"{number(leak(6) * SPECIFIC_POWER * PRICE, 2)} CNY")
    assert leak(5) / leak(1) == pytest.approx(25)
    assert leak(4) / leak(2) == pytest.approx(4)


def test_the_leak_test_at_standstill() -> None:
    share = 90 / (90 + 210)
    air = share * 22
    power = air * SPECIFIC_POWER
    says("m06-l3", f"{share * 100:.0f} %", f"{number(air, 1)} m³", f"{number(power, 1)} kW")
    says("m06-l3", number(power * 8_000 * PRICE))
    less = (share - 0.08) * 22
    saved = less * SPECIFIC_POWER * 8_000
    says("m06-l3", number(less, 2), number(saved), number(saved * PRICE))


def test_less_pressure() -> None:
    saved = 110 * (7.3 - 6.5) * 0.07 * 6_000
    says("m06-l3", f"{0.8 * 0.07:.3f}", number(saved), number(saved * PRICE))


def gas_instead(heat: float) -> float:
    """Cubic metres of gas that a boiler burns for so many kWh of heat."""
    return heat * 3.6 / (GAS_HEAT * BOILER)


def test_heat_from_the_compressor() -> None:
    heat = 90 * 0.7 * 6_000 * 0.8
    says("m06-l3", number(heat), number(gas_instead(heat) * GAS))


def present_value(cash: float, rate: float, years: int) -> float:
    """The value today of the same cash at the end of each year."""
    return sum(cash / (1 + rate) ** year for year in range(1, years + 1))


def test_four_hundred_new_fittings() -> None:
    energy = 400 * (90 - 38) / 1000 * 4_000
    money = energy * PRICE
    saving = money + 4_800
    cost = 400 * 190
    says("m06-l4", number(energy), number(money), number(saving), number(cost), f"{cost / saving:.2f} years")
    says("m06-l4", number(present_value(saving, 0.08, 8) - cost))
    assert present_value(saving, 0.825, 8) < cost < present_value(saving, 0.815, 8), "the IRR rounds to 82 %"
    says("m06-l4", "82 %", f"{energy * GRID / 1000:.1f} t", f"{energy * KWH_IN_COAL / 1000:.1f} tce")


@pytest.mark.parametrize("hours", [500, 1_000, 2_000, 4_000, 8_000])
def test_payback_of_light_depends_on_hours(hours: int) -> None:
    saving = 400 * 0.052 * hours * PRICE + 4_800
    says("m06-l4", f"{76_000 / saving:.2f}")


def test_the_check_on_new_light() -> None:
    says("m06-l4", *(f"{number(100 * watts / 1000 * 3_000)} kWh" for watts in (60 - 25, 25, 60)))


def test_what_cooling_adds_and_heating_takes() -> None:
    less_heat = 400 * 52 / 1000
    cooling = less_heat * 1_500 / 3
    heat = less_heat * 1_000
    gas = gas_instead(heat)
    says("m06-l4", f"{number(less_heat, 1)} kW", number(cooling), f"+{number(cooling * PRICE)} CNY")
    says("m06-l4", number(heat), f"{number(gas)} m³", f"−{number(gas * GAS)} CNY")
    says("m06-l4", number(83_200 * PRICE + cooling * PRICE - gas * GAS))


def test_five_degrees_more_lift_are_a_tenth_more_work() -> None:
    work = {hot: (hot + 10) / 263.15 for hot in (40, 45)}
    assert work[45] / work[40] == pytest.approx(1.10)
    says("m06-l4", "lift of 50 degrees", "55 degrees")


def test_the_capacitor_of_the_foundry() -> None:
    before, after = tan(acos(0.80)), tan(acos(0.95))
    capacitor = 500 * (before - after)
    says("m06-l5", number(before, 3), number(after, 4), f"{number(capacitor, 1)} kvar")
    says("m06-l5", f"{number(500 * before)} kvar", f"{number(500 * after, 1)} kvar")
    says("m06-l5", f"{number(500 / 0.80)} kVA", f"{number(500 / 0.95)} kVA")
    current = [500 / (sqrt(3) * 0.380 * factor) for factor in (0.80, 0.95)]
    says(
        "m06-l5", f"{number(current[0])} A", f"{number(current[1])} A", f"−{(1 - current[1] / current[0]) * 100:.1f} %"
    )
    says("m06-l5", f"−{(1 - (0.80 / 0.95) ** 2) * 100:.1f} %")


def test_what_the_capacitor_really_brings() -> None:
    loss = 10 * (1 - (0.80 / 0.95) ** 2) * 6_000
    apparent = 500 / 0.80 - 500 / 0.95
    demand = apparent * 30 * 12
    says("m06-l5", number(loss), number(loss * PRICE), f"{loss / (500 * 6_000) * 100:.2f} %", number(500 * 6_000))
    says("m06-l5", number(apparent, 1), number(demand), number(round(loss * PRICE) + round(demand)))


def test_a_fixed_capacitor_overshoots_at_night() -> None:
    reactive = 100 * tan(acos(0.80))
    over = 500 * (tan(acos(0.80)) - tan(acos(0.95))) - reactive
    says("m06-l5", f"{number(reactive)} kvar", f"{number(over, 1)} kvar", f"cos φ = {100 / hypot(100, over):.2f}")


def test_two_furnaces_one_after_the_other() -> None:
    says("m06-l5", f"{300 + 2 * 120} kW", f"{300 + 120} kW", f"{2 * 120 - 120} kW")


def test_the_check_on_the_capacitor_names_the_fall_of_the_current() -> None:
    says("m06-l5", f"{500 * 0.80 / 0.95:.0f} kW, by {(1 - 0.80 / 0.95) * 100:.1f} %")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m06-q1": (3_419.2 - 3_412.0) * 50 / 8 - 27,
        "m06-q3": 0.9**3 * 100,
        "m06-q7": 60 / (60 + 240) * 100,
        "m06-q8": (3 / 2) ** 2,
        "m06-q12": 150 * (72 - 30) / 1000 * 3_500 * PRICE,
        "m06-q14": 250 * 300 * GRID / 1000,
        "m06-q15": 200 * (tan(acos(0.75)) - tan(acos(0.95))),
        "m06-q17": 0.20 * 6.5 * 6_000 * 0.70,
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
    pause = 2 / 5 * 60
    assert pause == pytest.approx(24), "the break-even pause of m06-q2"
