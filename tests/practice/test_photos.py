"""Photos from outside: what is kept is small, upright, and holds nothing but pixels; what does harm is refused."""

from __future__ import annotations

import io
import os
import random
import stat
from pathlib import Path

import pytest
from PIL import Image

from learning.practice import photos
from learning.practice.photos import Unreadable, shrunk
from learning.practice.shrinking import LONGEST_SIDE, MOST_BYTES, Fault
from tests.practice.photos import LATITUDE, REFUSED, SCRIPT, bomb, jpeg, noise, polyglot, with_place
from tests.proof import times


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_place_time_camera_comment_and_profile_are_gone() -> None:
    sent = with_place()
    assert LATITUDE in sent
    kept = shrunk(sent)
    for trace in (LATITUDE, b"GPS", b"Exif", b"Camera-of-somebody", b"2026:03:05", b"comment", b"profile", b"ICC"):
        assert trace not in kept, trace
    picture = opened(kept)
    assert picture.format == "JPEG"
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (400, 200), (0.5, 0.2)),
        (3, (400, 200), (0.5, 0.8)),
        (6, (200, 400), (0.8, 0.5)),
        (8, (200, 400), (0.2, 0.5)),
    ],
)
def test_a_photo_stands_upright(orientation: int, size: tuple[int, int], red: tuple[float, float]) -> None:
    picture = opened(shrunk(with_place(orientation))).convert("RGB")
    assert picture.size == size
    pixel = picture.getpixel((int(size[0] * red[0]), int(size[1] * red[1])))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 150 > pixel[2]


def test_a_large_photo_becomes_small_and_a_small_one_stays() -> None:
    for data in (jpeg(5000, 3000), noise(1700)):
        kept = shrunk(data)
        assert len(kept) <= MOST_BYTES
        assert max(opened(kept).size) <= LONGEST_SIDE
    assert opened(shrunk(jpeg(5000, 3000))).size == (1600, 960)
    assert opened(shrunk(jpeg(40, 30))).size == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_picture_is_read(mode: str) -> None:
    sink = io.BytesIO()
    Image.new(mode, (30, 20)).save(sink, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(shrunk(sink.getvalue())).size == (30, 20)


def test_what_is_see_through_becomes_white() -> None:
    sink = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(sink, "WEBP", lossless=True)
    assert opened(shrunk(sink.getvalue())).convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_nothing_but_pixels_is_left_of_a_picture_that_is_a_page_too() -> None:
    sent = polyglot()
    assert sent.count(SCRIPT) == 3
    kept = shrunk(sent)
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept
    assert kept.endswith(b"\xff\xd9")


def test_many_pixels_in_a_few_bytes_are_decoded_within_the_limits() -> None:
    sent = bomb()
    assert len(sent) < 20_000
    assert opened(shrunk(sent)).size == (1600, 1000)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        shrunk(REFUSED[name])
    wanted = {
        "50,000 x 50,000": Fault.PIXELS,
        "huge width": Fault.PIXELS,
        "moving png": Fault.MOVES,
        "moving webp": Fault.MOVES,
        "svg": Fault.FORMAT,
        "heic": Fault.FORMAT,
        "cut off jpeg": Fault.BROKEN,
        "too few pixels for its size": Fault.BROKEN,
    }
    assert refused.value.fault is wanted.get(name, refused.value.fault)


@pytest.mark.prove
def test_a_photo_with_broken_bytes_is_refused_or_made_anew() -> None:
    chance = random.Random(7)
    for _ in range(times(short=6, full=300)):
        data = bytearray(with_place())
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(2, len(data))] = chance.randrange(256)
        try:
            kept = shrunk(bytes(data))
        except Unreadable:
            continue
        assert opened(kept).format == "JPEG"
        assert LATITUDE not in kept


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_BOOT", "while True: pass")
    monkeypatch.setattr(photos, "WALL_SECONDS", 0.2)
    with pytest.raises(Unreadable):
        shrunk(jpeg(8, 8))


@pytest.mark.parametrize("program", ["", "raise SystemExit(3)", "print('Pnot a picture', end='')", "print('Fxyz')"])
def test_a_child_that_fails_or_lies_gives_no_picture(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(photos, "_BOOT", program)
    with pytest.raises(Unreadable):
        shrunk(jpeg(8, 8))


def test_the_child_gets_none_of_the_sites_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWATER_SECRET_KEY", "k" * 40)
    monkeypatch.setattr(
        photos,
        "_BOOT",
        "import os, sys; seen = [n for n in os.environ if 'HEADWATER' in n] + [m for m in sys.modules if 'flask' in m];"
        "sys.stdout.buffer.write(b'Fformat' if not seen else b'Fmoves')",
    )
    with pytest.raises(Unreadable) as refused:
        shrunk(b"")
    assert refused.value.fault is Fault.FORMAT


def test_a_kept_photo_is_for_the_site_alone(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    name = photos.keep(folder, b"x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert len(name) == 32
    assert photos.read(folder, name) == b"x"
    photos.drop(folder, name)
    photos.drop(folder, name)
    assert photos.read(folder, name) is None
    assert os.listdir(folder) == []
