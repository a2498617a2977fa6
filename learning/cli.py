"""Commands of the ``flask`` program. Each feature brings its own; this file gathers them."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from learning.accounts.commands import people
from learning.assessments.commands import assessments
from learning.instrument_commands import instruments
from learning.mail.commands import mail
from learning.publishing import content
from learning.question_files import questions
from learning.quizzes.commands import quizzes
from learning.serve import serve
from learning.web.policies import policy_of


@click.command("policies")
@with_appcontext
def policies() -> None:
    """List every route with who may use it."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        policy = policy_of(current_app, rule.endpoint)
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{rule.rule:<60} {methods:<8} {policy.name if policy else 'NONE'}")


def init_commands(app: Flask) -> None:
    """Add the commands of the site."""
    app.cli.add_command(policies)
    app.cli.add_command(people)
    app.cli.add_command(assessments)
    app.cli.add_command(mail)
    app.cli.add_command(content)
    app.cli.add_command(quizzes)
    app.cli.add_command(questions)
    app.cli.add_command(instruments)
    app.cli.add_command(serve)
