"""The child process that opens a photo from outside and writes it anew. It may die of it; nothing else does.

Alone in its process, within limits of processor time and memory, and without the site: only this file is loaded.
From standard input to standard output: a letter, then the new picture (``P``) or the name of a ``Fault`` (``F``).
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import sys
import warnings
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.Image import Transpose

CPU_SECONDS = 10
MEMORY = 768 * 1024 * 1024
#: Pixels that are decoded at most: the largest phones take 50 million, and store 12 unless they are told otherwise.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
MOST_BYTES = 600_000
#: What cameras and browsers send. All else stays unread, however it is called.
FORMATS = ("JPEG", "PNG", "WEBP")
#: Tag of EXIF that says how the camera was held.
_ORIENTATION = 0x0112
_QUALITIES = (85, 75, 65, 55, 45, 35)


class Fault(StrEnum):
    """Why there is no picture."""

    #: No JPEG, PNG or WebP.
    FORMAT = "format"
    PIXELS = "pixels"
    MOVES = "moves"
    #: It starts like a picture and cannot be read to its end.
    BROKEN = "broken"


def shrink(data: bytes) -> bytes | Fault:
    """The photo as a small JPEG, upright, with nothing in it but pixels."""
    from PIL import Image, UnidentifiedImageError

    # We look at the size ourselves, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture: Picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        return Fault.FORMAT
    if picture.width * picture.height > MOST_PIXELS:
        return Fault.PIXELS
    # Some phones store two pictures in one JPEG; the first is the photo.
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        return Fault.MOVES
    # A JPEG is decoded at a fraction of its size where that is enough.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    turn = _turn(picture)
    picture = _on_white(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _written(picture if turn is None else picture.transpose(turn))


def _turn(picture: Picture) -> Transpose | None:
    """How the picture must be turned to stand upright; None where it does, or where that cannot be read."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    with contextlib.suppress(Exception):  # a broken note of the camera is no reason to refuse the photo
        return turns.get(picture.getexif().get(_ORIENTATION, 1))
    return None


def _on_white(picture: Picture) -> Picture:
    """A picture of its own, so that nothing travels along: no text, no profile, no place, no preview."""
    from PIL import Image

    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        clean = Image.new("RGB", picture.size, "white")
        clean.paste(picture, mask=picture.getchannel("A"))
        return clean
    clean = Image.new("RGB", picture.size)
    clean.paste(picture.convert("RGB"))
    return clean


def _written(picture: Picture) -> bytes:
    """The best JPEG that is small enough."""
    from PIL import Image

    while True:
        for quality in _QUALITIES:
            sink = io.BytesIO()
            picture.save(sink, "JPEG", quality=quality, optimize=True, exif=b"")
            if sink.tell() <= MOST_BYTES:
                return sink.getvalue()
        picture = picture.resize(
            (max(picture.width * 3 // 4, 1), max(picture.height * 3 // 4, 1)), Image.Resampling.LANCZOS
        )


def _limit() -> None:
    """What the system enforces, whatever a library does. Some systems know a limit and do not let it be set."""
    for name, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        # No file is written, none grows.
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(name, (value, value))


def serve() -> None:
    """The child's side: one photo, then it ends."""
    # Loaded before the limits; `Image.open` looks for nothing more.
    from PIL import JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    target = os.dup(1)
    # Whatever a library prints must not get into the picture.
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    _limit()
    warnings.simplefilter("ignore")
    try:
        found = shrink(sys.stdin.buffer.read())
    except Exception:  # nothing that a photo does is a fault of ours
        found = Fault.BROKEN
    with os.fdopen(target, "wb") as sink:
        sink.write(b"F" + found.value.encode() if isinstance(found, Fault) else b"P" + found)
