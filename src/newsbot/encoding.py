"""The encoding of a seed: told from its bytes, so that an owner need not know."""

from __future__ import annotations

import codecs
import re

from newsbot.errors import SeedError

_BOMS = (  # the longer first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_WIDE = re.compile(rb"[\xc3\xc4\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_USUAL = frozenset("“”‘’„‚–—…€«»°·•½¼¾²³©®™§£\u00a0\u00adéèëêïíîìóöôòüúûùáàäâãåæçñßøœÿÉÈËÊÏÍÎÓÖÔÜÚÁÀÄÂÅÆÇÑØŒ¿¡")
_UNKNOWN = "Its encoding cannot be told; save it as UTF-8."
_BINARY = "It is a binary file, not text."


def decode(data: bytes, *, html: bool = False) -> str:
    """Return the text of ``data`` without its byte-order mark; no newline is translated.

    In order: a byte-order mark; UTF-8; UTF-16 without a mark; for a web page what it declares; Windows-1252 where that
    gives the letters and marks of western European prose; else what charset-normalizer finds among western encodings.

    Raises:
        SeedError: the bytes are no text, or their encoding cannot be told.
    """
    mark, encoding = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", ""))
    try:
        text = data[len(mark) :].decode(encoding or _guess(data, html=html))
    except (UnicodeDecodeError, LookupError) as error:
        raise SeedError(_UNKNOWN) from error
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) // 200 + 5:
        raise SeedError(_BINARY)
    return text


def _guess(data: bytes, *, html: bool) -> str:
    if b"\0" in data:
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        sides = sorted((even, odd))
        if sides[0] * 4 >= sides[1] or sides[1] * 8 < len(data[:4096]):  # Latin letters in UTF-16: every other byte
            raise SeedError(_BINARY)
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if len(_WIDE.findall(data)) > 2:
            line = len(re.findall(rb"\r\n|\n|\r", data[: error.start])) + 1
            raise SeedError(f"It is UTF-8 with a broken character on line {line}; save it as UTF-8.") from error
    declared = _DECLARED.search(data[:4096]) if html else None
    return declared[1].decode("ascii") if declared else _western(data)


def _western(data: bytes) -> str:
    foreign = _FOREIGN.findall(data.decode("cp1252", "replace"))
    if sum(each not in _USUAL for each in foreign) * 4 <= len(foreign) and "\ufffd" not in foreign:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], cp_isolation=["cp1252", "mac_roman", "cp850"], enable_fallback=False).best()
    if best is None:
        raise SeedError(_UNKNOWN)
    return best.encoding
