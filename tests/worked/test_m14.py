"""The worked numbers of module 14, recomputed from what the lessons give."""

import re
from math import log10

import pytest

from learning.config import PROJECT
from tests.worked.lessons import number, printed, says

WATER = 12
MODULE = PROJECT / "content" / "modules" / "14-health-and-campaign"


def permitted(level: float) -> float:
    """Hours a day at this level: 85 dB(A) for eight hours, half for every 3 dB more."""
    return 8 / 2 ** ((level - 85) / 3)


def dose(*places: tuple[float, float]) -> float:
    """Dose in per cent of (level, hours); levels below 80 dB are left out."""
    return sum(100 * hours / permitted(level) for level, hours in places if level >= 80)


def together(first: float, second: float) -> float:
    return 10 * log10(10 ** (first / 10) + 10 ** (second / 10))


def question(name: str) -> str:
    """The text of one question of the quiz."""
    quiz = (MODULE / "quiz.md").read_text(encoding="utf-8")
    return quiz.split(f"{{#{name} ", 1)[1].split("\n## ", 1)[0]


def figure(name: str) -> str:
    return (MODULE / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def test_air_that_dilutes_or_a_lid() -> None:
    evaporated = 0.9e6
    fresh = evaporated / 50
    says("m14-l1", f"{number(evaporated)} / 50 = {number(fresh)} m³/h", f"{number(3 * fresh)} m³/h")
    says("m14-l1", f"{3 * fresh / 600:.0f} times an hour")
    says("m14-l1", f"{0.9 * 0.1:.2f} kg/h", f"{number(3 * fresh * 0.1)} m³/h")


def test_the_solvent_that_evaporates_was_bought() -> None:
    lost = 0.9 * 2_000
    says("m14-l1", f"{number(lost)} kg a year", f"{number(lost * 8)} CNY", f"{number(lost * 8 * 0.9)} CNY a year")


def test_decibels_are_added_as_energies() -> None:
    says("m14-l2", f"{together(85, 85):.0f} dB, and not 170", f"the sum is {together(90, 80):.1f} dB")
    says("m14-l2", f"gains {together(90, 80) - 90:.1f} dB")


def test_the_dose_of_a_day_at_the_bottle_infeed() -> None:
    assert (permitted(91), permitted(88)) == (2, 4)
    says("m14-l2", f"| 91 | 2 | {permitted(91):.0f} | 100 % |", f"| 88 | 2 | {permitted(88):.0f} | 50 % |")
    says("m14-l2", f"or {dose((91, 2), (88, 2), (75, 4)):.0f} %: too high")
    says("m14-l2", f"2/4 + 2/4 = {dose((88, 2), (88, 2)):.0f} %", f"2/8 + 2/4 = {dose((85, 2), (88, 2)):.0f} %")


def test_the_curve_of_permitted_hours_runs_through_its_points() -> None:
    drawn = re.search(r'<path d="M([\d. L]+)" fill="none" stroke="#0f6e84" stroke-width="5"', figure("hours"))
    assert drawn
    for point in drawn[1].split("L"):
        x, y = map(float, point.split())
        assert y == pytest.approx(300 - 16 * permitted(82 + (x - 60) / 22), abs=0.2)


def test_the_calculator_begins_with_the_worked_example() -> None:
    text = printed("m14-l2")
    default = {name: float(value) for name, value in re.findall(r"\{id: (\w+), [^}]*default: ([\d.]+)\}", text)}
    expect = {name: float(value) for name, value in re.findall(r"\{id: (\w+), [^}]*expect: ([\d.]+)\}", text)}
    places = [(default[f"level{place}"], default[f"hours{place}"]) for place in (1, 2, 3)]
    assert expect["permitted1"] == permitted(default["level1"])
    assert [expect[f"share{place}"] for place in (1, 2, 3)] == [dose(place) for place in places]
    assert expect["dose"] == dose(*places)


def test_the_formulas_of_the_calculator_give_what_they_expect() -> None:
    text = printed("m14-l2")
    raw = (MODULE / "02-noise-dust-chemicals-heat.md").read_text(encoding="utf-8")
    values = {name: float(value) for name, value in re.findall(r"\{id: (\w+), [^}]*default: ([\d.]+)\}", text)}
    outputs = re.findall(r'\{id: (\w+), [^}]*formula: "([^"]+)", expect: ([\d.]+)\}', raw)
    assert len(outputs) == 5
    for name, formula, expected in outputs:
        python = formula.replace("^", "**").replace("if(", "choose(")
        values[name] = eval(python, {"choose": lambda test, yes, no: yes if test else no}, values)  # noqa: S307
        assert round(values[name], 2) == float(expected)


def test_two_solvents_below_their_limits_are_too_much_together() -> None:
    toluene, xylene = 30 / 50, 25 / 50
    says("m14-l2", f"{toluene:.2f} + {xylene:.2f} = {toluene + xylene:.1f}, above 1")
    says("m14-l2", f"{toluene / 2:.2f} + {xylene / 2:.2f} = {(toluene + xylene) / 2:.2f}")
    says("m14-l2", f"{20 / 100 + 45 / 50:.2f}, too much", f"{65 / 150:.2f}, acceptable", f"{45 / 50:.2f}, acceptable")


def test_dust_over_the_shift() -> None:
    says("m14-l2", f"(2 × 6 + 6 × 1) / 8 = {(2 * 6 + 6 * 1) / 8:.2f} mg/m³")
    assert pytest.approx(2 / 3) == 2 * 6 / (2 * 6 + 6 * 1)


def test_forty_looks_at_one_valve() -> None:
    for closed in (22, 24, 31, 36):
        says("m14-l3", f"{closed} of 40 | {closed / 40 * 100:.1f} %")
    says("m14-l3", f"share is {(24 - 22) / 40 * 100:.0f} points of {(36 - 22) / 40 * 100:.0f}")
    breaks, cubic_metres = 6 * 300, 1.8 * 0.5
    says("m14-l3", number(breaks), f"{cubic_metres:.1f} m³ a break")
    before, after = ((1 - closed / 40) * breaks for closed in (22, 36))
    says(
        "m14-l3",
        f"{before:.0f} × 0.9 = {before * cubic_metres:.0f} m³",
        f"{after:.0f} × 0.9 = {after * cubic_metres:.0f} m³",
    )
    saved = (before - after) * cubic_metres
    says("m14-l3", f"{saved:.0f} m³ × 12", f"{number(saved * WATER)} CNY a year")


def test_the_bars_of_the_valve_are_drawn_to_scale() -> None:
    heights = [float(height) for height in re.findall(r'width="76" height="([\d.]+)"', figure("valve"))]
    assert [height / 2.4 for height in heights] == pytest.approx([closed / 40 * 100 for closed in (22, 24, 31, 36)])


def test_a_film_or_a_briefing() -> None:
    people = 3 * 140 + 60
    film = 140 + 60
    says("m14-l4", f"{film} / {people} = {film / people * 100:.1f} %", f"{6_000 / film:.0f} CNY for each person")
    met = 0.9 * people
    time = met * 10 / 60 * 45
    says("m14-l4", f"= {met:.0f} people", f"{number(time)} CNY", f"{number(time + 2_160)} CNY")
    says("m14-l4", f"{(time + 2_160) / met:.1f} CNY for each person", f"{(time + 2_160) / WATER:.0f} m³ of water")
    assert met / film > 2


def test_the_campaign_in_figures() -> None:
    says("m14-l5", f"{412 / 480 * 100:.1f} %", f"18 / 42 = {(76 - 58) / (100 - 58) * 100:.0f} %", f"+{81 - 45} points")
    says("m14-l5", f"1.0 / 12.5 = −{(12.5 - 11.5) / 12.5 * 100:.1f} %")
    says("m14-l5", f"{96 / 480:.2f} per head", f"41 / 96 = {41 / 96 * 100:.0f} %", f"{312_000 / 480:.0f} CNY")


def test_the_bars_before_and_after_are_drawn_to_scale() -> None:
    heights = [float(height) for height in re.findall(r'width="50" height="([\d.]+)"', figure("levels"))]
    assert [height / 2.2 for height in heights] == pytest.approx([58, 45, 100, 76, 81, 11.5 / 12.5 * 100])


def test_the_other_hall_takes_two_points_away() -> None:
    other = (12.0 - 11.76) / 12.0 * 100
    says(
        "m14-l5",
        f"{12.0 - 11.76:.2f} / 12.0 = {other:.1f} %",
        f"8.0 − {other:.1f} = {8.0 - other:.0f} percentage points",
    )


def test_one_accident_more_moves_the_rate_by_half() -> None:
    hours = 480 * 2_000
    says("m14-l5", f"= {2e6 / hours:.2f}", f"{3e6 / hours:.1f}")
    assert (3 - 2) / 2 == 0.5


def test_two_published_means_reveal_a_third() -> None:
    says("m14-l5", f"({12 * 70} − {9 * 72}) / 3 = {(12 * 70 - 9 * 72) / 3:.0f}")


def test_the_third_shift_was_reached_least() -> None:
    says("m14-l5", f"97 of 140, which is {97 / 140 * 100:.0f} %")


def test_noise_and_vapour_of_the_quiz() -> None:
    assert f"= {permitted(94):g} ± 0.05 h" in question("m14-q2")
    assert f"!= {permitted(97):g}" in question("m14-q2")
    assert f"= {20 / 50 + 40 / 100:g} ± 0.01" in question("m14-q3")
    assert dose((94, 0.5), (88, 3)) == 125
    assert "= 124 .. 126 %" in question("m14-q10")


def test_the_mean_that_the_report_of_the_quiz_gives_away() -> None:
    assert f"= {(15 * 64 - 11 * 66) / 4:g} ± 0.1" in question("m14-q14")


def test_the_channels_of_the_quiz() -> None:
    text = question("m14-q16")
    assert f"[x] The briefings reach {216 / 240 * 100:.0f} % at {4_320 / 216:.0f} CNY" in text
    assert f"at {2_700 / 90:.0f} CNY for each person" in text
    assert f"at {4_320 / 240:.0f} CNY for each person" in text
    assert f"at {2_700 / 240:g} CNY for each person" in text
