"""Reminders on and off: a part of one's own account; and off by the link in the head of a mail."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.errors import NotFound
from learning.extensions import csrf
from learning.teaching.muting import set_muted
from learning.teaching.unsubscribing import member_of_token, organization_name
from learning.web.identity import Member, the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("reminders", __name__)


@blueprint.post("/people/account/reminders")
@allow(Policy.MEMBER)
def reminders() -> ResponseReturnValue:
    """Switch the reminders of one's organization off or on."""
    off = request.form.get("off") == "1"
    set_muted(the_member(), off, now())
    flash(_("You get no more reminders.") if off else _("You get reminders again."), "success")
    return redirect(url_for("accounts.account", _anchor="reminders"))


@blueprint.get("/reminders/off/<token>")
@allow(Policy.TOKEN)
def unsubscribe(token: str) -> str:
    """Ask before anything changes: whatever looks into a mail follows its links."""
    _member, organization = _of_token(token)
    return render_template("teaching/reminders_off.html", organization=organization, token=token, done=False)


@blueprint.post("/reminders/off/<token>")
# Programs that show mails send it without a cookie (RFC 8058); the token in the address is the right to it.
@csrf.exempt  # type: ignore[untyped-decorator]
@allow(Policy.TOKEN)
def unsubscribe_now(token: str) -> str:
    """Switch the reminders off. Doing it again changes nothing."""
    member, organization = _of_token(token)
    set_muted(member, True, now())
    return render_template("teaching/reminders_off.html", organization=organization, token=token, done=True)


def _of_token(token: str) -> tuple[Member, str]:
    """Whose reminders a link switches off, and the name of the organization. Raises NotFound."""
    member = member_of_token(token)
    organization = organization_name(member) if member else None
    if member is None or organization is None:
        raise NotFound
    return member, organization
