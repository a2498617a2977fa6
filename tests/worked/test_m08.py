"""The worked numbers of module 8, recomputed from what the lessons give."""

import re

import pytest

from learning.config import PROJECT
from tests.worked.lessons import accepted, number, says

WATER, YEAR = 12, 8_760


def exact_rinse(ratio: float, stages: int) -> float:
    """Volumes of water per volume of drag-out: the r that solves R = 1 + r + ... + r^n, by halving."""
    low, high = 0.0, ratio
    for _ in range(200):
        middle = (low + high) / 2
        if sum(middle**power for power in range(stages + 1)) < ratio:
            low = middle
        else:
            high = middle
    return low


def make_up(evaporation: float, cycles: float) -> float:
    return evaporation * cycles / (cycles - 1)


def sulphur_dioxide(coal: float, sulphur: float, removal: float = 0) -> float:
    return 64 / 32 * coal * sulphur * 0.85 * (1 - removal)


def test_a_bucket_times_the_hose() -> None:
    says("m08-l1", f"10 ÷ 33 = {10 / 33:.2f} L/s")
    a_day = 0.30 * 3_600 * 1.5
    a_year = a_day * 300 / 1000
    says("m08-l1", f"{number(a_day)} L", f"{number(a_year)} m³", f"{number(a_year * WATER)} CNY")
    drops = 0.05e-3 * 86_400
    says("m08-l1", f"{drops:.1f} L a day", f"{drops * 365 / 1000:.1f} m³ a year")
    assert a_year / (drops * 365 / 1000) == pytest.approx(300, rel=0.05)
    bucket = 12 / 40 * 2 * 3_600
    says("m08-l1", f"{number(bucket)} L", f"{bucket / 1000:.2f} m³ a day", f"{12 / 40 * 2_000 / 1000:.1f} m³ a day")


def test_the_week_at_the_cannery_and_its_gap() -> None:
    hoses = 4 * 1.62 * 6
    uses = 980 + 520 + 140 + 60 + hoses
    gap = 2_050 - uses
    says("m08-l1", f"| {number(hoses)} | Timed", number(uses), number(gap), f"{gap / 2_050 * 100:.0f} % of 2,050")
    says("m08-l1", f"{gap / 6:.0f} m³ a working day")
    week = 1.8 * 168
    says("m08-l1", f"{week:.0f} m³", f"{week / gap * 100:.0f} % of it")


def test_the_working_day_of_the_chart_adds_up_to_the_week() -> None:
    svg = (PROJECT / "content" / "modules" / "08-water-and-air" / "figures" / "night-flow.svg").read_text(
        encoding="utf-8"
    )
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" fill="#0f6e84"', svg)]
    hours = [height / 6.6 for height in heights]
    says("m08-l1", f"between {min(hours):.0f} and {max(hours):.0f} cubic metres an hour")
    assert len(hours) == 10
    assert 6 * sum(hours) + 1.8 * (6 * 14 + 24) == pytest.approx(2_050, rel=0.01)


def test_the_night_flow_of_a_year() -> None:
    idle = 1.8 * 14 * 365
    says("m08-l1", f"{number(idle)} m³", f"{number(idle * WATER)} CNY")
    says("m08-l1", f"{number(1.8 * YEAR)} m³", f"{number(1.8 * YEAR * WATER)} CNY")


def test_one_two_and_three_stages() -> None:
    ratio = 200 / 0.2
    assert ratio == pytest.approx(1_000)
    litres = [2.5 * ratio ** (1 / stages) for stages in (1, 2, 3)]
    exact = [2.5 * exact_rinse(ratio, stages) for stages in (1, 2, 3)]
    for decimals, rule, solved in zip((0, 1, 1), litres, exact, strict=True):
        says("m08-l2", f"{number(rule, decimals)} | {number(rule * 4)} | {number(solved, 1)}")
    says("m08-l2", f"{ratio**0.5:.2f}")
    cubic = (litres[0] - litres[2]) * 4
    says("m08-l2", f"{number(cubic)} m³", f"{number(cubic * WATER)} CNY", f"{number((litres[0] - litres[1]) * 4)} m³")
    says("m08-l2", f"{2.5:.1f} m³, {2.5 * WATER:.0f} CNY", "once a day")
    assert 600 / litres[2] == pytest.approx(24)


def test_each_tank_of_three_holds_a_tenth_of_the_one_before() -> None:
    step = 1_000 ** (1 / 3)
    says("m08-l2", f"about {200 / step:.0f}, {200 / step**2:.0f} and {200 / step**3:.1f} in the tanks")


def test_the_published_nickel_rinse_follows_the_root() -> None:
    ratio = 270_000 / 40
    says("m08-l2", f"{number(ratio)} L", f"{ratio**0.5:.0f} L")
    assert exact_rinse(ratio, 3) == pytest.approx(18, rel=0.05)


def test_three_taps_need_nearly_three_times_the_water_of_one() -> None:
    each = (1_000 ** (1 / 3) - 1) * 2.5
    says("m08-l2", f"{each:.1f}", f"{3 * each:.1f} L/h", f"{2.5 * exact_rinse(1_000, 3):.1f} L/h")
    assert 2.7 < 3 * each / (2.5 * exact_rinse(1_000, 3)) < 3


