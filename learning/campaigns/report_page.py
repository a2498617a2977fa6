"""A report in words and places, made of a release alone: the page, the PDF, the table and the poster show these records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from learning.campaigns import report_change_words as changes
from learning.campaigns import report_words as words
from learning.campaigns.report_parts import (
    ChangePart,
    DimensionPart,
    Finding,
    Gauge,
    GroupPart,
    GroupsPart,
    HeadlinePart,
    QuestionPart,
    ShareBar,
)
from learning.content.model import AgreementItem, AnchoredItem, Dimension, Headline, Instrument
from learning.psychometrics.benchmark import Benchmark
from learning.psychometrics.figures import Form, Score
from learning.psychometrics.report import Change, GroupScore, GroupStanding, HeadlineResult, ItemResult, Report
from learning.web.item_words import answer_text


@dataclass(frozen=True, slots=True)
class ReportPart:
    """All that a report says."""

    response: str
    #: Empty unless fewer than half answered.
    warning: str
    headlines: tuple[HeadlinePart, ...]
    strengths: tuple[Finding, ...]
    weaknesses: tuple[Finding, ...]
    #: "I don't know" as a finding, then its share in every dimension.
    unknown: tuple[str, ...]
    unknown_bars: tuple[ShareBar, ...]
    agreement: tuple[str, ...]
    groups: GroupsPart
    change: ChangePart
    #: Empty unless five companies can be compared.
    benchmark: tuple[str, ...]
    #: Empty without a knowledge check.
    knowledge: str
    reliability: tuple[str, ...]
    #: Title, alpha, its interval, omega.
    reliability_rows: tuple[tuple[str, str, str, str], ...]
    trust: str
    careless: str
    questions: tuple[QuestionPart, ...]
    about: str


def report_part(
    report: Report, instrument: Instrument, before: Report | None, benchmarks: Sequence[Benchmark]
) -> ReportPart:
    """``before``: the report of the wave before, for the marks of last time."""
    return _Reading(report, instrument, before).part(benchmarks)


class _Reading:
    """One report with what its ids mean."""

    def __init__(self, report: Report, instrument: Instrument, before: Report | None) -> None:
        self._report = report
        self._instrument = instrument
        self._headlines = {each.id: each for each in instrument.headlines}
        self._dimensions = {each.id: each for each in instrument.dimensions}
        self._items = {each.id: each for each in instrument.items}
        self._titles = {each.id: each.title for each in instrument.headlines}
        self._titles |= {each.id: each.title for each in instrument.dimensions}
        self._changes = {each.id: each for each in (*report.change.headlines, *report.change.dimensions)}
        self._before: dict[str, Score | None] = {}
        if before is not None and report.change.reason is None:
            self._before = {each.id: each.score for each in before.headlines}
            self._before |= {each.id: each.score for each in before.dimensions}

    def part(self, benchmarks: Sequence[Benchmark]) -> ReportPart:
        report = self._report
        dimensions = report.dimensions
        matters = any(each.careless_matters for each in report.headlines)
        return ReportPart(
            response=words.response_words(report.response),
            warning=words.response_warning(report.response),
            headlines=tuple(self._headline(each) for each in report.headlines),
            strengths=tuple(self._finding(each, strong=True) for each in report.strengths),
            weaknesses=tuple(self._finding(each, strong=False) for each in report.weaknesses),
            unknown=self._unknown(),
            unknown_bars=tuple(
                ShareBar.of(self._titles[each.id], each.dont_know)
                for each in dimensions
                if self._dimensions[each.id].kind == "anchored"
            ),
            agreement=tuple(
                words.agreement_words(
                    [self._titles[each.id] for each in dimensions if each.agreed],
                    [self._titles[each.id] for each in dimensions if each.agreed is False],
                )
            ),
            groups=self._groups(),
            change=self._change(),
            benchmark=tuple(words.benchmark_words(self._titles[each.headline_id], each) for each in benchmarks),
            knowledge=self._knowledge(),
            reliability=tuple(
                words.reliability_words(self._titles[each.id], each.reliability) for each in report.headlines
            ),
            reliability_rows=tuple(
                (
                    self._titles[each.id],
                    words.coefficient_text(each.reliability.alpha),
                    words.interval_text(each.reliability.alpha_interval) or "–",
                    words.coefficient_text(each.reliability.omega),
                )
                for each in report.headlines
            ),
            trust=words.trust_words(report.trust),
            careless=words.careless_words(report.careless, matters),
            questions=tuple(self._question(place, each) for place, each in enumerate(report.items)),
            about=_(
                "A score is the mean of answers, from 0 (the lowest choice everywhere) to 100 (the highest). The line "
                "through it shows where it would most likely lie if everybody had answered. Names of levels are "
                "conventions. Asked with “%(title)s”, version %(version)d (%(status)s); nothing is told of fewer than "
                "%(k)d people.",
                title=self._instrument.title,
                version=report.instrument_version,
                status=self._instrument.status,
                k=report.k,
            ),
        )

    def _about_workplace(self, headline_id: str) -> bool:
        return any(each.kind == "anchored" for each in self._instrument.dimensions if each.headline_id == headline_id)

    def _headline(self, result: HeadlineResult) -> HeadlinePart:
        headline: Headline = self._headlines[result.id]
        change = self._changes.get(result.id)
        return HeadlinePart(
            gauge=self._gauge(result.id, result.score, words.withheld_words(result.withheld, self._report.k)),
            perception=words.perception_words(self._about_workplace(result.id)),
            band=words.band_words(result, headline),
            bands=headline.bands,
            here=tuple(headline.bands[place] for place in result.bands if place < len(headline.bands)),
            interval=words.interval_words(result.score) if result.score else "",
            change=changes.change_words(change) if change else "",
            short_change=changes.short_change_words(change),
            spread=tuple(
                ShareBar.of(
                    headline.bands[each.band].title if each.band < len(headline.bands) else str(each.band + 1),
                    each.share,
                )
                for each in result.spread
            ),
            dimensions=tuple(
                DimensionPart(
                    gauge=self._gauge(each.id, each.score, words.withheld_words(each.withheld, self._report.k)),
                    change=changes.change_words(self._changes[each.id]) if each.id in self._changes else "",
                )
                for each in self._report.dimensions
                if each.headline_id == result.id
            ),
        )

    def _gauge(self, id_: str, score: Score | None, why: str) -> Gauge:
        return Gauge.of(id_, self._titles[id_], score, why, self._before.get(id_))

    def _finding(self, dimension_id: str, *, strong: bool) -> Finding:
        """A dimension that stands out, and the question within it that stands out most."""
        dimension: Dimension = self._dimensions[dimension_id]
        score = next(each.score for each in self._report.dimensions if each.id == dimension_id)
        told = [each for each in self._report.items if each.dimension_id == dimension_id and each.score]
        told.sort(key=lambda each: each.score.middle if each.score else 0.0, reverse=strong)
        advice = dimension.recommendation_at(score.middle) if score and not strong else None
        return Finding(
            id=dimension_id,
            title=dimension.title,
            score=words.score_text(score),
            headline=self._titles[dimension.headline_id],
            question=self._standing_out(told[0], strong=strong) if told else "",
            measure=advice.measure if advice else "",
        )

    def _standing_out(self, result: ItemResult, *, strong: bool) -> str:
        item, score = self._items[result.id], words.score_text(result.score)
        if strong:
            text = _("Highest within it: “%(question)s” (%(score)s).", question=item.text, score=score)
        else:
            text = _("Lowest within it: “%(question)s” (%(score)s).", question=item.text, score=score)
        if isinstance(item, AnchoredItem) and result.score and result.score.form is Form.POINTS:
            anchor = item.anchors[min(4, max(0, int(result.score.value / 25 + 0.5)))]
            text += " " + _("Nearest to what people say of it: “%(anchor)s”", anchor=anchor)
        if isinstance(item, AgreementItem) and item.key == "negative":
            text += " " + _("The score is turned: high means that few agree with it.")
        return text

    def _unknown(self) -> tuple[str, ...]:
        many = [
            (each.dont_know.low, words.unknown_words(self._titles[each.id], each.dont_know))
            for each in self._report.dimensions
            if each.dont_know and each.dont_know.low >= words.MANY_UNKNOWN
        ]
        if not many:
            return (_("On no subject did people often have to say “I don't know”."),)
        return tuple(line for _low, line in sorted(many, key=lambda each: -each[0]))

    def _groups(self) -> GroupsPart:
        groups = self._report.groups
        names = {each.code: each.name for each in groups.groups}
        return GroupsPart(
            columns=tuple(self._titles[each.id] for each in self._report.headlines),
            rows=tuple(
                GroupPart(
                    name=names[row.code] if row.code else _("Other departments together"),
                    invited=row.invited,
                    answered=words.count_text(row.answered),
                    scores=tuple(self._in_group(each) for each in row.headlines),
                    dimensions=tuple(self._in_group(each) for each in row.dimensions),
                )
                for row in groups.rows
            ),
            hidden=tuple(
                (
                    each.name,
                    _("counted with the other departments")
                    if each.standing is GroupStanding.MERGED
                    else _("in the figures of the whole only"),
                    words.withheld_words(each.reason, self._report.k)
                    or _("There would be no second row to compare it with."),
                )
                for each in groups.groups
                if each.standing is not GroupStanding.TOLD
            ),
            differences=tuple(
                words.difference_words(self._titles[each.headline_id], each) for each in groups.differences
            ),
            drawn=tuple(self._titles[each] for each in groups.shrunken),
        )

    def _in_group(self, score: GroupScore) -> Gauge:
        why = words.withheld_words(score.withheld, self._report.k)
        return Gauge.of(score.id, self._titles[score.id], score.score, why)

    def _change(self) -> ChangePart:
        change = self._report.change
        return ChangePart(
            told=change.reason is None,
            reason=changes.no_change_words(change.reason),
            headlines=tuple((self._titles[each.id], self._sentence(each)) for each in change.headlines),
            dimensions=tuple((self._titles[each.id], changes.change_words(each)) for each in change.dimensions),
            groups=tuple(self._group_changes()),
            figures=tuple(
                (
                    self._titles[each.id],
                    changes.signed(each.points),
                    words.interval_text(each.interval),
                    "–" if each.d is None else changes.signed(each.d),
                    words.interval_text(each.d_interval) or "–",
                    "–" if each.g is None else changes.signed(each.g),
                )
                for each in (*change.headlines, *change.dimensions)
                if each.points is not None
            ),
        )

    def _group_changes(self) -> Iterator[tuple[str, str, str]]:
        """One line a group where all its scores say the same."""
        for group in self._report.groups.groups:
            mine = [each for each in self._report.change.groups if each.code == group.code]
            sentences = [changes.change_words(each) for each in mine]
            if len(mine) > 1 and len(set(sentences)) == 1 and mine[0].reason:
                yield group.name, _("All scores"), sentences[0]
            else:
                for each, sentence in zip(mine, sentences, strict=True):
                    yield group.name, self._titles[each.headline_id], sentence

    def _sentence(self, change: Change) -> str:
        return f"{changes.change_words(change)} {changes.effect_words(change)}".strip()

    def _knowledge(self) -> str:
        knowledge = self._report.knowledge
        if knowledge is None:
            return ""
        if knowledge.score is None:
            return _("Knowledge check: %(why)s", why=words.withheld_words(knowledge.withheld, self._report.k))
        return _(
            "Knowledge check: people had %(score)s of 100 right on average.", score=words.score_text(knowledge.score)
        )

    def _question(self, place: int, result: ItemResult) -> QuestionPart:
        item = self._items[result.id]
        return QuestionPart(
            place=place,
            gauge=Gauge.of(result.id, item.text, result.score, words.withheld_words(result.withheld, self._report.k)),
            dimension=self._titles[result.dimension_id],
            knowledge=item.kind == "knowledge",
            answers=tuple(ShareBar.of(answer_text(item, str(each.value)), each.share) for each in result.distribution),
        )
