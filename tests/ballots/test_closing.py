"""Closing a wave, and what is left of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from learning.ballots.closing import STEPS
from learning.ballots.codes import new_response_key, shown
from learning.ballots.compacting import compact
from learning.ballots.database import reading, the_engine, unit_of_work
from learning.ballots.keys import destroy_key, kept_keys, key_of
from learning.ballots.models import FrozenRelease, Response, Result, SealedResponse, Stage, Wave
from learning.ballots.releases import earlier_wave, reported_before
from learning.ballots.service import (
    close_due,
    close_wave,
    open_wave,
    open_wave_of,
    personal_result,
    released,
    seal,
    unseal,
)
from learning.ballots.verifying import findings
from learning.clock import now
from learning.content.model import Instrument
from learning.errors import NotFound
from learning.psychometrics.release import Earlier, Plan, Release, ResponseTable
from learning.psychometrics.report import Refusal
from learning.psychometrics.wave_table import NO_GROUP, Group, Moved
from tests.ballots.waves import Known, known_wave, number_of, opening, small_release

THREE_GROUPS = (Group("dye", "Dye house", 12), Group("boiler", "Boiler house", 10), Group("yard", "Yard", 10))


def test_steps_follow_each_other_from_open_to_closed() -> None:
    assert [step.before for step in STEPS] == list(Stage)[:-1]
    assert [step.after for step in STEPS] == list(Stage)[1:]


def test_a_closed_wave_has_its_release_and_nothing_before() -> None:
    known = known_wave()
    assert released(known.id) is None
    close_wave(known.id, small_release)
    release = released(known.id)
    assert release is not None
    assert release.report is not None
    assert findings() == []
    assert kept_keys() == frozenset()
    assert open_wave_of(known.unspent[0]) is None


def test_answers_are_kept_as_they_were_given() -> None:
    known = known_wave()
    close_wave(known.id, small_release)
    with reading() as session:
        rows = session.scalars(select(Response)).all()
    assert sorted(number_of(row.answers) for row in rows) == list(range(20))
    assert {row.trust for row in rows} == {4}


def test_a_group_of_which_nothing_is_told_is_not_kept() -> None:
    known = known_wave(0, THREE_GROUPS)
    known.answer(12 + 4)  # all of the dye house, four of the boiler house
    close_wave(known.id, small_release)
    with reading() as session:
        assert Counter(session.scalars(select(Response.place))) == {0: 12, NO_GROUP: 4}


def test_a_wave_of_too_few_answers_closes_with_the_reason_and_keeps_no_answers() -> None:
    known = known_wave(4)
    close_wave(known.id, small_release)
    release = released(known.id)
    assert release is not None
    assert release.report is None
    assert release.refusal is Refusal.TOO_FEW_ANSWERS
    with reading() as session:
        assert session.scalars(select(Response)).all() == []
        assert len(session.scalars(select(Result)).all()) == 4


def test_one_s_own_result_is_there_before_and_after_closing_for_the_private_code_alone() -> None:
    known = known_wave(8)
    codes = [shown(each.response_key) for each in known.sent]
    before = [personal_result(code) for code in codes]
    close_wave(known.id, small_release)
    assert [personal_result(code) for code in codes] == before
    assert all(before)
    assert personal_result(shown(new_response_key())) is None
    assert personal_result("mistyped") is None


def test_mails_are_unsealed_until_the_key_is_destroyed() -> None:
    known, other = known_wave(5), known_wave(0)
    sealed = seal(known.id, "Ihre Einladung: Ä")
    assert unseal(known.id, sealed) == "Ihre Einladung: Ä"
    assert unseal(other.id, sealed) is None
    assert unseal(known.id, "no seal") is None
    close_wave(known.id, small_release)
    assert unseal(known.id, sealed) is None
    with pytest.raises(NotFound):
        seal(known.id, "too late")


def test_closing_again_changes_nothing() -> None:
    known = known_wave()
    close_wave(known.id, small_release)
    before = released(known.id)
    close_wave(known.id, small_release)
    assert released(known.id) == before


def test_the_first_release_stands() -> None:
    known = known_wave()
    with unit_of_work() as session:
        session.get_one(Wave, known.id).stage = Stage.FROZEN
        session.add(FrozenRelease(wave_id=known.id, body='{"form":1,"refusal":"nothing-to-tell"}'))
    close_wave(known.id, small_release)
    release = released(known.id)
    assert release is not None
    assert release.refusal is Refusal.NOTHING_TO_TELL


def test_a_wave_that_does_not_exist_cannot_close() -> None:
    with pytest.raises(NotFound):
        close_wave("0" * 20, small_release)


def test_waves_whose_time_is_over_close_and_others_stay() -> None:
    known = known_wave()
    assert close_due(now(), small_release) == 0
    with time_machine.travel(now() + timedelta(days=8)):
        assert findings() == [
            f"{known.id}: its time is over, and it is open. Run `ballots close-due`, and look whether the worker runs."
        ]
    assert close_due(now() + timedelta(days=8), small_release) == 1
    assert released(known.id) is not None
    assert close_due(now() + timedelta(days=8), small_release) == 0


def test_other_open_waves_go_on_as_before() -> None:
    first, second = known_wave(), known_wave(10)
    close_wave(first.id, small_release)
    second.answer(10)
    close_wave(second.id, small_release)
    assert released(first.id) == released(second.id)
    assert findings() == []


def test_the_next_wave_is_given_the_earlier_answers() -> None:
    first = known_wave()
    close_wave(first.id, small_release)
    second = known_wave(15, earlier=first.id)
    close_wave(second.id, small_release)
    release = released(second.id)
    assert release is not None
    assert release.report is not None
    assert release.report.weaknesses == ("20 before",)
    found = earlier_wave(first.id)
    assert found is not None
    assert found.plan.k == 5
    table = found.table
    assert table.values.shape == (20, 17)
    assert sorted(number_of(row.tobytes()) for row in table.values) == list(range(20))


def test_a_report_is_held_against_all_that_were_made_of_the_same_people_before() -> None:
    first = known_wave()
    other = known_wave(12)
    close_wave(first.id, small_release)
    close_wave(other.id, small_release)
    moved = {first.id: (Moved("dye", "dye", 9), Moved("dye", "boiler", 3)), other.id: (Moved("boiler", "dye", 2),)}
    second = Known(open_wave(replace(opening(earlier=first.id), moved=moved), now()))
    found = reported_before(second.id)
    assert {each: found[each].moved for each in found} == {
        first.id: (Moved("dye", "boiler", 3), Moved("dye", "dye", 9)),
        other.id: moved[other.id],
    }
    # One that was opened later and closes earlier counts too, the other way round
    third = Known(open_wave(replace(opening(), moved={second.id: (Moved("dye", "boiler", 4),)}), now()))
    third.answer(11)
    close_wave(third.id, small_release)
    assert reported_before(second.id)[third.id].moved == (Moved("boiler", "dye", 4),)
    second.answer(15)
    close_wave(second.id, small_release)
    release = released(second.id)
    assert release is not None
    assert release.report is not None
    assert sorted(release.report.weaknesses) == ["11 before", "12 before", "20 before"]


def test_reports_that_are_made_at_once_are_held_against_each_other() -> None:
    first = known_wave()
    second = Known(open_wave(replace(opening(), moved={first.id: (Moved("dye", "dye", 9),)}), now()))
    second.answer(15)
    held: list[int] = []

    def overtaken(
        instrument: Instrument, plan: Plan, table: ResponseTable, earlier: Earlier | None, others: Sequence[Earlier]
    ) -> Release:
        if not held:
            close_wave(first.id, small_release)
        held.append(len(others))
        return small_release(instrument, plan, table, earlier, others)

    close_wave(second.id, overtaken)
    assert held == [0, 1]
    release = released(second.id)
    assert release is not None
    assert release.report is not None
    assert release.report.weaknesses == ("20 before",)


def test_a_closing_that_was_cut_off_after_its_report_is_held_against_the_next_one() -> None:
    first = known_wave()
    second = Known(open_wave(replace(opening(), moved={first.id: (Moved("dye", "dye", 9),)}), now()))
    second.answer(15)
    for step in STEPS[:2]:
        step.do(first.id, small_release)
    close_wave(second.id, small_release)
    release = released(second.id)
    assert release is not None
    assert release.report is not None
    assert release.report.weaknesses == ("20 before",)


def test_without_its_key_an_open_wave_counts_as_closed_and_says_why() -> None:
    known = known_wave()
    destroy_key(known.id)
    assert open_wave_of(known.unspent[0]) is None
    assert findings() == [
        f"{known.id}: its key is gone, so it takes no answers and its answers cannot be read. Close it."
    ]
    assert close_due(now()) == 1
    release = released(known.id)
    assert release is not None
    assert release.report is None
    assert release.refusal is Refusal.KEY_LOST
    assert findings() == []


def test_a_wave_after_one_whose_key_was_lost_can_be_closed() -> None:
    first = known_wave()
    destroy_key(first.id)
    close_wave(first.id, small_release)
    assert earlier_wave(first.id) is None
    second = known_wave(earlier=first.id)
    close_wave(second.id, small_release)
    release = released(second.id)
    assert release is not None
    assert release.report is not None


def test_an_answer_that_somebody_tampered_with_does_not_hold_up_closing() -> None:
    known = known_wave()
    with unit_of_work() as session:
        one, two = session.scalars(select(SealedResponse)).all()[:2]
        one.sealed = one.sealed[:-1] + bytes([one.sealed[-1] ^ 1])
        two.sealed = b"short"
    close_wave(known.id, small_release)
    with reading() as session:
        assert len(session.scalars(select(Response)).all()) == 18


def test_a_key_that_a_crash_left_half_destroyed_is_no_key(app) -> None:  # type: ignore[no-untyped-def]
    known = known_wave(0)
    (app.extensions["settings"].ballot_keys / known.id).write_bytes(bytes(32))
    assert key_of(known.id) is None
    assert findings() == []  # closing will remove the file
    destroy_key(known.id)
    destroy_key(known.id)
    assert kept_keys() == frozenset()


def test_while_somebody_reads_the_log_is_not_emptied_and_closing_goes_on_later(backend: str) -> None:
    if backend == "postgresql":
        return  # the same there, for who reads the ballots: tests/campaigns/test_running.py
    known = known_wave()
    with reading() as session:
        session.scalars(select(Wave)).all()
        close_wave(known.id, small_release)
        assert released(known.id) is None
    close_due(now(), small_release)
    assert released(known.id) is not None


def test_compacting_leaves_connections_as_they_were() -> None:
    compact()
    with the_engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2
        else:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "5s"
