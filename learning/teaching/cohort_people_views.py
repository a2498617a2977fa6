"""Pages by which chosen people come into a cohort and out of it.

Some are chosen by their boxes, and it is done at once. Everyone of a list is shown first, on a page that sends on who
was shown.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from learning.accounts import organization
from learning.clock import now
from learning.teaching import cohorts
from learning.teaching.blueprint import blueprint
from learning.teaching.cohort_queries import CohortHead, cohort_head, everybody_choosable
from learning.teaching.people_lists import listed_people, wanted_people
from learning.teaching.sealed_people import seal_people, unseal_people
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

#: So many names stand on a page; the others are counted.
MOST_NAMES = 100


@blueprint.route("/cohorts/<cohort_id>/people/add", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def cohort_add_people(cohort_id: str) -> ResponseReturnValue:
    """Choose people by name and put them into a cohort."""
    member = the_member()
    head = cohort_head(member, cohort_id)
    if _everyone():
        return _show_everyone(head, inside=False)
    chosen = _chosen(f"add {cohort_id}")
    if chosen:
        done = cohorts.add_people(member, cohort_id, chosen, now())
        flash(
            ngettext("%(num)d person was added.", "%(num)d people were added.", done.added),
            "success" if done.added else "info",
        )
        return redirect(_back(".cohort_add_people", cohort_id))
    page = render_template(
        "teaching/cohort_add_people.html",
        head=head,
        people=listed_people(member, cohort_id, request.args, inside=False),
        departments=organization.departments(member),
        wanted=wanted_people(request.args),
        problem=_("Choose at least one person.") if request.method == "POST" else None,
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/cohorts/<cohort_id>/people/remove")
@allow(Policy.TRAINER)
def cohort_remove_people(cohort_id: str) -> ResponseReturnValue:
    """Take the chosen people out of a cohort."""
    member = the_member()
    if _everyone():
        return _show_everyone(cohort_head(member, cohort_id), inside=True)
    done = cohorts.remove_people(member, cohort_id, _chosen(f"remove {cohort_id}"))
    if not done.removed and not done.by_department:
        flash(_("Nobody was removed. Choose people first."), "warning")
        return redirect(_back(".cohort", cohort_id))
    flash(
        ngettext("%(num)d person was removed.", "%(num)d people were removed.", done.removed),
        "success" if done.removed else "info",
    )
    if done.by_department:
        flash(
            ngettext(
                "%(num)d person stays: the cohort follows their department.",
                "%(num)d people stay: the cohort follows their department.",
                done.by_department,
            ),
            "warning",
        )
    return redirect(_back(".cohort", cohort_id))


def _everyone() -> bool:
    """Whether the whole list was chosen, which no page has shown yet."""
    return request.form.get("everyone") == "1" and not request.form.get("sealed")


def _chosen(purpose: str) -> list[str]:
    """Whom a list sent by their boxes, or the page that showed everyone. Raises PreviewGone."""
    sealed = request.form.get("sealed")
    return unseal_people(the_member(), purpose, sealed) if sealed else request.form.getlist("people")


def _show_everyone(head: CohortHead, *, inside: bool) -> str:
    """Who will come in or, inside, go out; nothing is changed yet."""
    member, wanted = the_member(), wanted_people(request.args)
    everybody = everybody_choosable(
        member,
        head,
        inside=inside,
        name_contains=wanted.get("name", ""),
        department_id=wanted.get("department", ""),
    )
    movable = [each for each in everybody if not (inside and each.by_department)]
    purpose = f"remove {head.id}" if inside else f"add {head.id}"
    return render_template(
        "teaching/cohort_everyone.html",
        head=head,
        inside=inside,
        names=[each.name for each in movable[:MOST_NAMES]],
        number=len(movable),
        staying=len(everybody) - len(movable),
        sealed=seal_people(member, purpose, (each.user_id for each in movable)),
        back=_back(".cohort" if inside else ".cohort_add_people", head.id),
        action=_back(".cohort_remove_people" if inside else ".cohort_add_people", head.id),
    )


def _back(endpoint: str, cohort_id: str) -> str:
    """A page of the same people: under the same filter, from the same person on."""
    kept: dict[str, Any] = {**wanted_people(request.args)}
    if after := request.args.get("after"):
        kept["after"] = after
    anchor = "people" if endpoint == ".cohort" else None
    return url_for(endpoint, cohort_id=cohort_id, _anchor=anchor, **kept)
