"""What tests of campaigns share: people enough, a plan that can be opened, a wave that is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from learning.accounts.models import Membership, User
from learning.ballots.database import BallotsTable, the_engine
from learning.campaigns import opening, planning, queries
from learning.campaigns.lessons import lesson_links
from learning.campaigns.models import Wave
from learning.campaigns.planning import Days, What
from learning.campaigns.queries import CampaignPage
from learning.clock import now
from learning.database import Table, new_id, unit_of_work
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company

WHAT = What(
    title="Our view 2030",
    instrument_id="employee-awareness",
    course_ids=(),
    purpose="We want to waste less.",
    measures="20 hours a month.",
    contact="Ada Lowe, works council",
)


def add_people(company: Company, department_id: str | None, count: int, with_address: bool = True) -> list[str]:
    """More people of an organization; their ids."""
    ids = []
    with unit_of_work() as session:
        for _person in range(count):
            name = new_id()
            user = User(
                name=f"Person {name}",
                email=f"{name}@people.example" if with_address else None,
                sign_in_name=None if with_address else f"card-{name}",
                created_at=now(),
            )
            session.add(user)
            session.flush()
            session.add(
                Membership(
                    organization_id=company.id,
                    user_id=user.id,
                    department_id=department_id,
                    role=Role.LEARNER,
                    joined_at=now(),
                )
            )
            ids.append(user.id)
    return ids


def manager_of(company: Company) -> Member:
    """The manager as a scope."""
    return Member(company.manager, company.id)


def staff(company: Company) -> None:
    """Fifteen people with an address in the first department (three are there already), twelve without in the second."""
    add_people(company, company.departments[0], 12)
    add_people(company, company.departments[1], 12, with_address=False)


def days(first: int = 0, last: int = 14, today: date | None = None) -> Days:
    """From so many days after today to so many."""
    start = today or now().date()
    return Days(start + timedelta(days=first), start + timedelta(days=last))


def planned_campaign(company: Company, what: What = WHAT, today: date | None = None) -> str:
    """A campaign in which nothing is missing, within a request; ``staff`` must be there."""
    member = manager_of(company)
    campaign_id = planning.create_campaign(member, what.title, now())
    planning.set_what(member, campaign_id, what)
    first, second = company.departments
    planning.set_groups(member, campaign_id, {first: "Wet side", second: "Hot side"}, ())
    planning.set_days(member, campaign_id, days(today=today), None)
    accept(member, campaign_id)
    return campaign_id


def accept(member: Member, campaign_id: str, moment: datetime | None = None) -> None:
    """Accept the promise as it reads now."""
    planning.accept_promise(member, campaign_id, page_of(member, campaign_id, moment).promised, True)


def page_of(member: Member, campaign_id: str, moment: datetime | None = None) -> CampaignPage:
    """The campaign as its page shows it."""
    return queries.campaign_page(member, campaign_id, the_catalogue(), moment or now())


def open_next(member: Member, campaign_id: str, moment: datetime | None = None) -> str:
    """Open the wave that is planned next; return its id."""
    wave = page_of(member, campaign_id).record.next_wave
    assert wave
    opening.open_wave(member, campaign_id, wave.id, the_catalogue(), lesson_links(the_catalogue(), ()), moment or now())
    return wave.id


def open_campaign(company: Company, today: date | None = None) -> tuple[str, str]:
    """A campaign with an open wave; the ids of both."""
    campaign_id = planned_campaign(company, today=today)
    return campaign_id, open_next(manager_of(company), campaign_id)


def stored_wave(campaign_id: str) -> Wave:
    """The one wave of a campaign, as it stands."""
    db.session.remove()
    return db.session.scalars(select(Wave).where(Wave.campaign_id == campaign_id)).one()


def everything() -> str:
    """Every row of both databases as text."""
    db.session.remove()
    lines = []
    for engine, metadata in ((db.engine, Table.metadata), (the_engine(), BallotsTable.metadata)):
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                lines += [repr(tuple(row)) for row in connection.execute(select(table))]
    return "\n".join(lines)
