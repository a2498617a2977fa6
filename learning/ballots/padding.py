"""Pages of coarse fixed size: whoever watches the line, or reads lengths in a log, learns nothing of the answers in them.

A page with answers is as long as its answers make it, compressed or not. So every page that answers a form is brought to
a multiple of a step. The two that change most with what was answered, the check and one's own result, get room for the
longest of their kind from the start: they have one size, whatever was answered.
"""

from __future__ import annotations

import struct
import zlib

from flask import Response, request

#: A page of questions has less than one step, one's own result less than two, whatever was answered.
STEP = 6 * 1024
#: The same for a browser that takes no compressed pages.
PLAIN_STEP = 24 * 1024

#: Magic number, deflate, "an extra field follows", no time, no flags, no system.
_HEAD = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x00\xff"
#: Name of our part of the extra field, before its length.
_FIELD = b"HW"
_LONGEST_FIELD = 0xFFFF - 4


def pad(response: Response, steps: int) -> Response:
    """Bring a page to a whole number of steps, at least so many; nobody on the way may compress it anew."""
    if response.mimetype != "text/html":
        return response
    page = response.get_data()
    if request.accept_encodings.quality("gzip"):
        response.set_data(_gzipped(page, steps * STEP))
        response.headers["Content-Encoding"] = "gzip"
    else:
        # White space after the end of a page is none in it.
        response.set_data(page + b"\n" * _missing(len(page), steps * PLAIN_STEP, PLAIN_STEP))
    response.headers.add("Vary", "Accept-Encoding")
    response.headers["Cache-Control"] = "no-store, no-transform"
    return response


def _missing(length: int, least: int, step: int) -> int:
    return max(least - length, -length % step)


def _gzipped(page: bytes, least: int) -> bytes:
    """The page compressed; what is missing stands in the header, in an extra field that every browser skips."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = deflate.compress(page) + deflate.flush()
    end = struct.pack("<II", zlib.crc32(page), len(page))
    whole = len(_HEAD) + 2 + len(_FIELD) + 2 + len(body) + len(end)
    missing = min(_missing(whole, least, STEP), _LONGEST_FIELD)
    extra = _FIELD + struct.pack("<H", missing) + bytes(missing)
    return _HEAD + struct.pack("<H", len(extra)) + extra + body + end
