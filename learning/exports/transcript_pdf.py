"""A transcript on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from learning.exports.transcript import CertificateLine, Part, PracticeLine, Transcript
from learning.exports.words import certificate_state_words, sign_off_words
from learning.web.typesetting import typeset

NONE = "–"


def transcript_pdf(found: Transcript, now: datetime) -> bytes:
    """The bytes of the file."""
    return typeset("exports/transcript.typ", _data(found, now), now)


def _day(moment: date | datetime | None) -> str:
    return str(format_date(moment, "d MMM y")) if moment else NONE


def _data(found: Transcript, now: datetime) -> dict[str, Any]:
    """Everything that stands on the paper, as JSON."""
    return {
        "title": _("Transcript of %(name)s", name=found.name),
        "name": found.name,
        "organization": found.organization,
        "made_on": _("As of %(day)s", day=_day(now)),
        "courses": [
            [each.title, f"{each.done}/{each.steps}", _day(each.completed_at)] for each in found.courses
        ],
        "parts": [_part(each) for each in found.parts],
        "practice": [_practice(each) for each in found.practice],
        "certificates": [_certificate(each) for each in found.certificates],
        "words": {
            "transcript": _("Transcript"),
            "courses": _("Courses"),
            "course_columns": [_("Course"), _("Steps done"), _("Completed on")],
            "parts": _("Lessons and quizzes"),
            "lesson_columns": [_("Lesson"), _("Read on"), _("Version")],
            "quiz_columns": [_("Quiz"), _("Best result"), _("Attempts"), _("Passed on")],
            "practice": _("Tried at work"),
            "practice_columns": [_("Lesson"), _("State"), _("Since"), _("By")],
            "certificates": _("Certificates"),
            "certificate_columns": [_("Certificate"), _("Number"), _("Issued"), _("Valid until"), _("Version read"), _("State")],
            "none": _("Nothing was read or handed in yet."),
            "note": _("Days are days of UTC. A version is the beginning of a sum over the text as it stood on the day; a lesson that was changed later has another one. The version of a certificate is a sum over those of all lessons of its course as they were read. Whether a certificate is valid today can be checked by its number on the site, under Verify."),
        },
    }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title or _("No longer taught"),
        "lessons": [[each.title, _day(each.read_at), each.version] for each in part.lessons],
        "quizzes": [
            [each.title, f"{each.best} %", str(each.attempts), _day(each.passed_at) if each.passed_at else _("not passed")]
            for each in part.quizzes
        ],
    }  # fmt: skip


def _practice(each: PracticeLine) -> list[str]:
    found = each.found
    return [each.title or _("No longer taught"), sign_off_words(found), _day(found.at), found.by or NONE]


def _certificate(each: CertificateLine) -> list[str]:
    return [
        each.title,
        each.number,
        _day(each.issued_at),
        _day(each.valid_until) if each.valid_until else _("no end"),
        each.version or NONE,
        certificate_state_words(each.state),
    ]
