"""The words of a report: each figure as it is told, the same on the page, in the PDF, in the table and on the poster.

Nothing here reads anything but what was released, and no word is more exact than its figure.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_decimal
from flask_babel import gettext as _

from learning.content.model import Headline
from learning.psychometrics.benchmark import Benchmark, Place
from learning.psychometrics.figures import Between, Count, Form, Interval, Score, Withheld
from learning.psychometrics.report import (
    GroupDifference,
    HeadlineResult,
    Refusal,
    Reliability,
    ResponseRate,
)

#: From this share on "I don't know" is named as a finding.
MANY_UNKNOWN = 0.1
#: Group means below this cannot be told apart; scales below that measure too little.
LEAST_ICC2, LEAST_ALPHA = 0.5, 0.7


def number(value: float) -> str:
    """As it is told: whole, or with its decimals, in the reader's language."""
    return str(format_decimal(value, format="#,##0.##")).replace("-", "−")


def percent(share: float) -> str:
    """A share of 1 in per cent, without the sign."""
    return number(round(100 * share, 4))


def score_text(score: Score | None) -> str:
    """A score in a table."""
    if score is None:
        return _("not told")
    match score.form:
        case Form.POINTS:
            return number(score.value)
        case Form.LEVEL:
            return _("%(low)s to %(high)s", low=number(score.low), high=number(score.high))
        case Form.ABOVE:
            return _("above %(value)s", value=number(score.value))
        case Form.BELOW:
            return _("below %(value)s", value=number(score.value))


def interval_text(interval: Interval | None) -> str:
    """An interval in a table; empty without one."""
    if interval is None:
        return ""
    return _("%(low)s to %(high)s", low=number(interval.low), high=number(interval.high))


def interval_words(score: Score) -> str:
    """How far a headline score can be trusted, as a sentence."""
    if score.interval is None:
        return _("So few people answered that only this stretch is told.")
    return _(
        "If everybody had answered, it would most likely lie between %(low)s and %(high)s.",
        low=number(score.interval.low),
        high=number(score.interval.high),
    )


def share_text(share: Between | None) -> str:
    """A share of people or answers; nobody and everybody are never told."""
    if share is None:
        return _("not told")
    if share.low <= 0:
        return _("under %(share)s %%", share=percent(share.high))
    if share.high >= 1:
        return _("over %(share)s %%", share=percent(share.low))
    return _("%(low)s to %(high)s %%", low=percent(share.low), high=percent(share.high))


def coefficient_text(found: Between | None) -> str:
    """A coefficient between 0 and 1."""
    return _("not told") if found is None else f"{number(found.low)}–{number(found.high)}"


def count_text(count: Count) -> str:
    """How many people, as a band."""
    if count.high is None:
        return _("%(low)s or more", low=number(count.low))
    if count.low <= 0:
        return _("fewer than %(high)s", high=number(count.high + 1))
    return _("%(low)s to %(high)s", low=number(count.low), high=number(count.high))


def refusal_words(refusal: Refusal | None, k: int) -> str:
    """Why a whole wave tells nothing; empty if it tells something."""
    match refusal:
        case None:
            return ""
        case Refusal.TOO_FEW_ANSWERS:
            return _(
                "Fewer than %(k)d people answered, so nothing can be told without telling of single people.",
                k=k,
            )
        case Refusal.NOTHING_TO_TELL:
            return _(
                "Too few people answered enough of the questions, or all answered too much alike: no score can be told "
                "without telling of single people."
            )
        case Refusal.KEY_LOST:
            return _("The key of this wave was lost before it closed, so its answers can be read by nobody.")


def withheld_words(reason: Withheld | None, k: int) -> str:
    """Why something is not told."""
    match reason:
        case None:
            return ""
        case Withheld.TOO_FEW:
            return _(
                "Fewer than %(k)d people answered (for single questions and spreads: fewer than 10), and one could "
                "guess who said what.",
                k=k,
            )
        case Withheld.PROTECTS_ANOTHER | Withheld.TOO_ALIKE:
            return _("With it, what single people or a small group answered could be worked out.")
        case Withheld.TOO_CLEAR:
            return _("However it were rounded, colleagues who compare their answers could work out the last one.")


def band_words(result: HeadlineResult, headline: Headline) -> str:
    """The band of a headline score, or the two between which it lies; empty where none can be named."""
    titles = [headline.bands[place].title for place in result.bands if place < len(headline.bands)]
    if len(titles) == 2:
        return _("Between “%(first)s” and “%(second)s”", first=titles[0], second=titles[1])
    return titles[0] if titles else ""


def perception_words(about_workplace: bool) -> str:
    """What a score is, and is not."""
    if about_workplace:
        return _("This is how people see the workplace, not an audit of it.")
    return _("This is what people say of themselves.")


