"""Pages of the question workshop."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.teaching.workshop import Checked, Language, check, may_check
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("workshop", __name__, url_prefix="/teaching/questions")

#: What a form may hold here: more than a text may have, so that one that is too long comes back with a sentence.
MOST_FORM_BYTES = 2 * 1024 * 1024


@blueprint.url_value_preprocessor
def accept_long_texts(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Stands before everything that reads the form."""
    request.max_form_memory_size = MOST_FORM_BYTES


@blueprint.get("/")
@allow(Policy.STAFF)
def page() -> str:
    """The empty workshop."""
    return render_template("teaching/workshop.html", text="", language="markdown", checked=None, busy=None)


@blueprint.post("/")
@allow(Policy.STAFF)
def checked() -> ResponseReturnValue:
    """The text as it shows, with what is wrong; for the script only this part of the page."""
    text, language = _sent()
    template = "teaching/workshop_result.html" if _by_script() else "teaching/workshop.html"
    if not may_check(the_member().user_id, now()):
        return render_template(template, text=text, language=language, checked=None, busy=_too_many()), 429
    found = check(text, language, the_catalogue()) if text.strip() else None
    return render_template(template, text=text, language=language, checked=found, busy=None)


@blueprint.post("/download")
@allow(Policy.STAFF)
def download() -> ResponseReturnValue:
    """The questions as a file; where that cannot be, the page says why and keeps the text."""
    text, language = _sent()
    busy, found = None, None
    if may_check(the_member().user_id, now()):
        found = check(text, language, the_catalogue())
        if content := _file(found, request.form.get("as", "markdown")):
            return content
    else:
        busy = _too_many()
    page = render_template("teaching/workshop.html", text=text, language=language, checked=found, busy=busy)
    return page, 429 if busy else 422


def _file(found: Checked, language: str) -> Response | None:
    content, name, kind = (
        (found.gift, "questions.gift.txt", "text/plain")
        if language == "gift"
        else (found.markdown, "questions.md", "text/markdown")
    )
    if content is None:
        return None
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=f"{kind}; charset=utf-8")


def _sent() -> tuple[str, Language]:
    language: Language = "gift" if request.form.get("language") == "gift" else "markdown"
    return request.form.get("text", ""), language


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _too_many() -> str:
    return _(
        "That was checked very often in a short time. Your text is still here: wait a few minutes and check it again."
    )
