"""Logs: one line of JSON an event, with UTC time; never a password, a token, an answer, a name.

Events are written by the site; what libraries and gunicorn write goes the same way. Our own events hold ids only.
Texts that others made (of exceptions, of libraries) may hold anything, so what could open a door or name somebody
is left out of them. What happens while somebody answers anonymously is told later (``web.held_back``).
"""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from learning.web.anonymous import nobody_asks
from learning.web.held_back import hold_back

#: Tokens stand in these addresses; logs show the address without them.
_TOKEN_IN_PATH = re.compile(r"(/people/(?:invitation|join|reset)/|/reminders/off/)[^/?\s'\"]+")
#: What is left out of texts that others made, and what stands there instead.
_SECRETS = (
    (re.compile(r"\$argon2\w*\$[^\s'\"]+"), "…"),
    (re.compile(r"(?<=://)[^/\s@'\"]+(?=@)"), "…"),  # user and password of a database
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "…"),  # a token: 32 bytes in base64
    (re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}[ -]?){4,5}[0-9A-HJKMNP-TV-Z]{2}\b"), "…"),  # of a ballot, or a private one
    (re.compile(r"\b(?:[A-HJ-NP-Z2-9]{4}[ -]?){3}[A-HJ-NP-Z2-9]{4}\b"), "…"),  # the code on a card
    (re.compile(r"(?<=\bip=)[0-9A-Fa-f.:]*[0-9A-Fa-f]"), "…"),  # who sent what the web server cannot read
    (re.compile(r"[\w.!#$%&'*+/?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"), "…"),  # an e-mail address
)
#: Fields of our own that hold an address, and fields that hold a text others made.
_PATHS = ("path",)
_TEXTS = ("event", "exception", "stack", "reason")


def without_tokens(path: str) -> str:
    """The path with one-time tokens left out."""
    return _TOKEN_IN_PATH.sub(r"\1…", path)


def masked(text: str) -> str:
    """A text without what could open a door or name somebody."""
    text = without_tokens(text)
    for secret, shown in _SECRETS:
        text = secret.sub(shown, text)
    return text


def _mask(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    for fields, clean in ((_PATHS, without_tokens), (_TEXTS, masked)):
        for field in fields:
            if isinstance(event.get(field), str):
                event[field] = clean(event[field])
    return event


def _hold_back(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    if nobody_asks():
        hold_back(name, event)
        raise structlog.DropEvent
    return event


def _to_standard_error(*arguments: object) -> structlog.WriteLogger:
    """A logger on what is standard error now; a whole line is written at once, so that workers do not mix theirs."""
    return structlog.WriteLogger(sys.stderr)


#: What every event passes, ours and those of libraries.
_BEFORE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_AFTER: list[Processor] = [
    structlog.processors.format_exc_info,
    _mask,
    structlog.processors.JSONRenderer(),
]


def init_logs() -> None:
    """Write events as lines of JSON to standard error; control characters are escaped by JSON."""
    structlog.configure(
        processors=[_hold_back, *_BEFORE, *_AFTER],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    _init_logs_of_libraries()


class _StandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes what libraries log in the same form, to what is standard error at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_BEFORE,
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_AFTER],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        if nobody_asks():
            hold_back(record.levelname.lower(), {"event": record.getMessage()})
            return
        self.stream = sys.stderr
        super().emit(record)


def _init_logs_of_libraries() -> None:
    """Let the loggers of Python write as ours do; gunicorn's errors too, which name the address of a request."""
    root = logging.getLogger()
    if not any(isinstance(handler, _StandardError) for handler in root.handlers):
        root.addHandler(_StandardError())
    server = logging.getLogger("gunicorn.error")
    for handler in list(server.handlers):
        server.removeHandler(handler)
    server.propagate = True
