"""What a trainer does for the people they chose in a list: remind, extend, take time back, unlock, note.

A list sends the chosen people; a page shows whom it will meet and asks for what is needed; sent again with ``step``,
it is done, and a page tells what happened to how many and to whom not. Each may be sent twice: the second time nothing
is left to do, so a reload harms nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from learning.clock import now
from learning.quizzes.grants import grant_attempts
from learning.teaching.action_forms import ExtendForm, NoteForm, RemindForm, UnlockForm
from learning.teaching.assignment_queries import assignment_page
from learning.teaching.assignments import end_extensions as end_extensions_of
from learning.teaching.assignments import extend as extend_assignment
from learning.teaching.blueprint import blueprint
from learning.teaching.errors import AssignmentEnded, NotLater
from learning.teaching.notes import delete_note as delete_own_note
from learning.teaching.notes import write_notes
from learning.teaching.nudges import nudge, preview_nudge
from learning.teaching.owing import given_to
from learning.teaching.recipients import Refusal
from learning.teaching.selection import Chosen, Selection, chosen, fields, read_selection
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member, the_person
from learning.web.policies import Policy, allow
from learning.web.redirects import own_path

#: What a request may hold here: the ids of a hundred thousand people.
MOST_REQUEST_BYTES = 2 * 1024 * 1024
_MANY = frozenset(
    "teaching." + name
    for name in ("remind", "extend", "end_extensions", "unlock", "note", "cohort_add_people", "cohort_remove_people")
)
#: So many names stand on a page; the others are counted.
MOST_NAMES = 100


@blueprint.url_value_preprocessor
def accept_many_people(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Stands before everything that reads the form."""
    if endpoint in _MANY:
        request.max_form_memory_size = MOST_REQUEST_BYTES


@dataclass(frozen=True, slots=True)
class Group:
    """People to whom the same happens."""

    label: str
    names: tuple[str, ...]
    count: int
    #: Whether it is what the trainer wanted.
    wanted: bool

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an action is for, and where the trainer came from."""

    selection: Selection
    chosen: Chosen
    back: str
    #: The same people as fields of a form.
    fields: list[tuple[str, str]]

    @property
    def sent(self) -> bool:
        """Whether the page of the action was sent, not the list. Everyone was shown on no page yet."""
        return request.form.get("step") == "do" and not self.selection.everyone

    def group(self, label: str, people: Collection[str], *, wanted: bool = False) -> Group:
        """Those of the chosen who are in ``people``, by name."""
        these = frozenset(people)
        names = [person.name for person in self.chosen.people if person.user_id in these]
        return Group(label, tuple(names[:MOST_NAMES]), len(names), wanted)


def _target() -> Target:
    """Whom the request is for. Raises UnknownFilter, PreviewGone."""
    member = the_member()
    selection = read_selection(member, request.form)
    found = chosen(member.organization_id, selection, the_catalogue(), now())
    back = own_path(request.form.get("back")) or url_for(".people")
    return Target(selection, found, back, fields(member, selection, found))


def _nobody(target: Target) -> ResponseReturnValue:
    if target.selection.anybody:
        flash(_("There is nobody left of those you chose. Nothing was done."), "warning")
    else:
        flash(_("Choose at least one person first."), "warning")
    return redirect(target.back)


def _ask(name: str, target: Target, form: FlaskForm, **more: object) -> ResponseReturnValue:
    page = render_template(f"teaching/actions/{name}.html", target=target, form=form, **more)
    return page, 422 if target.sent else 200


def _tell(title: str, target: Target, *groups: Group) -> ResponseReturnValue:
    shown = [group for group in groups if group.count]
    return render_template("teaching/actions/done.html", title=title, target=target, groups=shown)


@blueprint.post("/actions/remind")
@allow(Policy.TRAINER)
def remind() -> ResponseReturnValue:
    """Send the chosen people a mail in one's own words; no more than one a day each."""
    target, member = _target(), the_member()
    if not target.chosen.people:
        return _nobody(target)
    form = RemindForm() if target.sent else RemindForm(formdata=None, text=_usual_reminder())
    if target.sent and form.validate():
        done = nudge(member, target.chosen.ids, form.text.data, now())
        title = ngettext("%(num)d reminder is on its way", "%(num)d reminders are on their way", len(done.sent))
        title = title if done.sent else _("Nobody was reminded")
        return _tell(title, target, *_nudged(target, done.sent, done.refused))
    preview = preview_nudge(member.organization_id, target.chosen.ids, now())
    return _ask("remind", target, form, groups=_nudged(target, preview.sent, preview.refused, before=True))


def _usual_reminder() -> str:
    return _(
        "Hello {name},\n\nplease go on with what you were given on Headwater. You find it here:\n\n{link}\n\n"
        "If something keeps you from it, tell me.\n\n%(trainer)s",
        trainer=the_person().name,
    )


