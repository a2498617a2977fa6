"""Reads documents in a child process that cannot hurt its parent.

Python-Markdown needs minutes for some short texts, and a regular expression cannot be stopped from inside.
So one child reads all documents, within limits of time and memory, and is replaced when it breaks one.
Both sides speak over pipes: four bytes of length, then JSON.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from learning.content.context import Reply, Request
from learning.content.problems import Problem

#: Processor time for one document, in seconds.
CPU_SECONDS = 2.0
#: For a child that neither works nor answers. Longer than CPU_SECONDS, for a busy machine counts waiting too.
WALL_SECONDS = 20.0
START_SECONDS = 60.0
MEMORY = 256 * 1024 * 1024
#: What a document may take on top of what interpreter and libraries have mapped by themselves. They need about
#: 45 MB of the 256 today; where a platform maps more, the limit rises with it, or nothing could be read at all.
MEMORY_OF_DOCUMENT = 160 * 1024 * 1024
MOST_MESSAGE = 64 * 1024 * 1024

#: The child must not load the site: importing ``learning`` would import Flask, the settings and their secrets.
#: So the package is declared empty there, and only ``learning.content`` is imported.
_BOOT = """\
import sys, types
package = types.ModuleType("learning")
package.__path__ = [sys.argv[1]]
sys.modules["learning"] = package
from learning.content.renderer import serve
serve()
"""
_TOO_LONG = (
    "takes too long or too much memory to render: shorten it, and look for long runs of brackets, backticks, "
    "stars or nested lists"
)
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


class RendererUnavailable(RuntimeError):
    """The child cannot be started; nothing is known about the content."""


class _Broken(Exception):
    """The child died or was killed while it worked on a document."""


class Renderer:
    """The parent's side. One document at a time; may be used from several threads and as a context manager."""

    def __init__(self, *, cpu_seconds: float = CPU_SECONDS, wall_seconds: float = WALL_SECONDS) -> None:
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = wall_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        #: How often a child had to be replaced.
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, request: Request) -> Reply:
        """What a document holds. Never raises for a document: what it does to the child becomes a problem.

        Raises RendererUnavailable if no child can be started.
        """
        try:
            message = _REQUEST.dump_json(request)
        except PydanticSerializationError:
            return Reply(problems=(Problem(request.file, 1, "is not Unicode text: save the file as UTF-8"),))
        with self._lock:
            child = self._running()
            try:
                _send(child.stdin, message)
                return _REPLY.validate_json(self._receive(child, self._wall_seconds))
            except (_Broken, OSError, ValidationError):
                self._stop()
                self.restarts += 1
                return Reply(problems=(Problem(request.file, 1, _TOO_LONG),))

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._stop()
        child = _started(self._cpu_seconds)
        self._child = child
        try:
            if self._receive(child, START_SECONDS) == b"ready":
                return child
        except _Broken:
            pass
        self._stop()
        raise RendererUnavailable("The process that reads content does not start: run `make check` to see why.")

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _receive(self, child: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert child.stdout is not None
        deadline = time.monotonic() + seconds
        size = int.from_bytes(_exactly(child.stdout.fileno(), 4, deadline), "big")
        if size > MOST_MESSAGE:
            raise _Broken
        return _exactly(child.stdout.fileno(), size, deadline)


def _started(cpu_seconds: float) -> subprocess.Popen[bytes]:
    """A new child, with none of the parent's environment: it needs no secrets."""
    package = Path(__file__).resolve().parent.parent
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, str(package), str(cpu_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            close_fds=True,
            env={"LANG": "C.UTF-8"},
            # A signal to the parent's group (Ctrl-C) must not tear a document.
            start_new_session=True,
        )
    except OSError as error:
        raise RendererUnavailable(f"The process that reads content does not start: {error.strerror}.") from error


def _exactly(descriptor: int, size: int, deadline: float) -> bytes:
    """Read so many bytes, or raise _Broken when the child ends or time is up."""
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(data) < size:
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise _Broken
            part = os.read(descriptor, min(size - len(data), 1 << 20))
            if not part:
                raise _Broken
            data += part
    return bytes(data)


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None
    view = memoryview(len(data).to_bytes(4, "big") + data)
    while view:
        view = view[os.write(pipe.fileno(), view) :]


def serve() -> None:
    """The child's side: answer requests from standard input until it ends."""
    # Imported here, not above: the parent must never load a Markdown or YAML parser.
    from learning.content.documents import read_document

    cpu_seconds = float(sys.argv[2]) if len(sys.argv) > 2 else CPU_SECONDS
    source = os.fdopen(os.dup(0), "rb")
    target = os.dup(1)
    # Whatever a library prints must not get between the answers.
    with open(os.devnull, "r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    _limit_memory()
    with os.fdopen(target, "wb") as sink:
        _send(sink, b"ready")
        while size := source.read(4):
            request = _REQUEST.validate_json(source.read(int.from_bytes(size, "big")))
            _send(sink, _answer(request, read_document, cpu_seconds))


def _answer(request: Request, read_document: Callable[[Request], Reply], cpu_seconds: float) -> bytes:
    """The reply to a request. The system kills this process when the document takes too long."""
    _limit_time(cpu_seconds)
    try:
        reply = read_document(request)
    except RecursionError:
        reply = _failed(request, "is nested too deeply to be read: write flatter lists, quotes and emphasis")
    except MemoryError:
        reply = _failed(request, _TOO_LONG)
    except Exception as error:  # a fault of ours must not hide the other files
        reply = _failed(request, f"cannot be read, by a fault of Headwater ({type(error).__name__}): please report it")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return _REPLY.dump_json(reply)


def _failed(request: Request, message: str) -> Reply:
    return Reply(problems=(Problem(request.file, 1, message),))


def _limit_time(seconds: float) -> None:
    """Two clocks of the system, both deadly and neither to be caught: one exact, one in case it is not there."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _limit_memory() -> None:
    mapped = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = max(MEMORY, mapped + MEMORY_OF_DOCUMENT)
    # Some systems know the limit but do not let it be set; time is limited there all the same.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    serve()
