"""The daily review in a real browser: by keyboard, at the width of a phone, with and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from learning import create_app
from learning.accounts.models import Membership, User
from learning.clock import now
from learning.config import load_settings
from learning.demo import ACCOUNTS
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.browser.conftest import Visit
from tests.browser.looking import complaints
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def sit_three_days_ago(site: Server, who: str, quiz_id: str) -> None:
    """Somebody of the demo hands a quiz in, empty."""
    app = create_app(load_settings(data=site.data, public_url=site.url))
    moment = now() - timedelta(days=3)
    with app.app_context():
        member = Member(
            *db.session.execute(
                select(User.id, Membership.organization_id).join(Membership).where(User.email == ACCOUNTS[who])
            ).one()
        )
        attempt_id = quizzes.start_attempt(member, the_catalogue().quizzes[quiz_id], moment)
        quizzes.submit(member, attempt_id, {}, moment)
        db.engine.dispose()


@pytest.mark.parametrize(
    ("who", "width", "dark", "scripts"), [("trainer", 320, True, True), ("manager", 1280, False, False)]
)
def test_a_days_set_is_answered_by_keyboard(
    site: Server, visit: Visit, who: str, width: int, dark: bool, scripts: bool
) -> None:
    sit_three_days_ago(site, who, "m02-quiz")
    visitor = visit(width=width, dark=dark, scripts=scripts)
    page = visitor.page
    visitor.sign_in(who)
    visitor.follow(page.get_by_role("link", name="Go to the review"))
    found = complaints(visitor, page.url) if scripts else []
    page.get_by_role("button", name="Start today's set").press("Enter")
    for number in range(1, 11):
        page.wait_for_url(re.compile(r"/review/m\d+-q\d+$"))
        assert page.get_by_text(f"{number - 1} of 10 answered today").first.is_visible()
        found += complaints(visitor, page.url) if scripts else []
        page.get_by_role("button", name="I do not know").press("Enter")
        page.get_by_text("This question comes back on").wait_for()
        found += complaints(visitor, page.url) if scripts else []
        page.get_by_role("link", name=re.compile("Next question|Finish today's set")).press("Enter")
    page.get_by_role("heading", name="Today's set is done").wait_for()
    found += complaints(visitor, page.url) if scripts else []
    visitor.open("/")
    assert page.get_by_role("link", name="Go to the review").count() == 0
    assert not found
