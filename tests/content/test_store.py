"""Publishing: whole or not at all, the last good catalogue stays, and reading needs no parser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from learning.content import store as store_module
from learning.content.renderer import Renderer
from learning.content.store import CATALOGUE_FILE, publish, read_catalogue, read_problems
from tests.content.builders import SVG, replaced, write


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "var" / "content"


def test_a_published_catalogue_reads_back_equal(content: Path, store: Path) -> None:
    loaded = publish(content, store)
    assert loaded.problems == ()
    assert read_catalogue(store) == loaded.catalogue
    assert read_problems(store) == ()
    figure = store / "figures" / "m01" / "offcut-cost.svg"
    assert figure.read_text() == SVG


def test_before_the_first_publication_there_is_none(store: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_catalogue(store)
    assert read_problems(store) == ()


def test_the_last_good_catalogue_stays_after_a_broken_publication(content: Path, store: Path) -> None:
    good = publish(content, store).catalogue
    line = replaced(content, "modules/01-why/01-gate.md", "Waste is bought", "Waste <b>is</b> bought")
    broken = publish(content, store)
    assert broken.catalogue is None
    assert read_catalogue(store) == good
    assert [(problem.file, problem.line) for problem in read_problems(store)] == [
        ("content/modules/01-why/01-gate.md", line)
    ]
    assert read_problems(store) == broken.problems
    replaced(content, "modules/01-why/01-gate.md", "Waste <b>is</b> bought", "Waste was bought")
    assert "Waste was bought" in publish(content, store).catalogue.lessons["m01-l1"].html  # type: ignore[union-attr]
    assert read_problems(store) == ()


def test_the_same_content_is_not_compiled_twice(content: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(content, store)
    stamp = (store / CATALOGUE_FILE).stat()
    with monkeypatch.context() as patch:
        patch.setattr("learning.content.catalogue.compile_folder", _never)
        assert publish(content, store) == first
    assert (store / CATALOGUE_FILE).stat().st_mtime_ns == stamp.st_mtime_ns
    replaced(content, "glossary.yaml", "zh: 漂洗", "zh: ''")
    broken = publish(content, store)
    monkeypatch.setattr("learning.content.catalogue.compile_folder", _never)
    assert publish(content, store) == broken


def _never(*_: object) -> None:
    raise AssertionError("compiled again")


def test_a_document_that_was_cut_off_is_tried_again(
    content: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("learning.content.catalogue.Renderer", lambda: Renderer(wall_seconds=0.0))
        cut = publish(content, store)
    assert cut.catalogue is None
    assert not cut.certain
    # A quick document may be read even so; what it refers to is then missing.
    assert any("takes too long" in problem.message for problem in read_problems(store))
    assert publish(content, store).problems == ()


def test_a_new_pipeline_compiles_again(content: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(content, store)
    monkeypatch.setattr(store_module, "_fingerprint", lambda: "another")
    monkeypatch.setattr("learning.content.catalogue.compile_folder", _never)
    with pytest.raises(AssertionError, match="compiled again"):
        publish(content, store)


@pytest.mark.parametrize("lost", [CATALOGUE_FILE, "problems.json", "state.json", "figures/m01/offcut-cost.svg"])
def test_a_store_that_lost_a_file_is_made_whole(content: Path, store: Path, lost: str) -> None:
    first = publish(content, store)
    (store / lost).unlink()
    assert publish(content, store) == first
    assert (store / lost).is_file()


@pytest.mark.parametrize("torn", [CATALOGUE_FILE, "problems.json", "state.json"])
def test_a_torn_file_in_the_store_is_replaced(content: Path, store: Path, torn: str) -> None:
    first = publish(content, store)
    (store / torn).write_bytes((store / torn).read_bytes()[:-2])
    assert publish(content, store) == first
    assert read_catalogue(store) == first.catalogue


def test_figures_follow_the_content(content: Path, store: Path) -> None:
    publish(content, store)
    write(content, "modules/01-why/figures/offcut-cost.svg", SVG.replace("123456", "654321"))
    write(content, "modules/01-why/figures/new.svg", SVG)
    replaced(content, "modules/01-why/02-start.md", "Begin", '![New](figures/new.svg "New")\n\nBegin')
    publish(content, store)
    folder = store / "figures" / "m01"
    assert "654321" in (folder / "offcut-cost.svg").read_text()
    replaced(content, "modules/01-why/02-start.md", '![New](figures/new.svg "New")\n\n', "")
    (content / "modules/01-why/figures/new.svg").unlink()
    publish(content, store)
    assert [file.name for file in folder.iterdir()] == ["offcut-cost.svg"]


def test_nothing_unfinished_is_left_behind(content: Path, store: Path) -> None:
    publish(content, store)
    assert {path.name for path in store.iterdir()} == {
        ".lock", CATALOGUE_FILE, "figures", "problems.json", "state.json",
    }  # fmt: skip


def test_the_catalogue_is_replaced_in_one_step(content: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash while the file is written leaves the old one whole."""
    good = publish(content, store).catalogue
    replaced(content, "modules/01-why/01-gate.md", "Waste is bought", "Waste was bought")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        publish(content, store)
    monkeypatch.undo()
    assert read_catalogue(store) == good
    assert "Waste was bought" in publish(content, store).catalogue.lessons["m01-l1"].html  # type: ignore[union-attr]


def test_four_publishers_at_once_leave_one_whole_catalogue(content: Path, store: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from learning.content.store import publish; "
        "assert not publish(Path(sys.argv[1]), Path(sys.argv[2])).problems"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(content), str(store)]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert list(read_catalogue(store).lessons) == ["m01-l1", "m01-l2"]


def test_reading_loads_no_parser(content: Path, store: Path) -> None:
    publish(content, store)
    code = (
        "import sys, types\n"
        "package = types.ModuleType('learning'); package.__path__ = ['learning']; sys.modules['learning'] = package\n"
        "from pathlib import Path; from learning.content.store import read_catalogue, read_problems\n"
        "read_catalogue(Path(sys.argv[1])); read_problems(Path(sys.argv[1]))\n"
        "import json; print(json.dumps(sorted(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    output = subprocess.run(
        [sys.executable, "-c", code, str(store)], check=True, capture_output=True, text=True, cwd=root
    ).stdout
    loaded = {name.split(".")[0] for name in json.loads(output)}
    assert not loaded & {"markdown", "ruamel", "nh3", "latex2mathml", "flask", "sqlalchemy", "subprocess"}


def test_publishing_loads_no_parser_either(content: Path, store: Path) -> None:
    """Every parser runs in the child: what a hostile file does to it cannot reach the site."""
    code = (
        "import sys; from pathlib import Path; from learning.content.store import publish\n"
        "publish(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code, str(content), str(store)], check=True, capture_output=True, text=True
    ).stdout
    assert not set(output.split()) & {"markdown", "ruamel", "nh3", "latex2mathml"}
