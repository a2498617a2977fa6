"""A whole shift answers at once: 500 people, from one network address, all pages from the code to their own result.

Over HTTP against the real server on SQLite with two workers. ``python -m bench.turnout`` prints what it measured and
exits with 1 when a request stayed refused after being sent again, when an answer or somebody's own result is missing,
when not everybody is through in time, or when the p99 of sending is not below a second.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench.herd import at, wait_until
from bench.measure import Browser
from bench.scenes import make_site
from learning import create_app
from learning.ballots import codes, service
from learning.ballots.database import reading, the_engine
from learning.ballots.models import Ballot, Permit, SealedResponse
from learning.ballots.schema import prepare_ballots
from learning.config import load_settings
from learning.extensions import db
from learning.psychometrics.wave_table import Group
from tests.ballots.answering import Form, forms_of, open_wave
from tests.server import Server

#: A request is sent so often before it counts as failed, as the page's script does.
TRIES = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass
class Seen:
    """What all saw together."""

    #: Seconds of each request that was answered, by kind.
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "send": []})
    retried: int = 0
    failed: list[str] = field(default_factory=list)
    #: Response keys of those who saw their result.
    through: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Respondent:
    """One person with a code, who reads no page for longer than a moment."""

    port: int
    code: str
    seen: Seen

    def ask(self, kind: str, method: str, path: str, fields: dict[str, str] | None = None) -> str | None:
        """One request, sent again if it breaks; None if it failed for good."""
        reason = ""
        for number in range(TRIES):
            began = time.perf_counter()
            try:
                body = urlencode(fields) if fields else None
                content = Browser(self.port).send(method, path, body, **FORM).decode()
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                reason = f"{kind}: {error}"
                time.sleep(0.5 * (number + 1))
                continue
            with self.seen.lock:
                self.seen.seconds[kind].append(time.perf_counter() - began)
                self.seen.retried += number > 0
            return content
        with self.seen.lock:
            self.seen.failed.append(reason)
        return None

    def answer(self, start_at: float, pause: float) -> None:
        """All the way. ``pause``: seconds between two pages."""
        wait_until(start_at)
        page = self.ask("page", "GET", "/answer/")
        step: dict[str, str] = {"code": self.code, "go": "intro"}
        while page is not None:
            page = self.ask("page", "POST", "/answer/", step)
            form = forms_of(page)[0] if page else None
            if form is None or form.action.endswith("/send"):
                break
            step = filled(form)
            wait_until(time.monotonic() + pause * random.random() * 2)
        if page is None or form is None or (page := self.ask("send", "POST", "/answer/send", form.fields)) is None:
            return
        if "Your private code" in page:
            with self.seen.lock:
                self.seen.through.append(form.fields["key"])


def filled(form: Form) -> dict[str, str]:
    """A page with any answers, and its way on."""
    chosen = {name: random.choice(values) for name, values in form.choices.items()}
    on = next(button for words, button in form.buttons.items() if words in {"Begin", "Go on", "Check your answers"})
    return {**form.fields, **chosen, on[0]: on[1]}


def run(folder: Path, count: int, within: float) -> bool:
    """Let all answer and print the table; whether every goal holds."""
    site = Server(make_site(folder / "site"), workers=2)
    app = create_app(load_settings(data=site.data, public_url=site.url))
    with app.app_context():
        prepare_ballots()
        groups = (Group("all", "Everybody", count),)
    given_out = open_wave(app, groups=groups).codes["all"]
    seen = Seen()
    site.start()
    try:
        began = time.monotonic()
        threading.stack_size(512 * 1024)
        # A third of the time to come, then some moments on each page.
        threads = [
            threading.Thread(
                target=Respondent(site.port, code, seen).answer,
                args=(began + within / 3 * place / count, within / 60),
            )
            for place, code in enumerate(given_out)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
    finally:
        site.stop()
    with app.app_context():
        with reading() as session:
            tables = (SealedResponse, Ballot, Permit)
            kept = [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
        found = sum(service.personal_result(codes.shown(key)) is not None for key in seen.through)
        db.engine.dispose()
        the_engine().dispose()
    return show(seen, took, within, count, kept, found)


def show(seen: Seen, took: float, within: float, count: int, kept: list[int], found: int) -> bool:
    """Print the table; whether every goal holds."""
    p99 = at(0.99, seen.seconds["send"])
    requests = sum(map(len, seen.seconds.values()))
    lines: list[tuple[str, str, str, Callable[[], bool]]] = [
        (f"Requests answered in {took:.0f} s", f"{requests}", f"< {within:.0f} s", lambda: took < within),
        ("Requests that had to be sent again", f"{seen.retried}", "", lambda: True),
        ("Requests refused for good", f"{len(seen.failed)}", "0", lambda: not seen.failed),
        (
            "Answers kept, codes and permits left",
            ", ".join(map(str, kept)),
            f"{count}, 0, 0",
            lambda: kept == [count, 0, 0],
        ),
        ("People whose own result opens", f"{found}", f"{count}", lambda: found == count),
        (
            "A page, median and p99",
            f"{at(0.5, seen.seconds['page']):.0f} and {at(0.99, seen.seconds['page']):.0f} ms",
            "",
            lambda: True,
        ),
        ("Sending, median", f"{at(0.5, seen.seconds['send']):.0f} ms", "", lambda: True),
        ("Sending, p99", f"{p99:.0f} ms", "< 1000 ms", lambda: p99 < 1000),
    ]
    load = os.getloadavg()[0]
    print(f"{count} people, one address, 2 workers, SQLite, {os.cpu_count()} cores, load {load:.1f} at the end")
    for what, measured, goal, holds in lines:
        print(f"{what:<40}  {measured:<20}  {goal:<10}  {('yes' if holds() else 'NO') if goal else ''}".rstrip())
    for reason in sorted(set(seen.failed))[:5]:
        print(f"  {reason}")
    return all(holds() for *_, holds in lines)


def main() -> int:
    """Run the herd."""
    parser = argparse.ArgumentParser(prog="python -m bench.turnout", description=__doc__)
    parser.add_argument("--people", type=int, default=500, help="how many answer")
    parser.add_argument("--within", type=float, default=60, help="seconds in which all are to be through")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = run(Path(folder), chosen.people, chosen.within)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
