"""Opening a wave."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.ballots.codes import PREFIX_LENGTH, read_code
from learning.ballots.database import reading
from learning.ballots.keys import kept_keys, key_of
from learning.ballots.models import Ballot, Wave, WaveGroup
from learning.ballots.service import Opening, PlanRefused, close_wave, open_wave, open_wave_of
from learning.clock import now
from learning.psychometrics.wave_table import Group
from tests.ballots.waves import SMALL, TWO_GROUPS, known_wave, opening, small_release
from tests.proof import times


def test_a_wave_opens_with_a_code_for_each_invited_person() -> None:
    opened = open_wave(opening(), now())
    assert {group: len(codes) for group, codes in opened.codes.items()} == {"dye": 12, "boiler": 10}
    codes = [code for codes in opened.codes.values() for code in codes]
    assert len(set(codes)) == 22
    assert all(map(read_code, codes))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Ballot)) == 22


def test_what_was_declared_is_found_by_any_code_of_its_group() -> None:
    opened = open_wave(opening(), now())
    found = open_wave_of(opened.codes["boiler"][0])
    assert found is not None
    assert (found.id, found.title, found.organization, found.k) == (
        opened.id,
        "Awareness in spring",
        "River Works",
        5,
    )
    assert found.group == TWO_GROUPS[1]
    assert found.instrument == SMALL
    assert found.lessons == opening().lessons
    assert found.promise == opening().promise


def test_a_mistyped_code_finds_nothing() -> None:
    code = open_wave(opening(), now()).codes["dye"][0]
    other = "0" if code[0] != "0" else "1"
    assert open_wave_of(other + code[1:]) is None


def test_the_key_is_a_file_for_its_owner_alone(app: Flask) -> None:
    opened = open_wave(opening(), now())
    folder = app.extensions["settings"].ballot_keys
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / opened.id).stat().st_mode) == 0o600
    key = key_of(opened.id)
    assert key is not None
    assert key.secret.hex() not in repr(key)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda o: replace(o, plan=replace(o.plan, k=4)), "5 people or more"),
        (lambda o: replace(o, plan=replace(o.plan, groups=(Group("dye", "Dye house", 9),))), "fewer than 10"),
        (lambda o: replace(o, plan=replace(o.plan, k=6)), "fewer than 12"),
        (lambda o: replace(o, plan=replace(o.plan, groups=())), "at least one group"),
        (lambda o: replace(o, plan=replace(o.plan, groups=TWO_GROUPS + TWO_GROUPS)), "its own code"),
        (lambda o: replace(o, closes_at=now()), "later one"),
        (lambda o: replace(o, earlier="0" * 20), "not closed"),
    ],
)
def test_an_unsafe_plan_does_not_open_and_leaves_nothing(change: Callable[[Opening], Opening], says: str) -> None:
    with pytest.raises(PlanRefused, match=says):
        open_wave(change(opening()), now())
    assert kept_keys() == frozenset()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Wave)) == 0


def test_a_wave_follows_only_one_that_is_closed_and_asked_the_same() -> None:
    first = known_wave()
    with pytest.raises(PlanRefused, match="Close it first"):
        open_wave(opening(earlier=first.id), now())
    close_wave(first.id, small_release)
    other = replace(opening(earlier=first.id), instrument=replace(SMALL, title="Another"))
    with pytest.raises(PlanRefused, match="other questions"):
        open_wave(other, now())
    assert open_wave(opening(earlier=first.id), now()).id


def test_first_symbols_are_never_given_twice() -> None:
    for _ in range(3):
        open_wave(opening(), now())
    with reading() as session:
        prefixes = session.scalars(select(WaveGroup.prefix)).all()
    assert len(set(prefixes)) == 6
    assert {len(prefix) for prefix in prefixes} == {PREFIX_LENGTH}


@pytest.mark.prove
def test_ten_thousand_ballots_are_opened_in_five_seconds() -> None:
    people = times(short=1000, full=10_000)
    started = now()
    open_wave(opening((Group("all", "Everybody", people),)), now())
    seconds = (now() - started) / timedelta(seconds=1)
    print(f"\nopening {people:,} ballots: {seconds:.2f} s")
    assert seconds < 5
