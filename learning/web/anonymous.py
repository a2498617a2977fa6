"""Pages that must not know who asks: anonymous answering.

For an address of theirs no session is opened, no cookie is read or set, and nobody is signed in, whatever the browser
sends. That is kept here, beneath everything else, so that no view, template or error page can forget it.
"""

from __future__ import annotations

from flask import Flask, has_request_context, request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request

#: All addresses of anonymous answering begin so.
PREFIX = "/answer"


def is_anonymous(path: str) -> bool:
    """Whether an address belongs to anonymous answering."""
    # Also "//answer/x", which is sent on to its proper form.
    first = path.lstrip("/").partition("/")[0]
    return first == PREFIX.lstrip("/")


def nobody_asks() -> bool:
    """Whether this request must not know who makes it."""
    return has_request_context() and is_anonymous(request.path)


class Sessions(SecureCookieSessionInterface):
    """The usual sessions; for anonymous answering an empty one that cannot be written and is never saved."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if is_anonymous(request.path):
            return NullSession()
        return super().open_session(app, request)
