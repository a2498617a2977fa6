"""The YAML of a self-assessment to an Instrument: rules that reach over several keys."""

from __future__ import annotations

from learning.content.model import (
    AgreementItem,
    AnchoredItem,
    Band,
    Dimension,
    Headline,
    Instrument,
    Item,
    KnowledgeItem,
    KnowledgeOption,
    Recommendation,
)
from learning.content.problems import Problems, quoted, shortened
from learning.content.schemas import DimensionEntry, HeadlineEntry, InstrumentFile, ItemEntry
from learning.content.yaml_lines import Document, Path

ANCHORS = 5
#: The keys an item of each kind must have, beside those of all items.
_NEEDS = {"anchored": ("anchors", "why"), "agreement": ("key",), "knowledge": ("options",)}
_KIND_KEYS = ("anchors", "key", "options", "why")


def build_instrument(
    entry: InstrumentFile, document: Document, purpose_html: str, file_hash: str, problems: Problems
) -> Instrument | None:
    """The instrument, or None and problems."""
    before = len(problems)
    _check_ids(entry, document, problems)
    _check_headlines(entry, document, problems)
    for index, dimension in enumerate(entry.dimensions):
        _check_dimension(dimension, ("dimensions", index), document, problems)
    _check_pairs(entry, document, problems)
    if len(problems) > before:
        return None
    return Instrument(
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
        hash=file_hash,
    )


def _check_ids(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """Dimensions and items share one set of ids; headlines have their own."""
    seen: dict[str, int] = {}
    places: list[tuple[Path, str]] = []
    for index, dimension in enumerate(entry.dimensions):
        places.append((("dimensions", index, "id"), dimension.id))
        for number, item in enumerate(dimension.items):
            places.append((("dimensions", index, "items", number, "id"), item.id))
    for path, identifier in places:
        line = document.line(path)
        if identifier in seen:
            problems.add(line, f"repeats the id `{identifier}` of line {seen[identifier]}: choose another")
        seen.setdefault(identifier, line)
    headlines: set[str] = set()
    for index, headline in enumerate(entry.headlines):
        if headline.id in headlines:
            problems.add(document.line(("headlines", index, "id")), f"repeats the headline `{headline.id}`: rename it")
        headlines.add(headline.id)


def _check_headlines(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    known = [headline.id for headline in entry.headlines]
    for index, dimension in enumerate(entry.dimensions):
        if dimension.headline not in known:
            line = document.line(("dimensions", index, "headline"))
            problems.add(line, f"names the unknown headline `{dimension.headline}`: write {quoted(known)}")
    used = {dimension.headline for dimension in entry.dimensions}
    for index, headline in enumerate(entry.headlines):
        if headline.id not in used:
            line = document.line(("headlines", index, "id"))
            problems.add(line, f"is the headline `{headline.id}` without a dimension: add one, or delete it")
        for number, band in enumerate(headline.bands):
            line = document.line(("headlines", index, "bands", number))
            below = headline.bands[number - 1].low if number else None
            if below is None and band.low != 0:
                problems.add(line, "is a first band that does not start at 0: write `from: 0`")
            elif below is not None and band.low <= below:
                problems.add(line, f"is a band from {band.low} after one from {below}: put the bands in rising order")


def _check_dimension(dimension: DimensionEntry, at: Path, document: Document, problems: Problems) -> None:
    for index, item in enumerate(dimension.items):
        _check_item(item, dimension.kind, (*at, "items", index), document, problems)


def _check_item(item: ItemEntry, kind: str, at: Path, document: Document, problems: Problems) -> None:
    for key in _KIND_KEYS:
        given = getattr(item, key) is not None
        if key in _NEEDS[kind] and not given:
            problems.add(document.line(at), f"is an item of kind {kind} without `{key}`: add it")
        elif given and key not in _NEEDS[kind] and key != "why":
            problems.add(document.line((*at, key)), f"has `{key}` in an item of kind {kind}: delete it")
    if kind == "anchored" and item.anchors is not None:
        if len(item.anchors) != ANCHORS:
            line = document.line((*at, "anchors"))
            problems.add(line, f"has {len(item.anchors)} anchors: write five, level 0 to 4")
        for number, anchor in enumerate(item.anchors):
            if anchor in item.anchors[:number]:
                line = document.line((*at, "anchors", number))
                problems.add(line, f"repeats the anchor `{shortened(anchor, 40)}`: make the levels differ")
    if kind == "knowledge" and item.options is not None:
        _check_options(item, at, document, problems)


def _check_options(item: ItemEntry, at: Path, document: Document, problems: Problems) -> None:
    options = item.options or []
    line = document.line((*at, "options"))
    if not 2 <= len(options) <= 10:
        problems.add(line, f"has {len(options)} options: write 2 to 10")
    right = [number for number, option in enumerate(options) if option.right]
    if not right:
        problems.add(line, "has no right option: write `right: true` in one")
    elif len(right) > 1:
        second = document.line((*at, "options", right[1]))
        problems.add(second, "is a second right option: keep `right: true` in one only")
    texts = [option.text.casefold() for option in options]
    for number, text in enumerate(texts):
        if text in texts[:number]:
            same = document.line((*at, "options", number))
            problems.add(same, f"repeats the option `{shortened(options[number].text, 40)}`: make them differ")


def _check_pairs(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    kinds = {item.id: dimension.kind for dimension in entry.dimensions for item in dimension.items}
    seen: set[frozenset[str]] = set()
    for index, pair in enumerate(entry.contradictory_pairs):
        line = document.line(("contradictory_pairs", index))
        if len(pair) != 2 or pair[0] == pair[1]:
            problems.add(line, "is not a pair of two items: write [b1-4, b2-5]")
            continue
        if frozenset(pair) in seen:
            problems.add(line, f"repeats the pair {quoted(pair)}: delete one")
        seen.add(frozenset(pair))
        for identifier in pair:
            if identifier not in kinds:
                problems.add(line, f"names the unknown item `{identifier}` in a pair: mend the id")
            elif kinds[identifier] != "agreement":
                problems.add(line, f"names `{identifier}` in a pair, which is no agreement item: choose another")


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
    )


def _item(entry: ItemEntry, kind: str) -> Item:
    if kind == "anchored" and entry.anchors is not None:
        zero, one, two, three, four = entry.anchors
        return AnchoredItem(entry.id, entry.text, (zero, one, two, three, four), entry.guidance, entry.why or "")
    if kind == "agreement" and entry.key is not None:
        return AgreementItem(entry.id, entry.text, entry.key, entry.guidance)
    options = tuple(KnowledgeOption(option.text, option.right, option.feedback) for option in entry.options or [])
    return KnowledgeItem(entry.id, entry.text, options, entry.guidance)
