"""Sets a template of typst as an accessible PDF (PDF/UA-1), in the language of the request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from learning.errors import DomainError

log = structlog.get_logger()

#: The first comes with typst; the others set letters that it lacks, where the machine has them.
FONTS = ("Libertinus Serif", "Noto Serif CJK SC", "Noto Naskh Arabic", "DejaVu Serif", "DejaVu Sans")


class NoFont(DomainError):
    """The machine has no font for a letter that stands in a document."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server has no font for a letter of one of the names or texts, so the document cannot be set. "
                "Whoever runs the server has to add the font."
            )
        )


def typeset(template: str, data: Mapping[str, Any], now: datetime, **inputs: str) -> bytes:
    """The bytes of the file; no text in the data is read as markup. typst is loaded here and not before.

    The template finds ``language`` and ``fonts`` beside the data, and ``inputs`` as they are. Takes a tenth of a second.
    Raises NoFont if the machine has no font for a letter: paper with gaps would be none.
    """
    import typst

    source, given = document(template, data, **inputs)
    try:
        made = typst.compile(
            source, format="pdf", sys_inputs=given, pdf_standards="ua-1", timestamp=now.replace(microsecond=0)
        )
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        log.error("no font for a document", template=template)
        raise NoFont from None
    assert isinstance(made, bytes)
    return made


def document(template: str, data: Mapping[str, Any], **inputs: str) -> tuple[bytes, dict[str, str]]:
    """What typst is given: the template, and all that stands on the paper."""
    source = Path(current_app.root_path).parent / "templates" / template
    language = str(get_locale() or "en").split("_")[0]
    return source.read_bytes(), {"data": json.dumps({"language": language, "fonts": FONTS, **data}), **inputs}
