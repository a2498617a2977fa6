"""Photos for tests: good ones, and those that somebody made to do harm."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image

LATITUDE = b"GPS-48.137154-11.576124"


def jpeg(width: int, height: int, **options: object) -> bytes:
    return _saved(_two_halves(width, height), "JPEG", **options)


def _two_halves(width: int, height: int) -> Image.Image:
    """Red above, blue below: so one sees how it is turned."""
    picture = Image.new("RGB", (width, height), (200, 20, 20))
    picture.paste((20, 20, 200), (0, height // 2, width, height))
    return picture


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def with_place(orientation: int = 1) -> bytes:
    """A JPEG as a phone makes it: place, camera, time, a comment, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera-of-somebody"
    exif[0x9003] = "2026:03:05 09:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 13.75)
    exif.get_ifd(0x8825)[29] = LATITUDE.decode()
    return jpeg(400, 200, exif=exif, comment=b"A comment nobody asked for", icc_profile=b"profile" * 20)


def noise(side: int) -> bytes:
    """A PNG that no JPEG makes small."""
    return _saved(
        Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)), "PNG", compress_level=1
    )


def png_header(width: int, height: int) -> bytes:
    """A small file that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """40 million pixels in a few kilobytes: allowed by their number, and decoded within the limits."""
    return _saved(Image.new("1", (8000, 5000)), "PNG", optimize=True)


def text_bomb() -> bytes:
    """A PNG whose note unpacks to 100 MB."""
    note = b"zTXt" + b"k\0\0" + zlib.compress(b"A" * 100_000_000, 9)
    whole = _saved(_two_halves(8, 8), "PNG")
    packed = struct.pack(">I", len(note) - 4) + note + struct.pack(">I", zlib.crc32(note))
    return whole[:33] + packed + whole[33:]


def moving(kind: str) -> bytes:
    frames = [_two_halves(20, 20), _two_halves(20, 20).rotate(90)]
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


SCRIPT = b"<script>alert(document.domain)</script>"


def polyglot() -> bytes:
    """A JPEG that is a page with a script, too, and an archive behind it."""
    whole = jpeg(50, 40, comment=SCRIPT)
    return whole + SCRIPT + b"PK\x03\x04" + SCRIPT


#: Nothing of these may become a picture.
REFUSED = {
    "nothing": b"",
    "text": b"not a photo at all",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "page": b"<!doctype html><script>alert(1)</script>",
    "gif": b"GIF89a" + SCRIPT,
    "real gif": _saved(_two_halves(8, 8), "GIF"),
    "bmp": _saved(_two_halves(8, 8), "BMP"),
    "tiff": _saved(_two_halves(8, 8), "TIFF"),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
    "pdf": b"%PDF-1.7\n1 0 obj<<>>endobj\n",
    "start of a jpeg": b"\xff\xd8\xff\xe0",
    "cut off jpeg": jpeg(400, 400)[:900],
    "cut off png": noise(64)[:2000],
    "50,000 x 50,000": png_header(50_000, 50_000),
    "no width": png_header(0, 10),
    "huge width": png_header(2**31 - 1, 1),
    "too few pixels for its size": png_header(6000, 6000),
    "text bomb": text_bomb(),
    "moving png": moving("PNG"),
    "moving webp": moving("WEBP"),
}
