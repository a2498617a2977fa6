"""What is hashed and sealed, and with which key.

The *wave's key* is 256 random bits in a file outside the database (``keys``). Hashes of ballots and permits are keyed
with it, and answers are sealed with it, so that once it is destroyed no copy of the database, its log or a backup says
anything. The *private code* of a person opens that person's result. It is 100 random bits and not a password: trying
all of them is out of reach at any speed, even against a million results at once (2^80 tries), so it needs no slow hash.
The salt of its hashes is public and the same for all: it only keeps them apart from hashes made elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_LENGTH = 32
_NONCE_LENGTH = 12
#: What sealing adds: nonce and tag.
SEAL_LENGTH = _NONCE_LENGTH + 16
_SALT = b"headwater ballots 1"


class Unreadable(Exception):
    """It was not sealed with this key for this purpose, or was changed since."""


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=_SALT, info=purpose.encode()).derive(secret)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Nonce and ciphertext, always longer by the same. ``about`` must be the same to unseal."""
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """Raises Unreadable."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], about.encode())
    except (InvalidTag, ValueError):
        raise Unreadable from None


@dataclass(frozen=True)
class WaveKey:
    """The key of one wave, for each of its purposes."""

    wave_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def decoy(cls) -> WaveKey:
        """A key that fits nothing, so that a refusal costs the same work."""
        return cls("", secrets.token_bytes(KEY_LENGTH))

    @cached_property
    def _ballots(self) -> bytes:
        return _derived(self.secret, "ballot")

    @cached_property
    def _permits(self) -> bytes:
        return _derived(self.secret, "permit")

    @cached_property
    def _lookups(self) -> bytes:
        return _derived(self.secret, "lookup")

    @cached_property
    def _responses(self) -> bytes:
        return _derived(self.secret, "response")

    @cached_property
    def _results(self) -> bytes:
        return _derived(self.secret, "result")

    @cached_property
    def _mails(self) -> bytes:
        return _derived(self.secret, "mail")

    def ballot_hash(self, code: str) -> bytes:
        """Under which a ballot stands."""
        return _keyed(self._ballots, code.encode())

    def permit_hash(self, permit: str) -> bytes:
        """Under which a permit stands."""
        return _keyed(self._permits, permit.encode())

    def lookup_hash(self, lookup: bytes) -> bytes:
        """Under which a personal result stands while the wave is open."""
        return _keyed(self._lookups, lookup)

    def seal_response(self, plain: bytes) -> bytes:
        """An answer as it is kept while the wave is open."""
        return seal(self._responses, plain, self.wave_id)

    def unseal_response(self, sealed: bytes) -> bytes:
        """Raises Unreadable."""
        return unseal(self._responses, sealed, self.wave_id)

    def seal_result(self, plain: bytes) -> bytes:
        """A personal result as it is kept while the wave is open."""
        return seal(self._results, plain, self.wave_id)

    def unseal_result(self, sealed: bytes) -> bytes:
        """Raises Unreadable."""
        return unseal(self._results, sealed, self.wave_id)

    def seal_mail(self, plain: bytes) -> bytes:
        """The body of a mail that waits."""
        return seal(self._mails, plain, self.wave_id)

    def unseal_mail(self, sealed: bytes) -> bytes:
        """Raises Unreadable."""
        return unseal(self._mails, sealed, self.wave_id)


@dataclass(frozen=True)
class PrivateKey:
    """What a private code opens."""

    response_key: str = field(repr=False)

    @cached_property
    def lookup(self) -> bytes:
        """Under which the result stands after closing; needs no other key."""
        return _derived(self.response_key.encode(), "find a result")

    @cached_property
    def _seal(self) -> bytes:
        return _derived(self.response_key.encode(), "open a result")

    def seal(self, plain: bytes, wave_id: str) -> bytes:
        """A result for whoever holds the code."""
        return seal(self._seal, plain, wave_id)

    def unseal(self, sealed: bytes, wave_id: str) -> bytes:
        """Raises Unreadable."""
        return unseal(self._seal, sealed, wave_id)


def _keyed(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
