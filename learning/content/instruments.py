"""The YAML of a self-assessment to an Instrument."""

from __future__ import annotations

from dataclasses import replace

from learning.content.instrument_rules import ALL_ITEMS, check_instrument
from learning.content.instrument_versions import instrument_hash
from learning.content.model import (
    AgreementItem,
    AnchoredItem,
    Band,
    CompanyMeasure,
    Comparable,
    Dimension,
    Headline,
    Instrument,
    Item,
    KnowledgeItem,
    KnowledgeOption,
    Recommendation,
)
from learning.content.problems import Problems
from learning.content.schemas import DimensionEntry, HeadlineEntry, InstrumentFile, ItemEntry
from learning.content.yaml_lines import Document


def build_instrument(
    entry: InstrumentFile, document: Document, purpose_html: str, problems: Problems
) -> Instrument | None:
    """The instrument, or None and problems."""
    before = len(problems)
    check_instrument(entry, document, problems)
    if len(problems) > before:
        return None
    instrument = Instrument(
        id=entry.id,
        version=entry.version,
        title=entry.title,
        language=entry.language,
        purpose_html=purpose_html,
        minutes=entry.minutes,
        status=entry.status,
        headlines=tuple(_headline(headline) for headline in entry.headlines),
        dimensions=tuple(_dimension(dimension) for dimension in entry.dimensions),
        contradictory_pairs=tuple((pair[0], pair[1]) for pair in entry.contradictory_pairs),
        hash="",
        comparable=_comparable(entry),
    )
    return replace(instrument, hash=instrument_hash(instrument))


def _comparable(entry: InstrumentFile) -> Comparable | None:
    if entry.comparable is None:
        return None
    every = tuple(item.id for dimension in entry.dimensions for item in dimension.items)
    named = tuple(entry.comparable.items)
    return Comparable(entry.comparable.version, every if named == (ALL_ITEMS,) else named)


def _headline(entry: HeadlineEntry) -> Headline:
    bands = tuple(Band(band.low, band.title, band.text) for band in entry.bands)
    return Headline(entry.id, entry.title, entry.short, entry.minimum_weight, entry.interval_floor, bands)


def _dimension(entry: DimensionEntry) -> Dimension:
    advice = entry.recommend
    return Dimension(
        id=entry.id,
        headline_id=entry.headline,
        title=entry.title,
        about=entry.about,
        weight=entry.weight,
        kind=entry.kind,
        items=tuple(_item(item, entry.kind) for item in entry.items),
        recommendation=Recommendation(advice.lesson, advice.then, advice.measure) if advice else None,
        lower_recommendations=tuple(
            Recommendation(lower.lesson, lower.then, lower.measure, lower.below)
            for lower in (advice.lower if advice else ())
        ),
        measures=tuple(CompanyMeasure(each.title, each.what) for each in entry.measures),
    )


def _item(entry: ItemEntry, kind: str) -> Item:
    if kind == "anchored" and entry.anchors is not None:
        zero, one, two, three, four = entry.anchors
        return AnchoredItem(entry.id, entry.text, (zero, one, two, three, four), entry.guidance, entry.why or "")
    if kind == "agreement" and entry.key is not None:
        return AgreementItem(entry.id, entry.text, entry.key, entry.guidance)
    options = tuple(KnowledgeOption(option.text, option.right, option.feedback) for option in entry.options or [])
    return KnowledgeItem(entry.id, entry.text, options, entry.guidance)
