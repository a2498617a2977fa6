"""Deleting what a closed wave told. What belongs to the people who answered stays: each one's own sealed result."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, or_

from learning.ballots.compacting import StillInUse, compact
from learning.ballots.database import unit_of_work
from learning.ballots.models import AskedAgain, FrozenRelease, Participation, Response, Stage, Wave, WaveGroup
from learning.errors import DomainError


class NotClosed(DomainError):
    """The wave may still have ballots and sealed answers."""

    def __init__(self) -> None:
        super().__init__(_("A wave is not closed to its end yet. Close it, or try again in some minutes."))


class StillRead(DomainError):
    """Remnants lie in the files until they can be written anew."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody reads the answers at this moment, perhaps a backup, so remnants are left. Try again later.")
        )


def erase_wave(wave_id: str) -> None:
    """Delete answers, report and groups of a closed wave. Safe to run again. Raises NotClosed.

    What was declared of it stays, for the results that private codes open: title, questions, lessons; no group.
    """
    with unit_of_work() as session:
        wave = session.get(Wave, wave_id, with_for_update=True)
        if wave is None:
            return
        if wave.stage is not Stage.CLOSED:
            raise NotClosed
        for table in (Response, FrozenRelease, Participation, WaveGroup):
            session.execute(delete(table).where(table.wave_id == wave_id))
        session.execute(delete(AskedAgain).where(or_(AskedAgain.wave_id == wave_id, AskedAgain.earlier_id == wave_id)))


def leave_no_remnant() -> None:
    """Write the files anew without what was deleted. Safe to run again. Raises StillRead."""
    try:
        compact()
    except StillInUse as error:
        raise StillRead from error
