"""Pages by which a list of people comes into a cohort: send it, look at it, apply it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from learning.clock import now
from learning.teaching.blueprint import blueprint
from learning.teaching.cohort_forms import RosterForm
from learning.teaching.cohort_queries import cohort_head
from learning.teaching.cohorts import add_people
from learning.teaching.roster import KEEPS_OUT, Roster, read_pasted, read_roster
from learning.teaching.roster_files import MOST_BYTES, FileFault, Unreadable
from learning.teaching.roster_preview import Outcome, preview
from learning.teaching.roster_words import finding_text, refusal_text
from learning.teaching.sealed_people import seal_people, unseal_people
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

#: Rows of each kind that a page shows; more are counted.
MOST_SHOWN = 200
#: What a request may hold here: more than a list may have, so that one that is too long is told so in a sentence.
MOST_REQUEST_BYTES = 4 * MOST_BYTES
_LONG = frozenset({"teaching.roster", "teaching.apply_roster"})


@blueprint.url_value_preprocessor
def accept_long_lists(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Stands before everything that reads the form."""
    if endpoint in _LONG:
        request.max_content_length = MOST_REQUEST_BYTES
        request.max_form_memory_size = MOST_REQUEST_BYTES


@blueprint.route("/cohorts/<cohort_id>/roster", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def roster(cohort_id: str) -> ResponseReturnValue:
    """Send a list; then its preview: who would be added, and every row with something wrong."""
    member = the_member()
    head = cohort_head(member, cohort_id)
    form = RosterForm()
    if request.method == "POST" and form.validate():
        try:
            found = preview(member, cohort_id, _sent(form))
        except Unreadable as refused:
            at = form.addresses if form.addresses.data and not _file_bytes(form) else form.file
            at.errors = [refusal_text(refused)]
        else:
            return render_template(
                "teaching/roster_preview.html",
                head=head,
                found=found,
                outcome=Outcome,
                sealed=seal_people(member, cohort_id, found.add),
                keeps_out=KEEPS_OUT,
                words=finding_text,
                most=MOST_SHOWN,
            )
    page = render_template("teaching/roster.html", head=head, form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/cohorts/<cohort_id>/roster/apply")
@allow(Policy.TRAINER)
def apply_roster(cohort_id: str) -> ResponseReturnValue:
    """Add whom the preview showed, all at once."""
    member = the_member()
    cohort_head(member, cohort_id)
    done = add_people(member, cohort_id, unseal_people(member, cohort_id, request.form.get("people", "")), now())
    if done.added:
        flash(ngettext("%(num)d person was added.", "%(num)d people were added.", done.added), "success")
    elif done.already:
        flash(_("Nothing changed: everybody on the list is in the cohort already."))
    if done.strangers:
        flash(
            ngettext(
                "%(num)d person has left your organization since and was not added.",
                "%(num)d people have left your organization since and were not added.",
                done.strangers,
            ),
            "warning",
        )
    return redirect(url_for(".cohort", cohort_id=cohort_id))


def _file_bytes(form: RosterForm) -> bytes:
    """What the file holds, up to what is needed to refuse it; empty if none was sent."""
    sent = form.file.data
    if not sent:
        return b""
    sent.stream.seek(0)
    return bytes(sent.stream.read(MOST_BYTES + 1))


def _sent(form: RosterForm) -> Roster:
    """The file or, without one, what was pasted. Raises Unreadable."""
    if form.file.data:
        return read_roster(_file_bytes(form))
    pasted = form.addresses.data or ""
    if len(pasted.encode()) > MOST_BYTES:
        raise Unreadable(FileFault.TOO_LARGE)
    return read_pasted(pasted)
