"""Answers questions about news articles with the very sentences that the answer rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsbot.errors import NewsbotError
from newsbot.models import Answer, Citation, Delta, Hit, Passage, Progress, Source, Turn
from newsbot.settings import Settings

if TYPE_CHECKING:
    from newsbot.api import Newsbot

__all__ = [
    "Answer",
    "Citation",
    "Delta",
    "Hit",
    "Newsbot",
    "NewsbotError",
    "Passage",
    "Progress",
    "Settings",
    "Source",
    "Turn",
]


def __getattr__(name: str) -> Any:
    if name == "Newsbot":
        from newsbot.api import Newsbot

        return Newsbot
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
