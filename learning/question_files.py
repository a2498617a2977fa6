"""Commands that bring questions into quiz files and take them out: ``questions import``, ``questions export``."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from learning.config import Settings
from learning.content.context import Context, Drawing, Request
from learning.content.files import decoded
from learning.content.gift.ids import id_of
from learning.content.problems import Problem, Remark
from learning.content.question_writer import written_front
from learning.content.renderer import Renderer
from learning.content.store import read_catalogue

#: Something did not arrive and is listed; nothing could be done.
LOSSES, NOTHING = 1, 2
_FIGURE = re.compile(r"figures/([a-z0-9][a-z0-9-]*\.svg)")


@click.group("questions")
def questions() -> None:
    """Bring questions in from Moodle's GIFT format and take them out again."""


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Quiz file to write.")
@click.option("--title", help="Title of a new quiz file; else the category that FILE names.")
@click.option("--pass-mark", type=click.IntRange(0, 100), default=60, help="Of a new quiz file, in per cent.")
@with_appcontext
def bring(file: Path, into: Path, title: str | None, pass_mark: int) -> None:
    """Append the questions of the GIFT file FILE to a quiz file in Markdown, or start a new one.

    What cannot be taken over is listed with its line. Ends with 0 if all of it was, with 1 if something is
    lost, with 2 if nothing was written.
    """
    text = _read(file).replace("\r\n", "\n").replace("\r", "\n")
    present = _read(into) if into.exists() else ""
    request = Request("gift", str(file), text, "", _anything(text), joins=present, taken=_ids_elsewhere(present))
    with Renderer() as renderer:
        reply = renderer.read(request)
    sheet = reply.sheet
    if sheet is None or not sheet.questions:
        known = [remark for remark in sheet.remarks if remark.is_loss] if sheet is not None else []
        _tell(file, reply.problems, sheet.remarks if sheet is not None else ())
        if reply.problems or known or sheet is None:
            click.echo(f"Nothing was written into {into}.", err=True)
            raise SystemExit(NOTHING)
        click.echo(f"All questions are in {into} already.")
        return
    name = title or sheet.title or file.stem
    start = f"{present.rstrip()}\n\n" if present else written_front(id_of(_stem(into), "quiz"), name, pass_mark)
    _replace(into, f"{start}{sheet.markdown}\n")
    _tell(file, reply.problems, sheet.remarks)
    click.echo(f"{len(sheet.questions)} questions written into {into}. Look at them, then run `content check`.")
    if reply.problems or any(remark.is_loss for remark in sheet.remarks):
        raise SystemExit(LOSSES)


@questions.command("export")
@click.argument("quiz")
@click.option("--format", "form", type=click.Choice(["gift"]), default="gift", help="Only gift so far.")
@with_appcontext
def take(quiz: str, form: str) -> None:
    """Print the questions of QUIZ, an id of the catalogue or the path of a quiz file.

    What Moodle will not show as we do is listed with its line on standard error. Ends with 0 if nothing is, with
    1 if something is lost there, with 2 if nothing was printed.
    """
    path = _quiz_path(quiz)
    text = _read(path)
    with Renderer() as renderer:
        reply = renderer.read(Request("questions", str(path), text, "", _anything(text)))
    if reply.problems or reply.sheet is None:
        _tell(path, reply.problems, ())
        click.echo("Nothing was printed. Mend the mistakes and run this again.", err=True)
        raise SystemExit(NOTHING)
    click.echo(reply.sheet.gift, nl=False)
    _tell(path, (), reply.sheet.losses)
    if any(remark.is_loss for remark in reply.sheet.losses):
        raise SystemExit(LOSSES)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _read(path: Path) -> str:
    text, line, fault = decoded(path.read_bytes())
    if fault is not None:
        click.echo(str(Problem(str(path), line, fault)), err=True)
        raise SystemExit(NOTHING)
    return text


def _anything(text: str) -> Context:
    """Terms, constants and figures are judged by `content check`, where the file will stand."""
    figures = tuple(Drawing(name, "0" * 64, 1, 1) for name in sorted(set(_FIGURE.findall(text))))
    return Context(figures=figures, terms=None, sources=None, constants=None)


def _ids_elsewhere(present: str) -> tuple[str, ...]:
    """Ids of published questions, but those of the file itself."""
    try:
        quizzes = read_catalogue(_settings().store).quizzes.values()
    except (OSError, ValueError):
        return ()
    ids = [question.id for quiz in quizzes for question in quiz.questions]
    return tuple(each for each in ids if f"{{#{each} " not in present)


def _quiz_path(quiz: str) -> Path:
    """The file of a quiz. Ends the command if there is none."""
    if Path(quiz).is_file():
        return Path(quiz)
    for path in sorted(_settings().content.glob("modules/*/quiz.md")):
        if re.search(rf"^id: *{re.escape(quiz)} *$", decoded(path.read_bytes())[0], re.MULTILINE):
            return path
    click.echo(
        f"There is no quiz `{quiz}`: give the id of one in {_settings().content}, or the path of a file.", err=True
    )
    raise SystemExit(NOTHING)


def _stem(into: Path) -> str:
    """What a new quiz is called by: its file, or its folder where the file is called quiz.md as all are."""
    return f"{into.resolve().parent.name}-quiz" if into.stem == "quiz" else into.stem


def _tell(file: Path, problems: Sequence[Problem], remarks: Sequence[Remark]) -> None:
    for line, text in sorted(
        [(each.line, each.message) for each in problems] + [(each.line, each.message) for each in remarks]
    ):
        click.echo(str(Problem(str(file), line, text)), err=True)


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
