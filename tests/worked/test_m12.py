"""The worked numbers of module 12, recomputed from what the lessons give."""

import re
from datetime import date, timedelta

from learning.config import PROJECT
from tests.worked.lessons import number, says

WATER = 12


def annuity(rate: float, years: int) -> float:
    """Present value of 1 at the end of each year."""
    return sum((1 + rate) ** -year for year in range(1, years + 1))


BASE, TARGET, QUARTER = 252_000 / 21_000, 252_000 / 21_000 * 0.85, 64_980 / 5_700
WORTH = (BASE - TARGET) * 21_000 * WATER


def test_how_far_the_promise_of_the_cannery_is() -> None:
    says(
        "m12-l1",
        f"{BASE:.1f} m³/t",
        f"{TARGET:.1f} m³/t",
        f"{QUARTER:.1f} m³/t",
        f"{BASE - TARGET:.1f} m³/t × 21,000 t",
    )
    says("m12-l1", f"{number((BASE - TARGET) * 21_000)} m³", f"{number(WORTH)} CNY a year")
    says("m12-l1", f"{BASE - QUARTER:.1f} of {BASE - TARGET:.1f} m³/t")
    assert round((BASE - QUARTER) / (BASE - TARGET), 6) == round(1 / 3, 6)
    says("m12-l1", f"took {number(252_000 / 4)} m³", f"{5_700 - 21_000 / 4:.0f} t more")


def test_the_hours_and_the_money_behind_the_promise() -> None:
    coordinator, team = 8 * 48, 6 * 2 * 12
    cost = (coordinator + team) * 60
    says("m12-l1", f"{coordinator} h", f"{team} h", f"{coordinator + team} h", f"{number(cost)} CNY a year")
    says("m12-l1", f"{number(cost + 60_000)} CNY a year, or {(cost + 60_000) / WORTH * 100:.0f} %")


def test_one_turn_of_the_wheel_at_the_presses() -> None:
    forecast, saved = (6.0 - 4.5) / 100 * 1_200, (6.0 - 4.9) / 100 * 1_200
    says(
        "m12-l2",
        f"{forecast:.1f} t, or {number(forecast * 14_000)} CNY",
        f"{saved:.1f} t, or {number(saved * 14_000)} CNY",
    )
    says("m12-l2", f"{saved / forecast * 100:.0f} % of the forecast", f"gap of {4.9 - 4.5:.1f} points")


USES = [(42, 8), (16, 25), (14, 5), (11, 3), (7, 40), (10, 2)]


def test_share_and_potential_of_each_use() -> None:
    assert sum(share for share, _ in USES) == 100
    for share, potential in USES:
        used = 3_200 * share / 100
        says("m12-l3", f"| {number(used)} | {share} % | {potential} % | {used * potential / 100:.1f} |")
    gain = [3_200 * share * potential / 1e4 for share, potential in USES[:2]]
    says("m12-l3", f"{USES[0][0] + USES[1][0]} % of the use", f"{sum(gain):.1f} MWh to gain")
    assert gain[1] == max(3_200 * share * potential / 1e4 for share, potential in USES)


def test_three_answers_to_one_question() -> None:
    average, expected, actual = 64_000 + 16 * 3_000, 64_000 + 16 * 3_500, 114_000
    assert average * 12 == 3_200_000 * 42 / 100
    says("m12-l3", f"{number(average)} kWh", f"{(actual / average - 1) * 100:.1f} % more")
    before, after = average / 3_000, actual / 3_500
    says("m12-l3", f"{before:.1f} became {after:.1f}", f"{(1 - after / before) * 100:.1f} % less")
    says(
        "m12-l3",
        f"{number(expected)} kWh",
        f"{number(expected - actual)} kWh, or {(1 - actual / expected) * 100:.1f} %",
    )
    says("m12-l3", f"{number(actual)} ÷ {number(expected)} = {actual / expected:.2f}")
    says("m12-l3", f"{84_000 / 80_000:.2f} > Yes", f"{80_000 / 84_000:.2f} > You divided")


def test_three_projects_under_one_sharing_rule() -> None:
    for saving in (52_000, 12_000, 300_000):
        share = saving * 0.10
        says("m12-l4", f"| {number(saving)} | {number(share)} | {number(min(share, 10_000))} |")
    says(
        "m12-l4",
        f"{number(5_200 / 8)} CNY each",
        f"{number(52_000 - 5_200)} CNY stay",
        f"{number(10_000 / 0.10)} CNY another",
    )
    says(
        "m12-l4", f"{number(50_000 * 0.10)} CNY > Yes", f"{number(80_000 * 0.10)} CNY > That is a tenth of the forecast"
    )


def test_two_pumps_over_ten_years() -> None:
    factor = annuity(0.10, 10)
    a, b = 20_000 + 10 * 35_000, 26_000 + 10 * 32_000
    today_a, today_b = 20_000 + 35_000 * factor, 26_000 + 32_000 * factor
    says("m12-l4", number(a), number(b), f"{number(a - b)} CNY less", f"{6_000 / 3_000:.1f} years", f"{factor:.4f} CNY")
    says("m12-l4", f"A costs {number(today_a)} CNY and B {number(today_b)} CNY", f"by {number(today_a - today_b)} CNY")
    says("m12-l4", f"{20_000 / a * 100:.0f} % of A's cost and {26_000 / b * 100:.0f} % of B's")


