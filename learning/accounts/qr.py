"""QR codes as the path of an SVG drawing, so that a template draws them without trusting any markup."""

from __future__ import annotations

from dataclasses import dataclass

import segno

#: Empty modules around the code that readers need.
BORDER = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code: ``size`` x ``size`` units with the border, and one path for the dark modules."""

    size: int
    path: str


def draw(text: str) -> Drawing:
    """The QR code of a text, readable with an eighth of it dirty."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(
        f"M{x + BORDER} {y + BORDER}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Drawing(len(rows) + 2 * BORDER, path)
