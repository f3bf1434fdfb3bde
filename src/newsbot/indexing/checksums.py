"""Checksums of a segment's files, block by block, so that damage is noticed where it is read and not only when all is.

An index of gigabytes is opened without reading it whole, yet nothing of it is believed unread: a file is read through
:class:`CheckedFile`, which compares each block that it touches with its checksum. Reads are ordinary reads and not
memory maps, since a file that is cut short under a memory map kills the process that looks at it.
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import weakref
import zlib
from array import array
from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.errors import StoreDamagedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 4096
"""Bytes that share a checksum."""
FILE = "checksums.json"


def damaged() -> StoreDamagedError:
    """Return the error for an index that cannot be read as what it says it is."""
    return StoreDamagedError("The index is damaged; run `newsbot index --rebuild`.")


def write(folder: Path, without: Container[Path] = ()) -> int:
    """Write the checksums of all files below ``folder``, make these durable, and return the checksum of that list.

    Files that change when they are read are ``without`` a checksum.
    """
    found: dict[str, tuple[int, str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each not in without):
        with path.open("rb") as file:
            sums = [_sum(block).hex() for block in iter(lambda: file.read(BLOCK), b"")]
            os.fsync(file.fileno())
            found[path.relative_to(folder).as_posix()] = (file.tell(), "".join(sums))
    text = json.dumps(found).encode()
    with (folder / FILE).open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return zlib.crc32(text)


class Checksums:
    """The checksums of one segment's files; opening them compares the size of every file."""

    def __init__(self, folder: Path, expected: int) -> None:
        """Read the list, whose own checksum is ``expected``.

        Raises:
            StoreDamagedError: the list or a file is missing, or is not as it was written.
        """
        self._folder = folder
        try:
            text = (folder / FILE).read_bytes()
            if zlib.crc32(text) != expected:
                raise damaged()
            self._files: dict[str, tuple[int, str]] = json.loads(text)
            if any((folder / name).stat().st_size != size for name, (size, _) in self._files.items()):
                raise damaged()
        except (OSError, ValueError) as error:
            raise damaged() from error

    def open(self, name: str) -> CheckedFile:
        """Open a file for reading.

        Raises:
            StoreDamagedError: it is missing.
        """
        if name not in self._files:
            raise damaged()
        size, sums = self._files[name]
        return CheckedFile(self._folder / name, size, bytes.fromhex(sums))

    def read(self, name: str) -> memoryview:
        """Return a whole file.

        Raises:
            StoreDamagedError: it is missing, or is not as it was written.
        """
        with self.open(name) as file:
            return file.read(0, file.size)

    def load(self, name: str) -> NDArray[Any]:
        """Return a whole ``.npy`` file as an array.

        Raises:
            StoreDamagedError: it is missing, or is not as it was written.
        """
        array: NDArray[Any] = np.load(io.BytesIO(self.read(name)), allow_pickle=False)
        return array

    def check(self, prefix: str = "") -> None:
        """Read every file whose name begins with ``prefix``.

        Raises:
            StoreDamagedError: one is missing, or is not as it was written.
        """
        for name in self._files:
            if name.startswith(prefix):
                with self.open(name) as file:
                    for start in range(0, file.size, 64 * BLOCK):
                        file.read(start, min(start + 64 * BLOCK, file.size))


class CheckedFile:
    """A file of which no block is believed that does not fit its checksum; safe to share between threads."""

    def __init__(self, path: Path, size: int, sums: bytes) -> None:
        """Open a file of ``size`` bytes whose blocks have the checksums ``sums``, four bytes each.

        Raises:
            StoreDamagedError: it cannot be opened.
        """
        self.size = size
        self._sums = array("I", sums)
        if sys.byteorder == "little":
            self._sums.byteswap()
        self._lock = threading.Lock()
        try:
            self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise damaged() from error
        self._close = weakref.finalize(self, os.close, self._file)

    def read(self, start: int, end: int) -> memoryview:
        """Return the bytes from ``start`` to ``end``.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        return memoryview(self.gather([start], [end]))

    def gather(self, starts: Sequence[int], ends: Sequence[int]) -> bytes:
        """Return the bytes of many ranges, each from its start to its end, one after the other.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        found: list[bytes | memoryview] = []
        for start, end in zip(starts, ends, strict=True):
            if start < end:
                first, last = start // BLOCK, -(-end // BLOCK)
                data = memoryview(self._blocks(first * BLOCK, min(last * BLOCK, self.size)))
                sums = [zlib.crc32(data[place : place + BLOCK]) for place in range(0, len(data), BLOCK)]
                if self._sums[first:last].tolist() != sums:
                    raise damaged()
                found.append(data[start - first * BLOCK : end - first * BLOCK])
        return b"".join(found)

    def _blocks(self, start: int, end: int) -> bytes:
        try:
            if sys.platform != "win32":
                return os.pread(self._file, end - start, start)
            with self._lock:
                os.lseek(self._file, start, os.SEEK_SET)
                return os.read(self._file, end - start)
        except OSError as error:
            raise damaged() from error

    def close(self) -> None:
        """Close the file."""
        self._close()

    def __enter__(self) -> CheckedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sum(block: bytes | memoryview) -> bytes:
    return zlib.crc32(block).to_bytes(4, "big")