def test_one_water_bill_two_keys() -> None:
    bill = 40_000 * WATER
    for people, metered in ((50, 30_000), (30, 8_000), (20, 2_000)):
        says("m12-l4", f"({people}) | {number(bill * people / 100)} | {number(metered)} | {number(metered * WATER)} |")
    saved = 3_000 * WATER
    says("m12-l4", f"by {number(saved)} CNY", f"by {number(saved * 50 / 100)} CNY")
    says(
        "m12-l4",
        f"pays {number(30_000 * WATER - bill * 0.5)} CNY more",
        f"By {number(1_000 * WATER * 0.2)} CNY, a fifth",
    )


def test_a_litre_a_month() -> None:
    litres = sum(range(1, 13))
    cubic = litres * 12_000 / 1_000
    says(
        "m12-l5",
        f"{litres} L/m² × 12,000 m² = {number(cubic * 1_000)} L, or {number(cubic)} m³",
        f"{number(cubic * WATER)} CNY",
    )
    says(
        "m12-l5",
        f"{40 - 32} of 20 L/m²",
        f"{(32 - 20) / 20 * 100:.0f} % of the saving",
        f"{number(2 * 60 * 12)} CNY a year",
    )
    says("m12-l5", f"{number(12 * 12_000 * 12 / 1_000 * WATER)} CNY")


WEIGHTS = [10, 9, 8, 5, 2]


def total(*scores: int) -> int:
    """The weighted sum of one unit."""
    return sum(weight * score for weight, score in zip(WEIGHTS, scores, strict=True))


def test_the_next_focus_is_the_boiler_house() -> None:
    units = [(5, 5, 5, 3, 8), (6, 9, 5, 8, 6), (4, 5, 9, 4, 9)]
    says("m12-l5", "| " + " | ".join(str(total(*scores)) for scores in units) + " |")
    says("m12-l5", f"had {total(9, 8, 8, 6, 8)} points")
    for weight, *scores in zip(WEIGHTS, *units, strict=True):
        says("m12-l5", f"| {weight} | " + " | ".join(f"({score}) {weight * score}" for score in scores) + " |")


def test_the_plan_backwards_from_the_budget() -> None:
    day = date(2027, 10, 29)
    assert day.strftime("%A") == "Friday"
    for weeks in (8, 8, 6):
        start = day - timedelta(weeks=weeks)
        says("m12-l5", f"| {weeks} | {start.day} {start:%b} | {day.day} {day:%b} |")
        day = start
    says("m12-l5", f"{day.day} {day:%B} {day.year}", f"| {8 + 8 + 6} |")
    check = date(2027, 9, 30) - timedelta(weeks=8 + 10 + 6)
    assert (check.month, 10 <= check.day <= 20) == (4, True)


QUIZ = PROJECT / "content" / "modules" / "12-organisation-management" / "quiz.md"


def answers(question: str, sign: str) -> list[tuple[float, float]]:
    """The ranges of the lines that start with the sign: `=` for right, `!=` for known mistakes."""
    block = QUIZ.read_text(encoding="utf-8").split(f"{{#{question} ")[1].split("\n## ")[0]
    lines = re.findall(rf"^{re.escape(sign)} (-?[\d.]+)(?: \.\. ([\d.]+)| ± ([\d.]+)( %)?)?", block, re.MULTILINE)
    assert lines, f"{question} has no line with {sign}"
    ranges = []
    for low, high, width, share in lines:
        value = float(low)
        part = float(width or 0) * (value / 100 if share else 1)
        ranges.append((value, float(high)) if high else (value - part, value + part))
    return ranges


def among(value: float, ranges: list[tuple[float, float]]) -> bool:
    """Whether a range holds the value."""
    return any(low - 1e-9 <= value <= high + 1e-9 for low, high in ranges)


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m12-q3": (8.0 - 36_000 / 5_000) / (8.0 * 0.25) * 100,
        "m12-q9": 30_000 + 20 * 2_000 - 65_000,
        "m12-q11": min(40_000 * 0.08, 6_000),
        "m12-q13": (9_000 + 8 * 14_000) - (13_000 + 8 * 12_500),
        "m12-q16": 5 + 9 + 7 + 2,
    }
    for question, value in right.items():
        assert among(value, answers(question, "=")), f"{question}: {value}"


def test_the_quiz_knows_the_usual_mistakes() -> None:
    wrong = {
        "m12-q3": [0.8 / 8 * 100, 1.2 / 2 * 100, 7.2 / 8 * 100],
        "m12-q9": [60_000 - 65_000, 60_000 * 2_000 / 1_500 - 65_000, 65_000 - 30_000, 65_000 - 20 * 2_000],
        "m12-q11": [90_000 * 0.08, 6_000, 40_000 / 8, 40_000 * 0.92],
        "m12-q13": [8 * 1_500, 8 * 1_500 + 4_000, 9_000 - 13_000, 1_500],
        "m12-q16": [5 + 9 + 7, 9 + 7, 9 + 7 + 2, 9],
    }
    for question, values in wrong.items():
        for value in values:
            assert among(value, answers(question, "!=")), f"{question}: {value}"
            assert not among(value, answers(question, "=")), f"{question}: {value}"
