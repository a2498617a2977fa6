"""Pages of one's own certificates, and the page that verifies anybody's."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.certificates import queries, service
from learning.certificates.pdf import certificate_pdf
from learning.clock import now
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, ask_no_more, the_member
from learning.web.policies import Policy, allow
from learning.web.public_url import public_url_for

blueprint = Blueprint("certificates", __name__)


def issue_what_is_due(member: Member, lesson_id: str | None = None) -> None:
    """After somebody handed in a quiz, or read a lesson: issue what that completes, and say so on the next page."""
    if service.issue_for(member, the_catalogue(), now(), lesson_id):
        flash(_("You have earned a certificate. It stands on the page My certificates."), "success")


@blueprint.get("/certificates/")
@allow(Policy.MEMBER)
def mine() -> str:
    """My certificates."""
    certificates = queries.my_certificates(the_member(), now())
    addresses = {
        each.id: public_url_for("certificates.verify", certificate_number=each.number) for each in certificates
    }
    courses = [each for each in the_catalogue().courses.values() if each.certificate]
    return render_template("certificates/mine.html", certificates=certificates, addresses=addresses, courses=courses)


@blueprint.get("/certificates/<certificate_id>/certificate.pdf")
@allow(Policy.MEMBER)
def pdf(certificate_id: str) -> ResponseReturnValue:
    """The paper."""
    response = make_response(certificate_pdf(queries.inscription_of(the_member(), certificate_id), now()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="certificate.pdf"'
    return response


@blueprint.post("/certificates/<certificate_id>/name")
@allow(Policy.MEMBER)
def show_name(certificate_id: str) -> ResponseReturnValue:
    """Let whoever verifies a certificate of mine see my name, or no longer."""
    shown = request.form.get("shown") == "yes"
    service.show_name(the_member(), certificate_id, now(), shown=shown)
    if shown:
        flash(_("Whoever opens the link of the certificate sees your name now."), "success")
    else:
        flash(_("Whoever opens the link of the certificate no longer sees your name."), "success")
    return redirect(url_for(".mine", _anchor=f"certificate-{certificate_id}"))


@blueprint.get("/verify/")
@allow(Policy.PUBLIC)
def ask_number() -> ResponseReturnValue:
    """Type the number of a certificate."""
    ask_no_more()
    typed = request.args.get("number", "")
    if not typed.strip():
        return _anonymous(render_template("certificates/verify.html", asked=False, found=None))
    found = queries.verified(typed, now())
    return redirect(url_for(".verify", certificate_number=found.number)) if found else _unknown()


@blueprint.get("/verify/<path:certificate_number>")
@allow(Policy.PUBLIC)
def verify(certificate_number: str) -> ResponseReturnValue:
    """Whether a certificate is valid. Knows nobody who asks: no session is read, no cookie is set.

    A number that was never given out and one that cannot be a number get the same page, with the status 404: what a
    program reads must not say yes where a person reads no.
    """
    ask_no_more()
    found = queries.verified(certificate_number, now())
    return _anonymous(render_template("certificates/verify.html", asked=True, found=found)) if found else _unknown()


def _unknown() -> ResponseReturnValue:
    return _anonymous(render_template("certificates/verify.html", asked=True, found=None)), 404


def _anonymous(page: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
