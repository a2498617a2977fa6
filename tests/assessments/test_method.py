"""The page on the method: every number on it, reckoned here once more by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from statistics import NormalDist

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.assessments.method import worked_example
from tests.assessments.filling import INSTRUMENT, instrument
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]


def test_the_example_is_what_the_formulas_on_the_page_give() -> None:
    example = worked_example()
    first, second = 100 * (6 / 3) / 4, 100 * (7 / 3) / 4
    first_error = 25 * math.sqrt(2 / (3 * 2))
    second_error = 25 * math.sqrt(((3 - 7 / 3) ** 2 + 2 * (2 - 7 / 3) ** 2) / (3 * 2))
    assert (example.first.score, example.first.sem) == pytest.approx((first, first_error))
    assert (example.second.score, example.second.sem) == pytest.approx((second, second_error))
    assert (example.third.score, example.third.visibility) == (None, pytest.approx(2 / 3))
    score = (1 * first + 1.5 * second) / 2.5
    error = math.sqrt(first_error**2 + (1.5 * second_error) ** 2) / 2.5
    assert (example.headline.score, example.headline.sem) == pytest.approx((score, error))
    assert example.headline.interval == pytest.approx((score - 1.959964 * error, score + 1.959964 * error))
    normal = NormalDist(score, error)
    assert normal.cdf(60) - normal.cdf(40) < 0.80
    assert example.named == ((40, 60), (60, 80))
    assert example.probability == pytest.approx(normal.cdf(80) - normal.cdf(40))
    assert example.change.threshold == pytest.approx(1.959964 * math.sqrt(error**2 + 6.0**2))


def test_the_page_says_these_numbers(company: Company, client_for: Clients) -> None:
    page = client_for(company.learner).get(f"/assessments/instruments/{INSTRUMENT}/method").text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for said in (
        "100 × 2 ÷ 4 = 50.0", "25 × √(2 ÷ 6) = 14.43", "score 58.3, error 8.33", "What could be seen: 67 %",
        "(1 × 50.0 + 1.5 × 58.3) ÷ 2.5 = 55.0", "√( (1 × 14.43)² + (1.5 × 8.33)² ) ÷ 2.5 = 7.64",
        "55.0 ± 1.96 × 7.64, from 40.0 to 70.0", "between 40 and 80 with a probability of 97 %",
        "It rose by 6.0 points; less than 19.0 can be chance. So it may be no change at all.",
    ):  # fmt: skip
        assert said in text, said


def test_the_page_names_every_weight_and_level_of_the_instrument(
    app: Flask, company: Company, client_for: Clients
) -> None:
    page = client_for(company.learner).get(f"/assessments/instruments/{INSTRUMENT}/method").text
    with app.app_context():
        for each in instrument().dimensions:
            if each.kind != "knowledge":
                assert (
                    f'{each.title}</th><td class="number">{len(each.items)}</td><td class="number">{each.weight:g}'
                    in page
                )
    assert "80 to 100: Carrying others along" in page


def test_a_questionnaire_that_does_not_exist_has_no_page(company: Company, client_for: Clients) -> None:
    browser = client_for(company.learner)
    for path in ("nothing", "nothing/method"):
        assert browser.get(f"/assessments/instruments/{path}").status_code == 404
