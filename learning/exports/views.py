"""Pages of exports: a table as a file at once, or one that is made in the background and waits for its owner."""

from __future__ import annotations

from typing import BinaryIO

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.errors import NotFound
from learning.exports import queries, service
from learning.exports.files import open_file, passing_file
from learning.exports.models import ExportState, Format
from learning.exports.plans import known_filters, plan_export
from learning.exports.sources import Asked
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("exports", __name__, url_prefix="/teaching/exports")

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


def _format(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        raise NotFound from None


@blueprint.get("/")
@allow(Policy.TRAINER)
def overview() -> str:
    """My exports."""
    return render_template("exports/overview.html", exports=queries.my_exports(the_member(), now()))


@blueprint.get("/new/<table_name>.<file_format>")
@allow(Policy.TRAINER)
def table(table_name: str, file_format: str) -> ResponseReturnValue:
    """A table as a file, as its page filters it; of a large one the page that asks whether to make it."""
    wanted, filters = _format(file_format), known_filters(table_name, request.args)
    moment = now()
    plan = plan_export(Asked(the_member(), filters, the_catalogue(), moment), table_name, wanted)
    if not plan.small:
        return render_template(
            "exports/large.html", plan=plan, table_name=table_name, file_format=wanted, filters=filters
        )
    stream = passing_file()
    plan.write(stream, lambda _done: None)
    stream.seek(0)
    return _attachment(stream, f"{table_name}-{moment:%Y-%m-%d}.{wanted.value}", wanted)


@blueprint.post("/")
@allow(Policy.TRAINER)
def ask() -> ResponseReturnValue:
    """Have a table made in the background."""
    kind, wanted = request.form.get("table", ""), _format(request.form.get("format", ""))
    export_id = service.ask(the_member(), kind, wanted, request.form, the_catalogue(), now())
    return redirect(url_for(".export", export_id=export_id))


@blueprint.get("/<export_id>")
@allow(Policy.TRAINER)
def export(export_id: str) -> str:
    """How far an export is, and its file."""
    return render_template("exports/export.html", export=queries.my_export(the_member(), export_id, now()))


@blueprint.get("/<export_id>/state")
@allow(Policy.TRAINER)
def export_state(export_id: str) -> Response:
    """The same for the script of the page."""
    found = queries.my_export(the_member(), export_id, now())
    return jsonify(done=found.done, total=found.total, finished=found.finished)


@blueprint.get("/<export_id>/file")
@allow(Policy.TRAINER)
def download(export_id: str) -> Response:
    """The file, for its owner alone: whoever has the id and is somebody else finds nothing."""
    found = queries.my_export(the_member(), export_id, now())
    stream = open_file(found.claim) if found.claim and found.state is ExportState.READY else None
    if stream is None:
        raise NotFound
    return _attachment(stream, found.file_name, found.file_format)


@blueprint.post("/<export_id>/remove")
@allow(Policy.TRAINER)
def remove(export_id: str) -> ResponseReturnValue:
    """Remove an export and its file."""
    service.remove(the_member(), export_id)
    flash(_("The export is removed."), "success")
    return redirect(url_for(".overview"))


def _attachment(stream: BinaryIO, name: str, kind: Format) -> Response:
    response = send_file(stream, mimetype=TYPES[kind], as_attachment=True, download_name=name, etag=False)
    # It stays nowhere on the way, and in no cache of the browser; send_file would say otherwise.
    response.headers["Cache-Control"] = "no-store"
    return response
