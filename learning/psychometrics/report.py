"""The published figures of a wave, one record a thing that a page shows. Nothing here is more exact than may be told.

Pages, PDF, tables and posters read these records and nothing else. Words are made there: what stands here are ids of
the instrument, enums and figures. A figure that may not be told is None; where a reader will ask why, a reason stands
beside it.

The three kinds of figures stand in ``figures``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from learning.psychometrics.change import Effect
from learning.psychometrics.figures import Between, Count, Interval, Score, Withheld


class Refusal(StrEnum):
    """Why a whole wave tells nothing."""

    #: Fewer than k people answered.
    TOO_FEW_ANSWERS = "too-few-answers"
    #: Enough answered, but too few of them enough items for any of the scores, or too much alike.
    NOTHING_TO_TELL = "nothing-to-tell"
    #: The key of the wave was lost before it closed, so its answers can be read by nobody.
    KEY_LOST = "key-lost"


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """How many took part."""

    #: Exact: it was declared before the opening.
    invited: int
    answered: Count
    #: The middle of ``stretch``, 0 to 1.
    rate: float
    #: From the least end of Wilson's intervals of all rates in it to the greatest, as if people were drawn by lot.
    interval: Interval
    #: Below a half: print a plain warning that those who did not answer may think otherwise.
    warn: bool
    #: Between which shares of the invited it lies; it never tells that all answered. Reports made before have none.
    stretch: Between | None = None


@dataclass(frozen=True, slots=True)
class BandShare:
    """How many people's own score lies in one band of a headline."""

    #: Place in ``headline.bands``, or of five equal stretches where the headline has no five bands.
    band: int
    #: None: cannot be told without showing one person. Shares need not add up to 100 %.
    share: Between | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the items of a headline measure one thing, among all people of the wave. Folded away on the page."""

    #: Cronbach's alpha, from 30 complete answers on. Say "about" its middle.
    alpha: Between | None
    #: Feldt's interval, worked out for the least number of people of the band.
    alpha_interval: Interval | None
    #: McDonald's omega, from 100 complete answers on.
    omega: Between | None


@dataclass(frozen=True, slots=True)
class HeadlineResult:
    """One of the scores at the top of the report. Say beside a perception of the workplace that it is one."""

    #: ``headline.id`` of the instrument.
    id: str
    #: People with this score.
    answered: Count
    #: None with ``withheld``.
    score: Score | None
    withheld: Withheld | None
    #: Places in ``headline.bands``: one, or two neighbours ("between … and …"). Empty below ten answers.
    bands: tuple[int, ...]
    #: Standard deviation of people's scores, in points.
    sd: Between | None
    #: Five bands, from 10 people on; empty otherwise.
    spread: tuple[BandShare, ...]
    reliability: Reliability
    #: Whether the mean moves by more than 2 points without those who answered carelessly. None: cannot be told.
    careless_matters: bool | None = None


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension, all people together."""

    #: ``dimension.id`` of the instrument.
    id: str
    headline_id: str
    answered: Count
    score: Score | None
    withheld: Withheld | None
    #: Agreement r_wg(j), from 10 people on. Below .70 say "people see this very differently".
    agreement: Between | None
    #: True: one view of it; False: very different views; None: cannot be told.
    agreed: bool | None
    #: Shares of all answers to its items, 0 to 1. A share of "I don't know" is a finding of its own.
    dont_know: Between | None
    #: "Does not apply" and "no opportunity" together.
    not_applicable: Between | None
    skipped: Between | None


