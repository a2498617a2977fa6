"""One reading process for all tests, and a content folder without mistakes for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded, compile_folder
from learning.content.context import Context, Drawing, Kind, Reply, Request
from learning.content.files import read_folder
from learning.content.model import Constant, Term
from learning.content.renderer import Renderer
from tests.content.builders import write_content

CONTEXT = Context(
    module_id="m01",
    figures=(Drawing("offcut-cost.svg", "ab" * 32, 300, 200),),
    terms=(
        Term("material-balance", "Material balance", "物料平衡", "Mass in equals mass out", ("mass balance",)),
        Term("rinse", "Rinse", "漂洗", "Water that cleans a part"),
    ),
    sources=("s1", "s2", "own"),
    constants=(Constant("electricity-price", "0.70", "CNY/kWh", "Price", "own"),),
)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as shared:
        yield shared


@pytest.fixture
def read(renderer: Renderer) -> Callable[..., Reply]:
    """Read one document in the child, as the catalogue does."""

    def read_one(text: str, kind: Kind = "lesson", file: str = "content/document") -> Reply:
        return renderer.read(Request(kind, file, text, "cd" * 32, CONTEXT))

    return read_one


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_content(tmp_path)


@pytest.fixture
def load(renderer: Renderer) -> Callable[[Path], Loaded]:
    """Load a content folder with the shared reading process."""
    return lambda folder: compile_folder(read_folder(folder), renderer)