def _nudged(
    target: Target, sent: Collection[str], refused: Mapping[str, Refusal], *, before: bool = False
) -> list[Group]:
    reasons = {
        Refusal.TODAY: _("Reminded today already"),
        Refusal.MUTED: _("Wants no reminders"),
        Refusal.NO_ADDRESS: _("Has no e-mail address: tell them yourself"),
        Refusal.GONE: _("Cannot sign in any more"),
    }
    return [
        target.group(_("Gets the mail") if before else _("Reminded"), sent, wanted=True),
        *(
            target.group(text, {user_id for user_id, refusal in refused.items() if refusal is reason})
            for reason, text in reasons.items()
        ),
    ]


@blueprint.post("/actions/extend")
@allow(Policy.TRAINER)
def extend() -> ResponseReturnValue:
    """Give the chosen people more time for something they were given to do."""
    target, member = _target(), the_member()
    if not target.chosen.people:
        return _nobody(target)
    given = given_to(member.organization_id, target.chosen.ids, the_catalogue())
    form = ExtendForm() if target.sent else ExtendForm(formdata=None)
    form.offer(given)
    if target.sent and form.validate():
        try:
            done = extend_assignment(member, form.assignment.data, target.chosen.ids, form.due_on.data, now())
        except NotLater as error:
            form.due_on.errors = [str(error)]
        except AssignmentEnded as error:
            form.assignment.errors = [str(error)]
        else:
            title = ngettext("%(num)d person has more time", "%(num)d people have more time", len(done.extended))
            title = title if done.extended else _("Nobody has more time than before")
            return _tell(
                title,
                target,
                target.group(_("More time"), done.extended, wanted=True),
                target.group(_("Had this last day already"), done.unchanged),
                target.group(_("Has a later day already"), done.later),
                target.group(_("Was not given this"), done.strangers),
            )
    return _ask("extend", target, form, given=given)


@blueprint.post("/assignments/<assignment_id>/extensions/end")
@allow(Policy.TRAINER)
def end_extensions(assignment_id: str) -> ResponseReturnValue:
    """Let the chosen people have as much time for something as everybody else again."""
    target, member = _target(), the_member()
    line = assignment_page(member, assignment_id, the_catalogue()).line
    if not target.chosen.people:
        return _nobody(target)
    form = FlaskForm()
    if target.sent and form.validate():
        ended = end_extensions_of(member, assignment_id, target.chosen.ids)
        title = ngettext("%(num)d person has no more time", "%(num)d people have no more time", len(ended))
        return _tell(
            title if ended else _("Nobody had more time"),
            target,
            target.group(_("As much time as everybody else again"), ended, wanted=True),
            target.group(_("Had no more time"), set(target.chosen.ids) - ended),
        )
    return _ask("end_extensions", target, form, line=line)


@blueprint.post("/actions/unlock")
@allow(Policy.TRAINER)
def unlock() -> ResponseReturnValue:
    """Let the chosen people sit a quiz once more."""
    target, member = _target(), the_member()
    if not target.chosen.people:
        return _nobody(target)
    limited = [quiz for quiz in the_catalogue().quizzes.values() if quiz.attempts]
    form = UnlockForm() if target.sent else UnlockForm(formdata=None)
    form.offer(limited)
    if target.sent and form.validate():
        done = grant_attempts(member, the_catalogue().quizzes[form.quiz.data], target.chosen.ids, now())
        title = ngettext(
            "%(num)d person has one more attempt", "%(num)d people have one more attempt", len(done.granted)
        )
        title = title if done.granted else _("Nobody needed another attempt")
        return _tell(
            title,
            target,
            target.group(_("One more attempt"), done.granted, wanted=True),
            target.group(_("Has an attempt left or is sitting one"), done.unneeded),
        )
    return _ask("unlock", target, form, quizzes=limited)


@blueprint.post("/actions/note")
@allow(Policy.TRAINER)
def note() -> ResponseReturnValue:
    """Write a note on the chosen people, which they read too."""
    target, member = _target(), the_member()
    if not target.chosen.people:
        return _nobody(target)
    form = NoteForm() if target.sent else NoteForm(formdata=None)
    if target.sent and form.validate():
        done = write_notes(member, target.chosen.ids, form.text.data, now())
        title = ngettext("The note is on %(num)d person", "The note is on %(num)d people", len(done))
        return _tell(
            title if done else _("The note was there already"),
            target,
            target.group(_("Noted"), done, wanted=True),
            target.group(_("Has this note already"), set(target.chosen.ids) - done),
        )
    return _ask("note", target, form)


@blueprint.post("/actions/notes/<note_id>/delete")
@allow(Policy.TRAINER)
def delete_note(note_id: str) -> ResponseReturnValue:
    """Delete a note that one wrote oneself."""
    user_id = delete_own_note(the_member(), note_id)
    flash(_("The note is deleted."), "success")
    return redirect(url_for(".learner", user_id=user_id))
