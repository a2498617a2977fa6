"""A class sits down at once: 500 people start within 10 s, save every 10 s for a minute and hand in within 10 s.

Over HTTP against the real server on SQLite. ``python -m bench.herd`` prints what it measured and exits with 1 when
a request stayed refused after being sent again, when an acknowledged answer is not in the database, when somebody
has not exactly one open or marked attempt, or when the p99 of saving is not below a second.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select

from bench.measure import Browser
from bench.scenes import JSON, QUIZ_ID, cookie_of, make_site
from learning import create_app
from learning.accounts.models import Membership, Organization, User
from learning.accounts.sessions import start_session
from learning.clock import now
from learning.config import load_settings
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading
from learning.web.catalogue import the_catalogue
from learning.web.identity import Role
from tests.server import Server

#: A request is sent so often before it counts as failed, as a browser does with an answer that was not acknowledged.
TRIES = 4
#: Question id -> values that its field may send.
Values = dict[str, list[str]]


@dataclass
class Seen:
    """What all takers saw together."""

    #: Seconds of each request that was answered, by kind.
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"start": [], "page": [], "save": [], "hand in": []}
    )
    retried: int = 0
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Taker:
    """One person with a browser, and what was acknowledged to them."""

    browser: Browser
    user_id: str
    values: Values
    seen: Seen
    attempt: str = ""
    csrf: str = ""
    revisions: dict[str, int] = field(default_factory=dict)
    #: Question id -> (revision, value) of the last save that was acknowledged.
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)

    def ask(self, kind: str, method: str, path: str, body: str | None = None, **headers: str) -> bytes | None:
        """One request, sent again if it breaks; None if it failed for good."""
        # Between two saves the server has long closed an idle connection.
        headers |= {"Connection": "close", "Accept-Encoding": "identity"}
        reason = ""
        for number in range(TRIES):
            began = time.perf_counter()
            try:
                content = self.browser.send(method, path, body, **headers)
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                reason = f"{kind}: {error}"
                self.browser = Browser(self.browser.port, self.browser.cookie)
                time.sleep(0.5 * (number + 1))
                continue
            with self.seen.lock:
                self.seen.seconds[kind].append(time.perf_counter() - began)
                self.seen.retried += number > 0
            return content
        with self.seen.lock:
            self.seen.failed.append(reason)
        return None

    def sit(self, start_at: float, saving: float, every: float, within: float) -> None:
        """Start at a moment, save until the time is over, hand in. Moments and spans in seconds."""
        wait_until(start_at)
        if not self.open():
            return
        end = start_at + saving
        due = time.monotonic() + every * random.random()
        while due < end:
            wait_until(due)
            self.save()
            due += every
        wait_until(end + within * random.random())
        self.hand_in()

    def open(self) -> bool:
        """Press Start and load the sitting."""
        page = self.ask("page", "GET", f"/quizzes/{QUIZ_ID}/")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        if (
            page is None
            or self.ask("start", "POST", f"/quizzes/{QUIZ_ID}/start", f"csrf_token={token(page)}", **form) is None
        ):
            return False
        self.attempt = self.browser.location
        page = self.ask("page", "GET", self.attempt)
        self.csrf = token(page) if page else ""
        return page is not None

    def save(self) -> None:
        """Save an answer to one of the questions, as the page does; the same operation if it must be sent again."""
        question = random.choice(list(self.values))
        revision = self.revisions[question] = self.revisions.get(question, 0) + 1
        value = random.choice(self.values[question])
        body = json.dumps({"operation_id": new_id(), "revision": revision, "value": [value]})
        headers = JSON | {"X-CSRFToken": self.csrf}
        if self.ask("save", "PUT", f"{self.attempt}/answers/{question}", body, **headers) is not None:
            self.acknowledged[question] = revision, value

    def hand_in(self) -> None:
        """Hand in what is saved."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.ask("hand in", "POST", f"{self.attempt}/submit", f"csrf_token={self.csrf}&action=hand-in", **form)


def wait_until(moment: float) -> None:
    """Sleep until a moment of the monotonic clock."""
    time.sleep(max(0.0, moment - time.monotonic()))


def token(page: bytes) -> str:
    """The CSRF token of a page."""
    found = re.search(rb'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"', page)
    return found.group(1).decode() if found else ""


def people(app: Flask, count: int) -> list[tuple[str, str]]:
    """That many learners of one organization, signed in: user id and cookie. No password, so that no limit counts."""
    moment = now()
    with app.app_context(), unit_of_work() as session:
        organization = Organization(name="Herd", code=new_id()[:12], created_at=moment)
        session.add(organization)
        session.flush()
        users = [User(name=f"Taker {place}", sign_in_name=f"t-{new_id()}", created_at=moment) for place in range(count)]
        session.add_all(users)
        session.flush()
        rows = [
            {"organization_id": organization.id, "user_id": user.id, "role": Role.LEARNER, "joined_at": moment}
            for user in users
        ]
        session.execute(insert(Membership), rows)
        tokens = [(user.id, start_session(session, user, moment)) for user in users]
    return [(user_id, cookie_of(app, each)) for user_id, each in tokens]


