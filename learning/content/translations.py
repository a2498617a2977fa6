"""An instrument in another language must ask the same: same ids, keys, weights, bands and right answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from learning.content.model import (
    AgreementItem,
    AnchoredItem,
    Dimension,
    Headline,
    Instrument,
    Item,
    KnowledgeItem,
)
from learning.content.problems import Problems, quoted
from learning.content.yaml_lines import Document, Path

#: A place in the file, the name of what stands there, and its value.
_Fact = tuple[Path, str, object]


def check_translation(
    translation: Instrument, original: Instrument, language: str, document: Document, problems: Problems
) -> None:
    """Name every place where a translation says something else than the original. ``language``: of the file's name."""
    if translation.language != language:
        line = document.line(("language",))
        problems.add(line, f"is in `{translation.language}` in a file for `{language}`: make them the same")
    elif translation.language == original.language:
        line = document.line(("language",))
        problems.add(line, f"is in `{language}` as the first file is: write the language it was translated into")
    _compare(list(_whole(translation)), list(_whole(original)), document, problems)
    if not _same_ids(translation.headlines, original.headlines, ("headlines",), document, problems):
        return
    for number, (ours, theirs) in enumerate(zip(translation.headlines, original.headlines, strict=True)):
        at: Path = ("headlines", number)
        _compare(list(_headline(ours, at)), list(_headline(theirs, at)), document, problems)
    if not _same_ids(translation.dimensions, original.dimensions, ("dimensions",), document, problems):
        return
    for number, (our, their) in enumerate(zip(translation.dimensions, original.dimensions, strict=True)):
        at = ("dimensions", number)
        _compare(list(_dimension(our, at)), list(_dimension(their, at)), document, problems)
        if _same_ids(our.items, their.items, (*at, "items"), document, problems):
            _compare(list(_items(our.items, at)), list(_items(their.items, at)), document, problems)


def _same_ids(
    ours: Sequence[Headline | Dimension | Item],
    theirs: Sequence[Headline | Dimension | Item],
    at: Path,
    document: Document,
    problems: Problems,
) -> bool:
    mine, wanted = [each.id for each in ours], [each.id for each in theirs]
    if mine == wanted:
        return True
    missing = [name for name in wanted if name not in mine]
    added = [(number, name) for number, name in enumerate(mine) if name not in wanted]
    for number, name in added:
        problems.add(document.line((*at, number, "id")), f"is `{name}`, which the first file does not have: delete it")
    if missing:
        problems.add(document.line(at), f"lacks {quoted(missing)} of the first file: translate it")
    if not missing and not added:
        problems.add(document.line(at), "has another order than the first file: keep its order")
    return False


def _compare(ours: Sequence[_Fact], theirs: Sequence[_Fact], document: Document, problems: Problems) -> None:
    for (path, name, mine), (_, _, wanted) in zip(ours, theirs, strict=True):
        if mine != wanted:
            problems.add(document.line(path), f"has another {name} than the first file: write {_shown(wanted)}")


def _shown(value: object) -> str:
    if value is None or value == ():
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _whole(instrument: Instrument) -> Iterator[_Fact]:
    comparable = instrument.comparable
    yield ("id",), "id", instrument.id
    yield ("version",), "version", instrument.version
    yield ("minutes",), "number of minutes", instrument.minutes
    yield ("comparable",), "version to compare with", comparable.version if comparable else None
    yield ("comparable",), "list of comparable items", comparable.items if comparable else None
    pairs = tuple("/".join(pair) for pair in instrument.contradictory_pairs)
    yield ("contradictory_pairs",), "list of contradictory pairs", pairs


def _headline(headline: Headline, at: Path) -> Iterator[_Fact]:
    yield (*at, "minimum_weight"), "minimum weight", headline.minimum_weight
    yield (*at, "interval_floor"), "interval floor", headline.interval_floor
    yield (*at, "bands"), "row of bands", tuple(band.low for band in headline.bands)


def _dimension(dimension: Dimension, at: Path) -> Iterator[_Fact]:
    yield (*at, "headline"), "headline", dimension.headline_id
    yield (*at, "weight"), "weight", dimension.weight
    yield (*at, "kind"), "kind", dimension.kind
    advice = dimension.recommendation
    yield (*at, "recommend"), "recommended lesson", advice.lesson if advice else None
    yield (*at, "recommend"), "second lesson", advice.then if advice else None
    lower = tuple(
        f"below {each.below} {each.lesson} {each.then or ''}".rstrip() for each in dimension.lower_recommendations
    )
    yield (*at, "recommend", "lower"), "list of lower advice", lower


def _items(items: Sequence[Item], at: Path) -> Iterator[_Fact]:
    for number, item in enumerate(items):
        yield from _item(item, (*at, "items", number))


def _item(item: Item, at: Path) -> Iterator[_Fact]:
    match item:
        case AnchoredItem():
            yield at, "kind", "anchored"
        case AgreementItem():
            yield (*at, "key"), "key", item.key
        case KnowledgeItem():
            right = next(number for number, option in enumerate(item.options) if option.right)
            yield (*at, "options"), "right answer", f"{right + 1} of {len(item.options)}"
