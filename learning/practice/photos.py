"""Photos: written anew by a child process before anything is kept, and kept as files of their own in the data folder.

A file is written before the row that names it, and removed after the row has forgotten it. So what a row names is
there; a file that nobody names may be left over, and the sweep removes it.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from learning.practice.shrinking import MOST_BYTES, Fault

#: What may be sent; phones store 2 to 6 MB.
MOST_SENT = 8 * 1024 * 1024
#: Longer than the child's processor time, for a busy machine counts waiting too.
WALL_SECONDS = 30.0
#: A file younger than this may belong to a row that is being written.
YOUNG_SECONDS = 3600
_NAME_BYTES = 16

#: The child must not load the site with its settings: the package is declared empty there, and one module is imported.
_BOOT = """\
import sys, types
for name, path in (("learning", sys.argv[1]), ("learning.practice", sys.argv[1] + "/practice")):
    package = types.ModuleType(name)
    package.__path__ = [path]
    sys.modules[name] = package
from learning.practice.shrinking import serve
serve()
"""
#: One at a time in each worker: decoding takes memory.
_turn = threading.Lock()


class Unreadable(Exception):
    """There is no photo in what was sent."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def shrunk(data: bytes) -> bytes:
    """A photo as it is kept: a JPEG of at most 1,600 pixels a side and 600 kB, upright, without any metadata.

    Raises Unreadable, whatever was sent and whatever it does to the child.
    """
    package = Path(__file__).resolve().parent.parent
    with _turn:
        try:
            child = subprocess.run(
                [sys.executable, "-I", "-c", _BOOT, str(package)],
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                # None of the parent's environment: it needs no secrets.
                env={"LANG": "C.UTF-8"},
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(Fault.BROKEN) from None
    kind, answer = child.stdout[:1], child.stdout[1:]
    if kind == b"P" and child.returncode == 0 and answer.startswith(b"\xff\xd8") and len(answer) <= MOST_BYTES:
        return answer
    with suppress(ValueError):
        raise Unreadable(Fault(answer.decode("ascii", "replace")))
    raise Unreadable(Fault.BROKEN)


def keep(folder: Path, data: bytes) -> str:
    """Write a photo under a new random name, readable for the site alone; return the name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    name = secrets.token_hex(_NAME_BYTES)
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return name


def drop(folder: Path, name: str | None) -> None:
    """Remove a photo; one that is gone already is no fault."""
    if name is not None:
        (folder / name).unlink(missing_ok=True)


def read(folder: Path, name: str) -> bytes | None:
    """A photo; None if it was deleted in this moment."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def left_over(folder: Path) -> list[str]:
    """Names of all files that are old enough to be asked about."""
    if not folder.is_dir():
        return []
    limit = time.time() - YOUNG_SECONDS
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.stat(follow_symlinks=False).st_mtime < limit]


def drop_all(folder: Path, names: Collection[str]) -> int:
    """Remove files; tell how many."""
    for name in names:
        drop(folder, name)
    return len(names)
