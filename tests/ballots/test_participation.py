"""How many have answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from learning.ballots.database import reading
from learning.ballots.models import Participation
from learning.ballots.participation import share_band
from learning.ballots.service import (
    ShareBand,
    close_wave,
    course_of_participation,
    open_wave,
    participation,
    refresh_participation,
)
from learning.clock import now
from learning.psychometrics.figures import Count
from learning.psychometrics.wave_table import Group
from tests.ballots.waves import known_wave, opening, small_release

pytestmark = pytest.mark.usefixtures("morning")

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("answered", "invited", "band"),
    [(5, 26, "below_20"), (5, 25, "20_40"), (10, 25, "40_60"), (15, 25, "60_80"), (20, 25, "above_80")],
)
def test_bands_of_shares(answered: int, invited: int, band: str) -> None:
    assert share_band(answered, invited) == band


def test_a_share_never_says_more_than_that_fewer_than_five_have_answered() -> None:
    assert share_band(4, 1000) is None
    assert share_band(24, 24) is None


def test_a_new_wave_says_that_few_have_answered() -> None:
    wave = open_wave(opening(), now())
    rows = participation(wave.id)
    assert [row.group.code if row.group else None for row in rows] == [None, "dye", "boiler"]
    assert {(row.answered, row.share) for row in rows} == {(Count(0, 4), None)}


def test_answers_show_from_the_next_day_on_and_once_a_day() -> None:
    known = known_wave(0, (Group("dye", "Dye house", 30), Group("boiler", "Boiler house", 10)))
    before = participation(known.id)
    known.answer(9)
    assert refresh_participation(now()) == 0
    assert participation(known.id) == before
    assert refresh_participation(now() + DAY) == 1
    everybody, dye, boiler = participation(known.id)
    assert everybody.as_of == (now() + DAY).date()
    assert (everybody.answered, everybody.share) == (Count(5, 9), ShareBand.FROM_20)
    assert (dye.answered, dye.share) == (Count(5, 9), ShareBand.FROM_20)
    assert (boiler.answered, boiler.share) == (Count(0, 4), None)
    known.answer(20)
    assert refresh_participation(now() + DAY) == 0
    assert participation(known.id) == (everybody, dye, boiler)
    assert refresh_participation(now() + 2 * DAY) == 1
    assert participation(known.id)[0].answered == Count(20, 40)


def test_the_course_over_the_days_tells_of_everybody_and_never_that_all_answered() -> None:
    known = known_wave(0, (Group("dye", "Dye house", 10),))
    for day, more in enumerate((4, 1, 0, 5), start=1):
        known.answer(more)
        assert refresh_participation(now() + day * DAY) == 1
        assert refresh_participation(now() + day * DAY) == 0
    course = course_of_participation(known.id)
    assert [row.as_of for row in course] == [(now() + day * DAY).date() for day in range(5)]
    assert [row.answered for row in course] == [Count(0, 4), Count(0, 4), Count(5, 10), Count(5, 10), Count(5, 10)]
    assert {row.group for row in course} == {None}
    # Of a group nothing but the last day is kept
    everybody, dye = participation(known.id)
    assert (everybody.answered, dye.answered, dye.as_of) == (Count(5, 10), Count(5, 10), course[-1].as_of)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Participation)) == 5 + 1


def test_a_closed_wave_is_not_counted_any_more() -> None:
    known = known_wave()
    close_wave(known.id, small_release)
    before = participation(known.id)
    assert refresh_participation(now() + DAY) == 0
    assert participation(known.id) == before
