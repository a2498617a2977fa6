"""Closing a wave: no more answers, and everything that could lead to a person is destroyed."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from learning.ballots import service as ballots
from learning.campaigns.cards import destroy_cards
from learning.campaigns.errors import NotNow
from learning.campaigns.models import Wave, WaveState
from learning.campaigns.opening import find_wave
from learning.campaigns.states import Move, allowed
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.outbox import withdraw_sealed

log = structlog.get_logger()


def close_wave(organization_id: str, campaign_id: str, wave_id: str, now: datetime) -> bool:
    """Close a wave for ever, and tell whether it came to its end. Raises NotFound, NotNow.

    From here on no answer is taken. What was cut off, or waits for somebody who reads the database of answers, is
    finished by calling it again.
    """
    with unit_of_work() as session:
        wave = find_wave(session, organization_id, campaign_id, wave_id)
        if not allowed(wave.state, Move.CLOSE):
            raise NotNow(_("Only an open wave can be closed."))
        wave.state = WaveState.CLOSING
        assert wave.ballots_id is not None
        withdraw_sealed(session, wave.ballots_id)
        destroy_cards(session, wave, now)
        ballots_id = wave.ballots_id
    ballots.close_wave(ballots_id)
    if ballots.released(ballots_id) is None:
        return False
    with unit_of_work() as session:
        wave = find_wave(session, organization_id, campaign_id, wave_id)
        if allowed(wave.state, Move.FINISH):
            wave.state, wave.closed_at = WaveState.CLOSED, now
    log.info("wave_closed", organization=organization_id, wave=wave_id)
    return True


def close_due(now: datetime) -> int:
    """Close the waves whose last day is over, and finish closings that were cut off; tell how many came to their end.

    One that fails is logged and tried again next time; it holds up no other.
    """
    over = (Wave.state == WaveState.CLOSING) | ((Wave.state == WaveState.OPEN) & (Wave.closes_at <= now))
    due = db.session.execute(select(Wave.organization_id, Wave.campaign_id, Wave.id).where(over)).all()
    db.session.remove()
    closed = 0
    for organization_id, campaign_id, wave_id in due:
        try:
            closed += close_wave(organization_id, campaign_id, wave_id, now)
        except Exception:
            log.exception("closing_failed", organization=organization_id, wave=wave_id)
    return closed
