"""The dossier for a works council, as an accessible PDF (PDF/UA-1): everything that is asked, kept, shown and destroyed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from learning.campaigns.declaring import outlook_words
from learning.campaigns.dossier_words import data_flow, kept, law, publication_rules, who_sees_what
from learning.campaigns.queries import CampaignPage
from learning.campaigns.specimen_words import specimen_lines
from learning.content.model import Dimension, Instrument
from learning.web.item_words import choices
from learning.web.typesetting import typeset

TEMPLATE = "campaigns/dossier.typ"


def dossier_pdf(page: CampaignPage, instrument: Instrument, now: datetime) -> bytes:
    """The bytes of the file, as the campaign stands now."""
    return typeset(TEMPLATE, _data(page, instrument, now), now)


def _data(page: CampaignPage, instrument: Instrument, now: datetime) -> dict[str, Any]:
    """Everything that stands on the paper, as JSON."""
    record, wave = page.record, page.wave
    assert wave is not None
    return {
        "title": _("Dossier: %(title)s", title=record.title),
        "subtitle": _(
            "%(organization)s, as of %(day)s", organization=record.organization_name, day=format_date(now, "d MMMM y")
        ),
        "lead": _(
            "For the works council, for data protection officers, and for everybody who is asked. It is made from the "
            "settings of the campaign; when they change, it changes."
        ),
        "facts": [
            [_("Why"), record.purpose or "–"],
            [_("What is set aside to act"), record.measures or "–"],
            [_("Who answers questions"), record.contact or "–"],
            [
                _("What is asked"),
                _(
                    "%(title)s, version %(version)d: %(questions)d questions, about %(minutes)d minutes",
                    title=instrument.title,
                    version=instrument.version,
                    questions=len(instrument.items),
                    minutes=instrument.minutes,
                ),
            ],
            [_("Waves"), "; ".join(_wave_words(each.number, each.opens_on, each.closes_on) for each in record.waves)],
            [_("Reminders"), _reminders(page.reminder_days)],
            [_("Smallest number told of"), _("%(k)d answers", k=wave.k or record.k)],
            [_("What it can show"), outlook_words(page.outlook) if page.outlook else "–"],
        ],
        "groups": [[group.name, str(group.people), str(group.by_mail), str(group.by_card)] for group in record.groups],
        "group_columns": [_("Group in the report"), _("People"), _("By mail"), _("By card")],
        "groups_note": _(
            "These groups and all people together are the whole report grid. There are no other breakdowns and no "
            "filters. Groups, smallest number and questions cannot be changed after the opening."
        ),
        "promise": [
            {"title": each.title, "text": " ".join(sentence.text for sentence in each.sentences)}
            for each in page.promise
        ],
        "flow": [[step.what, step.where, step.connects] for step in data_flow()],
        "flow_columns": [_("Step"), _("Where it is kept"), _("What leads to a person")],
        "sees": who_sees_what(),
        "sees_columns": [_("Who"), _("Sees"), _("Never sees")],
        "rules": publication_rules(wave.k or record.k),
        "kept": kept(),
        "kept_columns": [_("What"), _("How long")],
        "law": law(),
        "specimen": specimen_lines(instrument, wave.k or record.k),
        "dimensions": [_dimension(each) for each in instrument.dimensions],
        "words": {
            "facts": _("The campaign in short"),
            "groups": _("Who is asked"),
            "promise": _("What people are promised"),
            "flow": _("The way of an answer"),
            "sees": _("Who sees what"),
            "rules": _("Rules of publication"),
            "kept": _("What is kept, and how long"),
            "law": _("Law, in plain words"),
            "specimen": _("A specimen report"),
            "specimen_note": _("Invented figures of an invented company, made by the same program."),
            "items": _("Every question"),
            "wall": _("No key, no number and no time leads from one side to the other."),
            "people": _("People"),
            "people_database": _("Database of people: names, addresses, groups, who is invited"),
            "ballots": _("Ballots"),
            "ballots_database": _("Database of answers: no name, no time, no order; sealed until the closing"),
            "report": _("Report"),
            "report_made": _("Made once at the closing, checked, frozen"),
            "drawn": _("drawn at random"),
            "flow_alternative": _(
                "Two boxes with a wall between them: the database of people, and the database of answers. Invitations "
                "drawn at random lead from the first to the second; the report alone leads out of the second."
            ),
        },
    }


def _wave_words(number: int, opens_on: Any, closes_on: Any) -> str:
    return _(
        "wave %(number)d from %(first)s to %(last)s",
        number=number,
        first=format_date(opens_on, "d MMMM y"),
        last=format_date(closes_on, "d MMMM y"),
    )


def _reminders(days: tuple[int, ...]) -> str:
    if not days:
        return _("None: the wave is too short")
    return _("To all who were invited by mail, on day %(days)s", days=", ".join(map(str, days)))


def _dimension(dimension: Dimension) -> dict[str, Any]:
    """Its items with what may be chosen; where that is the same everywhere it is said once."""
    offered = [[choice.text for choice in choices(item)] for item in dimension.items]
    the_same = len(offered) > 1 and all(each == offered[0] for each in offered)
    return {
        "title": dimension.title,
        "about": dimension.about,
        "choices": _("To be chosen each time: %(choices)s", choices="; ".join(offered[0])) if the_same else "",
        "items": [
            {"text": item.text, "choices": [] if the_same else each}
            for item, each in zip(dimension.items, offered, strict=True)
        ],
    }