@dataclass(frozen=True, slots=True)
class AnswerShare:
    """How many chose one answer of an item."""

    #: The raw value as the instrument numbers it (0 to 4, or 1 to 5), not turned; of a knowledge item the option.
    value: int
    share: Between | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item, all people together. Every item is listed; below 10 answers nothing but its name is told."""

    #: ``item.id`` of the instrument.
    id: str
    dimension_id: str
    answered: Count
    #: Mean in points of 100, turned so that more is better. None for a knowledge item, and with ``withheld``.
    score: Score | None
    withheld: Withheld | None
    #: In the order of the values; empty where it is withheld.
    distribution: tuple[AnswerShare, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeResult:
    """The knowledge check: a figure of its own, never part of a headline."""

    #: Mean share of right answers, in points of 100, from 10 people on.
    score: Score | None
    withheld: Withheld | None


class GroupStanding(StrEnum):
    """What became of a group of the plan."""

    #: It has figures of its own.
    TOLD = "told"
    #: Its people are in the row of other departments.
    MERGED = "merged"
    #: It is in the figures of the whole company only.
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A group as it was declared, and what became of it. Every group of the plan is listed, in the plan's order."""

    code: str
    name: str
    invited: int
    standing: GroupStanding
    #: Why it has no row of its own; None if it has.
    reason: Withheld | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A headline's or a dimension's mean in one row."""

    #: Id of the headline or the dimension.
    id: str
    score: Score | None
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of the comparison: a group of the plan, or "other departments" together."""

    #: The group's code; None for other departments.
    code: str | None
    #: The codes of the groups in this row.
    members: tuple[str, ...]
    invited: int
    answered: Count
    #: In the order of the instrument.
    headlines: tuple[GroupScore, ...]
    dimensions: tuple[GroupScore, ...]


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """Whether the rows differ in one headline by more than chance explains."""

    headline_id: str
    #: Test of no difference at all, raised after Holm over the headlines. None: too close to say.
    more_than_chance: bool | None
    #: ICC(1): how much one person's answer tells of the group. Never below 0 here.
    icc1: Between | None
    #: ICC(2): how reliable group means are. Below .50 say "groups cannot be told apart reliably".
    icc2: Between | None


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """The groups side by side. In the order of the plan: nobody is ranked."""

    groups: tuple[PlannedGroup, ...]
    #: Empty where no group may be told; other departments come last.
    rows: tuple[GroupRow, ...]
    #: Headlines and dimensions whose means are drawn to the common mean by as much as chance explains (from five
    #: rows on); all others are plain means. Say which.
    shrunken: tuple[str, ...]
    differences: tuple[GroupDifference, ...]


class NoChange(StrEnum):
    """Why no change is told."""

    FIRST_WAVE = "first-wave"
    #: The wave before asked other items.
    OTHER_INSTRUMENT = "other-instrument"
    #: The wave before told nothing.
    NOTHING_BEFORE = "nothing-before"
    #: Fewer than ten answers in one of the waves.
    TOO_FEW = "too-few"
    #: The people of the group changed by fewer than k.
    FEW_CAME_OR_WENT = "few-came-or-went"
    #: The group was another, or was not told, in one of the waves.
    OTHER_GROUP = "other-group"
    #: In every rounding one person's answer could be seen by all others together.
    TOO_CLEAR = "too-clear"


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since the wave before, in a headline or a dimension. Waves are compared as if of other people.

    Say with it: there is no comparison group, so other causes are possible.
    """

    #: Id of the headline or the dimension.
    id: str
    #: After less before, in points; right to half a ``step``. None with ``reason``.
    points: float | None
    step: float | None
    interval: Interval | None
    #: d of unequal variances with its interval (Bonett), and Hedges' g; right to a tenth.
    d: float | None
    d_interval: Interval | None
    g: float | None
    #: The word for g. With an interval that holds 0 say "could be chance" instead.
    effect: Effect | None
    #: Whether it is more than chance: of a headline by its interval, of dimensions after Holm over all of them.
    more_than_chance: bool | None
    reason: NoChange | None


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A trend of one group in one headline: the difference of the two scores that were told, and nothing more exact.

    Only where both waves have ten answers and the numbers invited and answered moved by 0, or by k or more.
    """

    code: str
    headline_id: str
    points: float | None
    step: float | None
    interval: Interval | None
    reason: NoChange | None


@dataclass(frozen=True, slots=True)
class WaveChange:
    """What changed since the wave before."""

    #: None if changes are told; otherwise everything else is empty.
    reason: NoChange | None
    headlines: tuple[Change, ...] = ()
    dimensions: tuple[Change, ...] = ()
    #: Only groups that are declared in both waves.
    groups: tuple[GroupChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a wave tells."""

    instrument_id: str
    instrument_version: int
    instrument_language: str
    instrument_hash: str
    #: The smallest number of people that anything is told of.
    k: int
    response: ResponseRate
    #: In the order of the instrument; only those with a score of 100.
    headlines: tuple[HeadlineResult, ...]
    dimensions: tuple[DimensionResult, ...]
    items: tuple[ItemResult, ...]
    knowledge: KnowledgeResult | None
    #: Dimension ids, strongest first, at most three, from 60 points on. By the told figures, so it tells nothing new.
    strengths: tuple[str, ...]
    #: Dimension ids, weakest first, at most three, none from 80 points on, none that is a strength.
    weaknesses: tuple[str, ...]
    groups: GroupComparison
    #: People with two or more signs of haste. They are counted in everything.
    careless: Count
    #: Share of those asked who believe that nobody can trace their answers (4 or 5 of 5), from 10 on. None: not told.
    trust: Between | None
    change: WaveChange
    #: Invented figures, to show what a report looks like. Mark every page of it.
    specimen: bool = False
