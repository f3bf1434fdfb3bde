"""One frozen :class:`Settings`, read once from the environment and ``.env``; the environment wins."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from newsbot.errors import SettingsError

_PREFIX = "NEWSBOT_"
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


def _switch(value: str) -> bool:
    if value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise ValueError("is neither yes nor no")


def _count(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("is not a whole number of 0 or more")
    return int(value)


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ValueError("is not a whole number of 1 or more")
    return int(value)


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError("is not a number of 0 or more")
    return number


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("is not an http(s) address without a name or password in it")
    return value.rstrip("/")


def _name(value: str) -> str:
    if not value.isprintable() or set(value) & set("/?#%\\ "):
        raise ValueError("is not a plain name")
    return value


def _token(value: str) -> str:
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValueError("is not a token of plain letters, digits and signs")
    return value


def _price(value: str) -> tuple[float, float]:
    into, _, out = value.partition("/")
    return _seconds(into), _seconds(out)


def _ids(value: str) -> frozenset[int]:
    return frozenset(_count(part.strip()) for part in value.split(",") if part.strip())


def _level(value: str) -> str:
    if value.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("is none of debug, info, warning and error")
    return value.lower()


def _setting(
    default: Any, text: str, parse: Callable[[str], Any] = str, *, name: str = "", secret: bool = False
) -> Any:
    return field(default=default, repr=not secret, metadata={"help": text, "parse": parse, "name": name})


@dataclass(frozen=True)
class Settings:
    """Everything an owner can set; :meth:`read` takes it from the environment and ``.env``.

    A field ``x_y`` is read from ``NEWSBOT_X_Y`` unless its metadata names another variable. Secrets are left out of
    the repr.
    """

    seeds_dir: Path = _setting(Path("seeds"), "folder of the articles", Path)
    index_dir: Path = _setting(Path("index"), "folder of the index", Path)
    embedding_model: str = _setting("builtin", "`builtin`, a sentence-transformers name, or a local folder")
    chat_model: str = _setting("", "empty, or LangChain's `provider:model` that then writes the answers")
    chat_base_url: str = _setting(
        "", "address of an OpenAI-compatible or Ollama server, when not the provider's own", _address
    )
    chat_timeout: float = _setting(
        60.0, "seconds that the chat model may take for one answer, retries included", _seconds
    )
    chat_evidence: int = _setting(
        24_000, "characters of article text that the chat model gets at most; all articles when they fit", _count
    )
    chat_second_look: bool = _setting(
        False, "let the chat model check its answer once more, at the price of a call", _switch
    )
    chat_price: tuple[float, float] | None = _setting(
        None, "price of a million tokens, `input/output`, to report the cost of an answer", _price
    )
    chroma_url: str = _setting(
        "", "address of a Chroma server that several share; empty: all is in the index folder", _address
    )
    chroma_tenant: str = _setting("default_tenant", "tenant on the Chroma server", _name)
    chroma_database: str = _setting("default_database", "database on the Chroma server", _name)
    chroma_token: str = _setting(
        "", "token that the Chroma server, or the proxy before it, asks for", _token, secret=True
    )
    chroma_ca_file: str = _setting("", "file of the certificates to trust, where a Chroma server on https has its own")
    discord_token: str = _setting(
        "", "the bot's token from the Discord developer portal", name="DISCORD_TOKEN", secret=True
    )
    discord_guilds: frozenset[int] = _setting(frozenset(), "ids of the servers it answers in; empty for all", _ids)
    discord_channels: frozenset[int] = _setting(frozenset(), "ids of the channels it answers in; empty for all", _ids)
    discord_roles: frozenset[int] = _setting(frozenset(), "ids of the roles it answers; empty for everyone", _ids)
    discord_question_channels: frozenset[int] = _setting(
        frozenset(), "ids of channels where every message is a question; needs the message content intent", _ids
    )
    discord_threads: bool = _setting(False, "yes to answer each question in a thread of its own", _switch)
    discord_person_per_minute: int = _setting(30, "questions that one person may ask a minute; 0 for no limit", _count)
    discord_server_per_minute: int = _setting(
        1500, "questions that one server may ask a minute; 0 for no limit", _count
    )
    discord_queue: int = _setting(300, "questions that may wait for an answer at once; more are turned away", _count)
    discord_answers_at_once: int = _setting(4, "answers worked on at the same time", _positive)
    discord_answer_seconds: float = _setting(90.0, "time limit of one answer, in seconds", _seconds)
    discord_question_length: int = _setting(1000, "longest question it takes, in characters", _positive)
    discord_feedback_file: str = _setting("feedback.jsonl", "file that votes are added to, or `off`")
    discord_sharded: bool = _setting(False, "yes to shard the bot, for some 2,000 servers or more", _switch)
    discord_log_level: str = _setting("info", "`debug`, `info`, `warning` or `error`", _level)
    discord_log_texts: bool = _setting(False, "yes to log the texts of questions too", _switch)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
        """Read the settings from ``environment`` (the process's by default) and, below it, from a ``.env`` file.

        Raises:
            SettingsError: an unknown ``NEWSBOT_`` name (the message suggests the nearest known one), or a value that
                does not fit its setting (the message names the setting, never the value of a secret).
        """
        written = _dotenv(dotenv)
        values = {**written, **(os.environ if environment is None else environment)}
        if environment is None:
            _hand_on(written)
        known = {variable(each): each for each in fields(cls)}
        for name in values:
            if name.startswith(_PREFIX) and name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
                raise SettingsError(f"There is no setting {name}; did you mean {near}?")
        chosen: dict[str, Any] = {}
        for name, each in known.items():
            value = (values.get(name) or "").strip()
            if value:
                chosen[each.name] = _parsed(name, value, each)
        return cls(**chosen)


def variable(each: Field[Any]) -> str:
    """Return the environment variable that a field of :class:`Settings` is read from."""
    return each.metadata["name"] or _PREFIX + each.name.upper()


def table() -> list[tuple[str, str, str]]:
    """Return a row for each setting: its variable, its default as written in ``.env``, and what it is for."""
    return [(variable(each), _written(each.default), each.metadata["help"]) for each in fields(Settings)]


def _written(default: object) -> str:
    if default is MISSING or default in ("", None, frozenset()):
        return ""
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{default:g}" if isinstance(default, float) else str(default)


def _dotenv(path: Path | None) -> dict[str, str | None]:
    if path is None or not path.is_file():
        return {}
    try:
        return dict(dotenv_values(path, encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file {path} cannot be read as UTF-8 text; save it as UTF-8 and try again.") from error


def _hand_on(written: Mapping[str, str | None]) -> None:
    """Put what ``.env`` holds for others (a provider's key, a proxy, tracing) where their libraries look for it."""
    for name, value in written.items():
        if value and not name.startswith((_PREFIX, "DISCORD_")):
            os.environ.setdefault(name, value)


def _parsed(name: str, value: str, each: Field[Any]) -> Any:
    try:
        return each.metadata["parse"](value)
    except ValueError as error:
        problem = str(error) if str(error).startswith("is ") else "has a value that does not fit"
        raise SettingsError(f"The setting {name} {problem}; it holds {each.metadata['help']}.") from None
