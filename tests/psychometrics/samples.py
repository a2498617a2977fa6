"""Worked examples and published data that the statistics of groups must reproduce."""

from __future__ import annotations


def numbers(text: str) -> list[float]:
    """Numbers set apart by blanks."""
    return [float(word) for word in text.split()]


def table(text: str) -> list[list[float]]:
    """Rows set apart by strokes."""
    return [numbers(row) for row in text.split("/")]


#: Fifteen persons, six items 1-5 as answered; the third and the sixth are turned.
RAW = table(
    "2 3 5 3 1 4/5 4 4 3 3 2/3 2 3 3 3 1/3 4 4 4 5 2/2 2 3 1 1 4/3 2 3 2 3 3/3 4 1 3 4 1/3 4 3 5 5 1/3 4 3 3 5 4"
    "/3 2 2 3 2 3/4 4 2 3 2 1/3 3 3 4 2 4/2 3 5 3 1 5/4 2 5 2 3 2/4 5 1 4 5 1"
)
KEYS = "++-++-"
KEYED = [[6 - value if key == "-" else value for value, key in zip(row, KEYS, strict=True)] for row in RAW]
POINTS = [100 * (sum(row) / 6 - 1) / 4 for row in KEYED]

#: Eight persons, five items 0-4: a Heywood case.
EIGHT = [
    [float(digit) for digit in row] for row in ["34324", "22312", "44434", "12102", "33223", "23222", "43433", "01110"]
]
#: Twelve persons, six items 1-5: the uniqueness of the first goes to zero.
HEYWOOD = table(
    "4 5 4 4 4 4/3 3 3 4 2 3/5 4 5 5 4 4/2 3 2 2 3 3/4 4 4 3 5 5/1 2 1 2 2 2/3 4 3 3 4 3/5 3 4 4 5 5/2 2 3 3 1 1"
    "/4 3 4 5 3 4/3 5 2 3 4 2/2 1 3 1 3 3"
)
#: Ability and intelligence tests of 112 persons, lower triangle of the covariances (R, ability.cov).
ABILITY = table(
    "24.641/5.991 6.700/33.520 18.137 149.831/6.023 1.782 19.424 12.711/20.755 4.936 31.430 4.757 52.604"
    "/29.701 7.204 50.753 9.075 66.762 135.292"
)

#: Matched and unmatched change: the same ten before, then the ten again or twelve people.
BEFORE = numbers("52 47 61 38 55 44 66 50 41 58")
AFTER = numbers("60 50 66 47 57 52 70 49 50 66")
AFTER_TWELVE = [*AFTER, 63.0, 58.0]
#: Twelve people before and after; with others beside them two waves of 14 and 16.
PRE = numbers("42 55 38 61 47 50 33 58 45 52 40 49")
POST = numbers("51 60 44 59 58 57 41 66 44 61 49 55")
WAVE_1 = [*PRE, 44.0, 36.0]
WAVE_2 = [*POST, 53.0, 62.0, 48.0, 50.0]
#: Hours of sleep gained with two drugs (Student 1908).
DRUG_1 = numbers("0.7 -1.6 -0.2 -1.2 -0.1 3.4 3.7 0.8 0.0 2.0")
DRUG_2 = numbers("1.9 0.8 1.1 0.1 -0.1 4.4 5.5 1.6 4.6 3.4")
#: Weights before and after family therapy (Hand et al. 1994, anorexia).
WEIGHTS = table(
    "83.8 95.2/83.3 94.3/86.0 91.5/82.5 91.9/86.7 100.3/79.6 76.7/76.9 76.8/94.2 101.6/73.4 94.9/80.5 75.2/81.6 77.8"
    "/82.1 95.5/77.6 90.7/83.5 92.5/89.9 93.8/86.0 91.7/87.3 98.0"
)

#: Scores of three departments: assembly, maintenance, office.
DEPARTMENTS = table("52 61 47 58 66 49 55 60/44 57 39 62 50/58 63 70 49 66 55 61 68 57 64")
#: Six targets, four judges (Shrout & Fleiss 1979).
JUDGES = table("9 2 5 8/6 1 3 2/8 4 6 8/7 1 2 6/10 5 6 9/6 2 4 7")
#: Yield of six batches of dyestuff (Davies & Goldsmith 1972).
DYESTUFF = table(
    "1545 1440 1440 1520 1580/1540 1555 1490 1560 1495/1595 1550 1605 1510 1560/1445 1440 1595 1465 1545"
    "/1595 1630 1515 1635 1625/1520 1455 1450 1480 1445"
)


def random_answers(seed: int) -> list[list[float]]:
    """Persons x items 1-5 with one thing in common, of a size and a strength that the seed decides."""
    import numpy as np

    chance = np.random.default_rng(seed)
    persons, items = int(chance.integers(12, 80)), int(chance.integers(3, 9))
    loadings = chance.uniform(0.2, 1.2, items)
    tendency = np.outer(chance.standard_normal(persons), loadings) + chance.standard_normal((persons, items))
    return np.clip(np.rint(3 + tendency), 1, 5).tolist()
