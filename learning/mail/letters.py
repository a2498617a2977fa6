"""Letters: text templates with the subject on the first line."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says."""

    subject: str
    body: str


def write_letter(name: str, **values: object) -> Letter:
    """Fill ``templates/mail/<name>.txt``. Call it outside of a unit of work.

    Values stand in the text as they are: a template is never made from what a person typed.
    """
    # Without the context of pages, which asks who is signed in: a command writes letters too.
    text = current_app.jinja_env.get_template(f"mail/{name}.txt").render(values)
    subject, _, body = text.partition("\n")
    return Letter(" ".join(subject.split()), body.strip() + "\n")