def rate_text(response: ResponseRate) -> str:
    """The share that answered, as a stretch that never says all."""
    stretch = response.stretch
    if stretch is None:
        return _("about %(rate)s %%", rate=percent(response.rate))
    if stretch.high >= 1:
        return _("over %(low)s %%", low=percent(stretch.low)) if stretch.low > 0 else _("some")
    if stretch.low <= 0:
        return _("under %(high)s %%", high=percent(stretch.high))
    return _("%(low)s to %(high)s %%", low=percent(stretch.low), high=percent(stretch.high))


def response_words(response: ResponseRate) -> str:
    """How many took part."""
    return _(
        "%(invited)s people were invited, and %(rate)s of them answered (%(answered)s people). Asked again in the same "
        "way, between %(low)s and %(high)s %% might answer.",
        invited=number(response.invited),
        rate=rate_text(response),
        answered=count_text(response.answered),
        low=percent(response.interval.low),
        high=percent(response.interval.high),
    )


def response_warning(response: ResponseRate) -> str:
    """A plain word where fewer than half answered; else empty."""
    if not response.warn:
        return ""
    return _(
        "Fewer than half of the people answered. Those who did not may think otherwise: read every figure here as the "
        "view of those who answered, and ask what kept the others from it."
    )


def careless_words(careless: Count, matters: bool) -> str:
    """How many answered in haste, and whether it changes anything."""
    told = _(
        "Signs of haste, such as the same choice many times in a row: %(count)s people. They are counted in everything.",
        count=count_text(careless),
    )
    if matters:
        told += " " + _("Without them a headline score would move by more than 2 points.")
    return told


def agreement_words(agreed: Sequence[str], apart: Sequence[str]) -> list[str]:
    """On which dimensions people have one view, and on which they have not."""
    lines = []
    if apart:
        lines.append(
            _(
                "People see this very differently: %(titles)s. A single number hides that; talk about it where they work.",
                titles="; ".join(apart),
            )
        )
    if agreed:
        lines.append(_("Largely one view: %(titles)s.", titles="; ".join(agreed)))
    return lines or [_("Whether people share one view cannot be told with so few answers.")]


def reliability_words(title: str, reliability: Reliability) -> str:
    """In one sentence, how well the questions of a headline measure one thing."""
    alpha = reliability.alpha
    if alpha is None:
        return _("%(title)s: fewer than 30 people answered every question, so this cannot be worked out.", title=title)
    if alpha.high <= LEAST_ALPHA:
        return _("%(title)s: the questions hang together weakly; read the score with care.", title=title)
    if alpha.low < LEAST_ALPHA:
        return _("%(title)s: the questions hang together just well enough for a score.", title=title)
    return _("%(title)s: the questions hang together well, so one score may stand for them.", title=title)


def trust_words(trust: Between | None) -> str:
    """How many believe the promise."""
    if trust is None:
        return _("Whether people believe that nobody can trace their answers: not told, since too few were asked.")
    told = _("%(share)s of those asked believe that nobody can trace their answers.", share=share_text(trust)).strip()
    if trust.high <= 0.5:
        told += " " + _("That is less than half: many may have answered more kindly than they think.")
    return told[:1].upper() + told[1:]


def unknown_words(title: str, share: Between) -> str:
    """Many "I don't know" on one dimension."""
    return _("%(title)s: %(share)s of the answers were “I don't know”.", title=title, share=share_text(share))


def shortened(text: str, longest: int = 160) -> str:
    """One line of what somebody wrote, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"


def difference_words(title: str, difference: GroupDifference) -> str:
    """Whether groups differ in one headline."""
    match difference.more_than_chance:
        case None:
            told = _("%(title)s: whether the groups differ by more than chance is too close to say.", title=title)
        case True:
            told = _("%(title)s: the groups differ by more than chance explains.", title=title)
        case False:
            told = _("%(title)s: the groups differ no more than chance explains.", title=title)
    if difference.icc2 is not None and difference.icc2.high <= LEAST_ICC2:
        told += " " + _("They cannot be told apart reliably.")
    return told


def benchmark_words(title: str, found: Benchmark) -> str:
    """Where the company stands beside others."""
    mean, companies = number(found.mean), found.companies
    match found.place:
        case Place.ABOVE:
            return _(
                "%(title)s: above the mean of %(companies)d companies, which is %(mean)s.",
                title=title,
                companies=companies,
                mean=mean,
            )
        case Place.BELOW:
            return _(
                "%(title)s: below the mean of %(companies)d companies, which is %(mean)s.",
                title=title,
                companies=companies,
                mean=mean,
            )
        case Place.LIKE_THE_OTHERS:
            return _(
                "%(title)s: not to be told apart from the mean of %(companies)d companies, which is %(mean)s.",
                title=title,
                companies=companies,
                mean=mean,
            )
