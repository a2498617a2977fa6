"""Keys of open waves: a file each, outside the database and outside every backup, destroyed at closing.

Overwriting reaches the same blocks on a plain disk. A file system that copies on write, a solid-state disk or a
snapshot may keep the old ones: docs/operating.md says where to put the folder.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from flask import current_app

from learning.ballots.sealing import KEY_LENGTH, WaveKey
from learning.config import Settings

_ID = re.compile(r"[0-9a-f]{20}")


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.ballot_keys


def make_key(wave_id: str) -> WaveKey:
    """Make the key of a new wave. It is on disk when this returns."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_bytes(KEY_LENGTH)
    _write(os.open(folder / wave_id, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), secret)
    _sync(folder)
    _sync(folder.parent)
    return WaveKey(wave_id, secret)


def key_of(wave_id: str) -> WaveKey | None:
    """The key of a wave; None once it is destroyed or lost, and such a wave is closed."""
    try:
        secret = (_folder() / wave_id).read_bytes()
    except FileNotFoundError:
        return None
    # A file that a crash left half destroyed is no key.
    return WaveKey(wave_id, secret) if len(secret) == KEY_LENGTH and any(secret) else None


def destroy_key(wave_id: str) -> None:
    """Overwrite the file and remove it. Safe to run again."""
    path = _folder() / wave_id
    try:
        file = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    _write(file, bytes(KEY_LENGTH))
    path.unlink(missing_ok=True)
    _sync(path.parent)


def kept_keys() -> frozenset[str]:
    """Ids of the waves whose key file is there, whole or not."""
    if not _folder().exists():
        return frozenset()
    return frozenset(path.name for path in _folder().iterdir() if _ID.fullmatch(path.name))


def _write(file: int, content: bytes) -> None:
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
