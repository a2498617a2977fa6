"""Commands of the self-assessment."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.assessments.reminders import remind_due
from learning.clock import now

assessments = AppGroup("assessments", help="The self-assessment.")


@assessments.command("remind")
def remind() -> None:
    """Put a mail into the outbox for everybody with an action that is due. Safe at any time."""
    click.echo(f"{remind_due(now())} reminded.")


@assessments.command("quality")
def quality() -> None:
    """Work out how good each questionnaire is, where enough people agreed that their answers count."""
    from learning.assessments.quality import release_due

    for line in release_due(now()):
        click.echo(line)
