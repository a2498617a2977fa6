"""Second line against requests that another site makes in a person's browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, request

SAFE = {"GET", "HEAD", "OPTIONS"}


def refuse_cross_site() -> None:
    """Before every request that changes something: it must come from our own pages.

    It stands before the check of the CSRF token, which offers a form again and may set a cookie: neither is for
    another site. Browsers that send neither header pass here and meet the token.
    """
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and _host_of(origin) != request.host:
        abort(400)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # half an IPv6 address, for one
        return None


def refuse_nul() -> None:
    """Before every request: no address of ours holds a NUL, and PostgreSQL would choke on one in a query."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)
