"""What a few invented people tried at work and handed in: some of it waits, some is confirmed or returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from learning.content.model import Catalogue
from learning.practice import deciding, service
from learning.practice.deciding import Confirmer
from learning.web.identity import Member

_TEXTS = (
    "Dye house, line 2: the rinse runs on when no cloth is in it, about 20 litres a minute. Shut at once.",
    "Three lids were off at the tubs. They are on now; I told the late shift.",
    "One hose without a nozzle behind the boiler house.",
    "Lamps in store 3 burn by day. A hand on the switch is enough.",
)


def add_practice(
    learners: Sequence[Member], trainer: Member, catalogue: Catalogue, folder: Path, now: datetime
) -> None:
    """The second of these people has theirs confirmed, the third returned; the others wait."""
    lesson = next((each for each in catalogue.lessons.values() if each.practice), None)
    if lesson is None:
        return
    confirmer = Confirmer(trainer, trains=True)
    for number, (member, text) in enumerate(zip(learners, _TEXTS, strict=False)):
        moment = now - timedelta(days=5 - number, hours=number)
        submission_id = service.hand_in(member, lesson, text, None, folder, moment)
        if number == 1:
            deciding.confirm(confirmer, submission_id, 1, "Well seen.", moment + timedelta(hours=5))
        elif number == 2:
            note = "How long is the hose, and how much runs out of it in a minute?"
            deciding.send_back(confirmer, submission_id, 1, note, moment + timedelta(hours=5))
