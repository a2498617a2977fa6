"""The catalogue that is live now. It is compiled elsewhere; here it is only read again when it changed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from flask import Flask, current_app

from learning.content.model import Catalogue
from learning.content.store import CATALOGUE_FILE, read_catalogue

#: Seconds between looks at the file.
LOOK_EVERY = 1.0


class NoCatalogue(Exception):
    """No content has been published yet."""


class LiveCatalogue:
    """Holds the published catalogue and follows its file."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0

    def get(self) -> Catalogue:
        """The newest published catalogue. Raises NoCatalogue before the first publication."""
        moment = time.monotonic()
        if self._catalogue is None or moment - self._looked > LOOK_EVERY:
            with self._lock:
                self._look()
                self._looked = moment
        if self._catalogue is None:
            raise NoCatalogue("No content is published. Run: flask --app wsgi content publish")
        return self._catalogue

    def _look(self) -> None:
        try:
            status = (self._store / CATALOGUE_FILE).stat()
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            self._catalogue = read_catalogue(self._store)
            self._stamp = stamp


def init_catalogue(app: Flask, store: Path) -> None:
    """Make the live catalogue reachable by ``the_catalogue()``."""
    app.extensions["catalogue"] = LiveCatalogue(store)


def the_catalogue() -> Catalogue:
    """The catalogue that is live now."""
    live: LiveCatalogue = current_app.extensions["catalogue"]
    return live.get()
