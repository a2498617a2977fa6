"""Whoever opens every page, paper and table of the site, again and again: A1, A3, A4, A20, A24."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from learning.accounts import membership
from learning.accounts.models import Membership, User
from learning.ballots import service as ballots
from learning.campaigns import tasks
from learning.clock import now
from learning.database import unit_of_work
from learning.psychometrics.wave_scores import score_wave
from tests.attacks.campaign import Campaign
from tests.attacks.pages import Browsers, Page, differing, of_campaigns, shown
from tests.ballots.attacks.looking import snapshot
from tests.campaigns.planned import add_people, manager_of
from tests.proof import times
from tests.psychometrics.attacks.reading import told_means

pytestmark = pytest.mark.prove

#: No number that stands in sentences about the least number of people.
ANSWERED = 31
#: What somebody may write behind an address to see fewer people, or more of them.
FILTERS = (
    "group=g01",
    "group=g02",
    "department=Dye house",
    "k=1",
    "minimum=1",
    "from=2000-01-01",
    "to=2099-01-01",
    "day=2030-01-01",
    "user_id=1",
    "item=1",
    "q=a",
    "raw=1",
    "exact=1",
    "page=2",
)


def test_a1_no_address_filters_and_no_difference_of_told_rows_is_about_fewer_than_k(
    campaign: Campaign, browsers: Browsers, backend: str
) -> None:
    campaign.answer(ANSWERED)
    release = campaign.close()
    plain = of_campaigns(campaign, browsers)
    pairs = ["&".join(each) for each in itertools.combinations(FILTERS, 2)]
    queries = ["&".join(FILTERS), *FILTERS[: times(0, 99)], *pairs[: times(0, 40)]]
    for query in queries:
        filtered = of_campaigns(campaign, browsers, f"?{query}")
        assert differing(plain, filtered) == [], query
    told = told_means(release, campaign.plan, campaign.table(), campaign.instrument)
    assert {each.row for each in told} == {"all", "g01", "g02"}
    differences = 0
    for score in {each.score for each in told}:
        rows = [each.people for each in told if each.score == score]
        for size in range(1, len(rows)):
            for whole, some in itertools.product(rows, itertools.combinations(rows, size)):
                left = int((whole & ~np.logical_or.reduce(some)).sum())
                differences += 1
                assert left == 0 or left >= 5
    print(
        f"\nA1 {backend}: {len(queries)} filters on {len(plain)} pages change nothing; "
        f"{differences} differences of told rows, none of 1 to 4 people"
    )


@pytest.mark.usefixtures("morning")
def test_a3_whoever_polls_every_page_sees_bands_of_days_and_no_result(
    campaign: Campaign, browsers: Browsers, backend: str
) -> None:
    everything = shown(campaign, browsers)
    some = of_campaigns(campaign, browsers)
    polls = 0

    def poll(count: int) -> None:
        nonlocal polls
        for _ in range(count):
            campaign.answer(1)
            with campaign.app.test_request_context():
                for task in (tasks.count, tasks.close, tasks.remind):
                    task(now())
            assert differing(some, of_campaigns(campaign, browsers)) == []
            polls += 1
            with campaign.app.app_context():
                assert ballots.released(campaign.ballots_id) is None

    campaign.answer(3)
    poll(times(3, 12))  # past the fifth answer
    assert differing(everything, shown(campaign, browsers)) == []
    # The day turns: the bands are worked out anew, and stand for a day.
    with campaign.app.test_request_context():
        tasks.count(now() + timedelta(days=1))
    later = of_campaigns(campaign, browsers)
    moved = differing(some, later)
    assert moved == [f"manager {campaign.path}"]
    bands = re.findall(r"fewer than 5|5 to 9|10 to 19", later[moved[0]].text)
    assert len(bands) >= 3
    some = later
    campaign.answer(19 - len(campaign.answered))
    poll(times(2, 10))  # past the twentieth
    print(
        f"\nA3 {backend}: {len(everything)} pages of five roles, {len(campaign.answered)} answers, polled {polls} times: "
        f"nothing moved but {len(moved)} page when the day turned"
    )


def test_a4_nothing_that_happens_after_the_closing_changes_the_report(
    campaign: Campaign, browsers: Browsers, backend: str
) -> None:
    campaign.answer(ANSWERED)
    published = campaign.close().to_json()
    before = of_report(campaign, browsers)
    late = 0
    for invitation in campaign.unused:
        form = {**campaign.form(campaign.answered[0]), "code": invitation.code, "permit": "0" * 26, "key": "0" * 20}
        assert campaign.app.test_client().post("/answer/send", data=form).status_code == 404
        late += 1
    for each in campaign.answered[:5]:
        assert "Thank you" in campaign.app.test_client().post("/answer/send", data=campaign.form(each)).text
    with campaign.app.test_request_context():
        company = campaign.company
        left, moved, erased = [
            each.invitation.user_id
            for each in campaign.answered
            if each.invitation.user_id not in {None, company.learner, company.trainer, company.manager}
        ][:3]
        with unit_of_work() as session:
            for user_id in (left, moved):
                one = session.scalars(select(Membership).where(Membership.user_id == user_id)).one()
                if user_id == left:
                    one.left_at = now()
                else:
                    one.department_id = company.departments[1]
            session.delete(session.get_one(User, erased))
        membership.rename_department(manager_of(company), company.departments[0], "Something else")
        add_people(company, company.departments[0], 4)
        for task in (tasks.count, tasks.close, tasks.remind):
            for days in (0, 1, 30):
                task(now() + timedelta(days=days))
    after = of_report(campaign, browsers)
    print(
        f"\nA4 {backend}: {late} late answers, 5 repeated, one left, one moved, one erased, a department renamed, "
        f"four came: report and {len(after)} pages as before"
    )
    assert campaign.release().to_json() == published
    assert differing(before, after) == []


def of_report(campaign: Campaign, browsers: Browsers) -> dict[str, Page]:
    """The pages of the closed wave, and what is made of them."""
    found = of_campaigns(campaign, browsers)
    return {name: page for name, page in found.items() if campaign.wave_id in name or name.endswith("/measures")}


def test_a20_and_a24_no_source_paper_or_table_holds_a_row_of_one_person_or_a_true_figure(
    campaign: Campaign, browsers: Browsers, backend: str
) -> None:
    """Sources of pages, words and alternative texts of papers, all parts of tables, for all roles."""
    campaign.answer(ANSWERED)
    with campaign.app.app_context():
        opened = snapshot()
    release = campaign.close()
    with campaign.app.app_context():
        closed = snapshot()
    found = shown(campaign, browsers)
    texts = {name: page.text for name, page in found.items()} | {"the release": release.to_json()}
    rows = {re.sub(r"\D", "", each.given)[:20] for each in campaign.answered}
    ids = {
        bytes(row[0]).hex()  # type: ignore[call-overload]
        for state in (opened, closed)
        for table in ("sealed_response", "sealed_result", "response", "result")
        for row in state[table]
    }
    assert (len(rows), len(ids)) == (ANSWERED, 4 * ANSWERED)
    leaks = [f"{name}: {each}" for name, text in texts.items() for each in ids if each in text]
    for name, text in texts.items():
        # All digits of the source; and those of its text alone, without what stands in tags.
        for digits in (re.sub(r"\D", "", text), re.sub(r"\D", "", re.sub(r"<[^>]*>", "", text))):
            leaks += [f"{name}: the row {row}" for row in rows if row in digits]
    print(
        f"\nA20 {backend}: {len(rows)} answers and {len(ids)} ids of rows looked for in {len(texts)} texts, {len(leaks)} found"
    )
    figures, exact = true_figures(campaign)
    inexact = [f"{name}: {each}" for name, text in texts.items() for each in figures if each in text]
    inexact += [f"{name}: {match.group()}" for name, text in texts.items() if (match := exact.search(text))]
    print(
        f"A24 {backend}: {len(figures)} true means, spreads and sums and 3 exact numbers of answers looked for, "
        f"{len(inexact)} found"
    )
    assert leaks == []
    assert inexact == []


def true_figures(campaign: Campaign) -> tuple[set[str], re.Pattern[str]]:
    """What nobody rounded, with three decimals; and ways to tell how many answered."""
    table = campaign.table()
    scores = score_wave(campaign.instrument, table.values)
    figures = set()
    for each in (*scores.headlines, *scores.dimensions):
        for mask in (table.group >= 0, table.group == 0, table.group == 1):
            points = each.points[mask & ~np.isnan(each.points)]
            figures |= {f"{value:.4f}"[:-1] for value in (points.mean(), points.std(ddof=1), points.sum())}
    answered = [int((table.group == place).sum()) for place in (0, 1)] + [len(table.group)]
    invited = [group.invited for group in campaign.plan.groups] + [campaign.plan.invited]
    ways = (
        rf"\b{count} (?:of|out of|/) {whole}\b|\b{count} (?:answers|people answered|have answered)\b"
        for count, whole in zip(answered, invited, strict=True)
    )
    # A round figure may stand in a page by chance.
    return {each for each in figures if not re.search(r"\.(?:..0|.00)$", each)}, re.compile("|".join(ways))
