"""What is well, what is not, and what to do about it: every part of newsbot looked at once."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields

from newsbot.doctor import telling
from newsbot.doctor.engines import chat_model, embedding_model
from newsbot.doctor.sharing import chroma_server
from newsbot.doctor.storage import index, seeds
from newsbot.errors import NewsbotError
from newsbot.models import Finding
from newsbot.settings import Settings, variable

__all__ = ["findings", "healthy"]

_Check = Callable[[Settings], Iterable[Finding]]


def findings(settings: Settings | None = None) -> list[Finding]:
    """Look at everything and return what was found; nothing is written and nothing is downloaded.

    Args:
        settings: what to check, or None for those of the environment and ``.env``.
    """
    if settings is None:
        try:
            settings = Settings.read()
        except NewsbotError as error:
            return [telling.told("settings", error)]
    checks: dict[str, _Check] = {
        "settings": _settings,
        "seeds": seeds,
        "embedding model": embedding_model,
        "index": index,
        "chat model": chat_model,
        "Chroma server": chroma_server,
        "Discord": _discord,
    }
    return [finding for subject, check in checks.items() for finding in _guarded(subject, check, settings)]


def healthy(found: Iterable[Finding]) -> bool:
    """Whether nothing is broken; ``newsbot doctor`` exits with 1 otherwise."""
    return all(each.verdict != "broken" for each in found)


def _guarded(subject: str, check: _Check, settings: Settings) -> Iterator[Finding]:
    """Keep one check that fails from hiding what the others found."""
    try:
        yield from check(settings)
    except NewsbotError as error:
        yield telling.told(subject, error)
    except Exception as error:
        yield telling.broken(
            subject, f"This could not be checked ({type(error).__name__}).", "Run `newsbot --debug doctor`."
        )


def _settings(settings: Settings) -> Iterator[Finding]:
    changed = [variable(each) for each in fields(settings) if getattr(settings, each.name) != each.default]
    yield telling.ok("settings", f"Set: {', '.join(changed)}." if changed else "All have their defaults.")


def _discord(settings: Settings) -> Iterable[Finding]:
    if not settings.discord_token:
        return [telling.ok("Discord", "No DISCORD_TOKEN is set, so there is no Discord bot to check.")]
    try:
        checks = importlib.import_module("newsbot.discord.checks")
    except ModuleNotFoundError as error:
        remedy = "Install newsbot anew."
        return [telling.broken("Discord", f"The Discord bot is not whole ({error.name} is missing).", remedy)]
    found: list[Finding] = checks.findings(settings)
    return found
