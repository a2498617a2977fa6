"""Deleting a campaign that has ended: whom it invited, what was answered, its reports, its action plan.

For whoever runs the site, not for managers: a report is held against every earlier one of the same people, and one
that its manager had printed and deleted could be compared with the next without that.
"""

from __future__ import annotations

import structlog
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.ballots import service as ballots
from learning.campaigns.errors import NotNow
from learning.campaigns.models import Campaign
from learning.campaigns.reading import load
from learning.campaigns.records import CampaignRecord
from learning.database import unit_of_work
from learning.errors import NotFound

log = structlog.get_logger()


def erase_campaign(campaign_id: str) -> str:
    """Delete a campaign of which no wave is open; tell its title. Raises NotFound, NotNow, NotClosed, StillRead.

    Cut off, the campaign is still there, and doing it again deletes the rest: the answers go first, because nothing
    but the campaign names them.
    """
    with unit_of_work() as session:
        waves = [wave.ballots_id for wave in _ended(session, campaign_id)[1].waves if wave.ballots_id]
    for ballots_id in waves:
        ballots.erase_wave(ballots_id)
    ballots.leave_no_remnant()
    with unit_of_work() as session:
        campaign, record = _ended(session, campaign_id)
        session.delete(campaign)
    log.info("campaign_deleted", organization=record.organization_id, campaign=campaign_id)
    return record.title


def _ended(session: Session, campaign_id: str) -> tuple[Campaign, CampaignRecord]:
    """The campaign, locked. Raises NotFound, NotNow."""
    campaign = session.scalar(select(Campaign).where(Campaign.id == campaign_id).with_for_update())
    if campaign is None:
        raise NotFound
    record = load(session, campaign.organization_id, campaign_id)
    if record.running_wave:
        raise NotNow(_("A wave of this campaign is open. Close it first, then the campaign can be deleted."))
    return campaign, record
