"""Commands of mail."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.mail.deliver import deliver_due

mail = AppGroup("mail", help="Mail that waits to be sent.")


@mail.command("deliver")
def deliver() -> None:
    """Deliver what is due, once."""
    sent = deliver_due()
    click.echo(f"{sent} sent.")
