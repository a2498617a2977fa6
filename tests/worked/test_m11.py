"""The worked numbers of module 11, recomputed from what the lessons give."""

import re
from itertools import accumulate

import numpy as np
import pytest

from learning.config import PROJECT
from learning.content.expressions import compile_formula, evaluate
from tests.worked.lessons import number, printed, says

MODULE = PROJECT / "content" / "modules" / "11-indicators-and-monitoring"
ELECTRICITY, GRID, GAS_HEAT = 0.70, 0.5306, 35.588
BASE, SLOPE = 42_000, 310


def expected(tonnes: float, base: float = BASE, slope: float = SLOPE) -> float:
    """Electricity in kWh that the baseline expects for the output of a month."""
    return base + slope * tonnes


def baseline_year() -> list[tuple[float, float]]:
    """Output in t and use in kWh of the twelve months that lesson 2 prints."""
    rows = re.findall(
        r"(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \| (\d+) \| ([\d,]+) )", printed("m11-l2")
    )
    in_order = rows[::2] + rows[1::2]  # the table has two halves beside each other
    return [(float(tonnes), float(kwh.replace(",", ""))) for tonnes, kwh in in_order]


def differences() -> list[tuple[int, int]]:
    """Actual minus expected and the running sum in kWh, as the table of lesson 4 prints them."""
    rows = re.findall(r"\| [A-Z][a-z]{2} \| (−?[\d,]+) \| (−?[\d,]+) \|", printed("m11-l4"))
    return [(int(a.replace("−", "-").replace(",", "")), int(b.replace("−", "-").replace(",", ""))) for a, b in rows]


