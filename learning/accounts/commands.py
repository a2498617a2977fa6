"""Commands of people."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.accounts import housekeeping
from learning.accounts.administrators import create_administrator
from learning.clock import now
from learning.errors import DomainError
from learning.web.public_url import public_url_for

people = AppGroup("people", help="People who use the site.")


@people.command("create-administrator")
@click.option("--email", required=True, help="E-mail address to sign in with.")
@click.option("--name", required=True, help="Name as other people know it.")
def create_administrator_command(email: str, name: str) -> None:
    """Make an administrator of the site and print a link to set the password.

    Somebody who has an account already becomes an administrator and sets a new password.
    """
    try:
        token = create_administrator(email, name, now())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo("Open this link within 60 minutes to set the password. It works once:")
    click.echo(public_url_for("accounts.reset", token=token))


@people.command("tidy")
def tidy() -> None:
    """Remove what has ended: counters, sessions, links, devices, traces of mail. Safe at any time."""
    for what, count in housekeeping.tidy(now()).items():
        click.echo(f"{what}: {count} removed")
