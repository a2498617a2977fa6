"""The worked numbers of module 10, recomputed from what the lessons give."""

import math

from tests.worked.lessons import among, answers, number, says

ELECTRICITY, WATER = 0.70, 12


def leak(millimetres: float, pressure: float = 7.0, hours: float = 8_000) -> float:
    """The cost in CNY of air that leaves through a sharp-edged hole at the speed of sound (module 6)."""
    gamma, gas, kelvin = 1.4, 287.05, 293.15
    area = math.pi / 4 * (millimetres / 1_000) ** 2
    choked = math.sqrt(gamma / (gas * kelvin)) * (2 / (gamma + 1)) ** ((gamma + 1) / (2 * (gamma - 1)))
    kilograms_a_second = 0.65 * area * (pressure + 1.01325) * 1e5 * choked
    free_air_a_minute = kilograms_a_second * 60 / (101_325 / (gas * kelvin))
    return free_air_a_minute * 6.5 * hours * ELECTRICITY


IDLE = 6 * 3.5 * 2.5 * 250
HOSE = 0.3 * 1.5 * 3_600 * 300 / 1_000


def test_three_finds_in_one_shop() -> None:
    says("m10-l1", number(IDLE), number(IDLE * ELECTRICITY), number(HOSE * 1_000), f"{number(HOSE)} m³")
    says("m10-l1", number(HOSE * WATER))
    assert round(leak(2), -2) == 7_000
    assert abs(leak(2) - 7_006) < 7_006 * 0.002
    says("m10-l1", "7,006", number(IDLE * ELECTRICITY + HOSE * WATER + 7_006))


def test_a_drop_a_second() -> None:
    millilitres = 0.05 * 24 * 3_600
    litres = millilitres / 1_000 * 365
    says("m10-l1", number(millilitres), f"{millilitres / 1_000:.1f} L", f"{litres / 1_000:.1f} m³", number(litres))
    says("m10-l1", f"{litres / 1_000 * WATER:.0f} CNY", number(litres * 8))
    assert 350 < 7_006 / (litres / 1_000 * WATER) < 380


BEFORE, AFTER = [20, 15, 30, 15, 10], [0, 0, 24, 10, 6]


def test_a_changeover_from_90_to_40_minutes() -> None:
    minutes = sum(BEFORE) - sum(AFTER)
    assert (sum(BEFORE), sum(AFTER)) == (90, 40)
    says("m10-l2", f"220 × {minutes} min = {number(220 * minutes)} min", f"{220 * minutes / 60:.0f} h")
    says("m10-l2", *(f"| {before} | {after} |" for before, after in zip(BEFORE, AFTER, strict=True)))


DARKNESS = {name: place for place, name in enumerate(["white", "cream", "yellow", "red", "navy", "black"])}


def solvent(*colours: str) -> int:
    """Litres for one round of colours, back to the first."""
    steps = zip(colours, (*colours[1:], colours[0]), strict=True)
    return sum(15 if DARKNESS[b] > DARKNESS[a] else 60 for a, b in steps)


def test_from_light_to_dark_takes_less_solvent() -> None:
    ordered = solvent("cream", "black", "yellow", "navy", "white", "red")
    sorted_round = solvent(*DARKNESS)
    says("m10-l2", f"{ordered} L", f"{sorted_round} L", f"{ordered - sorted_round} L less")
    says("m10-l2", f"{(1 - sorted_round / ordered) * 100:.0f} %")


def test_the_check_on_three_colours_and_its_wrong_answers() -> None:
    says("m10-l2", f"{solvent('white', 'black', 'cream')} L", f"{solvent('white', 'cream', 'black')} L")
    says("m10-l2", f"{solvent('white', 'black', 'cream') - 60} L")


def test_how_long_a_slip_waits() -> None:
    says("m10-l3", f"{30 / 2:.0f} days", f"{7 / 2:.1f} days on average", f"{14 / 2:.0f} days")


def test_the_weekly_round_takes_eighteen_minutes() -> None:
    says("m10-l3", f"96 / 52 = {96 / 52:.1f} a week", f"{96 / 52 * 10:.0f} minutes")


def test_one_year_of_a_scheme() -> None:
    says("m10-l3", f"{96 / 480:.2f}", f"{41 / 96 * 100:.0f} %", number(312_000 / 480), number(312_000 / 41))
    says("m10-l3", f"The {96 - 41} others")


def test_what_the_reward_rule_would_cost() -> None:
    thanks, shares = 96 * 20, 0.05 * 312_000
    says("m10-l3", number(thanks), number(shares), number(thanks + shares))
    says("m10-l3", f"{(thanks + shares) / 312_000 * 100:.1f} %", f"5 % are {0.05 * 7_006:.0f} CNY")


def test_the_tunnel_switched_off_at_night() -> None:
    kept_hot = 6 * 8
    saved = kept_hot - 9
    money = saved * 250 * ELECTRICITY
    says("m10-l4", f"{kept_hot} kWh", f"{saved} kWh", number(saved * 250), number(money))
    scrap = 20 * 0.40
    says("m10-l4", f"{scrap:.0f} CNY a restart", number(scrap * 250), number(money - scrap * 250))


def reheat(hours: float) -> float:
    """Heat lost while cooling, from 6 kW at first, with a time constant of 1.5 h."""
    return 6 * 1.5 * (1 - math.exp(-hours / 1.5))


def test_reheating_stops_growing_and_a_short_break_gains_little() -> None:
    says("m10-l4", f"{6 * 0.5:.1f} kWh and reheating {reheat(0.5):.1f}", f"{6 * 0.5 - reheat(0.5):.1f} kWh")
    assert round(reheat(8)) == 9
    assert all(reheat(hours) < 6 * hours for hours in (0.1, 0.5, 1, 4, 8))


def test_seventeen_of_twenty_shifts() -> None:
    says("m10-l4", f"17 of 20 shifts, which is {17 / 20 * 100:.0f} %")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m10-q4": 8 * 2 * 3 * 250,
        "m10-q8": 160 * (75 - 45) / 60,
        "m10-q9": 4 * 10 - 7,
        "m10-q11": 27 / 60 * 100,
    }
    for question, value in right.items():
        assert among(value, answers(question, "=")), f"{question}: {value}"


def test_the_quiz_knows_the_usual_mistakes() -> None:
    wrong = {
        "m10-q4": [2 * 3 * 250, 8 * 2 * 3, 8 * 2 * 250, 8 * 3 * 250, 8 * 2 * 3 * 250 * ELECTRICITY],
        "m10-q8": [160 * 30, 160 * 45 / 60, 160 * 75 / 60, 160 * 30 / 100],
        "m10-q9": [4 * 10, 4 * 10 + 7, 10 - 7, 7],
        "m10-q11": [27 / 300 * 100, 60 / 300 * 100, (60 - 27) / 60 * 100],
    }
    for question, values in wrong.items():
        for value in values:
            assert among(value, answers(question, "!=")), f"{question}: {value}"
            assert not among(value, answers(question, "=")), f"{question}: {value}"
