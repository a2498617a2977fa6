"""The files of the content folder: found, read and named without trusting any of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from learning.content.problems import Problem, in_order, shortened

MOST_BYTES = 256 * 1024
MOST_FILES = 5000
DEEPEST = 6

Place = Literal[
    "module", "lesson", "quiz", "figure", "course", "instrument", "translation", "glossary", "sources", "constants"
]

_NAME = r"[a-z0-9][a-z0-9-]{0,79}"
_PLACES: tuple[tuple[Place, re.Pattern[str]], ...] = (
    ("module", re.compile(rf"modules/\d\d-{_NAME}/module\.yaml")),
    ("lesson", re.compile(rf"modules/\d\d-{_NAME}/\d\d-{_NAME}\.md")),
    ("quiz", re.compile(rf"modules/\d\d-{_NAME}/quiz\.md")),
    ("figure", re.compile(rf"modules/\d\d-{_NAME}/figures/{_NAME}\.svg")),
    ("course", re.compile(rf"courses/{_NAME}\.yaml")),
    ("instrument", re.compile(rf"instruments/{_NAME}\.yaml")),
    ("translation", re.compile(rf"instruments/{_NAME}\.[a-z]{{2,3}}(-[A-Za-z0-9]{{2,8}})*\.yaml")),
    ("glossary", re.compile(r"glossary\.yaml")),
    ("sources", re.compile(r"sources\.yaml")),
    ("constants", re.compile(r"constants\.yaml")),
)
_FOLDERS = re.compile(rf"modules|courses|instruments|modules/\d\d-{_NAME}|modules/\d\d-{_NAME}/figures")


@dataclass(frozen=True, slots=True)
class File:
    """A file that has its place in the content folder."""

    place: Place
    #: Relative to the content folder, with slashes.
    path: str
    data: bytes
    #: SHA-256, hexadecimal.
    hash: str

    @property
    def folder(self) -> str:
        """The module's folder name, for files of a module."""
        return self.path.split("/")[1] if self.path.startswith("modules/") else ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Folder:
    """The content folder at one moment."""

    name: str
    files: list[File] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """SHA-256 over all paths and contents, and over what could not be read."""
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{file.path}\n{file.hash}\n".encode())
        for folder in self.modules:
            total.update(f"{folder}/\n".encode())
        for problem in self.problems:
            total.update(f"{problem}\n".encode())
        return total.hexdigest()

    def label(self, path: str) -> str:
        """How a path is named to the author."""
        return f"{self.name}/{path}" if path else self.name

    def note(self, path: str, message: str) -> None:
        """Note a mistake of a whole file or folder."""
        self.problems.append(Problem(self.label(path), 1, message))


def read_folder(root: Path) -> Folder:
    """Everything in the content folder that has a place there. Never raises; what is wrong is noted."""
    folder = Folder(root.resolve().name or "content")
    if not root.is_dir():
        folder.note("", "is not a folder: create it as in docs/authoring.md, or set the right path")
        return folder
    _read_level(root, "", folder, 0)
    folder.problems = list(in_order(folder.problems))
    return folder


def _read_level(root: Path, below: str, folder: Folder, depth: int) -> None:
    try:
        with os.scandir(root / below) as found:
            entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        folder.note(below, f"cannot be opened ({error.strerror}): check its permissions")
        return
    for entry in entries:
        shown = os.fsencode(entry.name).decode("utf-8", "replace")
        path = f"{below}/{shown}" if below else shown
        # Hidden files are the business of editors and git; these two are for people.
        if entry.name.startswith(".") or path in ("README.md", "LICENSE"):
            continue
        try:
            _read_entry(entry, root, path, folder, depth)
        except OSError as error:
            folder.note(path, f"cannot be read ({error.strerror}): check its permissions")


def _read_entry(entry: os.DirEntry[str], root: Path, path: str, folder: Folder, depth: int) -> None:
    if entry.is_symlink():
        folder.note(path, "is a symbolic link: put the file itself here")
    elif entry.is_dir(follow_symlinks=False):
        if not _FOLDERS.fullmatch(path) or depth >= DEEPEST:
            folder.note(path, f"is a folder that has no place here: {_where(path)}")
            return
        if path.startswith("modules/") and path.count("/") == 1:
            folder.modules.append(path)
        _read_level(root, path, folder, depth + 1)
    elif not entry.is_file(follow_symlinks=False):
        folder.note(path, "is not a regular file: delete it")
    else:
        _read_file(Path(entry.path), path, folder)


def _read_file(file: Path, path: str, folder: Folder) -> None:
    place = next((place for place, rule in _PLACES if rule.fullmatch(path)), None)
    if place is None:
        folder.note(path, f"has no place here: {_where(path)}")
    elif len(folder.files) >= MOST_FILES:
        folder.note(path, "is one file too many: there may be 5,000")
    elif (data := _bytes(file)) is None:
        folder.note(path, "is not a regular file: delete it")
    elif len(data) > MOST_BYTES:
        folder.note(path, "is larger than 256 kB: split it or draw it simpler")
    else:
        folder.files.append(File(place, path, data, hashlib.sha256(data).hexdigest()))


def _bytes(file: Path) -> bytes | None:
    """A file's first 256 kB and one byte more. It may have become something else since it was listed."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(MOST_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def _where(path: str) -> str:
    if path.startswith("modules/"):
        return "a module holds module.yaml, NN-name.md, quiz.md and figures/name.svg, in lower case"
    return f"see the tree in docs/authoring.md, or delete `{shortened(path.rpartition('/')[2], 40)}`"


def decoded(data: bytes) -> tuple[str, int, str | None]:
    """Text of a file; else the line on which it stops being text, and why."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        return "", data[: data.index(b"\x00")].count(b"\n") + 1, "holds a NUL byte: save the file as UTF-8 text"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return "", data[: error.start].count(b"\n") + 1, "is not UTF-8: save the file as UTF-8 text"
    if not text.strip():
        return "", 1, "is empty: write it, or delete the file"
    return text, 1, None
