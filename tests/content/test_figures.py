"""Figures can be read on a phone: no text too small, none outside the picture. Text widths are estimated."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from learning.config import PROJECT

FIGURES = sorted((PROJECT / "content" / "modules").glob("*/figures/*.svg"))
#: What the edges of the page, and in dark mode those of the figure, leave of a screen of 360 px.
COLUMN = 320
SMALLEST = 12.0

#: Widths in em of a plain sans-serif face, somewhat narrower than DejaVu Sans and wider than Helvetica.
_NARROW, _WIDE = set("iljI.,:;|!'()[]ft1 "), set("mwMWOQ%@ÖÄ—→")


@dataclass(frozen=True)
class Shape:
    """What a text inherits, and where its coordinates lie."""

    size: float = 16.0
    anchor: str = "start"
    bold: bool = False
    #: x' = a x + c y + e, y' = b x + d y + f
    matrix: tuple[float, float, float, float, float, float] = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Written:
    """A text of a figure: its font size and box in the units of the viewBox."""

    words: str
    size: float
    left: float
    right: float
    top: float
    bottom: float


def width(words: str, *, bold: bool) -> float:
    """Estimated width in em."""
    total = sum(
        0.32 if letter in _NARROW else 0.86 if letter in _WIDE else 1.0 if ord(letter) > 0x2E80
        else 0.66 if letter.isupper() else 0.56
        for letter in words
    )  # fmt: skip
    return total * (1.06 if bold else 1.0)


def inherited(element: ElementTree.Element, above: Shape) -> Shape:
    """The shape of an element inside another one. Raises for what the estimate does not know."""
    weight = element.get("font-weight")
    size = element.get("font-size")
    matrix = above.matrix
    for name, values in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform") or ""):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", values)]
        matrix = times(matrix, step(name, numbers))
    return Shape(
        size=float(size) if size else above.size,
        anchor=element.get("text-anchor") or above.anchor,
        bold=weight in ("bold", "600", "700") if weight else above.bold,
        matrix=matrix,
    )


def step(name: str, numbers: list[float]) -> tuple[float, float, float, float, float, float]:
    """The matrix of one transformation."""
    match name, numbers:
        case "translate", [x, y]:
            return 1, 0, 0, 1, x, y
        case "scale", [by]:
            return by, 0, 0, by, 0, 0
        case "scale", [x, y]:
            return x, 0, 0, y, 0, 0
        case "rotate", [angle, *centre]:
            sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
            x, y = centre or (0, 0)
            return cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y
    raise AssertionError(f"{name}({numbers}) is not known")


def times(
    one: tuple[float, float, float, float, float, float], two: tuple[float, float, float, float, float, float]
) -> tuple[float, float, float, float, float, float]:
    """First ``two``, then ``one``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def texts(element: ElementTree.Element, above: Shape) -> Iterator[Written]:
    """The texts of a drawing."""
    shape = inherited(element, above)
    if element.tag.endswith("}text"):
        yield written(element, shape)
        return
    for child in element:
        # What a clip or a marker holds is not drawn where it stands.
        if not child.tag.endswith(("}defs", "}title", "}desc")):
            yield from texts(child, shape)


def written(element: ElementTree.Element, shape: Shape) -> Written:
    words = " ".join("".join(element.itertext()).split())
    x, y = float(element.get("x") or 0), float(element.get("y") or 0)
    long = width(words, bold=shape.bold) * shape.size
    left = x - {"start": 0.0, "middle": long / 2, "end": long}[shape.anchor]
    a, b, c, d, e, f = shape.matrix
    corners = [(left + long * i, y - 0.75 * shape.size + 0.95 * shape.size * j) for i in (0, 1) for j in (0, 1)]
    across = [a * px + c * py + e for px, py in corners]
    down = [b * px + d * py + f for px, py in corners]
    scale = abs(a * d - b * c) ** 0.5
    return Written(words, shape.size * scale, min(across), max(across), min(down), max(down))


def drawn(figure: Path) -> tuple[list[Written], float, float]:
    """The texts of a figure, its width and its height."""
    root = ElementTree.fromstring(figure.read_text(encoding="utf-8"))
    x, y, wide, high = (float(number) for number in (root.get("viewBox") or "").split())
    assert (x, y) == (0, 0)
    assert not any(element.get("style") or element.get("class") for element in root.iter()), "sizes may hide in styles"
    return list(texts(root, Shape())), wide, high


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure.parts[-3][:2]}-{figure.stem}")
def test_the_words_of_a_figure_can_be_read_on_a_phone(figure: Path) -> None:
    found, wide, high = drawn(figure)
    small = {text.words: round(text.size * COLUMN / wide, 1) for text in found if text.size * COLUMN / wide < SMALLEST}
    assert small == {}
    outside = [text.words for text in found if text.left < 0 or text.right > wide or text.top < 0 or text.bottom > high]
    assert outside == []


def test_a_small_and_a_wide_text_would_be_found() -> None:
    root = ElementTree.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 300" font-size="17">'
        '<text x="460" y="20">too long for its place</text>'
        '<g transform="translate(10 200) scale(0.5)"><text x="0" y="0" font-size="30" text-anchor="end">x</text></g>'
        '<text transform="rotate(-90)" x="-40" y="60" text-anchor="end">turned</text></svg>'
    )
    wide, left, turned = texts(root, Shape())
    assert wide.right > 480
    assert (left.size, left.right) == (15, 10)
    assert left.left < 10
    assert turned.top == pytest.approx(40)
    assert turned.left == pytest.approx(60 - 0.75 * 17)
