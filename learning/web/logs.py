"""Logs: one line an event, with UTC time; never a password, a token, an answer."""

from __future__ import annotations

import logging
import re
import sys

import structlog

#: One-time tokens stand in these addresses; logs show the address without them.
_TOKEN_IN_PATH = re.compile(r"(/people/(?:invitation|join|reset)/)[^/?\s]+")


def without_tokens(path: str) -> str:
    """The path with one-time tokens left out."""
    return _TOKEN_IN_PATH.sub(r"\1…", path)


def _mask(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if isinstance(event.get("path"), str):
        event["path"] = without_tokens(event["path"])
    return event


def init_logs() -> None:
    """Write events as JSON lines to standard error; control characters are escaped by JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
