"""Checks Chroma's database before Chroma opens it: a damaged one can end the process, or hide what is near.

Each client leaves a mark in the database, even one that only reads, and so its bytes do not stay as they were. What
changes is found out by using the store once more when it is complete: pages that carry marks are not checked, nor are
the counters in the header (https://www.sqlite.org/fileformat.html, 1.3).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from newsbot.indexing.checksums import BLOCK, damaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = "chroma.sqlite3"
_COUNTERS = (slice(24, 32), slice(92, 100))
"""Changes and pages of the file; when they were last counted, and by which SQLite."""
_AT_ONCE = 256


def sealed(path: Path, use: Callable[[], None]) -> NDArray[np.uint32]:
    """Return the checksum of each page of the database in ``path``, zero for those that ``use`` changes."""
    before = np.fromiter(_sums(path), np.uint32)
    use()
    after = np.fromiter(_sums(path), np.uint32)[: len(before)]
    return np.where(before == after, before, 0).astype(np.uint32)


def check(path: Path, sums: NDArray[np.uint32]) -> None:
    """Compare the database in ``path`` with what :func:`sealed` returned; it may have grown.

    Raises:
        StoreDamagedError: it is missing, or is not as it was written.
    """
    try:
        found = np.fromiter(_sums(path), np.uint32)[: len(sums)]
    except OSError as error:
        raise damaged() from error
    if len(found) < len(sums) or ((found != sums) & (sums != 0)).any():
        raise damaged()


def _sums(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        head = bytearray(file.read(BLOCK))
        for each in _COUNTERS:
            head[each] = bytes(8)
        yield zlib.crc32(head)
        while data := memoryview(file.read(_AT_ONCE * BLOCK)):
            yield from [zlib.crc32(data[start : start + BLOCK]) for start in range(0, len(data), BLOCK)]
