"""Plain text from what models write: Markdown, HTML, links and invisible characters taken off, words left."""

from __future__ import annotations

import re
import unicodedata

from newsbot.answering.citations import MARK

_LINE_MARKS = re.compile(r"^\s*(?:(?:[-*+•–—]|\d{1,3}[.)]|#{1,6}|>)\s+|>)+", re.MULTILINE)
_RULE = re.compile(r"[\s|:*_=-]*")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)?)\]\((?:[^()\s]|\([^()]*\))*(?:\s+[^()]*)?\)")
_REFERENCE = re.compile(r"(\[[^\[\]]*[^\W\d_]{2,}[^\[\]]*\])\[[^\[\]]*\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"(`{1,3})(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"”]+", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*+|~~|\|\||(?<!\w)_+|_+(?!\w)|`+")
_CONTROLS = dict.fromkeys([code for code in range(32) if chr(code) not in "\t\n\r"] + [127])
FENCE = re.compile(r"\s*```+\s*([\w+-]*)")
"""A line that opens or closes a code block; the group is the block's language."""


def plain(text: str) -> str:
    """Return ``text`` on one line without markup; marks survive, except inside code and addresses.

    A table row becomes its cells joined by dashes, a masked link its visible words, code its text.
    """
    if not text.isascii():
        text = "".join(each for each in text if each.isspace() or unicodedata.category(each)[0] != "C")
    text = text.translate(_CONTROLS)
    if text.lstrip().startswith("|"):
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        text = "" if _RULE.fullmatch(text) else " – ".join(cell for cell in cells if cell)
    text = _LINE_MARKS.sub("", text)
    for _ in range(2):
        text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(lambda match: match[0] if MARK.fullmatch(match[1]) else match[1][1:-1], text)
    text = _TAG.sub("", _AUTOLINK.sub(r"\1", text))
    text = _CODE.sub(_uncoded, text)
    text = _URL.sub(lambda match: MARK.sub("", match[0]), text)
    return " ".join(_EMPHASIS.sub("", text).replace("\\", "").split())


def _uncoded(match: re.Match[str]) -> str:
    inner: str = match[2]
    return inner if not MARK.sub("", inner).strip(" .,") else MARK.sub("", inner)
