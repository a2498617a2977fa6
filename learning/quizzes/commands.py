"""Commands of quizzes."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from learning.accounts.models import Organization, User
from learning.clock import now
from learning.extensions import db
from learning.quizzes.errors import NoReason
from learning.quizzes.regrading import Preview, preview_regrade
from learning.quizzes.regrading import regrade as regrade_quiz
from learning.quizzes.service import sweep_overdue
from learning.web.catalogue import the_catalogue

quizzes = AppGroup("quizzes", help="Attempts at quizzes.")


@quizzes.command("sweep")
def sweep() -> None:
    """Hand in every attempt whose time is up. The server does it by itself twice a minute."""
    click.echo(f"{sweep_overdue(now())} handed in.")


@quizzes.command("regrade")
@click.argument("quiz_id", metavar="QUIZ")
@click.option("--organization", "code", metavar="CODE", help="Only this organization; all of them by default.")
@click.option("--reason", default="", help="Why; the people concerned read it. Needed with --apply.")
@click.option("--apply", "apply", is_flag=True, help="Add the gradings. Without it only the preview is printed.")
def regrade(quiz_id: str, code: str | None, reason: str, apply: bool) -> None:
    """Mark all attempts at QUIZ again by today's questions, after a key was mended."""
    quiz = the_catalogue().quizzes.get(quiz_id)
    if quiz is None:
        raise click.ClickException(f"There is no quiz `{quiz_id}`. Known are: {', '.join(the_catalogue().quizzes)}.")
    query = select(Organization.id, Organization.name).order_by(Organization.name)
    organizations = db.session.execute(query.where(Organization.code == code) if code else query).all()
    if not organizations:
        raise click.ClickException(f"There is no organization with the code `{code}`.")
    for organization_id, name in organizations:
        _print(name, preview_regrade(organization_id, quiz))
        if apply:
            try:
                count = regrade_quiz(organization_id, quiz, reason, now())
            except NoReason as refused:
                raise click.ClickException(str(refused)) from None
            click.echo(f"  {count} gradings added.")


def _print(organization: str, preview: Preview) -> None:
    click.echo(
        f"{organization}: {preview.attempts} attempts, {len(preview.changes)} change; "
        f"{preview.now_passed} would pass now, {preview.now_failed} would no longer pass"
    )
    people = dict(
        db.session.execute(
            select(User.id, User.name).where(User.id.in_({change.user_id for change in preview.changes}))
        ).all()
    )
    for change in preview.changes:
        verdict = {True: "passed", False: "not passed"}
        click.echo(
            f"  {people.get(change.user_id, change.user_id)}, attempt {change.number}: "
            f"{change.percent_before} % {verdict[change.passed_before]} -> "
            f"{change.percent_after} % {verdict[change.passed_after]}"
        )
    for question_id in sorted(preview.unfit):
        click.echo(f"  {question_id}: its choices or its type changed, so that older answers keep their marks")
