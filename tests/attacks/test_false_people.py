"""A9: a manager who surrounds one person with invented ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from learning.accounts.models import Department
from learning.ballots import service as ballots
from learning.ballots.codes import new_permit, new_response_key
from learning.campaigns import planning
from learning.campaigns.closing import close_wave
from learning.campaigns.errors import GroupsTooSmall
from learning.campaigns.models import Invited, Wave
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.psychometrics.report import GroupStanding
from tests.attacks.campaign import CODE, deliver
from tests.campaigns.planned import accept, add_people, manager_of, open_next, planned_campaign, staff
from tests.conftest import Company

pytestmark = pytest.mark.prove


def test_a9_false_accounts_make_no_group_of_one(app: Flask, company: Company, tmp_path: Path, backend: str) -> None:
    member = manager_of(company)
    first, second = company.departments
    with app.test_request_context():
        staff(company)
        with unit_of_work() as session:
            gate = Department(organization_id=company.id, name="Gate")
            session.add(gate)
            session.flush()
            gate_id = gate.id
        (person,) = add_people(company, gate_id, 1)
        add_people(company, gate_id, 4)
        campaign_id = planned_campaign(company)
        names = {first: "Wet side", second: "Hot side", gate_id: "Gate"}
        with pytest.raises(GroupsTooSmall, match="Gate has 5 people, and a group needs at least 10"):
            planning.set_groups(member, campaign_id, names, ())
        # Five more invented ones: now the group can be declared, and has one true person.
        add_people(company, gate_id, 5)
        planning.set_groups(member, campaign_id, names, ())
        accept(member, campaign_id)
        wave_id = open_next(member, campaign_id)
        late = add_people(company, gate_id, 6)
        listed = set(db.session.scalars(select(Invited.user_id)))
        ballots_id = db.session.scalars(select(Wave.ballots_id).where(Wave.id == wave_id)).one() or ""
        db.session.remove()
    assert person in listed
    assert not listed & set(late)
    letters = deliver(app, tmp_path)
    with app.test_request_context():
        codes = {recipient.split("@")[0]: CODE.findall(letter)[0] for recipient, letter in letters}
        gates = [code for code in codes.values() if group_of(code) == "Gate"]
        others = [code for code in codes.values() if group_of(code) == "Wet side"]
        assert len(gates) == 10
        # The true person and three of the invented ones: they do not reach k together with those who were only invited.
        for code in (*gates[:4], *others):
            sent = ballots.Sent(code, new_permit(), new_response_key(), {}, 4)
            ballots.submit(answered(sent), now())
        close_wave(company.id, campaign_id, wave_id, now())
        release = ballots.released(ballots_id)
    assert release is not None
    report = release.report
    assert report is not None
    (gate_group,) = [group for group in report.groups.groups if group.name == "Gate"]
    print(
        f"\nA9 {backend}: a group of 5 refused, {len(late)} who came later not invited, a group of 10 invited of whom 4 "
        f"answered {gate_group.standing.value}; what is left: whoever invents k people and answers for them knows all but one"
    )
    assert gate_group.standing is not GroupStanding.TOLD
    assert not [row for row in report.groups.rows if gate_group.code in row.members and len(row.members) == 1]


def group_of(code: str) -> str:
    wave = ballots.open_wave_of(code)
    assert wave
    return wave.group.name


def answered(sent: ballots.Sent) -> ballots.Sent:
    """With an answer to every item, varied by the code."""
    wave = ballots.open_wave_of(sent.code)
    assert wave
    values = {}
    for place, item in enumerate(wave.instrument.items):
        choice = sum(map(ord, sent.code)) + place * place
        values[item.id] = choice % 5 + 1 if item.kind == "agreement" else choice % (5 if item.kind == "anchored" else 2)
    return ballots.Sent(sent.code, sent.permit, sent.response_key, values, sent.trust)