def figure(name: str) -> str:
    """The source of a drawing."""
    return (MODULE / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def test_carbon_dioxide_of_gas_and_of_electricity() -> None:
    heat = 600_000 * GAS_HEAT / 1_000
    gas, power = heat * 56.1 / 1_000, 3_000_000 * GRID / 1_000
    says("m11-l1", f"{number(heat, 1)} GJ", f"{number(gas)} t", f"{number(power)} t", f"{number(gas + power)} t")
    says("m11-l1", f"{number((gas + power) / 5_000 * 1_000)} kg per tonne")


def test_the_denominator_turns_the_order_of_two_months() -> None:
    march, october = (135_000, 300, 288), (144_600, 330, 297)
    per_tonne, per_good = ([kwh / row[place] for kwh, *row in (march, october)] for place in (0, 1))
    says("m11-l1", f"| {per_tonne[0]:.0f} | {per_tonne[1]:.0f} |", f"| {per_good[0]:.0f} | {per_good[1]:.0f} |")
    says("m11-l1", f"{330 - 297} t of its pipe", f"{300 - 288} t")
    says("m11-l1", f"{per_good[1] - per_good[0]:.0f} kWh, or {(per_good[1] / per_good[0] - 1) * 100:.1f} %")
    year = dict(baseline_year())
    assert (year[300], year[330]) == (march[0], october[0])


def test_red_paper_and_green_paper() -> None:
    for tonnes in (200, 300):
        says("m11-l1", f"{number(expected(tonnes))} kWh", f"{expected(tonnes) / tonnes:.0f} kWh/t")
    fall = 1 - (expected(300) / 300) / (expected(200) / 200)
    says("m11-l1", f"{fall * 100:.1f} % less per tonne", f"310 + 42,000 ÷ 240 = {expected(240) / 240:.0f}")


def test_the_curve_runs_through_its_points() -> None:
    drawn = re.search(r'<path d="M([\d. L]+)" fill="none" stroke="#0f6e84"', figure("sec-curve"))
    assert drawn
    for point in drawn[1].split("L"):
        x, y = map(float, point.split())
        tonnes = 150 + (x - 70) / 1.85
        assert y == pytest.approx(316 - (expected(tonnes) / tonnes - 300) * 0.85, abs=0.2)


def test_the_line_of_the_baseline_is_the_fit_of_its_twelve_months() -> None:
    months = baseline_year()
    assert len(months) == 12
    slope, base = np.polyfit(*zip(*months, strict=True), 1)
    assert (slope, base) == (pytest.approx(SLOPE), pytest.approx(BASE))
    says("m11-l2", f"{min(tonnes for tonnes, _ in months):.0f} to {max(tonnes for tonnes, _ in months):.0f} t")


def test_the_spread_and_the_base_load_of_the_baseline_year() -> None:
    months = baseline_year()
    widest = max(abs(kwh - expected(tonnes)) for tonnes, kwh in months)
    says("m11-l2", f"the largest distance was {number(widest)} kWh")
    assert abs(127_400 - expected(270)) == widest < 2_000
    assert 12 * BASE / sum(kwh for _, kwh in months) == pytest.approx(1 / 3, abs=0.01)


def test_three_answers_for_june() -> None:
    last, saved = 141_350, expected(260) - 118_000
    says("m11-l2", f"Saved {(1 - 118_000 / last) * 100:.1f} %")
    per_tonne, before = 118_000 / 260, last / 325
    says("m11-l2", f"{per_tonne:.0f} kWh per tonne, last June {before:.0f}")
    says("m11-l2", f"Worse by {(per_tonne / before - 1) * 100:.1f} %")
    says("m11-l2", number(expected(260)), f"{number(saved)} kWh", f"{saved / expected(260) * 100:.2f} %")
    says("m11-l2", f"{number(saved * ELECTRICITY)} CNY")
    assert saved / expected(260) < (1 - 118_000 / last) / 4


def calculator() -> tuple[dict[str, float], list[tuple[str, str, int, float]]]:
    """The defaults of the calculator, and name, formula, decimals and expected value of its outputs."""
    raw = (MODULE / "02-baseline-and-normalisation.md").read_text(encoding="utf-8")
    defaults = {name: float(value) for name, value in re.findall(r"\{id: (\w+), [^}]*default: ([\d.]+)\}", raw)}
    outputs = re.findall(r'\{id: (\w+), [^}]*decimals: (\d), formula: "([^"]+)", expect: ([\d.]+)\}', raw)
    return defaults, [(name, formula, int(places), float(value)) for name, places, formula, value in outputs]


def worked_out(**changed: float) -> dict[str, float]:
    """Every value of the calculator, with some inputs changed."""
    defaults, outputs = calculator()
    values = defaults | changed
    for name, formula, _, _ in outputs:
        values[name] = evaluate(compile_formula(formula, values), values)
    return values


def test_the_calculator_begins_with_the_worked_example() -> None:
    values = worked_out()
    assert {name: values[name] for name in ("base", "slope", "output", "actual", "price")} == {
        "base": BASE,
        "slope": SLOPE,
        "output": 260,
        "actual": 118_000,
        "price": ELECTRICITY,
    }
    assert values["expected"] == expected(260)
    assert values["saving"] == expected(260) - 118_000
    for name, _, places, shown in calculator()[1]:
        assert round(values[name], places) == shown
        says("m11-l2", number(shown, places))


def test_the_calculator_finds_no_saving_on_the_line_and_a_loss_above_it() -> None:
    on_the_line = worked_out(output=300, actual=135_000)
    assert on_the_line["saving"] == on_the_line["percent"] == on_the_line["money"] == 0
    assert on_the_line["specific"] < worked_out()["specific"]
    assert worked_out(actual=126_278)["percent"] == pytest.approx(-3)


def test_the_checks_of_the_baseline_and_their_wrong_answers() -> None:
    short = expected(280) - 127_300
    says("m11-l2", f"{number(expected(280))} − 127,300 = {number(short)} kWh", f"{short / expected(280) * 100:.1f} %")
    says("m11-l2", f"{127_300 / 280:.0f} kWh/t is more than March's {expected(300) / 300:.0f}")
    saved = 9_000 - 8_550
    says("m11-l2", f"{saved} m³, or {saved / 9_000 * 100:.1f} %", f"{saved} m³, or {saved / 8_550 * 100:.1f} %")
    says("m11-l2", f"{8_550 - 8_300} m³ too much, or {number((8_300 - 8_550) / 8_300 * 100, 1)} %")


def test_the_circles_of_the_baseline_figure_are_the_months() -> None:
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="6.5"', figure("baseline-line"))
    for (x, y), (tonnes, kwh) in zip(circles, baseline_year(), strict=True):
        assert 180 + (float(x) - 70) / 2.3 == pytest.approx(tonnes, abs=0.05)
        assert 90 + (306 - float(y)) / 4 == pytest.approx(kwh / 1_000, abs=0.02)


#: Group, its weight, and for each indicator its weight and whether it meets the value of level II.
DYE_WORKS = [
    ("consumption", 0.30, [(0.6, True), (0.4, False)]),
    ("generation", 0.25, [(1.0, True)]),
    ("equipment", 0.20, [(1.0, True)]),
    ("use", 0.15, [(1.0, True)]),
    ("management", 0.10, [(0.5, True), (0.5, False)]),
]


def composite(groups: list[tuple[str, float, list[tuple[float, bool]]]]) -> float:
    """The composite score: weights of group and indicator times 100 or 0."""
    assert sum(weight for _, weight, _ in groups) == pytest.approx(1)
    assert all(sum(part for part, _ in parts) == pytest.approx(1) for _, _, parts in groups)
    return sum(weight * part * 100 for _, weight, parts in groups for part, met in parts if met)


def test_the_dye_works_at_the_values_of_level_two() -> None:
    score = composite(DYE_WORKS)
    says("m11-l3", f"| {score:.0f} |", f"sum of {score:.0f} is below 85", "100 × 0.30 × 0.6 = 18")
    trained = composite([*DYE_WORKS[:4], ("management", 0.10, [(0.5, True), (0.5, True)])])
    says("m11-l3", f"{score:.0f} + {trained - score:.0f} = {trained:.0f}", "Electricity would bring 12")
    dry = trained - 100 * 0.30 * 0.6
    says("m11-l3", f"{dry:.0f} remain")
    assert score < 85 <= trained
    points = [weight * part * 100 * met for _, weight, parts in DYE_WORKS for part, met in parts]
    for value in points:
        says("m11-l3", f"| {value:.0f} |")


def test_the_bars_of_the_score_are_as_long_as_their_points() -> None:
    earned = [sum(weight * part * 100 for part, met in parts if met) for _, weight, parts in DYE_WORKS]
    bars = re.findall(r'<rect x="150" y="\d+" width="(\d+)"', figure("composite-score"))
    full, filled = bars[::2], bars[1::2]
    assert [float(width) / 7 for width in full] == pytest.approx([weight * 100 for _, weight, _ in DYE_WORKS])
    assert [float(width) / 7 for width in filled] == pytest.approx(earned)


def test_generation_stays_when_only_the_treatment_improves() -> None:
    generated, less = 60 * 1.2, 60 * 1.0
    says("m11-l3", f"{generated:.0f} kg/t", f"discharged {generated * 0.10:.1f} kg/t", f"{generated * 0.05:.1f} kg/t")
    says("m11-l3", f"generated {less:.0f} kg/t, discharged {less * 0.05:.1f} kg/t")
    assert generated / (generated * 0.10) == pytest.approx(10)
    assert generated / (generated * 0.05) == pytest.approx(20)


def test_a_year_of_differences_and_its_running_sum() -> None:
    rows = differences()
    assert len(rows) == 12
    assert [total for _, total in rows] == list(accumulate(month for month, _ in rows))
    assert rows[5][0] == 118_000 - expected(260)
    saved, summer = -rows[-1][1], -sum(month for month, _ in rows[4:9])
    says("m11-l4", f"{number(saved)} kWh × 0.70 = {number(saved * ELECTRICITY)} CNY")
    monthly = summer / 5
    says("m11-l4", f"{number(summer)} ÷ 5 = {number(monthly)} kWh a month")
    lost = 3 * monthly + sum(month for month, _ in rows[9:])
    says("m11-l4", f"3 × {number(monthly)} = {number(lost)} kWh", f"{number(lost * ELECTRICITY)} CNY")
    inside = [abs(month) <= 2_000 for month, _ in rows]
    assert inside == [True] * 4 + [False] * 5 + [True] * 3


def test_the_running_sum_is_drawn_as_the_table_says() -> None:
    drawn = re.search(r'<path d="M([\d. L]+)" fill="none" stroke="#0f6e84"', figure("cusum"))
    assert drawn
    heights = [float(point.split()[1]) for point in drawn[1].split("L")]
    assert heights == pytest.approx([290 - total * 0.0098 for _, total in differences()], abs=0.06)


def test_a_meter_that_drifts_hides_or_invents_a_saving() -> None:
    full, true = expected(260), expected(260) * 0.97
    shown = 1.03 * true
    says("m11-l4", f"{number(true)} kWh", f"{number(shown)} kWh", f"{number(full - round(shown))} kWh")
    says("m11-l4", f"{(full - shown) / full * 100:.1f} %", f"a saving of {number(full * 0.03)} kWh")


def test_the_page_of_november() -> None:
    kwh = expected(250) + differences()[10][0]
    says("m11-l4", f"{number(kwh)} | {number(expected(250))} |", f"{(96 - 93) / 100 * 250:.1f} t more than usual")


QUIZ = MODULE / "quiz.md"


def answers(question: str, sign: str) -> list[tuple[float, float]]:
    """The ranges of the lines that start with the sign: `=` for right, `!=` for known mistakes."""
    block = QUIZ.read_text(encoding="utf-8").split(f"{{#{question} ")[1].split("\n## ")[0]
    lines = re.findall(rf"^{re.escape(sign)} (-?[\d.]+)(?: \.\. ([\d.]+)| ± ([\d.]+))?", block, re.MULTILINE)
    assert lines, f"{question} has no line with {sign}"
    return [
        (float(low), float(high)) if high else (float(low) - float(around or 0), float(low) + float(around or 0))
        for low, high, around in lines
    ]


def among(value: float, ranges: list[tuple[float, float]]) -> bool:
    """Whether a range holds the value."""
    return any(low - 1e-9 <= value <= high + 1e-9 for low, high in ranges)


MAY = expected(120, 20_000, 150)

#: Question -> the right value and the values that known mistakes give.
NUMERIC = {
    "m11-q4": (expected(100, 20_000, 150) / 100, [150, 35_000, 20_000 / 100, 20_000 + 150]),
    "m11-q7": (
        MAY - 36_100,
        [42_500 - 36_100, 42_500 / 150 * 120 - 36_100, 150 * 120 - 36_100, MAY, 36_100 - MAY],
    ),
    "m11-q8": (
        (90_000 - 84_600) / 90_000 * 100,
        [5_400 / 84_600 * 100, 84_600 / 90_000 * 100, 90_000 - 84_600, 5_400 / 90_000],
    ),
    "m11-q11": (
        0.5 * 35 + 25 + 20 + 10,
        [35 + 25 + 20 + 10, 25 + 20 + 10, 3 / 5 * 100, 4 / 6 * 100, 0.5 * 35 + 25 + 20 + 10 + 10],
    ),
}


@pytest.mark.parametrize("question", NUMERIC)
def test_the_quiz_accepts_what_its_questions_give_and_knows_the_mistakes(question: str) -> None:
    right, mistakes = NUMERIC[question]
    assert among(right, answers(question, "="))
    for value in mistakes:
        assert among(value, answers(question, "!=")), f"{question}: {value}"
        assert not among(value, answers(question, "=")), f"{question}: {value}"
    assert len(mistakes) == len(answers(question, "!="))
