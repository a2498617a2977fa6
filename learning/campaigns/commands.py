"""Commands of campaigns."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from learning.errors import DomainError, NotFound

campaigns = AppGroup("campaigns", help="Campaigns and what they leave.")


@campaigns.command("delete")
@click.argument("campaign_id")
@click.confirmation_option(prompt="Lists, answers, reports and action plan go for ever. Delete them?")
def delete(campaign_id: str) -> None:
    """Delete a campaign that has ended. CAMPAIGN_ID stands at the end of the address of its page.

    Whoever kept a copy of its report could compare it with the next report of the same people; nothing guards
    against that any more.
    """
    from learning.campaigns.erasing import erase_campaign

    try:
        click.echo(f"{erase_campaign(campaign_id)}: deleted.")
    except NotFound as error:
        raise click.ClickException("There is no campaign with this id.") from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
