"""Deleting a campaign: what the dossier says of it is so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learning.ballots import codes
from learning.ballots import service as ballots
from learning.ballots.database import BallotsTable, reading
from learning.ballots.erasing import NotClosed
from learning.ballots.models import Result
from learning.ballots.verifying import findings
from learning.campaigns.dossier_words import kept
from learning.campaigns.erasing import erase_campaign
from learning.campaigns.errors import NotNow
from learning.clock import now
from learning.database import Table
from learning.extensions import db
from tests.campaigns.planned import stored_wave
from tests.campaigns.reported import open_again, open_wave
from tests.conftest import Company

#: Tables of answers that keep rows of a campaign that was deleted: what a personal result shows.
STAY = {"wave", "declared_instrument", "result", "ballots_schema"}


def rows_left() -> dict[str, int]:
    """How many rows of campaigns and answers there are, table by table; those without any are left out."""
    found = {}
    with reading() as session:
        for table in BallotsTable.metadata.sorted_tables:
            found[table.name] = session.scalar(select(func.count()).select_from(table)) or 0
    for table in Table.metadata.sorted_tables:
        if table.name.startswith(("campaign", "measure")):
            found[table.name] = db.session.scalar(select(func.count()).select_from(table)) or 0
    db.session.remove()
    return {name: count for name, count in found.items() if count}


def test_a_campaign_is_deleted_with_lists_answers_and_reports_and_one_s_own_result_stays(
    site: Flask, company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    with site.test_request_context():
        known = open_wave(company)
        known.answer_all()
        own = codes.new_response_key()
        ballots.submit(ballots.Sent(known.codes["g01"].pop(), codes.new_permit(), own, known.answers[0], 4), now())
        ballots_id = stored_wave(known.campaign_id).ballots_id or ""
        with pytest.raises(NotClosed):
            ballots.erase_wave(ballots_id)
        with pytest.raises(NotNow, match="Close it first"):
            erase_campaign(known.campaign_id)
        known.close()
        known = open_again(known)
        known.answer_all()
        known.close()
        result = ballots.personal_result(codes.shown(own))
        assert result is not None
        assert ballots.released(ballots_id) is not None
        # Cut off after the answers of the first wave, it is done again.
        ballots.erase_wave(ballots_id)

    manager, address = client_for(company.manager), f"/organization/campaigns/{known.campaign_id}"
    assert "Only whoever runs this site can delete" in manager.get(address).text
    assert manager.get(f"{address}/delete").status_code == 409
    command = ["campaigns", "delete", known.campaign_id]
    assert site.test_cli_runner().invoke(args=command, input="n\n").exit_code == 1
    assert manager.get(address).status_code == 200
    run = site.test_cli_runner().invoke(args=[*command, "--yes"])
    assert (run.exit_code, run.output.split(": ")[-1]) == (0, "deleted.\n")
    assert manager.get(address).status_code == 404
    again = site.test_cli_runner().invoke(args=[*command, "--yes"])
    assert (again.exit_code, again.output) == (1, "Error: There is no campaign with this id.\n")

    with site.test_request_context():
        assert set(rows_left()) == STAY
        assert findings() == []
        assert ballots.personal_result(codes.shown(own)) == result
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(Result)) == 2 * 24 + 1
        # Whatever the dossier promises to go with the campaign was among what went.
        assert [what for what, how_long in kept() if "campaign" in how_long and "stays" not in how_long] == [
            "List of who is invited",
            "Answers without any person",
            "The report",
        ]
