"""Text that someone else wrote, made harmless for a Discord message.

:func:`clean` takes away what cannot be seen (zero-width, bidirectional and tag characters, stacked marks), and
:func:`escape` puts a backslash before whatever Discord would bring to life: marks, mentions, links, commands,
timestamps. Discord hides a backslash before a punctuation mark, so the reader sees the text as it was written, and
:func:`unescape` gives it back. Only :func:`link` builds a link, from an address that :func:`safe_url` accepts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote, urlsplit

_KEPT_CONTROLS = "\n\t"
_KEPT_SELECTORS = "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # joiner and fillers that print nothing
    "\u180b\u180c\u180d\u180f"  # Mongolian variation selectors
) | {chr(code) for code in (*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0))}
_MOST_MARKS = 2
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*){2,}")

_HAIR = "\N{HAIR SPACE}"
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LIVE = re.compile(
    r"""
    (?P<citation>\[\d{1,3}\](?!\())             # kept where the number is one of the answer's own
  | (?P<angle><[^\s<>]*)                        # <@1> <@&1> <#1> </ask:1> <t:1:R> <:x:1> <a:x:1> <id:home> <https://x>
  | (?P<line>(?m:^)[^\S\n]*(?:\#{1,3}|-\#?|\+)(?=\s|$))
  | (?P<number>(?m:^)[^\S\n]*\d+[.)](?=\s|$))
  | :(?=//)                                     # a bare address
  | (?<=discord)\.(?=gg/|com/|me/|new/) | (?<=discordapp)\.(?=com/) | (?<=dsc)\.(?=gg/)   # a bare invitation
  | (?<=\])\(
  | [\\*_~`|>\[\]]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_LONGEST_URL = 500


class _Visible(dict[int, str | int | None]):
    """A translation table that decides on each character once."""

    def __missing__(self, code: int) -> str | int | None:
        self[code] = chosen = code if _visible(chr(code)) else None
        return chosen


def _visible(char: str) -> bool:
    if char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return char in _KEPT_CONTROLS
    return not (ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF)


_VISIBLE = _Visible()


def clean(text: str) -> str:
    """Return ``text`` without what cannot be seen, with at most two marks on a letter and one blank line on end."""
    text = _BREAKS.sub("\n", text).translate(_VISIBLE)
    if not text.isascii():
        text = _unstacked(text)
    return _BLANKS.sub("\n\n", text)


def _unstacked(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        is_mark = unicodedata.category(char) in ("Mn", "Me") and char not in _KEPT_SELECTORS
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def escape(text: str, citations: Collection[int] = ()) -> str:
    """Return ``text`` cleaned, and with everything escaped that Discord would give a meaning.

    Args:
        text: written by an article, a user or a model.
        citations: numbers whose ``[number]`` stays as it is, since the answer refers to its own citations so.
    """

    def escaped(found: re.Match[str]) -> str:
        whole = found.group()
        if found.lastgroup == "citation" and int(whole[1:-1]) in citations:
            return whole
        if found.lastgroup == "number":
            return f"{whole[:-1]}\\{whole[-1]}"
        if found.lastgroup == "line":
            mark = whole.lstrip()
            return f"{whole[: -len(mark)]}\\{mark}"
        return _PUNCTUATION.sub(r"\\\1", whole)

    return _LIVE.sub(escaped, _EVERYONE.sub(f"@{_HAIR}", clean(text)))


def unescape(text: str) -> str:
    """Return the text that :func:`escape` was given, as far as :func:`clean` left it as it was."""
    return re.sub(f"@{_HAIR}(?=everyone|here)", "@", _ESCAPED.sub(r"\1", text), flags=re.IGNORECASE)


def one_line(text: str, most: int) -> str:
    """Return ``text`` on one line, cut at a word to ``most`` characters with an ellipsis; not escaped yet."""
    text = " ".join(clean(text).split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut) + "…"


def plain_name(text: str) -> str:
    """Return ``text`` as a thread's name, at most 90 characters, where nothing is left that looks like markup."""
    words = re.sub(r"[<>@#`*_~|\\\[\]]|\w+://", " ", clean(text))
    return one_line(words, 90)


def safe_url(url: str) -> str:
    """Return ``url`` ready for a link, or nothing where it is not a plain http(s) address."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    plain = parts.scheme in ("http", "https") and parts.username is None and parts.password is None
    if not plain or not _HOST.fullmatch(host) or clean(url) != url or url.split() != [url] or "\\" in url:
        return ""
    rest = quote(parts.path, safe="/%:@!$&'*+,;=~") or "/"
    if parts.query:
        rest += "?" + quote(parts.query, safe="/%:@!$&'*+,;=~?")
    if parts.fragment:
        rest += "#" + quote(parts.fragment, safe="/%:@!$&'*+,;=~?")
    whole = f"{parts.scheme}://{host}{port}{rest}"
    return whole if len(whole) <= _LONGEST_URL else ""


def link(title: str, url: str) -> str:
    """Return ``title`` escaped on one line, as a link when ``url`` is safe."""
    shown = one_line(title, 120)
    address = safe_url(url)
    if not address:
        return escape(shown)
    return f"[{escape(shown.translate({ord('['): '(', ord(']'): ')'}))}](<{address}>)"
