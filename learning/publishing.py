"""Commands of content: check it, publish it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from learning.config import Settings
from learning.content.catalogue import Loaded, load_catalogue
from learning.content.store import publish as publish_to


@click.group("content")
def content() -> None:
    """Check and publish what authors write."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _report(loaded: Loaded) -> None:
    """Print every problem and end with 1, or say what is there."""
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    if loaded.problems or loaded.catalogue is None:
        click.echo(f"{len(loaded.problems)} problems. Mend them and run this again.", err=True)
        raise SystemExit(1)
    catalogue = loaded.catalogue
    questions = len({question.id for quiz in catalogue.quizzes.values() for question in quiz.questions})
    click.echo(
        f"No problems: {len(catalogue.courses)} courses, {len(catalogue.modules)} modules, "
        f"{len(catalogue.lessons)} lessons, {len(catalogue.quizzes)} quizzes with {questions} questions, "
        f"{len(catalogue.instruments)} instruments, {len(catalogue.terms)} terms, {len(catalogue.sources)} sources."
    )


@content.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def check(path: Path | None) -> None:
    """Read a content folder (by default the site's) and name every mistake by file and line."""
    _report(load_catalogue(path or _settings().content))


@content.command("publish")
@with_appcontext
def publish() -> None:
    """Check the content and make it live. With mistakes in it the last good version stays."""
    settings = _settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    _report(publish_to(settings.content, settings.store))
