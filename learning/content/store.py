"""The published catalogue on disk: written whole or not at all, read by every web worker.

Reading needs neither Markdown nor YAML; the parts that compile are imported when they are called.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from learning.content.model import Catalogue
from learning.content.problems import Problem

if TYPE_CHECKING:
    from learning.content.catalogue import Loaded
    from learning.content.files import Folder

CATALOGUE_FILE = "catalogue.json"
PROBLEMS_FILE = "problems.json"
STATE_FILE = "state.json"
FIGURES_FOLDER = "figures"

#: Libraries that shape what is published.
_LIBRARIES = ("Markdown", "nh3", "latex2mathml", "ruamel.yaml", "pydantic")


@dataclass(frozen=True, slots=True)
class _State:
    """What the store was last made from, so that the same is not made twice."""

    content: str
    pipeline: str


@cache
def _catalogues() -> TypeAdapter[Catalogue]:
    return TypeAdapter(Catalogue)


_PROBLEMS: TypeAdapter[tuple[Problem, ...]] = TypeAdapter(tuple[Problem, ...])
_STATE: TypeAdapter[_State] = TypeAdapter(_State)


def read_catalogue(store: Path) -> Catalogue:
    """The catalogue that was published last. Raises FileNotFoundError before the first publication."""
    return _catalogues().validate_json((store / CATALOGUE_FILE).read_bytes())


def read_problems(store: Path) -> tuple[Problem, ...]:
    """What stood in the way of the last publication; empty if nothing did, or if there was none."""
    try:
        return _PROBLEMS.validate_json((store / PROBLEMS_FILE).read_bytes())
    except FileNotFoundError:
        return ()


def publish(content: Path, store: Path) -> Loaded:
    """Compile the content folder and make it live if it has no problem; otherwise the last good one stays.

    Does nothing if neither content nor pipeline changed since the last call. Safe to call from several
    processes at once. Raises OSError if the store cannot be written.
    """
    from learning.content.catalogue import Loaded, compile_folder
    from learning.content.files import read_folder

    store.mkdir(parents=True, exist_ok=True)
    with _locked(store):
        folder = read_folder(content)
        state = _State(folder.hash, _fingerprint())
        if _read_state(store) == state and (known := _stored(store, state)) is not None:
            return Loaded(*known)
        loaded = compile_folder(folder)
        if loaded.catalogue is not None:
            _write_figures(store, folder, loaded.catalogue)
            _write(store / CATALOGUE_FILE, _catalogues().dump_json(loaded.catalogue))
            _drop_old_figures(store, loaded.catalogue)
        _write(store / PROBLEMS_FILE, _PROBLEMS.dump_json(loaded.problems, indent=1))
        # Last: a crash before this line means that the next call compiles again. So does a document that was
        # cut off, for a busy machine must not keep good content from going live until it is edited.
        if loaded.certain:
            _write(store / STATE_FILE, _STATE.dump_json(state))
        return loaded


def _stored(store: Path, state: _State) -> tuple[Catalogue | None, tuple[Problem, ...]] | None:
    """The outcome of the last publication, or None if it is not whole any more."""
    try:
        problems = _PROBLEMS.validate_json((store / PROBLEMS_FILE).read_bytes())
        if problems:
            return None, problems
        catalogue = read_catalogue(store)
    except (OSError, ValidationError):
        return None
    figures = all(_figure_path(store, figure.module_id, figure.name).is_file() for figure in catalogue.figures)
    return (catalogue, ()) if figures and catalogue.hash == state.content else None


def _read_state(store: Path) -> _State | None:
    try:
        return _STATE.validate_json((store / STATE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def _fingerprint() -> str:
    """Tells one pipeline from another: our own code and the libraries that render."""
    total = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        total.update(file.name.encode() + b"\n" + file.read_bytes())
    for library in _LIBRARIES:
        total.update(f"{library} {version(library)}\n".encode())
    return total.hexdigest()


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """One publication at a time on this machine; the lock ends with the process."""
    with open(store / ".lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, data: bytes) -> None:
    """Replace a file: readers see the old or the new one, also after a power cut."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(draft, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _figure_path(store: Path, module_id: str, name: str) -> Path:
    return store / FIGURES_FOLDER / module_id / name


def _write_figures(store: Path, folder: Folder, catalogue: Catalogue) -> None:
    drawings = {file.hash: file.data for file in folder.files if file.place == "figure"}
    for figure in catalogue.figures:
        path = _figure_path(store, figure.module_id, figure.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != drawings[figure.hash]:
            _write(path, drawings[figure.hash])


def _drop_old_figures(store: Path, catalogue: Catalogue) -> None:
    wanted = {_figure_path(store, figure.module_id, figure.name) for figure in catalogue.figures}
    for path in (store / FIGURES_FOLDER).glob("*/*"):
        if path not in wanted:
            path.unlink(missing_ok=True)
