"""Random tokens. The database keeps only their hashes."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A token of 256 bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 in hexadecimal. The tokens are random and long, so no salt and no slow hash are needed."""
    return hashlib.sha256(token.encode()).hexdigest()
