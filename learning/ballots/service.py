"""The one door of anonymous answering: whoever needs something of it imports this module and no other."""

from learning.ballots.closing import abandon_wave, close_due, close_wave
from learning.ballots.erasing import erase_wave, leave_no_remnant
from learning.ballots.mails import seal, unseal
from learning.ballots.opening import open_wave, open_wave_of
from learning.ballots.participation import course_of_participation, participation, refresh_participation
from learning.ballots.records import (
    AnswersRefused,
    CodeUnusable,
    GroupParticipation,
    LessonLink,
    OpenedWave,
    Opening,
    OpenWave,
    PersonalResult,
    PlanRefused,
    Receipt,
    Sent,
    ShareBand,
)
from learning.ballots.releases import released
from learning.ballots.results import personal_result
from learning.ballots.submitting import submit

__all__ = [
    "AnswersRefused",
    "CodeUnusable",
    "GroupParticipation",
    "LessonLink",
    "OpenWave",
    "OpenedWave",
    "Opening",
    "PersonalResult",
    "PlanRefused",
    "Receipt",
    "Sent",
    "ShareBand",
    "abandon_wave",
    "close_due",
    "close_wave",
    "course_of_participation",
    "erase_wave",
    "leave_no_remnant",
    "open_wave",
    "open_wave_of",
    "participation",
    "personal_result",
    "refresh_participation",
    "released",
    "seal",
    "submit",
    "unseal",
]
