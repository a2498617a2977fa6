"""Who takes part, in the words of the page: bands, never counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from learning.ballots.service import GroupParticipation, ShareBand
from learning.campaigns.report_words import count_text


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """A line of the table."""

    name: str
    invited: int | None
    answered: str
    share: str
    as_of: date
    is_everybody: bool


def participation_rows(participation: Sequence[GroupParticipation]) -> list[ParticipationRow]:
    """Everybody first, then the groups."""
    return [
        ParticipationRow(
            name=each.group.name if each.group else _("Everybody"),
            invited=each.group.invited if each.group else None,
            answered=count_text(each.answered),
            share=share_words(each.share),
            as_of=each.as_of,
            is_everybody=each.group is None,
        )
        for each in participation
    ]


def course_rows(course: Sequence[GroupParticipation]) -> list[ParticipationRow]:
    """Everybody, on each day on which the bands were another than on the day before."""
    rows = [participation_rows([each])[0] for each in course]
    moved = zip([None, *rows], rows, strict=False)
    return [row for last, row in moved if last is None or (row.answered, row.share) != (last.answered, last.share)]


def share_words(band: ShareBand | None) -> str:
    """Which share has answered."""
    match band:
        case None:
            return _("too few to say")
        case ShareBand.BELOW_20:
            return _("below 20 %")
        case ShareBand.FROM_20:
            return _("20 to 40 %")
        case ShareBand.FROM_40:
            return _("40 to 60 %")
        case ShareBand.FROM_60:
            return _("60 to 80 %")
        case ShareBand.ABOVE_80:
            return _("above 80 %")
