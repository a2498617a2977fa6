"""What the report of a wave shows: the release in words, and what was done since the wave before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from learning.accounts.models import Organization
from learning.campaigns.declaring import instrument_of
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.measure_queries import MeasureRow, measures_of
from learning.campaigns.models import Wave, WaveState
from learning.campaigns.reading import load, wave_row
from learning.campaigns.records import CampaignRecord, WaveRow, day_in
from learning.campaigns.report_page import ReportPart, report_part
from learning.campaigns.report_words import refusal_words, shortened
from learning.campaigns.reports import release_of, report_of, wave_before
from learning.content.model import Catalogue, Instrument
from learning.errors import NotFound
from learning.extensions import db
from learning.ideas.queries import ideas_done
from learning.psychometrics.benchmark import Benchmark, benchmark
from learning.psychometrics.report import Report
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class Done:
    """What was done between the wave before and this one."""

    #: Titles of measures, and the beginnings of ideas.
    measures: tuple[str, ...]
    ideas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveReport:
    """The report of a closed wave."""

    record: CampaignRecord
    wave: WaveRow
    instrument: Instrument
    #: Why it tells nothing; empty if it does.
    refusal: str
    #: None with ``refusal``.
    report: Report | None
    part: ReportPart | None
    #: None for a first wave.
    done: Done | None
    #: Figures of an invented company: say so on every page.
    invented: bool
    measures: tuple[MeasureRow, ...]

    @property
    def closed_on(self) -> date:
        """The day on which the figures were frozen."""
        assert self.wave.closed_at
        return day_in(self.wave.closed_at, self.record.time_zone)


def wave_report(member: Member, campaign_id: str, wave_id: str, catalogue: Catalogue) -> WaveReport | None:
    """The report of a wave; None as long as it is not closed. Raises NotFound."""
    record = load(db.session(), member.organization_id, campaign_id)
    wave = next((each for each in record.waves if each.id == wave_id), None)
    if wave is None:
        raise NotFound
    release, instrument = release_of(wave), instrument_of(record, catalogue)
    if release is None or instrument is None:
        return None
    report, before = report_of(wave), wave_before(record, wave)
    measures = measures_of(member.organization_id, campaign_id)
    is_demo = db.session.scalar(select(Organization.is_demo).where(Organization.id == member.organization_id))
    return WaveReport(
        record=record,
        wave=wave,
        instrument=instrument,
        refusal=refusal_words(release.refusal, wave.k or record.k),
        report=report,
        part=report_part(report, instrument, report_of(before) if before else None, _benchmarks(record, wave, report))
        if report
        else None,
        done=_done(record, before, wave, measures) if before else None,
        invented=bool(is_demo) or bool(report and report.specimen),
        measures=measures,
    )


def _done(record: CampaignRecord, before: WaveRow, wave: WaveRow, measures: tuple[MeasureRow, ...]) -> Done | None:
    if before.closed_at is None or wave.closed_at is None:
        return None
    first, last = day_in(before.closed_at, record.time_zone), day_in(wave.closed_at, record.time_zone)
    return Done(
        measures=tuple(
            each.title
            for each in measures
            if each.status is MeasureStatus.DONE and each.done_on and first <= each.done_on <= last
        ),
        ideas=tuple(map(shortened, ideas_done(record.organization_id, first, last))),
    )


def _benchmarks(record: CampaignRecord, wave: WaveRow, report: Report) -> tuple[Benchmark, ...]:
    """Beside the newest report that every other company had when this wave was closed, so that it never changes."""
    if wave.closed_at is None:
        return ()
    # Of other organizations nothing is read but what each has published of itself, and no mean of fewer than five is told.
    newest = (
        select(Wave.organization_id, func.max(Wave.closed_at).label("closed_at"))
        .join(Organization, Organization.id == Wave.organization_id)
        .where(
            Wave.organization_id != record.organization_id,
            Organization.is_demo.is_(False),
            Wave.state == WaveState.CLOSED,
            Wave.closed_at <= wave.closed_at,
        )
        .group_by(Wave.organization_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(Wave)
        .join(newest, (newest.c.organization_id == Wave.organization_id) & (newest.c.closed_at == Wave.closed_at))
        .order_by(Wave.organization_id, Wave.id)
    )
    others = {row.organization_id: report_of(wave_row(row)) for row in rows}
    return benchmark(report, [each for each in others.values() if each])
