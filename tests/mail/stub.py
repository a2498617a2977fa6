"""A mail server that behaves as a test tells it: takes, refuses, delays, hangs, drops, turns away."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Behaviour:
    """How the server answers."""

    greeting: str = "220 stub"
    #: Hangs up as soon as somebody calls.
    turns_away: bool = False
    hangs_before_data: bool = False
    sender: str = "250 ok"
    recipient: str = "250 ok"
    data: str = "250 taken"
    hangs_after_data: bool = False
    drops_after_data: bool = False
    #: Done while it takes the mail of this number, before it answers.
    meanwhile: Callable[[int], None] | None = None
    received: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """What was received, parsed."""
        return [cast(EmailMessage, message_from_bytes(raw, policy=policy.default)) for raw in self.received]


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        server = cast(_Server, self.server)
        behaviour = server.behaviour
        behaviour.connections += 1
        if behaviour.turns_away:
            return
        self.say(behaviour.greeting)
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"EHLO":
                self.say("250 stub")
            elif verb == b"MAIL":
                self.say(behaviour.sender)
            elif verb == b"RCPT":
                self.say(behaviour.recipient)
            elif verb == b"DATA":
                if behaviour.hangs_before_data:
                    server.closing.wait(10)
                    return
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(part)
                behaviour.received.append(b"".join(lines))
                if behaviour.meanwhile:
                    behaviour.meanwhile(len(behaviour.received))
                if behaviour.hangs_after_data:
                    server.closing.wait(10)
                    return
                if behaviour.drops_after_data:
                    return
                self.say(behaviour.data)
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    behaviour: Behaviour
    closing: threading.Event


@contextmanager
def mail_server(behaviour: Behaviour) -> Iterator[str]:
    """Run the server on a free port; gives ``host:port``."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.behaviour = behaviour
        server.closing = threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
