"""The worked numbers of module 7, recomputed from what the lessons give."""

from math import log, pi

import pytest

from tests.worked.lessons import accepted, number, says

GAS, STEAM, WATER, WATER_SUPPLY, EFFLUENT = 3.5, 220, 12, 4, 8
GAS_HEAT, WATER_HEAT, BOILER = 35.588, 4.19, 0.85
FAHRENHEIT = 5 / 9


def excess_air(oxygen: float) -> float:
    """Excess air in per cent, from the oxygen in dry flue gas of natural gas."""
    return 0.9 * oxygen / (20.9 - oxygen) * 100


def gas_for(megajoules: float) -> float:
    """Cubic metres of gas that the boiler burns for this heat."""
    return megajoules / GAS_HEAT / BOILER


def insulated(thickness: float, diameter: float = 0.1143, steam: float = 175) -> float:
    """Loss in W/m of a pipe with mineral wool, in air of 20 degrees; lengths in metres."""
    inner = diameter / 2
    outer = inner + thickness
    return (steam - 20) / (log(outer / inner) / (2 * pi * 0.045) + 1 / (2 * pi * outer * 10))


def bare(diameter: float, steam: float) -> float:
    """Loss in W/m of bare steel pipe in air of 20 degrees: radiation (emissivity 0.75) and free convection."""
    above = steam - 20
    radiation = 0.75 * 5.67e-8 * ((steam + 273.15) ** 4 - 293.15**4)
    return pi * diameter * (radiation + 1.32 * (above / diameter) ** 0.25 * above)


def trap(diameter: float, pressure: float) -> float:
    """Steam in kg/h through a round hole by Napier's formula (in the units of the lesson), discharge factor 0.7."""
    square_inches = pi / 4 * (diameter / 25.4) ** 2
    pounds = 51.43 * square_inches * pressure * 14.5038 * 0.7
    return pounds * 0.45359237


def test_oxygen_gives_the_excess_air() -> None:
    says("m07-l1", f"At 3 % oxygen this gives {number(excess_air(3))} %", f"At 7 % it gives {number(excess_air(7))} %")
    for oxygen, table in ((2, 9.5), (5, 28.1), (7, 44.9)):
        assert excess_air(oxygen) == pytest.approx(table, rel=0.02)


def test_fahrenheit_differences_are_turned_into_degrees_celsius() -> None:
    says("m07-l1", f"{number(400 * FAHRENHEIT)} °C (400 °F)", f"{number(300 * FAHRENHEIT)} °C (300 °F)")
    says("m07-l1", f"{number(40 * FAHRENHEIT)} °C (40 °F)", f"stack {number(100 * FAHRENHEIT)} °C cooler")
    says("m07-l1", f"242 − 20 = {242 - 20} °C")
    for low in (250, 300, 350):
        says("m07-l4", f"{number((low - 32) * FAHRENHEIT)} °C")


def test_the_rule_of_thumb_comes_near_the_table() -> None:
    says("m07-l1", f"promises {number((44.9 - 9.5) / 15, 1)} points", f"the table says {number(80.8 - 78.2, 1)}")
    says("m07-l1", f"it promises {number(100 / 40, 1)}", f"the table says {number(83.1 - 80.8, 1)}")


def test_tuning_saves_gas_money_and_carbon_dioxide() -> None:
    year = 3_000_000
    share = 1 - 78.2 / 80.8
    gas = share * year
    heat = gas * GAS_HEAT / 1000
    says("m07-l1", f"{share * 100:.2f}", f"{share * 100:.3f} %", number(gas), number(gas * GAS))
    says("m07-l1", f"{number(heat)} GJ", f"{number(heat * 56.1 / 1000)} t")
    cooler = 1 - 78.2 / 83.1
    says("m07-l1", f"{cooler * 100:.2f} %", number(cooler * year), number(cooler * year * GAS))
    says("m07-l1", f"{80.8 - 78.2:.1f} percentage points", f"lost {94 - 80.8:.1f} points")


def test_the_heat_of_a_small_loss_of_steam() -> None:
    says("m07-l2", f"10 kg an hour, loses {number(0.7 * 1000 * 10 / 1000)} kW")
    says("m07-l2", f"{175 - 20} °C hotter", f"{175 - 35} °C hotter")


def test_the_table_of_bare_pipes() -> None:
    for name, diameter in (("DN50 (60.3 mm)", 0.0603), ("DN100 (114.3 mm)", 0.1143), ("DN150 (168.3 mm)", 0.1683)):
        cells = " | ".join(number(round(bare(diameter, steam), -1)) for steam in (120, 145, 175))
        says("m07-l2", f"{name} | {cells}")
    assert bare(0.1143, 153 + 20) == pytest.approx(939, rel=0.01)


