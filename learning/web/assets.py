"""Static files under an address that holds a hash of the whole tree, kept by browsers for ever.

The files import each other by relative addresses, so one hash for all of them keeps every import valid.
``build_assets`` writes compressed copies once; without them the files are served as they are.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

COMPRESSED = {".css", ".js", ".svg", ".txt"}
#: Style sheets that every page needs, in their order; built into one file, so that a first visit asks once.
COMMON_STYLES = ("tokens", "base", "navigation", "buttons", "notices", "forms", "progress", "cards", "tables")
JOINED_STYLES = "common"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENTATION = re.compile(r"\s*\n\s*")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def tree_hash(folder: Path) -> str:
    """First 12 hexadecimal digits of a SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _without_comments(style: str) -> str:
    """A style sheet as the browser needs it: comments and indentation are for people."""
    return _INDENTATION.sub("\n", _COMMENT.sub("", style)).lstrip()


def build_assets(source: Path, store: Path) -> Path:
    """Copy the static files with compressed siblings to ``store/<hash>``; return that folder."""
    target = store / tree_hash(source)
    if target.exists():
        return target
    draft = store / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(source, draft)
    styles = [(draft / "css" / f"{name}.css").read_text() for name in COMMON_STYLES]
    (draft / "css" / f"{JOINED_STYLES}.css").write_text("\n".join(styles))
    for path in (draft / "css").glob("*.css"):
        path.write_text(_without_comments(path.read_text()))
    for path in list(_files(draft)):
        if path.suffix in COMPRESSED:
            content = path.read_bytes()
            path.with_name(path.name + ".br").write_bytes(brotli.compress(content))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, mtime=0))
    draft.rename(target)
    return target


def _add_headers(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def init_assets(app: Flask, source: Path, store: Path) -> None:
    """Serve the static files and give templates ``static_url(name)`` and ``common_styles``."""
    digest = tree_hash(source)
    built = store / digest
    prefix = f"/static/{digest}/"
    served = WhiteNoise(app.wsgi_app, immutable_file_test=lambda path, url: True, add_headers_function=_add_headers)
    served.add_files(str(built if built.exists() else source), prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["common_styles"] = [JOINED_STYLES] if built.exists() else list(COMMON_STYLES)

    @app.template_global()
    def static_url(name: str) -> str:
        return prefix + name
