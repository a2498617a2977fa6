"""Pages that are the same for many people, rendered once.

A page is kept under a key that names everything it depends on, but two things: the person's name and their
CSRF token. These are holes in the kept text and are filled for each request, so that no page can carry
another person's.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from dataclasses import replace

from flask import Flask, current_app, g, render_template, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from learning.recent import Recent
from learning.web.identity import signed_in

#: Kept pages of a process; a lesson page takes about 20 kB.
MOST_PAGES = 256

#: Letters that no page holds by itself, another run has others.
_NAME_HOLE = "name" + secrets.token_hex(12)
_TOKEN_HOLE = "token" + secrets.token_hex(12)


def _csrf_token() -> str:
    """What templates call: the token, or the hole for it while a page is rendered to be kept."""
    return _TOKEN_HOLE if g.get("renders_for_all") else generate_csrf()


def render_kept(template: str, key: Hashable, **context: object) -> str:
    """Render a page, or take the kept one. ``key`` names what the page depends on beside person and language."""
    if "_flashes" in session:
        return render_template(template, **context)
    person = signed_in()
    kind = None if person is None else (person.role, person.is_administrator, person.organization_is_demo)
    whole_key = (template, key, kind, str(get_locale()))
    pages: Recent[Hashable, str] = current_app.extensions["page_cache"]
    page = pages.get(whole_key)
    if page is None:
        g.renders_for_all = True
        try:
            for_all = replace(person, name=_NAME_HOLE, token="", id="", session_id="") if person else None
            page = render_template(template, **context, signed_in=for_all, csrf_token=_csrf_token)
        finally:
            g.renders_for_all = False
        if person is not None and generate_csrf() in page:
            raise RuntimeError(f"{template} writes a person's token where it should leave a hole.")
        pages.keep(whole_key, page)
    if person is None:
        return page
    return page.replace(_NAME_HOLE, str(escape(person.name))).replace(_TOKEN_HOLE, generate_csrf())


def init_page_cache(app: Flask) -> None:
    """Give the app its cache.

    Flask-WTF hands ``csrf_token`` to templates twice: as a global, which macros see, and as context.
    """
    app.extensions["page_cache"] = Recent[Hashable, str](MOST_PAGES)
    app.jinja_env.globals["csrf_token"] = _csrf_token
