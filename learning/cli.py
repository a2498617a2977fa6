"""Commands of the ``flask`` program. Each feature brings its own; this file gathers them."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from learning.accounts.commands import people
from learning.assessments.commands import assessments
from learning.background import work
from learning.ballots.commands import ballots
from learning.campaigns.commands import campaigns
from learning.certificates.commands import certificates
from learning.mail.commands import mail
from learning.publishing import content
from learning.quizzes.commands import quizzes
from learning.serve import serve
from learning.web.policies import policy_of


class Later(click.Group):
    """A group whose module is loaded when it is asked for: what reads content stays out of the web workers."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self._module = module

    def _group(self) -> click.Group:
        group: click.Group = getattr(import_module(self._module), self.name or "")
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)


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
    app.cli.add_command(ballots)
    app.cli.add_command(campaigns)
    app.cli.add_command(mail)
    app.cli.add_command(content)
    app.cli.add_command(quizzes)
    app.cli.add_command(certificates)
    app.cli.add_command(
        Later("questions", "learning.question_files", "Bring questions in from Moodle's GIFT format and take them out.")
    )
    app.cli.add_command(
        Later("instruments", "learning.instrument_commands", "Check, print and try what self-assessments ask.")
    )
    app.cli.add_command(work)
    app.cli.add_command(serve)
