"""The one place where text becomes HTML without escaping: what the content pipeline has sanitised."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup


def trusted_html(html: str | None) -> Markup:
    """HTML that the content pipeline has sanitised: of the catalogue, and of a text in the question workshop.

    Never for anything else that a person typed on the site.
    """
    return Markup(html or "")


def init_html(app: Flask) -> None:
    """Give templates the filter ``trusted_html``."""
    app.add_template_filter(trusted_html)
