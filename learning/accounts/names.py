"""What people type to say who they are: names, addresses, sign-in names. One way to fold and check each."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _

from learning.errors import DomainError

LONGEST_NAME = 120
LONGEST_ADDRESS = 254
LONGEST_SIGN_IN_NAME = 64

#: Only letters, digits and signs that need no quotes: what a mail program could read as a list, a comment or a
#: second address is refused, so that one mailbox has one spelling and one limit.
_ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: No hyphen: the last one ends the code of the organization, so no two organizations share a name.
_NUMBER = re.compile(r"[a-z0-9][a-z0-9._]*")
#: Marks that turn the direction of what follows: a name with one can make a page read differently than it is.
_DIRECTION = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class BadName(DomainError):
    """A name, an address or a number is not one; the text says what it must be."""

    status = 422


def has_control_characters(text: str) -> bool:
    """Whether text holds line ends, NUL, lone surrogates or marks that turn its direction."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION for character in text)


def fold(text: str) -> str:
    """The form in which logins are kept and compared: NFKC, case-folded, without spaces at the ends."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())


def fold_login(text: str) -> str | None:
    """What was typed as a login, folded; None if it cannot be one."""
    login = fold(text)
    if not login or len(login) > LONGEST_ADDRESS or has_control_characters(login):
        return None
    return login


def person_name(text: str) -> str:
    """A name of a person, a department or an organization, with single spaces. Raises BadName."""
    if has_control_characters(text.strip()):
        raise BadName(_("A name cannot hold line ends or control characters. Type it again on one line."))
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise BadName(_("A name is missing. Type it as other people know it."))
    if len(name) > LONGEST_NAME:
        raise BadName(_("A name has at most %(most)d characters. Shorten it.", most=LONGEST_NAME))
    return name


def email_address(text: str) -> str:
    """An e-mail address, folded. Raises BadName."""
    address = fold(text)
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise BadName(_("This is not an e-mail address. Write it like name@example.org."))
    return address


def organization_code(text: str) -> str:
    """The short code of an organization. Raises BadName."""
    code = fold(text)
    if not 2 <= len(code) <= 24 or not _CODE.fullmatch(code):
        raise BadName(_("A code has 2 to 24 small letters, digits and single hyphens, such as river-mill."))
    return code


def sign_in_name(code: str, number: str) -> str:
    """The sign-in name of a number within an organization: ``<code>-<number>``. Raises BadName."""
    folded = fold(number)
    name = f"{code}-{folded}"
    if not _NUMBER.fullmatch(folded) or len(name) > LONGEST_SIGN_IN_NAME:
        raise BadName(
            _(
                "%(number)s is not a number that can be used. Take the employee number, or letters and digits "
                "without spaces and hyphens, such as 1042 or m.lopez.",
                number=shown(number),
            )
        )
    return name


def shown(text: str) -> str:
    """What somebody typed, fit to stand in a sentence."""
    clean = "".join(" " if has_control_characters(character) else character for character in text).strip()
    return _("“%(words)s”", words=clean[:40]) if clean else _("An empty field")
