"""The certificates of the organization: who holds which, what expires, and revoking one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.certificates import overview, service
from learning.certificates.forms import RevokeForm
from learning.certificates.overview import IssuedFilter, Shown
from learning.clock import now
from learning.teaching.blueprint import blueprint
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.get("/certificates/")
@allow(Policy.TRAINER)
def certificates() -> str:
    """The list."""
    asked = request.args
    wanted = IssuedFilter(
        course_id=asked.get("course", ""),
        shown=next((each for each in Shown if each.value == asked.get("state")), None),
        text=asked.get("text", "").strip()[:100],
        after=asked.get("after", ""),
    )
    page = overview.issued_page(the_member().organization_id, wanted, now())
    return render_template("teaching/certificates.html", page=page, wanted=wanted)


@blueprint.route("/certificates/<issued_id>", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def certificate(issued_id: str) -> ResponseReturnValue:
    """One certificate, and revoking it for good."""
    page = overview.issued(the_member().organization_id, issued_id, now())
    form = RevokeForm()
    if request.method == "POST" and form.validate():
        service.revoke(the_member(), issued_id, form.reason.data, now())
        flash(_("The certificate is revoked."), "success")
        return redirect(url_for(".certificate", issued_id=issued_id))
    shown = render_template("teaching/certificate.html", page=page, form=form)
    return shown, 200 if request.method == "GET" else 422
