"""Settings, and the refusal of those that are not safe."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from learning import create_app
from learning.config import PROJECT, UnsafeConfiguration, load_settings, secret_key

PUBLIC = {"public_url": "https://learn.example.org"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"public_url": "http://learn.example.org"}, "use https"),
        ({"public_url": "learn.example.org"}, "Give scheme and host only"),
        ({"public_url": "https://learn.example.org/site"}, "Give scheme and host only"),
        ({"public_url": "https://learn.example.org?a=b"}, "Give scheme and host only"),
        ({"public_url": "https://ana:secret@learn.example.org"}, "Give scheme and host only"),
        ({"public_url": "https://learn.example.org:port"}, "Give scheme and host only"),
        ({"public_url": "https://[::1"}, "Give scheme and host only"),
        ({**PUBLIC, "development": True}, "HEADWATER_DEVELOPMENT"),
        ({"secret_key": "short"}, "fewer than 32"),
        ({"secret_key_fallbacks": "k" * 40 + ",short"}, "fewer than 32"),
        ({"proxies": 9}, "HEADWATER_PROXIES"),
        ({"database_url": "mysql://headwater@127.0.0.1/headwater"}, "HEADWATER_DATABASE_URL"),
        ({"database_url": "postgresql://headwater@127.0.0.1/headwater"}, r"postgresql\+psycopg://"),
        ({"mail_server": "mail.example.org"}, "host:port"),
        ({"mail_server": ":25"}, "host:port"),
        ({"mail_server": "mail.example.org:smtp"}, "host:port"),
        ({"mail_server": "mail.example.org:25", "mail_user": "a", "mail_starttls": False}, "in the clear"),
    ],
)
def test_what_is_not_safe_is_refused_with_a_sentence(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(UnsafeConfiguration, match=sentence):
        load_settings(**given)


@pytest.mark.parametrize(
    "given",
    [
        PUBLIC,
        {"public_url": "https://learn.example.org:8443/"},
        {"development": True},
        {"database_url": "postgresql+psycopg://headwater@127.0.0.1/headwater"},
        {"database_url": "sqlite:////srv/headwater.db"},
        {"mail_server": "mail.example.org:587", "mail_user": "a", "mail_password": "b"},
        {"mail_server": "127.0.0.1:25", "mail_user": "a", "mail_starttls": False},
        {"mail_server": "mail.example.org:25", "mail_starttls": False},
    ],
)
def test_what_is_safe_is_taken(given: dict[str, object]) -> None:
    load_settings(**given)


def test_no_secret_is_shown_with_the_settings() -> None:
    secrets = {
        "secret_key": "s" * 40,
        "secret_key_fallbacks": "f" * 40,
        "mail_password": "pass-mail",
        "database_url": "postgresql+psycopg://headwater:pass-data@127.0.0.1/headwater",
    }
    shown = repr(load_settings(**secrets))
    assert not [word for word in ("ssss", "ffff", "pass-mail", "pass-data") if word in shown]


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path / "data", secret_key="")
    key = secret_key(settings)
    assert key == secret_key(settings)
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, secret_key="")
    secret_key(settings)
    (tmp_path / "secret-key").chmod(0o640)
    with pytest.raises(UnsafeConfiguration, match="chmod 600"):
        secret_key(settings)


def test_workers_that_start_at_once_on_an_empty_folder_share_one_key(tmp_path: Path) -> None:
    threads = 8
    with ThreadPoolExecutor(threads) as workers:
        for number in range(100):
            settings = load_settings(data=tmp_path / str(number), secret_key="")
            gate = threading.Barrier(threads)

            def make(_: int, settings: object = settings, gate: threading.Barrier = gate) -> str:
                gate.wait()
                return secret_key(settings)  # type: ignore[arg-type]

            assert len(set(workers.map(make, range(threads)))) == 1


def test_the_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        create_app(load_settings(data=tmp_path / "data", secret_key="k" * 40))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize(("address", "starts"), [("https://learn.example.org", False), ("http://127.0.0.1:8000", True)])
def test_the_debugger_is_refused_where_people_come_in(tmp_path: Path, address: str, starts: bool) -> None:
    """Whoever reaches the debugger of Werkzeug runs code on the server."""
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "--debug", "policies"],
        cwd=PROJECT,
        env={**os.environ, "HEADWATER_DATA": str(tmp_path), "HEADWATER_PUBLIC_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode == 0) is starts, run.stderr
    assert ("debug mode" in run.stderr) is not starts
