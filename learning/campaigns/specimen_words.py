"""The specimen of a report in the dossier: invented figures, in short."""

from __future__ import annotations

from functools import lru_cache

from flask_babel import gettext as _

from learning.campaigns.report_words import interval_text, rate_text, score_text, share_text
from learning.content.model import Instrument
from learning.psychometrics.figures import Score
from learning.psychometrics.report import GroupStanding, Report
from learning.psychometrics.specimen import specimen_release


@lru_cache(maxsize=8)
def _specimen(digest: str, k: int, instrument: Instrument) -> Report | None:
    """Takes a second to work out, and is always the same for an instrument."""
    return specimen_release(instrument, k).report


def specimen_lines(instrument: Instrument, k: int) -> dict[str, object]:
    """Tables of the specimen: response, headlines, dimensions, groups."""
    report = _specimen(instrument.hash, k, instrument)
    if report is None:
        return {"tables": []}
    titles = {headline.id: headline.title for headline in instrument.headlines}
    titles |= {dimension.id: dimension.title for dimension in instrument.dimensions}
    names = [_("Headline score"), _("Score"), _("Could be")]
    headlines = [[titles[each.id], score_text(each.score), _between(each.score)] for each in report.headlines]
    dimensions = [
        [titles[each.id], score_text(each.score), _between(each.score), share_text(each.dont_know)]
        for each in report.dimensions
    ]
    groups = [[group.name, str(group.invited), _standing(group.standing)] for group in report.groups.groups]
    return {
        "lead": _(
            "%(invited)d people invited, %(rate)s of them answered.",
            invited=report.response.invited,
            rate=rate_text(report.response),
        ),
        "tables": [
            {"columns": names, "rows": headlines},
            {"columns": [_("Dimension"), _("Score"), _("Could be"), _("“I don't know”")], "rows": dimensions},
            {"columns": [_("Group"), _("Invited"), _("In the report")], "rows": groups},
        ],
    }


def _between(score: Score | None) -> str:
    return interval_text(score.interval if score else None) or "–"


def _standing(standing: GroupStanding) -> str:
    match standing:
        case GroupStanding.TOLD:
            return _("a row of its own")
        case GroupStanding.MERGED:
            return _("with other departments")
        case GroupStanding.HIDDEN:
            return _("in the whole only")
