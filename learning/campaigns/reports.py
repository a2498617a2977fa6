"""The frozen report of a wave, as pages, papers and the action plan read it. Nothing else of a wave is ever read."""

from __future__ import annotations

from functools import lru_cache

from learning.ballots import service as ballots
from learning.campaigns.models import WaveState
from learning.campaigns.records import CampaignRecord, WaveRow
from learning.psychometrics.release import Release
from learning.psychometrics.report import Report


@lru_cache(maxsize=64)
def _frozen(ballots_id: str) -> Release:
    """A release never changes, so it is read and parsed once. Raises LookupError until the closing is at its end."""
    found = ballots.released(ballots_id)
    if found is None:
        raise LookupError(f"The wave {ballots_id} has no report.")
    return found


@lru_cache(maxsize=64)
def _parsed(ballots_id: str) -> Report | None:
    return _frozen(ballots_id).report


def release_of(wave: WaveRow) -> Release | None:
    """What a wave tells; None until it is closed, and while the closing waits for somebody who reads."""
    if wave.state is not WaveState.CLOSED or wave.ballots_id is None:
        return None
    try:
        return _frozen(wave.ballots_id)
    except LookupError:
        return None


def report_of(wave: WaveRow) -> Report | None:
    """The figures of a closed wave; None until it is closed, and where it tells nothing."""
    if release_of(wave) is None or wave.ballots_id is None:
        return None
    return _parsed(wave.ballots_id)


def latest_report(record: CampaignRecord) -> tuple[WaveRow, Report] | None:
    """The newest wave that tells something."""
    for wave in reversed(record.waves):
        report = report_of(wave)
        if report is not None:
            return wave, report
    return None


def wave_before(record: CampaignRecord, wave: WaveRow) -> WaveRow | None:
    """The wave with which the report of this one compares itself."""
    earlier = [each for each in record.waves if each.number < wave.number]
    return earlier[-1] if earlier else None
