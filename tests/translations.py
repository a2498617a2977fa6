"""The catalogue of strings: ``python -m tests.translations`` fails if it is out of date, ``--write`` writes it."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import write_po

from learning.config import PROJECT

CATALOGUE = PROJECT / "translations" / "messages.pot"
MAPPING = PROJECT / "babel.cfg"
KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2", "_l"])}
#: The header that says when the file was made; it would differ on every run.
DATE = "POT-Creation-Date"


def extract() -> Catalog:
    """All strings of code and templates. Raises jinja2.TemplateSyntaxError for a template that cannot be read."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(project="Headwater", copyright_holder="the authors of Headwater", charset="utf-8")
    # The same on every machine and in every year.
    catalogue.header_comment = "# Strings of Headwater. Written by `make translations`: do not edit.\n"
    for folder in ("learning", "templates"):
        found = extract_from_dir(
            PROJECT / folder,
            method_map=[
                (_within(pattern, folder), method) for pattern, method in methods if pattern.startswith(folder)
            ],
            options_map={_within(pattern, folder): chosen for pattern, chosen in options.items()},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
        )
        # The directory is read in the order of the file system: put it in one that is the same everywhere.
        for name, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1], str(each[2]))):
            # Without line numbers: a line that moves is no change of a string.
            catalogue.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def _within(pattern: str, folder: str) -> str:
    return pattern.removeprefix(f"{folder}/")


def text_of(catalogue: Catalog) -> str:
    """The catalogue as the text of a file."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=120, include_lineno=False, sort_output=False)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    unwanted = (f'"{DATE}', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Report-Msgid', '"Generated-By')
    return "".join(line for line in lines if not line.startswith(unwanted))


def is_current(path: Path = CATALOGUE) -> bool:
    """Whether the file holds exactly what extraction gives, but for the date."""
    if not path.exists():
        return False
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(f'"{DATE}')) == text_of(extract())


def main() -> int:
    """Check or write the file; 1 if it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write translations/messages.pot")
    if parser.parse_args().write:
        CATALOGUE.parent.mkdir(exist_ok=True)
        CATALOGUE.write_text(text_of(extract()), encoding="utf-8")
    elif not is_current():
        print("translations/messages.pot is out of date. Write it with: make translations", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
