"""The parts of a report: texts to print, and places from 0 to 100 at which a chart draws what the text says."""

from __future__ import annotations

from dataclasses import dataclass

from learning.campaigns import report_words as words
from learning.content.model import Band
from learning.psychometrics.figures import Between, Form, Score


@dataclass(frozen=True, slots=True)
class Gauge:
    """A score as it is told, and where it stands."""

    id: str
    title: str
    #: "62", "40 to 60", "above 92", "not told".
    text: str
    #: "58 to 66", or empty.
    between: str
    #: Place of the score; None where only a stretch is told, or nothing.
    dot: float | None
    #: Ends of the interval, or of the stretch.
    low: float | None
    high: float | None
    #: Place of the last time.
    before: float | None
    before_text: str
    #: Why it is not told; empty if it is.
    why: str

    @classmethod
    def of(cls, id_: str, title: str, score: Score | None, why: str, before: Score | None = None) -> Gauge:
        """A score of the release; ``before``: the same score of the wave before."""
        dot = low = high = None
        if score is not None and score.form is Form.POINTS:
            dot = score.value
            low, high = (score.interval.low, score.interval.high) if score.interval else (None, None)
        elif score is not None:
            low, high = score.low, score.high
        last = before.value if before is not None and before.form is Form.POINTS else None
        return cls(
            id=id_,
            title=title,
            text=words.score_text(score),
            between=words.interval_text(score.interval) if score else "",
            dot=dot,
            low=low,
            high=high,
            before=last,
            before_text=words.score_text(before) if before else "–",
            why="" if score else why,
        )


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A share of people or answers as the stretch it lies in, in per cent."""

    title: str
    text: str
    low: float | None
    high: float | None

    @classmethod
    def of(cls, title: str, share: Between | None) -> ShareBar:
        """A share of the release."""
        if share is None:
            return cls(title, words.share_text(None), None, None)
        return cls(title, words.share_text(share), round(100 * share.low, 4), round(100 * share.high, 4))


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """A dimension under its headline."""

    gauge: Gauge
    #: Empty where no change is told of the whole wave.
    change: str


@dataclass(frozen=True, slots=True)
class HeadlinePart:
    """One of the two scores at the top."""

    gauge: Gauge
    perception: str
    band: str
    bands: tuple[Band, ...]
    #: Bands that the score may belong to.
    here: tuple[Band, ...]
    interval: str
    change: str
    #: The same for the poster.
    short_change: str
    spread: tuple[ShareBar, ...]
    dimensions: tuple[DimensionPart, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or a weak point in words."""

    id: str
    title: str
    score: str
    #: Title of the headline that it belongs to.
    headline: str
    #: The question that stands out most within it; empty where none is told.
    question: str
    #: What helps; empty for a strength.
    measure: str


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A row of the comparison."""

    name: str
    invited: int
    answered: str
    scores: tuple[Gauge, ...]
    dimensions: tuple[Gauge, ...]


@dataclass(frozen=True, slots=True)
class GroupsPart:
    """Groups side by side, as far as they are told."""

    #: Titles of the headlines.
    columns: tuple[str, ...]
    rows: tuple[GroupPart, ...]
    #: Name, what became of it, why.
    hidden: tuple[tuple[str, str, str], ...]
    differences: tuple[str, ...]
    #: Titles whose means are drawn to the common one.
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangePart:
    """What changed since the wave before."""

    told: bool
    #: Why nothing is told; empty if it is.
    reason: str
    #: Title and sentence.
    headlines: tuple[tuple[str, str], ...]
    dimensions: tuple[tuple[str, str], ...]
    #: Group, headline, sentence.
    groups: tuple[tuple[str, str, str], ...]
    #: Title, points, interval, d, its interval, g.
    figures: tuple[tuple[str, str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One question, all people together."""

    #: In the order of the instrument.
    place: int
    gauge: Gauge
    dimension: str
    #: It has no score, only answers.
    knowledge: bool
    answers: tuple[ShareBar, ...]
