"""One line for each event on standard error: time, level, room, what happened, and ``key=value`` details.

The request that a line belongs to is added by itself. Secrets are replaced before a line is written, whatever library
it comes from, and no message text is logged unless the owner asks for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

import discord

from newsbot.errors import NewsbotError
from newsbot.settings import Settings

log = logging.getLogger("newsbot.discord")
_TICKET = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s\"]+")
"""The part of an address that lets anyone answer an interaction for fifteen minutes."""
_REQUEST: ContextVar[str] = ContextVar("request", default="")


def new_reference() -> str:
    """Return a short reference for one request, to find it in the log."""
    return secrets.token_hex(4)


def reference() -> str:
    """Return the reference of the request that is being served, or nothing."""
    return _REQUEST.get()


@contextlib.contextmanager
def request(name: str) -> Iterator[None]:
    """Add ``request=name`` to every line that is logged inside."""
    token = _REQUEST.set(name)
    try:
        yield
    finally:
        _REQUEST.reset(token)


def note(event: str, level: int = logging.INFO, **details: object) -> None:
    """Log that ``event`` happened, with details as ``key=value``."""
    log.log(level, "%s", event, extra={"details": details})


def trouble(event: str, error: BaseException, level: int = logging.ERROR, **details: object) -> None:
    """Log an ``error``; its traceback follows when the log level is ``debug``."""
    log.log(level, "%s", event, exc_info=error, extra={"details": details})


class Line(logging.Formatter):
    """Writes a record on one line; where an error came from follows when ``tracebacks`` is set.

    What an error says is written for newsbot's own errors, discord.py's and the system's. Any other may hold what a
    person wrote, so only its type and place are.
    """

    def __init__(self, secrets_: Iterable[str], *, tracebacks: bool) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets_ if len(secret) > 5]
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of ``record``, without secrets."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        parts = [at, record.levelname.lower(), record.name, _quoted_message(record.getMessage())]
        if _REQUEST.get():
            parts.append(f"request={_REQUEST.get()}")
        parts += [f"{key}={_value(value)}" for key, value in getattr(record, "details", {}).items()]
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            parts += [f"error={type(error).__name__}", _reason(error)]
        line = " ".join(parts)
        if record.exc_info and self._tracebacks:
            line += "\n" + "".join(traceback.format_tb(record.exc_info[2])).rstrip()
        line = _TICKET.sub(r"\1[secret]", line)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def _reason(error: BaseException) -> str:
    if isinstance(error, NewsbotError | discord.DiscordException | OSError):
        return f"reason={_value(str(error))}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"at={Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "at=unknown"


def _quoted_message(text: str) -> str:
    return " ".join(text.split())


def _value(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return f'"{text.replace(chr(34), chr(39))}"' if " " in text or not text else text


def configure(settings: Settings) -> None:
    """Send the log to standard error; libraries speak up from ``warning``, discord.py from ``info`` when debugging."""
    level = settings.discord_log_level.upper()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(_secrets(settings), tracebacks=level == "DEBUG"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(level)
    logging.getLogger("newsbot").setLevel(level)
    # discord.py's own debug lines hold message texts, so it never goes below info.
    logging.getLogger("discord").setLevel(logging.INFO if level == "DEBUG" else logging.WARNING)
    logging.captureWarnings(True)


def _secrets(settings: Settings) -> list[str]:
    named = [value for name, value in os.environ.items() if name.endswith(("_KEY", "_TOKEN", "_SECRET", "_PASSWORD"))]
    return [settings.discord_token.strip(), settings.chroma_token, *named]
