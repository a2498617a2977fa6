"""The worked numbers of module 9, recomputed from what the lessons give."""

import re

import pytest

from tests.worked.lessons import among, answers, number, printed, says

HAZARDOUS, ORDINARY = 3_000, 300


def test_the_way_to_the_data_sheet() -> None:
    office, rack = 2 * 210, 2 * 7
    says("m09-l1", f"{office} / 1.4 = {number(office / 1.4)} s", f"{rack} / 1.4 = {number(rack / 1.4)} s")
    total = office / 1.4 + 120
    says("m09-l1", f"{number(total)} s = {number(total / 60)} min", f"{number(rack / 1.4 + 20)} s")


def test_the_sheets_that_could_be_shown_and_the_products_that_remained() -> None:
    says("m09-l1", f"52 / 80 = {number(52 / 80 * 100)} %", f"{80 - 35} remained")


def test_the_tray_holds_110_per_cent_of_one_container() -> None:
    held = 1_000 * 1.10 / 1_000
    floor = 2.2 * 1.6
    says("m09-l2", number(held * 1_000), number(floor, 2), number(held / floor, 4))
    says("m09-l2", f"{-(-held / floor * 100 // 1):.0f} cm")


def test_a_second_container_in_the_tray_takes_room() -> None:
    held = 1_000 * 1.10 / 1_000
    left = 2.2 * 1.6 - 1.2 * 1.0
    says("m09-l2", number(left, 2), number(held / left, 3), f"{-(-held / left * 100 // 1):.0f} cm")


def test_the_levels_in_the_figure_of_the_tray() -> None:
    alone, crowded = 1.0 / (2.2 * 1.6), 1.0 / (2.2 * 1.6 - 1.2 * 1.0)
    assert alone < 0.32 < crowded
    says("m09-l2", f"{alone * 100:.0f} centimetres deep", f"{crowded * 100:.0f} centimetres deep")


def expired(old: int, new: int, a_month: int, months: int) -> int:
    """Old cans left at their date when the new ones are used first."""
    return max(0, old - max(0, a_month * months - new))


def test_sixteen_cans_expire_when_the_new_ones_go_first() -> None:
    cans = expired(24, 16, 8, 3)
    kilograms = cans * 10
    bought, removal = kilograms * 42, kilograms * HAZARDOUS / 1_000
    assert 8 * 3 >= 24, "old cans first: nothing is left"
    says("m09-l2", f"{cans} old cans", number(kilograms), number(bought), number(removal), number(bought + removal))


def test_the_solvent_nobody_saw_go() -> None:
    vapour = 12.0 - 0.4 - 3.2
    says("m09-l2", f"{vapour:.1f} t", f"{vapour / 12.0 * 100:.0f} %", number(vapour * 1_000 * 8))


def test_one_pair_of_gloves_does_not_last_four_hours() -> None:
    assert 4 * 60 / 30 == 8
    says("m09-l2", "30 minutes", "eight pairs")


def test_the_dearer_wash_is_cheaper_per_wash() -> None:
    washes = 20 * 250
    old, new = washes * 0.30, washes * 0.12
    says("m09-l3", number(washes), number(old), number(new), number(old * 14), number(new * 30))
    says("m09-l3", number(0.12 * 30, 2), number(0.30 * 14, 2), number(old - new))
    hours = washes * 2 / 60
    says("m09-l3", f"{hours:.0f} h", number(hours * 60), number(new * 30 + hours * 60))
    says("m09-l3", number(new * 30 + hours * 60 - old * 14))


def test_a_still_rinse_measures_drag_out() -> None:
    grams = 400 * 1.5
    litres = grams / 75
    says("m09-l3", f"{grams:.0f} g", f"{litres:.1f} L", f"{litres / 50:.2f} L/m²")
    lost_again = 1.5 / 2 * litres
    says("m09-l3", f"{lost_again:.0f} g")
    assert round(lost_again / grams * 100) == 1


def test_what_less_drag_out_keeps_in_the_bath() -> None:
    before, after = 6_500 * 0.16 * 75, 6_500 * 0.10 * 75
    says("m09-l3", number(before), number(before / 1_000, 1), number(after), number(after / 1_000, 2))
    kept = (before - after) / 1_000
    says("m09-l3", number(kept, 2), number(kept * 130 * 12))


def test_ten_seconds_a_rack_are_seventeen_minutes_a_day() -> None:
    seconds = 100 * 10
    says("m09-l3", f"{number(seconds)} s", f"about {seconds / 60:.0f} minutes")


def test_a_quarter_less_drag_out_is_a_quarter_less_nickel() -> None:
    says("m09-l3", f"By {(0.16 - 0.12) / 0.16 * 100:.0f} %", f"By {(0.16 - 0.12) / 0.12 * 100:.0f} %")


def test_two_steps_of_ph_take_a_hundred_times_the_volume() -> None:
    says("m09-l4", f"10 × 10 = {10 ** (3 - 1)}")


def test_thirty_kilograms_in_the_wrong_bin() -> None:
    together = (30 + 470) * HAZARDOUS / 1_000
    apart = 30 * HAZARDOUS / 1_000 + 470 * ORDINARY / 1_000
    says("m09-l4", number(together), f"= {number(apart)} CNY", number(50 * together), number(50 * apart))
    says("m09-l4", number(50 * (together - apart)))


def test_pressing_takes_nine_tenths_of_the_sludge_away() -> None:
    dry = 100 * (1 - 0.98)
    pressed = dry / (1 - 0.80)
    says("m09-l4", f"{dry:.0f} t", f"{pressed:.0f} t", f"{100 - pressed:.0f} t", number((100 - pressed) * HAZARDOUS))


@pytest.mark.parametrize(
    ("water", "words"),
    [(98, "98 per cent water it is"), (96, "at 96 per cent"), (90, "at 90 per cent"), (80, "at 80 per cent")],
)
def test_the_points_of_the_sludge_curve(water: int, words: str) -> None:
    mass = 2 / (1 - water / 100)
    assert re.search(rf"{words}.{{0,8}} {mass:.0f}\b", printed("m09-l4"))


def test_the_cleanings_that_nobody_buys() -> None:
    year = 60 * 12 * 12
    says("m09-l4", number(year), number(year * 0.30))


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m09-q5": expired(30, 20, 10, 3),
        "m09-q7": 50 * (1 - 0.97) / (1 - 0.70),
        "m09-q13": 300 * 1.2 / 60 / 40,
        "m09-q14": 400 * 3 - (20 * 3 + 380 * 0.30),
    }
    for question, value in right.items():
        assert among(value, answers(question, "=")), f"{question}: {value}"


def test_the_quiz_knows_the_usual_mistakes() -> None:
    wrong = {
        "m09-q5": [30, 30 - expired(30, 20, 10, 3)],
        "m09-q7": [50 * 0.03, 50 * (1 - 0.27), 50 * 70 / 97, 50 * 0.03 / 0.70, 50 - 5.0],
        "m09-q13": [300 * 1.2 / 60, 300 * 1.2 / 40, 300 / 40, 300 * 1.2],
        "m09-q14": [400 * 3, 20 * 3 + 380 * 0.30, 380 * 3, 400 * (3 - 0.30)],
    }
    for question, values in wrong.items():
        for value in values:
            assert among(value, answers(question, "!=")), f"{question}: {value}"
            assert not among(value, answers(question, "=")), f"{question}: {value}"
