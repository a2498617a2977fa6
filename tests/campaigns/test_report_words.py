"""The words of a report: no word is more exact than its figure, and chance is never called success."""

from __future__ import annotations

from dataclasses import replace

import pytest

from learning.campaigns import report_change_words as changes
from learning.campaigns import report_words as words
from learning.campaigns.report_parts import Gauge, ShareBar
from learning.psychometrics.change import Effect
from learning.psychometrics.figures import Between, Count, Form, Interval, Score, Withheld
from learning.psychometrics.report import Change, NoChange, Refusal, Reliability, ResponseRate

ROSE = Change("a", 6.0, 1.0, Interval(2.0, 10.0), 0.5, None, 0.5, Effect.CLEAR, True, None)


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(Form.POINTS, 62.0, 0.5), "62"),
        (Score(Form.POINTS, 62.5, 1.0), "62.5"),
        (Score(Form.POINTS, 61.3, 0.1), "61.3"),
        (Score(Form.LEVEL, 40.0, 20.0), "40 to 60"),
        (Score(Form.ABOVE, 92.0, 0.5), "above 92"),
        (Score(Form.BELOW, 8.0, 0.5), "below 8"),
        (None, "not told"),
    ],
)
def test_a_score_is_printed_as_it_is_told(score: Score | None, text: str) -> None:
    assert words.score_text(score) == text


def test_a_score_that_is_a_stretch_has_no_dot() -> None:
    level = Gauge.of("a", "A", Score(Form.LEVEL, 40.0, 20.0), "")
    assert (level.dot, level.low, level.high, level.between) == (None, 40.0, 60.0, "")
    point = Gauge.of("a", "A", Score(Form.POINTS, 62.0, 0.5, Interval(58.0, 66.0)), "")
    assert (point.dot, point.low, point.high, point.between) == (62.0, 58.0, 66.0, "58 to 66")
    hidden = Gauge.of("a", "A", None, "Too few.")
    assert (hidden.dot, hidden.low, hidden.high, hidden.why) == (None, None, None, "Too few.")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Between(0.0, 0.05), "under 5 %"),
        (Between(0.95, 1.0), "over 95 %"),
        (Between(0.1, 0.15), "10 to 15 %"),
        (Between(0.225, 0.275), "22.5 to 27.5 %"),
        (None, "not told"),
    ],
)
def test_a_share_never_says_nobody_or_everybody(share: Between | None, text: str) -> None:
    assert words.share_text(share) == text
    assert ShareBar.of("x", share).text == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(Count(0, 4), "fewer than 5"), (Count(20, 49), "20 to 49"), (Count(100_000, None), "100,000 or more")],
)
def test_people_are_counted_in_bands(count: Count, text: str) -> None:
    assert words.count_text(count) == text


def test_a_change_says_how_large_and_whether_it_is_chance() -> None:
    assert changes.change_words(ROSE) == "Rose by 6 points; between 2 and 10; more than chance."
    fell = replace(ROSE, points=-6.0, interval=Interval(-10.0, -2.0))
    assert changes.change_words(fell) == "Fell by 6 points; between 2 and 10; more than chance."
    chance = replace(ROSE, points=2.0, interval=Interval(-3.0, 7.0), more_than_chance=False)
    assert "No change that can be told from chance" in changes.change_words(chance)
    assert "−3 and +7" in changes.change_words(chance)
    assert changes.effect_words(chance) == ""
    assert changes.short_change_words(chance) == "About the same as last time."
    assert changes.short_change_words(ROSE) == "Up by 6 points since last time."


def test_one_of_many_subjects_that_rose_by_chance_is_not_called_a_rise() -> None:
    """Its own interval leaves zero out, but eleven others were looked at beside it."""
    one = replace(ROSE, more_than_chance=False)
    assert "Rose" not in changes.change_words(one)
    assert "may be chance" in changes.change_words(one)


@pytest.mark.parametrize("reason", list(NoChange))
def test_every_change_that_is_not_told_has_a_sentence(reason: NoChange) -> None:
    change = Change("a", None, None, None, None, None, None, None, None, reason)
    assert changes.change_words(change).endswith(".")
    assert changes.short_change_words(change) == ""


@pytest.mark.parametrize("reason", list(Withheld))
def test_everything_withheld_has_a_sentence(reason: Withheld) -> None:
    assert words.withheld_words(reason, 7).endswith(".")
    assert ("7" in words.withheld_words(reason, 7)) == (reason is Withheld.TOO_FEW)


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_wave_that_tells_nothing_has_a_sentence(refusal: Refusal) -> None:
    assert words.refusal_words(refusal, 7).endswith(".")


def test_a_low_response_warns() -> None:
    low = ResponseRate(120, Count(20, 49), 0.4, Interval(0.32, 0.49), True)
    assert "may think otherwise" in words.response_warning(low)
    assert words.response_warning(replace(low, warn=False)) == ""
    assert "about 40 %" in words.response_words(low)


@pytest.mark.parametrize(
    ("alpha", "said"),
    [
        (None, "fewer than 30 people"),
        (Between(0.5, 0.6), "weakly"),
        (Between(0.66, 0.72), "just well enough"),
        (Between(0.84, 0.86), "hang together well"),
    ],
)
def test_reliability_is_one_sentence(alpha: Between | None, said: str) -> None:
    assert said in words.reliability_words("Management", Reliability(alpha, None, None))


def test_little_trust_is_said_plainly() -> None:
    assert "less than half" in words.trust_words(Between(0.3, 0.4))
    assert "less than half" not in words.trust_words(Between(0.5, 0.6))
    assert words.trust_words(Between(0.95, 1.0)).startswith("Over 95 %")


def test_what_somebody_wrote_is_cut_at_a_word() -> None:
    assert words.shortened("one\ntwo") == "one two"
    cut = words.shortened("word " * 60)
    assert len(cut) <= 160
    assert cut.endswith("word…")
