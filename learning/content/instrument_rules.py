"""What the YAML of a self-assessment must keep to: rules that reach over several keys, each with its line."""

from __future__ import annotations

from learning.content.problems import Problems, quoted, shortened
from learning.content.schemas import DimensionEntry, HeadlineEntry, InstrumentFile, ItemEntry
from learning.content.yaml_lines import Document, Path

ANCHORS = 5
#: More headline scores than these two nobody can keep apart.
MOST_SCORES = 2
#: Fewer answers give no score, so a dimension of fewer items would never have one.
FEWEST_ITEMS = 2
#: Stands for all items where a version names what it may be compared in.
ALL_ITEMS = "all"
#: The keys an item of each kind must have, beside those of all items.
_NEEDS = {"anchored": ("anchors", "why"), "agreement": ("key",), "knowledge": ("options",)}
_KIND_KEYS = ("anchors", "key", "options", "why")


def check_instrument(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """Name every mistake that the keys one by one do not show."""
    _check_ids(entry, document, problems)
    _check_version(entry, document, problems)
    _check_headlines(entry, document, problems)
    _check_scores(entry, document, problems)
    for index, dimension in enumerate(entry.dimensions):
        _check_dimension(dimension, ("dimensions", index), document, problems)
    _check_texts(entry, document, problems)
    _check_advice(entry, document, problems)
    _check_pairs(entry, document, problems)


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
        _check_bands(headline, ("headlines", index, "bands"), document, problems)


def _check_bands(headline: HeadlineEntry, at: Path, document: Document, problems: Problems) -> None:
    for number, band in enumerate(headline.bands):
        line = document.line((*at, number))
        below = headline.bands[number - 1].low if number else None
        if below is None and band.low != 0:
            problems.add(line, "is a first band that does not start at 0: write `from: 0`")
        elif below is not None and band.low <= below:
            problems.add(line, f"is a band from {band.low} after one from {below}: put the bands in rising order")


def _check_scores(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """One or two headlines are scored; a knowledge check is counted, so it has a headline of its own."""
    scored = 0
    checks = 0
    for index, headline in enumerate(entry.headlines):
        line = document.line(("headlines", index, "id"))
        kinds = {dimension.kind for dimension in entry.dimensions if dimension.headline == headline.id}
        if "knowledge" in kinds and len(kinds) > 1:
            problems.add(line, f"mixes the knowledge check into the headline `{headline.id}`: give it one of its own")
            return
        if "knowledge" in kinds:
            checks += 1
            if headline.bands:
                at = document.line(("headlines", index, "bands"))
                problems.add(at, "has bands for a knowledge check, which only counts right answers: delete them")
        elif kinds:
            scored += 1
        if scored > MOST_SCORES or checks > 1:
            problems.add(line, "is one headline too many: an instrument has one or two and at most one knowledge check")
            return
    if not scored and entry.headlines:
        line = document.line(("headlines",))
        problems.add(line, "has no headline with a score: add a dimension of kind `anchored` or `agreement`")


def _check_version(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """A later version says which of its items may be compared with the version before."""
    line = document.line(("comparable",))
    if entry.comparable is None:
        if entry.version > 1:
            example = f"comparable: {{from: {entry.version - 1}, items: [all]}}"
            problems.add(
                document.line(("version",)), f"is a later version that does not say what stayed: add `{example}`"
            )
        return
    if entry.comparable.version >= entry.version:
        problems.add(line, f"compares with version {entry.comparable.version}: name one before {entry.version}")
    known = {item.id for dimension in entry.dimensions for item in dimension.items}
    named = entry.comparable.items
    for number, identifier in enumerate(named):
        at = document.line(("comparable", "items", number))
        if identifier == ALL_ITEMS and len(named) > 1:
            problems.add(at, "names `all` beside single items: keep one or the others")
        elif identifier in named[:number]:
            problems.add(at, f"names the item `{identifier}` twice: delete one")
        elif identifier != ALL_ITEMS and identifier not in known:
            problems.add(at, f"names the unknown item `{identifier}` as comparable: mend the id")


def _check_dimension(dimension: DimensionEntry, at: Path, document: Document, problems: Problems) -> None:
    for index, item in enumerate(dimension.items):
        _check_item(item, dimension.kind, (*at, "items", index), document, problems)
    if dimension.kind != "knowledge" and len(dimension.items) < FEWEST_ITEMS:
        line = document.line((*at, "items"))
        problems.add(line, f"has one item, which never makes a score: write {FEWEST_ITEMS} or more")
    if dimension.kind == "knowledge" and dimension.recommend is not None:
        line = document.line((*at, "recommend"))
        problems.add(line, "recommends something after a knowledge check, which has no score: delete it")
    if dimension.kind == "knowledge" and dimension.measures:
        line = document.line((*at, "measures"))
        problems.add(line, "suggests measures after a knowledge check, which has no score: delete them")


def _check_texts(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """No two items read the same."""
    seen: dict[str, int] = {}
    for index, dimension in enumerate(entry.dimensions):
        for number, item in enumerate(dimension.items):
            line = document.line(("dimensions", index, "items", number, "text"))
            text = item.text.casefold()
            if text in seen:
                problems.add(line, f"repeats the text of line {seen[text]}: make the items differ")
            seen.setdefault(text, line)


def _check_advice(entry: InstrumentFile, document: Document, problems: Problems) -> None:
    """Advice for low scores begins where a band begins, and rises."""
    cuts = {headline.id: [band.low for band in headline.bands if band.low] for headline in entry.headlines}
    for index, dimension in enumerate(entry.dimensions):
        lower = dimension.recommend.lower if dimension.recommend else []
        for number, advice in enumerate(lower):
            line = document.line(("dimensions", index, "recommend", "lower", number, "below"))
            edges = cuts.get(dimension.headline, [])
            if advice.below not in edges:
                mend = f"write {quoted(map(str, edges))}" if edges else "give the headline bands, or delete it"
                problems.add(line, f"is advice below {advice.below}, where no band ends: {mend}")
            elif number and advice.below <= lower[number - 1].below:
                problems.add(
                    line,
                    f"is advice below {advice.below} after one below {lower[number - 1].below}: put them in rising order",
                )


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
    keys = {item.id: item.key for dimension in entry.dimensions for item in dimension.items}
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
        first, second = (keys.get(identifier) for identifier in pair)
        if first is not None and first == second:
            problems.add(line, f"pairs two items that are both keyed {first}: agreeing with both contradicts nothing")
