"""Commands of instruments: check what they ask, print them, try them on invented people."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from learning.config import PROJECT, Settings
from learning.content.catalogue import load_catalogue
from learning.content.instrument_report import (
    HIGHEST_GRADE,
    GradedText,
    graded_dimensions,
    graded_frame,
    is_graded,
    unwritten_lessons,
)
from learning.content.instrument_sheet import sheet, sheet_text
from learning.content.model import Catalogue, Instrument

if TYPE_CHECKING:
    from learning.psychometrics.simulation import HeadlineStudy, Study

SHEET = PROJECT / "templates" / "instruments" / "sheet.typ"
#: Persons that one mark of a drawn bar stands for, as a share of all.
BAR = 50


@click.group("instruments")
def instruments() -> None:
    """Check, print and try the self-assessments."""


@instruments.command("check")
@with_appcontext
def check() -> None:
    """Name every mistake by file and line, and grade how hard each text is to read; ends with 1 above grade 9."""
    catalogue = _catalogue()
    if not catalogue.instruments:
        click.echo("There is no instrument: write one as in docs/authoring.md.")
    hard = sum(_check(instrument, catalogue) for instrument in _all(catalogue))
    if hard:
        raise click.ClickException(
            f"{hard} texts above grade {HIGHEST_GRADE:g}: say them in shorter words or sentences."
        )


@instruments.command("show")
@click.argument("name")
@click.option("--language", default="", help="Language of a translation; by default the first one.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write an accessible PDF here instead.")
@with_appcontext
def show(name: str, language: str, pdf: Path | None) -> None:
    """Print a whole instrument as a sheet: all it asks, and how it scores."""
    instrument = _named(_catalogue(), name, language)
    if pdf is None:
        click.echo(sheet_text(instrument), nl=False)
        return
    try:
        pdf.write_bytes(_printed(instrument))
    except OSError as error:
        raise click.ClickException(f"{pdf} cannot be written ({error.strerror}): name another file.") from error
    click.echo(f"{pdf} is written.")


@instruments.command("simulate")
@click.argument("name")
@click.option("--persons", type=click.IntRange(30, 20_000), default=500, show_default=True, help="How many people.")
@click.option(
    "--seed", type=click.IntRange(0), default=20260101, show_default=True, help="The same seed, the same people."
)
@with_appcontext
def simulate(name: str, persons: int, seed: int) -> None:
    """Let invented people answer an instrument and see what its scores recover of them."""
    from learning.psychometrics.simulation import simulate_study

    instrument = _named(_catalogue(), name, "")
    for line in _told(simulate_study(instrument, persons, seed)):
        click.echo(line)


def _catalogue() -> Catalogue:
    """What stands in the site's content folder. With mistakes in it: names them and ends with 1."""
    settings: Settings = current_app.extensions["settings"]
    loaded = load_catalogue(settings.content)
    if loaded.catalogue is not None:
        return loaded.catalogue
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    raise click.ClickException(f"{len(loaded.problems)} problems. Mend them and run this again.")


def _all(catalogue: Catalogue) -> Iterator[Instrument]:
    for name, instrument in catalogue.instruments.items():
        yield instrument
        yield from catalogue.translations.get(name, {}).values()


def _named(catalogue: Catalogue, name: str, language: str) -> Instrument:
    instrument = catalogue.instrument_in(name, language)
    if instrument is None:
        known = ", ".join(catalogue.instruments) or "none yet"
        raise click.ClickException(f"There is no instrument {name}. There are: {known}.")
    if language not in ("", instrument.language):
        known = ", ".join([catalogue.instruments[name].language, *catalogue.translations.get(name, {})])
        raise click.ClickException(f"{name} is not there in {language}. It is there in: {known}.")
    return instrument


def _check(instrument: Instrument, catalogue: Catalogue) -> int:
    """Print what there is to know of one instrument; how many texts are too hard."""
    click.echo(
        f"{instrument.id} ({instrument.language}), version {instrument.version}: {len(instrument.items)} items in "
        f"{len(instrument.dimensions)} dimensions, {instrument.minutes} minutes, hash {instrument.hash[:12]}"
    )
    unwritten = unwritten_lessons(instrument, catalogue.lessons)
    if unwritten:
        click.echo(f"  recommends lessons that are not written yet: {', '.join(unwritten)}")
    if not is_graded(instrument):
        click.echo("  not graded: the Flesch-Kincaid grade is for English\n")
        return 0
    frame, dimensions = graded_frame(instrument), graded_dimensions(instrument)
    texts = [*frame, *(text for dimension in dimensions for text in dimension.texts)]
    click.echo("  Flesch-Kincaid grade of each text:")
    for line in _rows(texts):
        click.echo(f"    {line}")
    click.echo(f"    {'dimension':<16} highest  mean")
    for each in dimensions:
        click.echo(f"    {each.dimension.id:<16} {each.highest:>7.1f} {each.mean:>5.1f}")
    hard = [text for text in texts if text.too_hard]
    for text in hard:
        click.echo(f"  {text.owner} {text.name} is grade {text.grade:.1f}: {text.text}", err=True)
    click.echo()
    return len(hard)


def _rows(texts: Iterable[GradedText]) -> Iterator[str]:
    """One line for each item, dimension or headline: what it holds and the grades; too hard ones with a !."""
    for owner, mine in itertools.groupby(texts, key=lambda text: text.owner):
        parts = [
            f"{name} {' '.join(map(_marked, same))}"
            for name, same in itertools.groupby(mine, key=lambda text: text.name.split()[0])
        ]
        yield f"{owner:<16} {'; '.join(parts)}"


def _marked(text: GradedText) -> str:
    return f"{text.grade:.1f}!" if text.too_hard else f"{text.grade:.1f}"


def _printed(instrument: Instrument) -> bytes:
    """The sheet as a PDF/UA-1 file."""
    import typst

    data = {
        "title": instrument.title,
        "language": instrument.language.split("-")[0],
        "blocks": [asdict(block) for block in sheet(instrument)],
    }
    made = typst.compile(SHEET.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def _told(study: Study) -> Iterator[str]:
    yield f"{study.persons} invented people, seed {study.seed}"
    for each in study.headlines:
        yield ""
        yield from _told_headline(each, study.persons)
    yield ""
    if study.correlation is not None and study.true_correlation is not None:
        yield f"correlation of the two scores {study.correlation:.3f}, of the true scores {study.true_correlation:.3f}"
    if study.knowledge is not None:
        yield f"knowledge check: {study.knowledge:.0%} right on average"
    yield "This shows that the scoring works on people of such a kind, not that real people are of this kind."


def _told_headline(study: HeadlineStudy, persons: int) -> Iterator[str]:
    yield f"{study.headline.title} ({study.items} items)"
    if study.alpha is None:
        yield "  alpha                   none: the answers determine none"
    else:
        yield f"  alpha                   {study.alpha.value:.3f}, 95 % interval {study.alpha.low:.3f} to {study.alpha.high:.3f}"
    yield f"  omega                   {_figure(study.omega)}"
    yield f"  r with the true score   {_figure(study.recovery)}"
    yield f"  r with the trait        {_figure(study.recovery_of_trait)}"
    yield f"  intervals that hold it  {study.coverage:.1%}"
    yield f"  mean and SD             {study.mean:.1f} and {study.sd:.1f}"
    for each in study.bands:
        share = each.persons / persons
        yield f"  {each.band.title:<23} {each.persons:>5} {share:>6.1%} {'#' * round(BAR * share)}".rstrip()


def _figure(value: float | None) -> str:
    return "none: the model does not fit these answers" if value is None else f"{value:.3f}"
