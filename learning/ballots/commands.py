"""Commands of anonymous answering."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.clock import now

ballots = AppGroup("ballots", help="Anonymous answers.")


@ballots.command("close-due")
def close_due_command() -> None:
    """Close the waves whose time is over, and finish closings that were cut off. Safe at any time."""
    from learning.ballots.closing import close_due

    click.echo(f"{close_due(now())} closed.")


@ballots.command("verify")
def verify() -> None:
    """Look up whether closed waves keep what they promise and others are closed in time; ends with 1 if not so."""
    from learning.ballots.verifying import findings

    found = findings()
    for finding in found:
        click.echo(finding)
    if found:
        raise SystemExit(1)
    click.echo("All waves are as they must be.")
