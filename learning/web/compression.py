"""Compression of pages that hold nothing of a person.

A page with a secret in it (a CSRF token) is never compressed: its length would tell about the secret to
whoever can make the browser repeat requests and watch the line (the BREACH attack). A stranger's page has none.
Pages of anonymous answering that hold answers have their size already (``ballots.padding``).
"""

from __future__ import annotations

import brotli
from flask import Flask, Response, request, session

#: Shorter answers gain nothing.
SHORTEST = 800
#: Middle of the scale: fast enough to do it for every request.
QUALITY = 5
COMPRESSED = {"text/html", "image/svg+xml"}


def compress(response: Response) -> Response:
    """Compress a stranger's page or a drawing, if the browser takes it."""
    if response.mimetype not in COMPRESSED or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    if response.cache_control.no_transform:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if not request.accept_encodings.quality("br") or (response.mimetype == "text/html" and session):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) >= SHORTEST:
        response.set_data(brotli.compress(content, quality=QUALITY))
        response.headers["Content-Encoding"] = "br"
    return response


def init_compression(app: Flask) -> None:
    """Compress after every request."""
    app.after_request(compress)
