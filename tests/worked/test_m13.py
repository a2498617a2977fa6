"""The worked numbers of module 13, recomputed from what the lessons give."""

import re
from datetime import date

import pytest

from learning.config import PROJECT
from tests.worked.lessons import number, says

WATER = 12
MODULE = PROJECT / "content" / "modules" / "13-law-and-policy"


def question(name: str) -> str:
    """The text of one question of the quiz."""
    quiz = (MODULE / "quiz.md").read_text(encoding="utf-8")
    return quiz.split(f"{{#{name} ", 1)[1].split("\n## ", 1)[0]


def figure(name: str) -> str:
    return (MODULE / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def test_the_days_between_adoption_and_entry_into_force() -> None:
    code = date(2026, 8, 15)
    says("m13-l1", f"it was {(code - date(2026, 3, 12)).days} days")
    says("m13-l1", f"it still had {(code - date(2026, 4, 1)).days} days to wait")
    says("m13-l1", f"in force for {(date(2026, 11, 24) - code).days} days")
    assert (code - date(2003, 1, 1)).days / 365.25 > 23


def test_file_b_falls_between_the_two_dates_of_the_amendment() -> None:
    adopted, file_b, in_force = date(2012, 2, 29), date(2012, 5, 10), date(2012, 7, 1)
    says(
        "m13-l1", f"adopted {(file_b - adopted).days} days earlier", f"{(in_force - file_b).days} days were still to go"
    )


def test_the_time_line_is_drawn_to_scale() -> None:
    bars = [
        (float(x), float(width))
        for x, width in re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', figure("timeline"))
    ]
    spans = [(2003, 2026 + 7.5 / 12), (2004.75, 2016.5), (2016.5, 2026 + 7.5 / 12)]
    for (x, width), (begin, end) in zip(bars[1:4], spans, strict=True):
        assert x == pytest.approx(30 + 15.5 * (begin - 2002), abs=1)
        assert x + width == pytest.approx(30 + 15.5 * (end - 2002), abs=1)


def test_the_brick_works_lies_above_its_quota() -> None:
    says("m13-l2", f"4 / 48 = {(52 - 48) / 48 * 100:.1f} %")


def test_the_glass_works_keeps_its_concentration_and_exceeds_its_total() -> None:
    milligrams = 25_000 * 95
    hourly = milligrams / 1e6
    yearly = hourly * 8_000
    says("m13-l2", f"{number(milligrams)} mg", number(hourly, 3), f"{number(yearly)} kg", f"{yearly / 1000:.1f} t")
    assert yearly / 1000 > 18.0
    assert 95 < 100


def test_the_dates_of_the_brick_works_and_of_the_plater() -> None:
    published, latest_start = date(2026, 3, 20), date(2026, 5, 20)
    assert published.month + 2 == latest_start.month
    wrong = latest_start.replace(year=2027)
    says("m13-l2", f"{published.replace(year=2027):%-d %B %Y}", f"{wrong:%-d %B %Y}, two months too late")
    due = date(2022, 6, 15).replace(year=2022 + 5)
    says("m13-l2", f"{due:%-d %B %Y}", f"leaves {(due - date(2026, 11, 24)).days} days")


def test_the_mill_lowers_its_intensity_and_raises_its_total() -> None:
    before, after = 60_000 * 0.50, 80_000 * 0.45
    says(
        "m13-l3", number(before), number(after), f"+{(80 / 60 - 1) * 100:.1f} %", f"+{(after / before - 1) * 100:.1f} %"
    )
    says("m13-l3", f"−{(1 - 0.45 / 0.50) * 100:.1f} %")
    needed = before / 80_000
    says("m13-l3", f"{needed:.3f} tce/t", f"a cut of {(1 - needed / 0.50) * 100:.0f} %")


def test_the_two_rectangles_have_the_areas_they_stand_for() -> None:
    first, second = (
        float(width) * float(height)
        for width, height in re.findall(r'width="(144|192)" height="(\d+)"', figure("area"))
    )
    assert second / first == pytest.approx(36_000 / 30_000)


@pytest.mark.parametrize(("intensity", "output", "total"), [(10, 10, "0.99"), (10, 5, "0.945"), (5, 2, "0.969")])
def test_only_one_mill_reaches_a_total_target_of_five_per_cent(intensity: int, output: int, total: str) -> None:
    product = (1 - intensity / 100) * (1 + output / 100)
    says("m13-l3", f"{1 - intensity / 100:.2f} × {1 + output / 100:.2f} = {total}")
    assert round(product, len(total) - 2) == float(total)
    assert (product <= 0.95) == (total == "0.945")


def test_the_eleventh_plan_reached_nineteen_per_cent() -> None:
    says(
        "m13-l3",
        f"1.276 × 0.80 = {1.276 * 0.8:.3f}",
        f"(1.276 − 1.034) / 1.276 = {(1.276 - 1.034) / 1.276 * 100:.1f} %",
    )
    says("m13-l3", f"gets {(1.22 - 1.034) / 1.22 * 100:.1f} %")


def test_four_yearly_changes_are_compounded() -> None:
    changes = [2.7, 0.1, 0.5, 3.8]
    left = 1.0
    for change in changes:
        left *= 1 - change / 100
    says("m13-l3", f"{sum(changes):.1f} %", f"{(1 - left) * 100:.2f} %")


def test_yearly_cuts_behind_a_five_year_target() -> None:
    says("m13-l3", f"make −{(1 - 0.96**5) * 100:.1f} %")
    says("m13-l3", f"{(1 - 0.865 ** (1 / 5)) * 100:.2f} % a year", f"needs {(1 - 0.8 ** (1 / 5)) * 100:.2f} %")
    says("m13-l3", f"−{(1 - 0.94 * 0.95) * 100:.1f} %", f"0.94 × 0.95 = {0.94 * 0.95:.3f}")


def test_the_towel_mill_against_the_foreign_range() -> None:
    litres, towels = 4_620 * 1000, 70_000
    specific = litres / towels
    says("m13-l4", number(litres), f"{specific:.0f} L/kg", f"{(specific - 60) / specific * 100:.1f} % of today")
    monthly = (specific - 60) * towels / 1000
    says("m13-l4", f"{number(monthly)} m³ a month", f"{number(monthly * WATER * 12)} CNY")
    without = litres - 310 * 1000
    says("m13-l4", f"{number(without)} / 70,000 = {without / towels:.1f} L/kg")


def test_total_and_compounded_change_of_the_quiz() -> None:
    assert "= 12.3 .. 12.6 %" in question("m13-q6")
    assert 12.3 < (1.30 * 0.865 - 1) * 100 < 12.6
    assert "= 8.65 .. 8.8 %" in question("m13-q14")
    assert 8.65 < (1 - 0.97 * 0.98 * 0.96) * 100 < 8.8
    assert 9.2 < (1.03 * 1.02 * 1.04 - 1) * 100 < 9.3


def test_the_fall_from_2005_to_2010_of_the_quiz() -> None:
    assert "= 18.9 .. 19.1 %" in question("m13-q7")
    assert 18.9 < (1.276 - 1.034) / 1.276 * 100 < 19.1
    assert 23.3 < (1.276 / 1.034 - 1) * 100 < 23.5


def test_the_kiln_of_the_quiz() -> None:
    tonnes = 40_000 * 45 / 1e9 * 7_500
    assert f"= {tonnes:g} ± 1 % t" in question("m13-q10")
    assert f"!= {40_000 * 50 / 1e9 * 7_500:g} ± 1 %" in question("m13-q10")
