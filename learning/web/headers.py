"""Headers that every answer carries."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from learning.web.anonymous import PREFIX

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: Pages whose address must not reach anybody else: one-time links and private results.
SILENT_PREFIXES = ("/assessments", "/people/", "/reminders/off/", "/verify", PREFIX)


def set_headers(response: Response) -> Response:
    """Security headers and the rule that nothing personal is kept by a cache."""
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer" if request.path.startswith(SILENT_PREFIXES) else "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    headers.add("Vary", "Cookie")
    if current_app.extensions["settings"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def init_headers(app: Flask) -> None:
    """Set the headers after every request."""
    app.after_request(set_headers)
