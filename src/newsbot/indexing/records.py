"""Passages as records of Chroma, embedded or on a server; a checksum in the metadata seals each."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from newsbot.indexing.checksums import damaged
from newsbot.models import Passage, Sentence


def metadata(passage: Passage) -> dict[str, str | int]:
    """Return the metadata of a passage's record."""
    return {
        "source": passage.source,
        "title": passage.title,
        "language": passage.language,
        "url": passage.url,
        "start": passage.start,
        "end": passage.end,
        "line": passage.line,
        "sentences": json.dumps([[each.start, each.end, each.line] for each in passage.sentences]),
        "checksum": _checksum(passage),
    }


def passage(name: str, text: str, found: Mapping[str, Any]) -> Passage:
    """Return the passage of a record.

    Raises:
        StoreDamagedError: it is not as it was written.
    """
    try:
        read = Passage(
            id=name,
            source=found["source"],
            title=found["title"],
            language=found["language"],
            text=text,
            start=found["start"],
            end=found["end"],
            line=found["line"],
            sentences=tuple(Sentence(*each) for each in json.loads(found["sentences"])),
            url=found["url"],
        )
        if _checksum(read) == found["checksum"]:
            return read
    except (KeyError, TypeError, ValueError) as error:
        raise damaged() from error
    raise damaged()


def _checksum(passage: Passage) -> int:
    """Return what tells a passage that was read from one whose letters or offsets have changed since."""
    return zlib.crc32(repr(passage).encode("utf-8", "backslashreplace"))
