"""Pages of transcripts: one's own, and that of a learner for their trainer."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from learning.clock import now
from learning.exports.transcript import Transcript, transcript, transcript_of_learner
from learning.exports.transcript_pdf import transcript_pdf
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("transcripts", __name__)


@blueprint.get("/certificates/transcript")
@allow(Policy.MEMBER)
def mine() -> str:
    """My transcript."""
    return render_template(
        "exports/transcript.html", found=transcript(the_member(), the_catalogue(), now()), today=now()
    )


@blueprint.get("/certificates/transcript.pdf")
@allow(Policy.MEMBER)
def my_pdf() -> ResponseReturnValue:
    """My transcript on paper."""
    return _pdf(transcript(the_member(), the_catalogue(), now()))


@blueprint.get("/teaching/people/<user_id>/transcript.pdf")
@allow(Policy.TRAINER)
def learner_pdf(user_id: str) -> ResponseReturnValue:
    """That of a learner on paper."""
    return _pdf(transcript_of_learner(the_member(), user_id, the_catalogue(), now()))


def _pdf(found: Transcript) -> ResponseReturnValue:
    response = make_response(transcript_pdf(found, now()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="transcript.pdf"'
    return response
