"""What Discord would bring to life in a message, found independently of how newsbot takes it away."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_LINK = re.compile(r"\[(?:\\.|[^\]\\\n])*\]\(<https?://[a-z0-9.-]+(?::\d+)?/[^<>()\[\]\s\\\"]*>\)")
_LIVE = {
    "mention": r"<@[!&]?\d+>|<#\d+>|@everyone|@here",
    "command": r"</[^:>]+:\d+>",
    "time": r"<t:-?\d+",
    "emoji": r"<a?:\w+:\d+>",
    "navigation": r"<id:\w+",
    "link": r"\]\(|\w+://|discord(?:app)?\.(?:gg|com)/",
    "spoiler": r"\|\|",
    "code": r"`",
    "strike": r"~~",
    "stars": r"\*",
    "underline": r"_",
    "angle": r"[<>]",
}
_LINE = re.compile(r"(?m)^\s*(?:#{1,3}|-#|[-+*]|\d+[.)]|>{1,3})(?:\s|$)")


def live(text: str) -> list[str]:
    """Return the kinds of things in an *escaped* text that would come alive."""
    unlinked = _LINK.sub("link", text)
    # A backslash before a punctuation mark takes the mark's meaning away.
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "\x01", unlinked)
    found = [kind for kind, pattern in _LIVE.items() if re.search(pattern, bare, re.IGNORECASE)]
    raw = [kind for kind in ("mention", "command", "time", "emoji", "navigation") if re.search(_LIVE[kind], unlinked)]
    if _LINE.search(bare):
        found.append("line")
    return found + raw + unseen(text)


def unseen(text: str) -> list[str]:
    found = [
        f"U+{ord(char):04X}"
        for char in text
        if unicodedata.category(char) in ("Cf", "Cs") or (unicodedata.category(char) == "Cc" and char not in "\n\t")
    ]
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") and char not in "\ufe0e\ufe0f" else 0
        if marks > 2:
            found.append("zalgo")
            break
    return found


_OWN = re.compile(r"^(?:> |-# |• |\*\*(?:\[\d+\]|\d+)\*\* )", re.MULTILINE)


def payload_faults(payload: dict[str, Any]) -> list[str]:
    """Return what is wrong with a message that the bot sent, the marks of its own layout set aside."""
    content = re.sub(r"`/\w+`", "", _OWN.sub("", payload["content"]))
    faults = [f"{kind}: {content!r}" for kind in live(content)]
    if (payload.get("allowed_mentions") or {}).get("parse") != []:
        faults.append("allowed_mentions")
    if not payload.get("flags", 0) & 4:
        faults.append("previews")
    if len(payload["content"].encode("utf-16-le")) // 2 > 2000:
        faults.append("length")
    return faults
