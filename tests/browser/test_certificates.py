"""A certificate from its holder's page to whoever verifies it, and to the trainer who revokes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from learning import create_app
from learning.accounts.models import Membership, User
from learning.certificates.models import Certificate
from learning.certificates.numbers import new_number
from learning.clock import now
from learning.config import load_settings
from learning.database import unit_of_work
from learning.demo import ACCOUNTS
from learning.extensions import db
from tests.browser.conftest import Visit, Visitor
from tests.browser.looking import complaints
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def give_certificate(site: Server) -> None:
    """One for the employee of the demo organization, as issuing would leave it."""
    app = create_app(load_settings(data=site.data, public_url=site.url))
    with app.app_context():
        with unit_of_work() as session:
            person, organization_id = session.execute(
                select(User, Membership.organization_id)
                .join(Membership, Membership.user_id == User.id)
                .where(User.email == ACCOUNTS["employee"])
            ).one()
            session.add(
                Certificate(
                    organization_id=organization_id,
                    user_id=person.id,
                    course_id="employee-path",
                    round=1,
                    number=new_number(),
                    title="Cleaner production at work",
                    course_title="Cleaner production for every employee",
                    person_name=person.name,
                    organization_name="Millbrook Textiles (demo)",
                    course_hash="3f9a2c1b" * 8,
                    lessons=14,
                    quiz_ids=["m10-quiz", "employee-path-final"],
                    issued_at=now(),
                    valid_from=now().date(),
                    valid_until=now().date() + timedelta(days=365),
                )
            )
        db.engine.dispose()


def look(visitor: Visitor) -> None:
    """The page that is open has no violation and fits its window."""
    assert complaints(visitor, visitor.page.url) == []


def test_it_is_shown_shared_verified_and_revoked(site: Server, visit: Visit) -> None:
    give_certificate(site)
    holder, stranger, trainer = visit(width=320, dark=True), visit(), visit()
    holder.sign_in("employee")
    holder.open("/certificates/")
    look(holder)
    number = holder.page.locator(".certificate-number").first.inner_text()
    holder.page.get_by_role("button", name="Show my name there").click()
    holder.page.get_by_role("button", name="Hide my name there").wait_for()

    stranger.open("/verify/")
    stranger.page.get_by_label("Number of the certificate").fill(number.lower())
    stranger.page.get_by_role("button", name="Verify").click()
    stranger.page.get_by_role("heading", name="This certificate is valid").wait_for()
    expect(stranger.page.locator("main")).to_contain_text("Lena Brook")
    look(stranger)

    trainer.sign_in("trainer")
    trainer.open("/teaching/certificates/")
    look(trainer)
    trainer.page.get_by_role("link", name="Lena Brook").click()
    look(trainer)
    trainer.page.get_by_label("Why it is revoked").fill("A trial.")
    trainer.page.get_by_role("button", name="Revoke this certificate").click()
    trainer.page.get_by_text("The certificate is revoked.").wait_for()
    look(trainer)

    stranger.page.reload()
    stranger.page.get_by_role("heading", name="This certificate was revoked").wait_for()
    holder.open("/certificates/")
    assert "A trial." in holder.page.locator("main").inner_text()
    look(holder)
    narrow = visit(width=320, dark=True)
    narrow.sign_in("trainer")
    narrow.open("/teaching/certificates/")
    look(narrow)
