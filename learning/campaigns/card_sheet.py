"""Cards to cut out, as an accessible PDF (PDF/UA-1): eight on a sheet of A4, each with a code of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import segno
from flask_babel import format_date
from flask_babel import gettext as _

from learning.campaigns.inviting import answer_address, answer_link
from learning.campaigns.records import CampaignRecord, WaveRow
from learning.web.typesetting import typeset

#: Of the address alone; the code is typed or read from the picture.
TEMPLATE = "campaigns/cards.typ"


def card_sheet(record: CampaignRecord, wave: WaveRow, group: str, codes: Sequence[str], now: datetime) -> bytes:
    """The bytes of the file; it is kept nowhere. The cards stand in the order of ``codes``, which is random."""
    data = {
        "title": _("Cards: %(title)s", title=record.title),
        "sheet": _("For the bowl of: %(group)s. Cut here; this line belongs to no card.", group=group),
        "headline": record.title,
        "organization": record.organization_name,
        "address": answer_address(),
        "ask": _("Your view, please"),
        "how": _("Point a phone at the picture, or open this address and type the code:"),
        "until": _(
            "For one answer, until %(day)s. Draw your own card: it belongs to nobody.",
            day=format_date(wave.closes_on, "d MMMM y"),
        ),
        "picture": _("QR code of the address with the code %(code)s"),
        "cards": [{"code": code, "rows": _modules(answer_link(code))} for code in codes],
    }
    return typeset(TEMPLATE, data, now)


def _modules(text: str) -> list[str]:
    """The dark squares of a QR code, a row each, as 0 and 1; readable with an eighth of it dirty."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m", micro=False).matrix]
