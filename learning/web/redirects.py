"""Where a person may be sent after signing in: to a page of this site and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def own_path(target: str | None) -> str | None:
    """The target if it is a path of this site that a browser can open, else None."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or any(mark in target for mark in ("\\", "\t", "\n", "\r"))
    ):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    adapter = current_app.url_map.bind(request.host)
    try:
        adapter.match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return target
