"""Commands of certificates."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.background import PartlyDone
from learning.certificates.service import issue_due
from learning.clock import now
from learning.web.catalogue import the_catalogue

certificates = AppGroup("certificates", help="Certificates of courses.")


@certificates.command("issue")
def issue() -> None:
    """Issue every certificate that is due, and look again at those that were issued. The server does it by itself."""
    try:
        click.echo(f"{issue_due(the_catalogue(), now())} issued.")
    except PartlyDone as error:
        raise click.ClickException(f"{error}; the log says why. The others have theirs.") from error
