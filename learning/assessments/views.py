"""The guided way: choose, start, answer page by page, check, finish."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.assessments import answering, queries, service
from learning.assessments.blueprint import blueprint
from learning.assessments.errors import StaleAnswer, StalePage
from learning.assessments.forms import StartForm
from learning.assessments.method import method_page
from learning.assessments.models import Scope
from learning.assessments.payload import AnswerPayload
from learning.clock import now
from learning.content.model import Instrument
from learning.errors import NotFound
from learning.web.bases import read_bases
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


def _instrument(instrument_id: str) -> Instrument:
    instrument = the_catalogue().instruments.get(instrument_id)
    if instrument is None:
        raise NotFound
    return instrument


@blueprint.get("/")
@allow(Policy.MEMBER)
def index() -> str:
    """What there is to answer, and my own results."""
    return render_template(
        "assessments/index.html",
        instruments=list(the_catalogue().instruments.values()),
        mine=queries.my_assessments(the_member()),
        form=StartForm(),
    )


@blueprint.get("/instruments/<instrument_id>")
@allow(Policy.MEMBER)
def intro(instrument_id: str) -> str:
    """What an instrument is for, how long it takes, who sees it; start."""
    return _intro(instrument_id, StartForm())


def _intro(instrument_id: str, form: StartForm) -> str:
    mine = queries.my_assessments(the_member())
    return render_template(
        "assessments/intro.html",
        instrument=_instrument(instrument_id),
        mine=[each for each in mine if each.instrument_id == instrument_id],
        form=form,
    )


@blueprint.get("/instruments/<instrument_id>/method")
@allow(Policy.MEMBER)
def method(instrument_id: str) -> str:
    """How a score is made."""
    return render_template("assessments/method.html", page=method_page(_instrument(instrument_id)))


@blueprint.post("/start/<instrument_id>")
@allow(Policy.MEMBER)
def start(instrument_id: str) -> ResponseReturnValue:
    """Start an assessment, or go on with the open one."""
    form = StartForm()
    if not form.validate():
        return _intro(instrument_id, form), 422
    assessment_id = service.start(the_member(), instrument_id, the_catalogue(), now(), Scope(form.scope.data))
    return redirect(url_for(".resume", assessment_id=assessment_id))


@blueprint.get("/<assessment_id>/resume")
@allow(Policy.MEMBER)
def resume(assessment_id: str) -> ResponseReturnValue:
    """Go to the first page with something unanswered."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    page = next((summary for summary in queries.summaries(mine) if summary.unanswered), None)
    if page is None:
        return redirect(url_for(".check", assessment_id=assessment_id))
    return redirect(url_for(".dimension", assessment_id=assessment_id, dimension_id=page.dimension.id))


@blueprint.get("/<assessment_id>/pages/<dimension_id>")
@allow(Policy.MEMBER)
def dimension(assessment_id: str, dimension_id: str) -> ResponseReturnValue:
    """One dimension with its items."""
    page = queries.dimension_page(the_member(), assessment_id, dimension_id)
    if page.filling.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    return render_template("assessments/dimension.html", page=page)


@blueprint.post("/<assessment_id>/pages/<dimension_id>")
@allow(Policy.MEMBER)
def save(assessment_id: str, dimension_id: str) -> ResponseReturnValue:
    """Save the answers of one page and go on, go to the check, or stop for today."""
    try:
        answering.save_dimension(
            the_member(), assessment_id, dimension_id, request.form, now(), read_bases(request.form)
        )
    except StalePage as refused:
        page = queries.dimension_page(the_member(), assessment_id, dimension_id)
        shown = render_template(
            "assessments/dimension.html", page=page, typed=request.form, stale=refused.item_ids, problem=str(refused)
        )
        return shown, refused.status
    page = queries.dimension_page(the_member(), assessment_id, dimension_id)
    if request.form.get("then") == "later":
        flash(_("Your answers are saved. Come back and go on at any time, on any device."))
        return redirect(url_for(".index"))
    if page.next is None or request.form.get("then") == "check":
        return redirect(url_for(".check", assessment_id=assessment_id))
    return redirect(url_for(".dimension", assessment_id=assessment_id, dimension_id=page.next.id))


@blueprint.put("/<assessment_id>/answers/<item_id>")
@allow(Policy.MEMBER)
def save_answer(assessment_id: str, item_id: str) -> ResponseReturnValue:
    """Save one answer as the person goes. Answers with the revision that is stored now."""
    payload = AnswerPayload.read(request.get_data())
    try:
        revision = answering.save_answer(
            the_member(),
            assessment_id,
            item_id,
            operation_id=payload.operation_id,
            revision=payload.revision,
            sent=payload.value[0],
            now=now(),
        )
    except StaleAnswer as stale:
        return jsonify(error=str(stale), revision=stale.revision, value=[stale.value]), stale.status
    return jsonify(revision=revision)


@blueprint.get("/<assessment_id>/check")
@allow(Policy.MEMBER)
def check(assessment_id: str) -> ResponseReturnValue:
    """Check your answers."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    return render_template("assessments/check.html", filling=mine, summaries=queries.summaries(mine))


@blueprint.post("/<assessment_id>/finish")
@allow(Policy.MEMBER)
def finish(assessment_id: str) -> ResponseReturnValue:
    """Finish and show the result."""
    service.finish(the_member(), assessment_id, now(), consented=request.form.get("consent") == "yes")
    return redirect(url_for(".result", assessment_id=assessment_id))
