"""Measures every figure that is promised and prints it beside its goal.

Ratios are taken against ``bench.bare`` in the same run, block by block in turn, so that they hold on a
busy machine. ``python -m bench`` exits with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import report, scenes
from bench.measure import compare
from tests.server import Server


@dataclass(frozen=True)
class Figure:
    """One measured promise."""

    what: str
    measured: str
    goal: str
    holds: bool


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Start servers and stop them at the end."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()


def pages_and_answers(folder: Path) -> list[Figure]:
    """A lesson page and the saving of an answer, against the bare baseline."""
    site = Server(scenes.make_site(folder / "site"))
    learner = scenes.sign_in_learner(site)
    with running(site):
        size = len(learner.browser.send("GET", learner.lesson_path))
    (folder / "bare").mkdir()
    bare = Server(folder / "bare", application="bench.bare:from_environment()", environment={"BARE_SIZE": str(size)})
    with running(site, bare):
        ours = learner.reconnect()
        theirs = scenes.sign_in_bare(bare)
        lesson = compare(lambda: ours.send("GET", learner.lesson_path), lambda: theirs.send("GET", "/page"), count=150)
        save = compare(
            learner.save_answer,
            lambda: theirs.send("PUT", "/answer", json.dumps({"value": "a"}), **scenes.JSON),
            count=100,
        )
        memory = report.worker_memory(site.pid)
    queries = scenes.count_queries(folder / "site", learner.lesson_path, learner.user_id)
    return [
        Figure(
            f"Lesson page of {size // 1000} kB, signed in, against a bare page ({lesson.ours_ms:.2f} / {lesson.bare_ms:.2f} ms)",
            f"{lesson.ratio:.2f} ({lesson.low:.2f} to {lesson.high:.2f})",
            ">= 0.80",
            lesson.ratio >= 0.80,
        ),
        Figure("Queries of a lesson page", str(queries), "<= 3", queries <= 3),
        Figure(
            f"Saving an answer against a bare one-row insert ({save.ours_ms:.2f} / {save.bare_ms:.2f} ms)",
            f"{save.ratio:.2f} ({save.low:.2f} to {save.high:.2f})",
            ">= 0.70",
            save.ratio >= 0.70,
        ),
        Figure("Memory of a worker after this", f"{memory:.0f} MB", "< 90 MB", memory < 90),
    ]


def many_people(folder: Path) -> list[Figure]:
    """The trainer's page with 10,000 people and 60 lessons each."""
    small = scenes.trainer_page(folder / "few", people=10, lessons=60)
    large = scenes.trainer_page(folder / "many", people=10_000, lessons=60)
    return [
        Figure(
            "A page of the trainer's list, 10,000 people x 60 lessons",
            f"{large.milliseconds:.0f} ms",
            "< 300 ms",
            large.milliseconds < 300,
        ),
        Figure(
            "Queries of that page with 10 and with 10,000 people",
            f"{small.queries} and {large.queries}",
            "the same",
            small.queries == large.queries,
        ),
    ]


def teaching(folder: Path) -> list[Figure]:
    """Every page of trainers with 10,000 people and two million rows of history."""
    small = scenes.teaching_pages(folder / "few", people=10)
    large = scenes.teaching_pages(folder / "many", people=10_000)
    figures = [
        Figure(
            f"{name}, 10,000 people, {large.rows / 1_000_000:.1f} million rows",
            f"{cost.milliseconds:.0f} ms",
            "< 300 ms",
            cost.milliseconds < 300,
        )
        for name, cost in large.pages.items()
    ]
    few, many = ({name: cost.queries for name, cost in each.pages.items()} for each in (small, large))
    most = max(many.values())
    figures.append(
        Figure("Queries of these pages with 10 and with 10,000 people", f"<= {most}", "the same", few == many)
    )
    figures.append(
        Figure("Making that history", f"{large.seconds:.0f} s", "< 60 s", large.seconds < 60),
    )
    return figures


def exports(folder: Path) -> list[Figure]:
    """What trainers take along as files: everybody with every lesson, and the record of a cohort."""
    cost = scenes.exports(folder / "many", people=10_000, cohort=300)
    growth = cost.peak_after - cost.peak_before
    return [
        Figure(
            f"Lessons read of 10,000 people x {cost.lessons} lessons as XLSX",
            f"{cost.table_seconds:.1f} s",
            "< 20 s",
            cost.table_seconds < 20,
        ),
        Figure("Memory that it takes beyond that of 300 people", f"{growth:.0f} MB", "< 10 MB", growth < 10),
        Figure(
            f"Record of 300 people as PDF, {cost.record_pages} pages",
            f"{cost.record_seconds:.1f} s",
            "< 10 s",
            cost.record_seconds < 10,
        ),
    ]


def many_attempts(folder: Path) -> list[Figure]:
    """The analysis of a quiz with 10,000 attempts."""
    small = scenes.quiz_analysis_page(folder / "few", attempts=10)
    large = scenes.quiz_analysis_page(folder / "many", attempts=10_000)
    return [
        Figure(
            "Analysis of a quiz, 10,000 attempts x 12 questions",
            f"{large.milliseconds:.0f} ms",
            "< 1000 ms",
            large.milliseconds < 1000,
        ),
        Figure(
            "Queries of that page with 10 and with 10,000 attempts",
            f"{small.queries} and {large.queries}",
            "the same",
            small.queries == large.queries,
        ),
    ]


def start_up(folder: Path) -> list[Figure]:
    """From nothing to the first page with 64 lessons."""
    seconds = scenes.first_page(scenes.make_site(folder / "start", lessons=64))
    return [Figure("Start: 64 lessons loaded and first page served", f"{seconds:.2f} s", "< 1.5 s", seconds < 1.5)]


def first_visit(folder: Path) -> list[Figure]:
    """What a new visitor's browser fetches with the home page and with a lesson."""
    site = Server(scenes.make_site(folder / "visit"))
    with running(site):
        figures = []
        for name, path in (("home page", "/"), ("first lesson", scenes.FIRST_LESSON)):
            kilobytes, hosts = report.visit(site, path)
            holds = kilobytes < 60 and hosts == 1
            figures.append(
                Figure(f"First visit of the {name}", f"{kilobytes:.1f} kB, {hosts} host", "< 60 kB, 1 host", holds)
            )
    return figures


PARTS: dict[str, Callable[[Path], list[Figure]]] = {
    "pages": pages_and_answers,
    "people": many_people,
    "teaching": teaching,
    "attempts": many_attempts,
    "exports": exports,
    "start": start_up,
    "visit": first_visit,
}


def main() -> int:
    """Run the chosen parts and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which parts; all of them without a name")
    chosen = parser.parse_args().parts or list(PARTS)
    figures = []
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            figures += PARTS[name](Path(folder))
            print(f"measured: {name}", file=sys.stderr)
    width = max(len(figure.what) for figure in figures)
    print(f"{'What':<{width}}  {'Measured':<24}  {'Goal':<16}  Holds")
    for figure in figures:
        print(f"{figure.what:<{width}}  {figure.measured:<24}  {figure.goal:<16}  {'yes' if figure.holds else 'NO'}")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
