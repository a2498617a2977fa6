"""Why a verb on certificates does not go on."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.certificates.models import LONGEST_REASON
from learning.errors import DomainError


class Revoked(DomainError):
    """The certificate was revoked: there is no paper of it any more."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            _("This certificate was revoked, so it cannot be downloaded. The page with your certificates says why.")
        )


class NoReason(DomainError):
    """Revoking takes a reason."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why in 1 to %(most)d characters: the person reads it.", most=LONGEST_REASON))


class NoFont(DomainError):
    """The machine has no font for a letter that stands on the paper."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server has no font for a letter of this name, so the certificate cannot be set yet. It stays valid, "
                "and its number can be verified. Tell your trainer: whoever runs the server has to add the font."
            )
        )
