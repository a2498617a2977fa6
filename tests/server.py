"""The real server in processes of its own, for tests that kill it, browse it or measure it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from learning.config import PROJECT


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something holds; fail with ``what`` after some seconds."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError(f"{what} did not happen within {seconds} s")


@dataclass
class Server:
    """gunicorn as ``flask serve`` starts it, on a data folder that is ready."""

    data: Path
    workers: int = 1
    application: str = "wsgi:app"
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}"),
                *("--worker-class", "gthread", "--workers", str(self.workers), "--threads", "4"),
                *("--keep-alive", "5", "--log-level", "error"),
            ],
            cwd=PROJECT,
            env={**os.environ, "HEADWATER_DATA": str(self.data), "HEADWATER_PUBLIC_URL": self.url, **self.environment},
            start_new_session=True,
        )
        eventually(self.answers, 60, "An answer of the server")

    def answers(self) -> bool:
        """Whether it serves now."""
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    @property
    def pid(self) -> int:
        """Process id of the master."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9 to the master and all workers at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)
