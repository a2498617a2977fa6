"""The worked numbers of module 2, recomputed from what the lessons give."""

from tests.worked.lessons import among, answers, number, says

ELECTRICITY = 0.70


def test_the_load_before_and_after_saving_water() -> None:
    load = 1_200 * 800 / 1_000
    flow = 1_200 * (1 - 0.30)
    says("m02-l1", number(load * 1_000), f"{number(load)} kg a day", f"{number(flow)} m³")
    says("m02-l1", f"{load / flow:.3f} kg/m³", f"{number(load / flow * 1_000)} mg/L")
    says("m02-l1", f"rose by {(load / flow * 1_000 / 800 - 1) * 100:.0f} %")


def test_treat_or_prevent() -> None:
    treatment = 1_200_000 / 10 + 380_000
    change = 450_000 / 10 + 60_000 - 310_000
    says("m02-l1", number(1_200_000 / 10), number(450_000 / 10), number(treatment), number(change))
    says("m02-l1", f"{number(-change)} CNY a year")


def test_four_tonnes_of_trimmings_at_three_heights() -> None:
    tonnes = 40 / 10
    whole = 9_000 + 300
    avoided, reused, recycled = tonnes * whole, tonnes * (whole - 1_500), tonnes * (2_500 + 300)
    assert avoided > reused > recycled
    says("m02-l2", *(f"= {number(value)} CNY" for value in (avoided, reused, recycled)))


def test_one_measure_of_each_kind() -> None:
    energy = 2 * 6 * 48 * 50
    says("m02-l3", f"{number(energy)} kWh", f"{number(energy * ELECTRICITY)} CNY", f"{number(30 * 400)} CNY")
    resin = (28 - 24) * 2_000_000 / 1_000
    says("m02-l3", f"{number(resin)} kg", f"{number(resin * 8)} CNY", f"4 ÷ 28 = {4 / 28 * 100:.1f} %")


def test_the_lighter_bottle_bursts_more_often() -> None:
    bottles = 2_000_000
    before, after = bottles * 0.005, bottles * 0.02
    more = after - before
    says("m02-l4", f"{4 * bottles / 1e6:.0f} t", number(before), number(after), number(more))
    says("m02-l4", f"{more * 0.5 / 1_000:.0f} t", f"{more * 24 / 1e6:.2f} t")


def test_more_value_per_kilogram_and_more_kilograms() -> None:
    last, this = 60e6 / 20_000, 84e6 / 24_000
    says("m02-l5", number(last), number(this), f"500 ÷ 3,000 = {(this - last) / last * 100:.1f} %")
    says("m02-l5", f"4,000 ÷ 20,000 = {(24_000 - 20_000) / 20_000 * 100:.0f} %")
    says("m02-l5", f"{number(24_000 / 3)} kg", f"{number(24_000 * 2 / 3)} kg")


def test_the_quiz_accepts_what_its_questions_give() -> None:
    right = {
        "m02-q3": 960 / 840 * 1_000,
        "m02-q6": 310_000 - 60_000 - 450_000 / 10,
        "m02-q8": (28 - 24) / 28 * 100,
    }
    for question, value in right.items():
        assert among(value, answers(question, "=")), f"{question}: {value}"


def test_the_quiz_knows_the_usual_mistakes() -> None:
    wrong = {
        "m02-q3": [960 / 840, 840 / 960 * 1_000, 840 * 960],
        "m02-q6": [310_000 - 60_000, 310_000 - 45_000, 310_000],
        "m02-q8": [4 / 24 * 100, 28 - 24, 24 / 28 * 100],
    }
    for question, values in wrong.items():
        for value in values:
            assert among(value, answers(question, "!=")), f"{question}: {value}"
            assert not among(value, answers(question, "=")), f"{question}: {value}"
