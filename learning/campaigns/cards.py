"""The cards of people without an address: their codes wait sealed until the sheet of a group is made, once."""

from __future__ import annotations

import json
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learning.ballots import service as ballots
from learning.campaigns.errors import CardsAreGone
from learning.campaigns.models import SealedCards, Wave
from learning.campaigns.opening import find_wave
from learning.campaigns.states import Move, allowed
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member

log = structlog.get_logger()


def unsealed_cards(member: Member, campaign_id: str, wave_id: str, group_code: str) -> tuple[str, ...]:
    """The codes of the cards that are still to be made, in random order. Raises NotFound, NotNow."""
    row = db.session.execute(
        select(SealedCards.sealed, Wave.ballots_id)
        .join(Wave, (Wave.organization_id == SealedCards.organization_id) & (Wave.id == SealedCards.wave_id))
        .where(
            SealedCards.organization_id == member.organization_id,
            SealedCards.wave_id == wave_id,
            SealedCards.group_code == group_code,
            Wave.campaign_id == campaign_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    sealed, ballots_id = row
    text = ballots.unseal(ballots_id, sealed) if sealed and ballots_id else None
    if text is None:
        raise CardsAreGone
    return tuple(json.loads(text))


def forget_cards(member: Member, campaign_id: str, wave_id: str, group_code: str, now: datetime) -> None:
    """The sheet is made and about to be handed out: its codes go. Of two at once only one gets it. Raises CardsAreGone."""
    with unit_of_work() as session:
        wave = find_wave(session, member.organization_id, campaign_id, wave_id)
        gone = session.execute(
            update(SealedCards)
            .where(
                SealedCards.organization_id == member.organization_id,
                SealedCards.wave_id == wave_id,
                SealedCards.group_code == group_code,
                SealedCards.sealed.is_not(None),
            )
            .values(sealed=None, made_at=now)
        )
        if not allowed(wave.state, Move.PRINT_CARDS) or gone.rowcount != 1:  # type: ignore[attr-defined]
            raise CardsAreGone
    log.info("cards_made", user=member.user_id, organization=member.organization_id, wave=wave_id, group=group_code)


def destroy_cards(session: Session, wave: Wave, now: datetime) -> None:
    """Within the caller's unit of work: the wave ends, so do the cards that nobody printed."""
    session.execute(
        update(SealedCards)
        .where(
            SealedCards.organization_id == wave.organization_id,
            SealedCards.wave_id == wave.id,
            SealedCards.sealed.is_not(None),
        )
        .values(sealed=None, made_at=now)
    )