def test_the_check_on_two_tanks() -> None:
    says("m08-l2", f"{2 * 400**0.5:.0f} L/h", f"{2 * 400} L/h")


def test_thirty_litres_less_for_each_kilogram() -> None:
    before, after = 10_000 * 100 / 1000, 10_000 * 70 / 1000
    saved = (before - after) * 300
    says("m08-l3", f"{number(before)} m³ a day", f"{number(after)} m³ a day", number(saved), number(saved * WATER))
    says("m08-l3", f"{(before / after - 1) * 100:.0f} %")


def test_the_cooling_tower_from_two_cycles_to_five() -> None:
    for cycles, decimals in ((2, 0), (3, 0), (5, 1), (8, 1)):
        blowdown = make_up(10, cycles) - 10
        says(
            "m08-l3",
            f"| {cycles} | 10 ÷ {cycles - 1} = {number(blowdown, decimals)} | {number(make_up(10, cycles), decimals)}",
        )
    saved = (make_up(10, 2) - make_up(10, 5)) * 6_000
    says("m08-l3", f"{number(saved)} m³", f"{number(saved * WATER)} CNY", f"{make_up(6, 3):.0f} m³/h")


class Dairy:
    """Flow in m³/d and COD in mg/L of four streams."""

    streams = ((15, 30_000), (135, 2_000), (300, 400), (150, 20))
    loads = tuple(flow * cod / 1000 for flow, cod in streams)
    flow = sum(flow for flow, _ in streams)
    load = sum(loads)


def test_four_streams_of_a_dairy() -> None:
    for (flow, cod), load, decimals in zip(Dairy.streams, Dairy.loads, (0, 0, 0, 1), strict=True):
        says("m08-l4", f"{flow} | {number(cod)} | {number(load)} | {load / Dairy.load * 100:.{decimals}f} %")
    says("m08-l4", f"{Dairy.flow}", f"{Dairy.load:.0f}", number(Dairy.load / Dairy.flow * 1000))
    says("m08-l4", f"{15 / Dairy.flow * 100:.1f} % of the water")
    says("m08-l4", *(f"{flow / Dairy.flow * 100:.1f}".removesuffix(".0") for flow, _ in Dairy.streams))


def test_draining_first_lowers_the_load_and_clean_water_does_not() -> None:
    less = 0.6 * Dairy.loads[0]
    after = Dairy.load - less
    says(
        "m08-l4", f"{after:.0f} kg/d", f"{less / Dairy.load * 100:.0f} % less", f"{after / Dairy.flow * 1000:.0f} mg/L"
    )
    says("m08-l4", f"{number(less * 300)} kg", f"{less * 300 / 1000:.0f} t", f"{number(less * 300 * 3)} CNY")
    thinned = Dairy.load / (Dairy.flow + 300) * 1000
    says("m08-l4", f"{thinned:.0f} mg/L", f"{number(300 * 300 * WATER)} CNY")
    assert thinned < after / Dairy.flow * 1000


def test_the_check_compares_two_years() -> None:
    before, after = 500 * 600 / 1000, 400 * 700 / 1000
    says("m08-l4", f"from {before:.0f} to {after:.0f} kg", f"about {(1 - after / before) * 100:.0f} %")
    says("m08-l4", f"about {(700 / 600 - 1) * 100:.0f} %")


def test_one_heap_of_coal_gives_four_answers() -> None:
    today = sulphur_dioxide(10_000, 0.010)
    less_coal = sulphur_dioxide(9_000, 0.010)
    low_sulphur = sulphur_dioxide(9_000, 0.006)
    scrubbed = sulphur_dioxide(9_000, 0.006, 0.9)
    says("m08-l5", f"{today:.0f} t", f"{less_coal:.0f} t", f"{low_sulphur:.1f} t", f"{scrubbed:.1f} t")
    alone = sulphur_dioxide(10_000, 0.010, 0.9)
    says("m08-l5", f"= {alone:.0f} t", f"remove {today - alone:.0f} t", f"removes {low_sulphur - scrubbed:.1f} t")
    check = sulphur_dioxide(2_000, 0.005)
    says("m08-l5", f"{check:.0f} t", f"{check / 2:.1f} t", f"{check / 0.85:.0f} t")


def test_lacquer_that_misses_the_part() -> None:
    old, new = 100 / 0.30, 100 / 0.65
    says("m08-l5", f"{old:.0f} kg", f"{new:.0f} kg", f"{(1 - new / old) * 100:.1f} %")
    says("m08-l5", f"{old * 1.2:.0f} kg", f"{new * 1.2:.0f} kg", f"{65 - 30} percentage points")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m08-q2": 2.4 * 10 * 365 * WATER,
        "m08-q3": 4 * 900**0.5,
        "m08-q8": 600 * 250 / 1000,
        "m08-q9": sulphur_dioxide(5_000, 0.008),
        "m08-q10": make_up(6, 4),
        "m08-q13": (500 - 210 - 130 - 85 - 15) / 500 * 100,
        "m08-q16": 3 * 1_728 ** (1 / 3),
    }
    for question, value in right.items():
        low, high = accepted(question)
        assert low <= value <= high, f"{question}: {value} is not in {low} .. {high}"
    stronger = 1 / 0.8 - 1
    assert stronger == pytest.approx(0.25)
