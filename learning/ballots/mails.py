"""Texts that wait for sending, sealed with the wave's key: once it is destroyed, no backup of the outbox tells a code."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error

from learning.ballots.keys import key_of
from learning.ballots.sealing import Unreadable
from learning.errors import NotFound


def seal(wave_id: str, text: str) -> str:
    """Seal a text with the wave's key. Raises NotFound if there is no key (any more)."""
    key = key_of(wave_id)
    if key is None:
        raise NotFound
    return b64encode(key.seal_mail(text.encode())).decode()


def unseal(wave_id: str, sealed: str) -> str | None:
    """The text that was sealed; None once the wave's key is destroyed, or if this wave never sealed it."""
    key = key_of(wave_id)
    if key is None:
        return None
    try:
        return key.unseal_mail(b64decode(sealed, validate=True)).decode()
    except (Unreadable, Error):
        return None
