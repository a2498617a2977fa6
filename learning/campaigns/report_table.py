"""The report of a wave as a workbook. Texts are texts and never formulas; a number stands only where one is told."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flask_babel import format_date
from flask_babel import gettext as _

from learning.campaigns.report_change_words import no_change_words
from learning.campaigns.report_headings import headings
from learning.campaigns.report_page import ReportPart
from learning.campaigns.report_parts import Gauge, ShareBar
from learning.campaigns.report_reading import WaveReport
from learning.content.model import Instrument
from learning.psychometrics.figures import Between, Interval
from learning.psychometrics.report import Change, GroupChange, Report

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

Cell = str | float | int | None

#: No cell of a text is read as anything else.
_TEXTS_STAY_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: Widths of the first column and of the others, in letters.
_WIDE, _NARROW = 52, 18


def report_xlsx(page: WaveReport, part: ReportPart) -> bytes:
    """The bytes of the file. XlsxWriter is loaded here and not before."""
    from xlsxwriter.workbook import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True, **_TEXTS_STAY_TEXTS})
    title = _("Report of wave %(number)d: %(title)s", number=page.wave.number, title=page.record.title)
    assert page.wave.closed_at
    book.set_properties(
        {
            "title": title,
            "company": page.record.organization_name,
            # Not the moment at which somebody asked for the file: the same report is the same file.
            "created": page.wave.closed_at.replace(tzinfo=None, microsecond=0),
        }
    )
    for name, rows in _sheets(page, part, title):
        _write(book, name, rows)
    book.close()
    return made.getvalue()


def _sheets(page: WaveReport, part: ReportPart, title: str) -> Iterable[tuple[str, list[Sequence[Cell]]]]:
    words = headings()
    scored = [_("Score"), _("As a number"), _("From"), _("To")]
    shared = [_("Share"), _("From, %"), _("To, %")]
    yield _("Report"), [[title, ""], *_summary(page, part)]
    dimensions: list[Sequence[Cell]] = [[_("Subject"), _("Headline score"), *scored, words["change"]]]
    for headline in part.headlines:
        dimensions.append([headline.gauge.title, "", *_numbers(headline.gauge), headline.change])
        dimensions += [
            [each.gauge.title, headline.gauge.title, *_numbers(each.gauge), each.change or each.gauge.why]
            for each in headline.dimensions
        ]
    yield _("Scores"), dimensions
    yield (
        _("Spread"),
        [
            [_("Level"), _("Headline score"), *shared],
            *([bar.title, each.gauge.title, *_stretch(bar)] for each in part.headlines for bar in each.spread),
        ],
    )
    yield _("I don't know"), [[_("Subject"), *shared], *([bar.title, *_stretch(bar)] for bar in part.unknown_bars)]
    yield _("Groups"), [*_groups(part, scored)]
    if page.report:
        yield _("Changes"), [*_changes(page.report, page.instrument)]
        yield _("Reliability"), [*_reliability(page.report, page.instrument)]
    yield (
        _("Questions"),
        [
            [_("Question"), _("Subject"), *scored, _("Answer"), *shared],
            *_questions(part),
        ],
    )


def _summary(page: WaveReport, part: ReportPart) -> Iterable[Sequence[Cell]]:
    words = headings()
    if page.invented:
        yield words["specimen"], words["invented"]
    yield _("Organization"), page.record.organization_name
    yield _("Frozen on"), str(format_date(page.closed_on, "d MMMM y"))
    for each in part.headlines:
        yield each.gauge.title, " ".join(filter(None, (each.gauge.text, each.band)))
        yield "", each.gauge.why or each.interval
        yield "", each.perception
        if each.change:
            yield words["change"], each.change
    if not part.change.told:
        yield words["change"], part.change.reason
    yield words["answered"], part.response
    if part.warning:
        yield "", part.warning
    for finding in part.strengths:
        yield words["strengths"], f"{finding.title} {finding.score}"
    for finding in part.weaknesses:
        yield words["weaknesses"], f"{finding.title} {finding.score}"
    for done in (*page.done.measures, *page.done.ideas) if page.done else ():
        yield words["done"], done
    for line in part.agreement:
        yield words["agreement"], line
    for line in part.benchmark:
        yield words["benchmark"], line
    if part.knowledge:
        yield "", part.knowledge
    yield words["trust"], part.trust
    for line in (*part.reliability, part.careless):
        yield words["reliance"], line
    if part.change.told:
        yield words["change"], words["other_causes"]
    yield words["about"], part.about


def _groups(part: ReportPart, scored: Sequence[str]) -> Iterable[Sequence[Cell]]:
    yield [_("Group"), _("Subject"), *scored, _("Invited"), _("Answered"), _("Why it is not told")]
    for row in part.groups.rows:
        for gauge in (*row.scores, *row.dimensions):
            yield [row.name, gauge.title, *_numbers(gauge), row.invited, row.answered, gauge.why]
    for name, standing, why in part.groups.hidden:
        yield [name, "", standing, None, None, None, None, "", why]
    for line in part.groups.differences:
        yield [line]
    for name, title, sentence in part.change.groups:
        yield [name, title, sentence]


def _changes(report: Report, instrument: Instrument) -> Iterable[Sequence[Cell]]:
    """Every change that is told as numbers: after less before."""
    titles = _titles(instrument)
    yield [
        *(_("Subject"), _("Group"), _("Change, points"), _("In steps of"), _("From"), _("To")),
        *(_("d"), _("d from"), _("d to"), _("Hedges' g"), _("More than chance"), _("Why it is not told")),
    ]
    chance = {True: _("yes"), False: _("no"), None: ""}
    for each in (*report.change.headlines, *report.change.dimensions):
        yield [
            *(titles[each.id], _("Everybody"), *_change(each), each.d, *_ends(each.d_interval), each.g),
            *(chance[each.more_than_chance], no_change_words(each.reason)),
        ]
    names = {group.code: group.name for group in report.groups.groups}
    for trend in report.change.groups:
        none = [None, None, None, None]
        yield [
            *(titles[trend.headline_id], names[trend.code], *_change(trend), *none, "", no_change_words(trend.reason))
        ]
    if report.change.reason:
        yield [no_change_words(report.change.reason)]


def _change(change: Change | GroupChange) -> tuple[Cell, ...]:
    return change.points, change.step, *_ends(change.interval)


def _reliability(report: Report, instrument: Instrument) -> Iterable[Sequence[Cell]]:
    titles = _titles(instrument)
    yield [
        *(_("Headline score"), _("Alpha from"), _("Alpha to"), _("Alpha, 95 % from"), _("Alpha, 95 % to")),
        *(_("Omega from"), _("Omega to")),
    ]
    for each in report.headlines:
        found = each.reliability
        yield [titles[each.id], *_ends(found.alpha), *_ends(found.alpha_interval), *_ends(found.omega)]


def _ends(found: Between | Interval | None) -> tuple[Cell, Cell]:
    return (None, None) if found is None else (found.low, found.high)


def _titles(instrument: Instrument) -> dict[str, str]:
    titles = {headline.id: headline.title for headline in instrument.headlines}
    return titles | {dimension.id: dimension.title for dimension in instrument.dimensions}


def _questions(part: ReportPart) -> Iterable[Sequence[Cell]]:
    for each in part.questions:
        first = [each.gauge.title, each.dimension, *_numbers(each.gauge)]
        if not each.answers:
            yield [*first, each.gauge.why]
        for bar in each.answers:
            yield [*first, bar.title, *_stretch(bar)]


def _numbers(gauge: Gauge) -> tuple[Cell, ...]:
    return gauge.text, gauge.dot, gauge.low, gauge.high


def _stretch(bar: ShareBar) -> tuple[Cell, ...]:
    return bar.text, bar.low, bar.high


def _write(book: Workbook, name: str, rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    head, body = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 1, 2 * _WIDE if len(rows[0]) == 2 else _WIDE / 2)
    sheet.set_column(2, 12, _NARROW)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows):
        shape = head if line == 0 else body
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, shape)
            elif cell is not None:
                sheet.write_number(line, column, cell, shape)
