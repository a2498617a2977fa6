"""Where exports lie: in the data folder, each under a random name that nobody but the server can read."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from flask import current_app

from learning.config import Settings

#: What nobody knows is left so long: it may belong to a file that is being made at this moment.
STRANGE_FOR = timedelta(hours=1)


def the_folder() -> Path:
    """The folder, made if it is not there."""
    settings: Settings = current_app.extensions["settings"]
    folder = settings.data / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def new_file(name: str) -> BinaryIO:
    """A file of this name, for its owner only. An older one under the same name is never taken over."""
    descriptor = os.open(the_folder() / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    return cast(BinaryIO, os.fdopen(descriptor, "w+b"))


def passing_file() -> BinaryIO:
    """A file without a name, which is gone when it is closed."""
    return cast(BinaryIO, tempfile.TemporaryFile(dir=the_folder()))


def open_file(name: str) -> BinaryIO | None:
    """A file to be sent; None if it is gone."""
    try:
        return (the_folder() / name).open("rb")
    except FileNotFoundError:
        return None


def drop(name: str) -> None:
    """Remove a file, if it is there."""
    (the_folder() / name).unlink(missing_ok=True)


def drop_strange(names: set[str], known: set[str], now: datetime) -> None:
    """Of these names remove what no export knows and nobody has written to for an hour: what killed workers left."""
    for name in names - known:
        path = the_folder() / name
        try:
            if now.timestamp() - path.stat().st_mtime > STRANGE_FOR.total_seconds():
                path.unlink()
        except FileNotFoundError:
            continue
