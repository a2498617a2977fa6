"""Absolute addresses, made from the configured public address and never from a request's Host."""

from __future__ import annotations

from flask import current_app


def public_url_for(endpoint: str, **values: object) -> str:
    """The absolute address of an endpoint, for mails and printed cards."""
    base: str = current_app.extensions["settings"].public_url
    # Bound to no host: it also works in a command, where there is no request.
    return base.rstrip("/") + current_app.url_map.bind("").build(endpoint, values)
