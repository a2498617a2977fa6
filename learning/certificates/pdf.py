"""A certificate as an accessible PDF (PDF/UA-1), set by typst."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import segno
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from learning.certificates.errors import NoFont
from learning.certificates.queries import Inscription
from learning.web import typesetting
from learning.web.public_url import public_url_for

TEMPLATE = "certificates/certificate.typ"
#: Letters of the version that people compare.
VERSION = 8


def certificate_pdf(found: Inscription, now: datetime) -> bytes:
    """The bytes of the file.

    Raises NoFont if the machine has no font for a letter of the name: a certificate with gaps would be none.
    """
    try:
        return typesetting.typeset(TEMPLATE, _data(found), now, qr=_qr(_address(found)))
    except typesetting.NoFont:
        raise NoFont from None


def document(found: Inscription) -> tuple[bytes, dict[str, str]]:
    """What typst is given: the template, and all that stands on the paper."""
    return typesetting.document(TEMPLATE, _data(found), qr=_qr(_address(found)))


def _address(found: Inscription) -> str:
    return public_url_for("certificates.verify", certificate_number=found.number)


def _qr(address: str) -> str:
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", border=0, dark="#0a3c4a", light="#fff", xmldecl=False)
    return stream.getvalue().decode()


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


def _data(found: Inscription) -> dict[str, Any]:
    """Everything that stands on the paper, as JSON."""
    address = _address(found)
    lessons = ngettext("%(num)d lesson", "%(num)d lessons", found.lessons)
    quizzes = ngettext("%(num)d quiz", "%(num)d quizzes", found.quizzes)
    version = _(
        "%(version)s, as of %(date)s",
        version=found.course_hash[:VERSION],
        date=_day(found.issued_at.date()),
    )
    return {
        "title": _("Certificate: %(title)s", title=found.title),
        "organization": found.organization_name,
        "name": found.person_name,
        "attests": found.title,
        "course": _(
            "Course “%(course)s”: %(lessons)s read, %(quizzes)s passed.",
            course=found.course_title,
            lessons=lessons,
            quizzes=quizzes,
        ),
        "facts": [
            (_("Issued"), _day(found.issued_at.date())),
            # A renewal that was found later holds from the day on which it was earned.
            *([(_("Valid from"), _day(found.valid_from))] if found.valid_from != found.issued_at.date() else []),
            (_("Valid until"), _day(found.valid_until) if found.valid_until else _("no end")),
            (_("Number"), found.number),
            (_("Version of the course"), version),
            # Certificates that are older than the sum have none.
            *([(_("Version read"), found.read_hash[:VERSION])] if found.read_hash else []),
        ],
        "address": address,
        "shown_address": address.removeprefix("https://").removeprefix("http://"),
        "words": {
            "certificate": _("Certificate"),
            "certifies": _("This certifies that"),
            "completed": _("has completed"),
            "verify": _("Issued on Headwater. Whether it is valid today stands at"),
            "qr": _("QR code that leads to %(address)s", address=address),
        },
    }