def test_fifty_millimetres_on_thirty_metres() -> None:
    loss = insulated(0.05)
    kept = (950 - loss) * 30 * 8_000 / 1000
    gas = gas_for(kept * 3.6)
    says("m07-l2", f"{loss:.2f} W/m", f"{(1 - loss / 950) * 100:.0f} % less", number(kept), number(gas))
    says("m07-l2", number(gas * GAS), number(30 * 260), f"{30 * 260 / (gas * GAS) * 12:.1f} months")
    says("m07-l2", f"{log(0.10715 / 0.05715):.4f}", f"{2 * pi * 0.045:.4f}", f"{2 * pi * 0.10715 * 10:.3f}")
    surface = 20 + loss / (2 * pi * 0.10715 * 10)
    says("m07-l2", f"about {surface:.0f} °C")


def test_the_curve_of_thickness_and_the_second_layer() -> None:
    for millimetres in (10, 20, 30, 50, 80):
        says("m07-l2", number(insulated(millimetres / 1000)))
    says("m07-l2", f"With 100 mm it would lose {number(insulated(0.1))} W/m")
    first, second = 950 - insulated(0.05), insulated(0.05) - insulated(0.1)
    says("m07-l2", f"{number(second)} W/m after {number(first)} W/m")


def test_a_bare_valve_is_as_dear_as_a_metre_of_pipe() -> None:
    heat = 950 * 8_000 / 1000
    says("m07-l2", f"{number(heat)} kWh", f"{number(gas_for(heat * 3.6) * GAS)} CNY")


def test_one_failed_trap() -> None:
    loss = trap(3, 8)
    says("m07-l2", f"{trap(1, 1):.4f}", f"{loss:.2f}", f"{loss:.1f} kg/h")
    tonnes = loss * 8_000 / 1000
    says("m07-l2", f"{tonnes:.0f} t", f"about {number(round(tonnes * STEAM, -2))} CNY")
    assert trap(6, 8) == pytest.approx(4 * loss)
    says("m07-l2", f"{number(60 * 0.15)} to {number(60 * 0.30)}")


def test_the_condensate_under_the_manhole() -> None:
    heat = 5_000 * WATER_HEAT * (90 - 15)
    an_hour = gas_for(heat / 1000)
    a_year = an_hour * 6_000
    says("m07-l3", f"{number(heat)} kJ/h", f"{heat / 1e6:.3f} GJ/h", f"{an_hour:.1f} m³/h")
    says("m07-l3", number(a_year), number(a_year * GAS))
    water = 5 * 6_000
    says("m07-l3", number(water), number(water * (WATER_SUPPLY + EFFLUENT)), number(a_year * GAS + water * WATER))
    says("m07-l3", f"from {90 - 15} to {70 - 15} degrees", f"{(20 / 75) * 100:.0f} %")


def test_the_share_of_flash_steam() -> None:
    share = (721.0 - 467.1) / 2226.5
    says("m07-l3", f"{share * 100:.1f} %", f"{share * 1000:.0f} kg")


def test_more_condensate_needs_less_blowdown() -> None:
    before, after = 180 * 5 / 6, 180 / 2
    more_returned = 15 * (1 / 2 - 1 / 6)
    assert more_returned == pytest.approx(5)
    drained = [feed / (2_500 - feed) for feed in (before, after)]
    says("m07-l3", f"{number(before)} ppm", f"{number(after)} ppm", number(2_500 - before), number(2_500 - after))
    says("m07-l3", *(f"{share * 100:.1f} %" for share in drained), *(f"{share * 15_000:.0f} kg/h" for share in drained))
    says("m07-l3", f"{number((drained[0] - drained[1]) * 15 * 6_000)} t")
    says("m07-l3", f"{100 / (2_100 - 100) * 100:.1f} %", f"{100 / 2_100 * 100:.1f} %")


def test_two_pipes_meet() -> None:
    heat = 8_000 * WATER_HEAT * (60 - 35)
    year = heat * 5_000 / 1e6
    gas = gas_for(year * 1000)
    says(
        "m07-l4", f"{number(heat)} kJ/h", f"{heat / 3600:.0f} kW", f"{number(year)} GJ", number(gas), number(gas * GAS)
    )
    says("m07-l4", number(gas * GAS * 3_000 / 5_000), f"{(60 + 15) / 2} °C")


def test_the_wool_dryer_and_its_press() -> None:
    heat = 500 * (WATER_HEAT * 80 + 2_260)
    theory = heat / 3600
    power = round(theory) / 0.45
    says("m07-l4", f"{number(heat)} kJ/h", f"{theory:.0f} kW", f"{power:.0f} kW", f"{power / 500:.2f} kWh")
    saved = 100 * power / 500
    gas = saved * 5_000 * 3.6 / GAS_HEAT
    says("m07-l4", f"{saved:.0f} kW", number(saved * 5_000), number(gas), number(gas * GAS), f"{100 - 45} %")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m07-q2": (1 - 80 / 84) * 100,
        "m07-q3": (900 - 90) * 40 * 8_000 / 1000,
        "m07-q8": 120 / (3_120 - 120) * 100,
        "m07-q9": 3_000 * WATER_HEAT * (85 - 15) / 3600,
        "m07-q10": trap(5, 7),
        "m07-q12": 6 * WATER_HEAT * (55 - 30) / 3.6,
        "m07-q13": 144 / 0.40 / 200,
        "m07-q14": (670 - 467) / 2_226 * 100,
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