def lost_answers(takers: list[Taker]) -> int:
    """How many acknowledged answers the database does not hold. A newer one that was sent may stand in their place."""
    stored = {
        (user_id, question_id): (revision, value)
        for user_id, question_id, revision, value in db.session.execute(
            select(Attempt.user_id, Answer.question_id, Answer.revision, Answer.value).join(
                Attempt, Attempt.id == Answer.attempt_id
            )
        )
    }
    lost = 0
    for taker in takers:
        for question_id, (revision, value) in taker.acknowledged.items():
            found, kept = stored.get((taker.user_id, question_id), (0, []))
            lost += found < revision or (found == revision and kept != [value])
    return lost


def at(share: float, seconds: list[float]) -> float:
    """A percentile by nearest rank, milliseconds; 0 if there is none."""
    return 1000 * sorted(seconds)[math.ceil(share * len(seconds)) - 1] if seconds else 0.0


def run(folder: Path, count: int, saving: float, every: float, within: float) -> bool:
    """Let the herd sit and print the table; whether every goal holds."""
    site = Server(make_site(folder / "site"), workers=2)
    app = create_app(load_settings(data=site.data, public_url=site.url))
    with app.app_context():
        questions = the_catalogue().quizzes[QUIZ_ID].questions
    values = {each.id: [option.id for option in each.options] for each in questions if each.type == "single"}
    seen = Seen()
    takers = [Taker(Browser(site.port, cookie), user, values, seen) for user, cookie in people(app, count)]
    site.start()
    try:
        began = time.monotonic()
        threading.stack_size(512 * 1024)
        threads = [
            threading.Thread(target=taker.sit, args=(began + within * place / count, saving, every, within))
            for place, taker in enumerate(takers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
    finally:
        site.stop()
    with app.app_context():
        lost = lost_answers(takers)
        attempts = db.session.scalar(select(func.count(Attempt.id))) or 0
        handed_in = db.session.scalar(select(func.count()).where(Attempt.state == AttemptState.SUBMITTED)) or 0
        gradings = db.session.scalar(select(func.count(Grading.id))) or 0
        db.session.remove()
        db.engine.dispose()
    acknowledged = sum(map(sum, (taker.revisions.values() for taker in takers)))
    return show(seen, took, lost, acknowledged, (count, attempts, handed_in, gradings))


def show(seen: Seen, took: float, lost: int, saves: int, counts: tuple[int, int, int, int]) -> bool:
    """Print the table; whether every goal holds."""
    count, attempts, handed_in, gradings = counts
    p99 = at(0.99, seen.seconds["save"])
    requests = sum(map(len, seen.seconds.values()))
    lines: list[tuple[str, str, str, Callable[[], bool]]] = [
        (f"Requests answered in {took:.0f} s", f"{requests}", "", lambda: True),
        ("Requests that had to be sent again", f"{seen.retried}", "", lambda: True),
        ("Requests that failed for good", f"{len(seen.failed)}", "0", lambda: not seen.failed),
        (f"Acknowledged answers lost, of {saves} saves", f"{lost}", "0", lambda: lost == 0),
        (
            "Attempts, handed in, gradings",
            f"{attempts}, {handed_in}, {gradings}",
            f"{count} each",
            lambda: attempts == handed_in == gradings == count,
        ),
        ("Saving, median", f"{at(0.5, seen.seconds['save']):.0f} ms", "", lambda: True),
        ("Saving, p99", f"{p99:.0f} ms", "< 1000 ms", lambda: p99 < 1000),
        *(
            (
                f"{kind.capitalize()}, median and p99",
                f"{at(0.5, seen.seconds[kind]):.0f} and {at(0.99, seen.seconds[kind]):.0f} ms",
                "",
                lambda: True,
            )
            for kind in ("page", "start", "hand in")
        ),
    ]
    load = os.getloadavg()[0]
    print(f"{count} people, 2 workers, SQLite, {os.cpu_count()} cores that the herd shares, load {load:.1f} at the end")
    for what, measured, goal, holds in lines:
        print(f"{what:<48}  {measured:<20}  {goal:<10}  {('yes' if holds() else 'NO') if goal else ''}".rstrip())
    for reason in sorted(set(seen.failed))[:5]:
        print(f"  {reason}")
    return all(holds() for *_, holds in lines)


def main() -> int:
    """Run the herd."""
    parser = argparse.ArgumentParser(prog="python -m bench.herd", description=__doc__)
    parser.add_argument("--people", type=int, default=500, help="how many sit")
    parser.add_argument("--seconds", type=float, default=60, help="how long each of them saves")
    parser.add_argument("--every", type=float, default=10, help="seconds between two saves of one person")
    parser.add_argument("--within", type=float, default=10, help="seconds in which all start, and all hand in")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = run(Path(folder), chosen.people, chosen.seconds, chosen.every, chosen.within)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
