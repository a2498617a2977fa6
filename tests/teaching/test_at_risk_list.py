"""The list of people at risk: days as they are for each person, and filters that pages, files and actions keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from learning.accounts.models import User
from learning.clock import now
from learning.database import unit_of_work
from learning.teaching.assignments import extend
from learning.teaching.selection import Selection, chosen
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

Clients = Callable[[str | None], FlaskClient]
DAY = timedelta(days=1)


def test_days_are_the_person_s_own_and_filters_hold_for_page_file_and_actions(
    app: Flask, company: Company, client_for: Clients
) -> None:
    today = now().date()
    with app.app_context():
        dyers, boilers = (make_learners(company, 2, department) for department in company.departments)
        names = dict(zip([*dyers, *boilers], ["Ana Dyer", "Ben Dyer", "Ana Boiler", "Ben Boiler"], strict=True))
        with unit_of_work() as session:
            for user_id, name in names.items():
                session.execute(update(User).where(User.id == user_id).values(name=name))
        cohort = make_cohort(company, names)
        assignment = make_assignment(company, cohort, today - 60 * DAY, today - 30 * DAY)
        extend(Member(company.trainer, company.id), assignment, [dyers[0]], today - 5 * DAY, now())
    trainer = client_for(company.trainer)
    here = f"/teaching/cohorts/{cohort}/at-risk"
    for query, shown in (
        ("", ["Ana Boiler", "Ana Dyer", "Ben Boiler", "Ben Dyer"]),
        (f"department={company.departments[0]}", ["Ana Dyer", "Ben Dyer"]),
        (f"name=ana&department={company.departments[0]}&reason=overdue", ["Ana Dyer"]),
        ("name=Nobody", []),
    ):
        page = trainer.get(f"{here}?{query}").text
        assert [name for name in sorted(names.values()) if f">{name}</a>" in page] == shown
        assert f"{len(shown)} of {len(shown)} people" in page
        file = trainer.get(f"/teaching/exports/new/at-risk.csv?cohort={cohort}&{query}").data.decode("utf-8-sig")
        found = [row for row in csv.DictReader(io.StringIO(file, newline="")) if row["Why"] == "Overdue"]
        assert [row["Name"] for row in found] == shown
        with app.app_context():
            filters = dict(pair.split("=") for pair in query.split("&") if pair)
            everyone = Selection((), True, {"reason": "any", "cohort": cohort, **filters})
            met = chosen(company.id, everyone, the_catalogue(), now())
            assert [person.name for person in met.people] == shown
        for name, value in filters.items():
            assert not shown or f'name="filter-{name}" value="{value}"' in page
            assert not shown or f"{name}={value}" in page
        for row in found:
            days = 5 if row["Name"] == "Ana Dyer" else 30
            assert row["Due"] == (today - days * DAY).isoformat()
            assert days - 1 <= int(row["For how many days"]) <= days
        assert ("more time)" in page) == ("Ana Dyer" in shown)
    assert "Show everybody at risk" in page
