"""Files that went wrong in any way never break the site: each is named, with its line, or still fine."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded
from tests.content.builders import FILES, write_content
from tests.proof import times

Load = Callable[[Path], Loaded]
Mutation = Callable[[random.Random, bytes], bytes]


def truncated(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def random_bytes(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.randint(1, 20)) + data[at:]


def flipped(chance: random.Random, data: bytes) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.randint(1, 10)):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def huge(chance: random.Random, data: bytes) -> bytes:
    return data * (chance.choice([300_000, 3_000_000]) // len(data) + 1)


def repeated(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join(lines[: at + 1] + lines[at : at + chance.randint(1, 9)] + lines[at + 1 :])


def without_lines(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join(lines[:at] + lines[at + chance.randint(1, 4) :])


def shuffled(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    part = lines[at : at + 5]
    chance.shuffle(part)
    return b"".join(lines[:at] + part + lines[at + 5 :])


def nul(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b"\x00" + data[at:]


def marked(chance: random.Random, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" * chance.randint(1, 2) + data


def broken_link(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"lesson:m01", b"lesson:m09").replace(b"m01-l1", chance.choice([b"m01-l2", b"m77", b"M", b""]))


def other_signs(chance: random.Random, data: bytes) -> bytes:
    signs = [
        b":",
        b"-",
        b"[",
        b"]",
        b"{",
        b"}",
        b'"',
        b"`",
        b"$",
        b"|",
        b">",
        b"<",
        b"&a ",
        b"*a",
        b"!",
        b"#",
        b"\t",
        b"\r",
    ]
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(signs) * chance.randint(1, 6) + data[at + chance.randint(0, 3) :]


def utf16(_chance: random.Random, data: bytes) -> bytes:
    return data.decode().encode("utf-16")


MUTATIONS: list[Mutation] = [
    truncated, random_bytes, flipped, huge, repeated, without_lines, shuffled, nul, marked, broken_link, other_signs, utf16,
]  # fmt: skip
#: After these, the file itself must be named.
SURE: tuple[Mutation, ...] = (huge, nul, utf16)


def assert_told_well(folder: Path, loaded: Loaded) -> None:
    assert (loaded.catalogue is None) == bool(loaded.problems)
    for problem in loaded.problems:
        assert problem.file.startswith("content/"), problem
        assert problem.message.strip()
        assert "fault of Headwater" not in problem.message
        file = folder.parent / problem.file
        if file.is_file():
            assert 1 <= problem.line <= file.read_bytes().count(b"\n") + 2, problem


@pytest.mark.prove
@pytest.mark.parametrize("turn", range(times(60, 300)))
def test_a_mutated_file_is_named_or_harmless(content: Path, load: Load, turn: int) -> None:
    chance = random.Random(f"headwater {turn}")
    mutation = MUTATIONS[turn % len(MUTATIONS)]
    path = chance.choice(list(FILES))
    file = content / path
    file.write_bytes(mutation(chance, file.read_bytes()))
    loaded = load(content)
    assert_told_well(content, loaded)
    if mutation in SURE:
        assert f"content/{path}" in {problem.file for problem in loaded.problems}


@pytest.mark.prove
@pytest.mark.parametrize("turn", range(times(6, 40)))
def test_a_mutated_folder_is_named_or_harmless(tmp_path: Path, load: Load, turn: int) -> None:
    """Files that vanish, move, double, become folders or links in a circle."""
    chance = random.Random(f"folder {turn}")
    folder = write_content(tmp_path)
    for _ in range(chance.randint(1, 3)):
        file = folder / chance.choice(list(FILES))
        if not file.is_file():
            continue
        match chance.randrange(6):
            case 0:
                file.unlink()
            case 1:
                file.rename(file.with_name(f"moved-{file.name}"))
            case 2:
                shutil.copy(file, file.with_name(f"0{chance.randrange(9)}-{file.name}"))
            case 3:
                file.unlink()
                file.mkdir()
            case 4:
                file.unlink()
                file.symlink_to(file)
            case 5:
                file.with_name("loop").symlink_to(folder)
    assert_told_well(folder, load(folder))


def test_files_that_vanish_while_they_are_read_are_no_disaster(
    content: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.is_dir
    monkeypatch.setattr(
        Path, "is_dir", lambda path: real(path) and not (content / "sources.yaml").unlink(missing_ok=True)
    )
    assert_told_well(content, load(content))
