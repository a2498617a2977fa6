"""Commands of content: check it, count it, publish it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from learning.config import Settings
from learning.content.catalogue import Loaded, compile_folder, load_catalogue
from learning.content.files import Folder, read_folder
from learning.content.findings import Finding
from learning.content.model import Catalogue
from learning.content.store import publish as publish_to
from learning.courses.standings import mirror_courses


@click.group("content")
def content() -> None:
    """Check, count and publish what authors write."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _report(loaded: Loaded) -> Catalogue:
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
    return catalogue


_folder = click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))


@content.command("check")
@_folder
@click.option("--strict", is_flag=True, help="End with 1 if there is a warning, too.")
@with_appcontext
def check(path: Path | None, strict: bool) -> None:
    """Read a content folder (by default the site's) and name every mistake and warning by file and line."""
    folder = read_folder(path or _settings().content)
    catalogue = _report(compile_folder(folder))
    warnings = _warnings(folder, catalogue)
    for warning in warnings:
        click.echo(str(warning), err=True)
    click.echo(f"{len(warnings)} warnings. docs/authoring.md lists the rules." if warnings else "No warnings.")
    if warnings and strict:
        raise SystemExit(1)


def _warnings(folder: Folder, catalogue: Catalogue) -> Sequence[Finding]:
    # Imported here: no other command needs these readers of Markdown and YAML.
    from learning.content.editorial import review

    return review(folder, catalogue)


@content.command("report")
@_folder
@with_appcontext
def report(path: Path | None) -> None:
    """Count what a content folder (by default the site's) holds, module by module."""
    from learning.content.report import count_modules, table

    catalogue = _report(load_catalogue(path or _settings().content))
    click.echo(table(count_modules(catalogue)))


@content.command("publish")
@with_appcontext
def publish() -> None:
    """Check the content and make it live. With mistakes in it the last good version stays."""
    settings = _settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    mirror_courses(_report(publish_to(settings.content, settings.store)))
