"""Arrays on disk of which only the rows that are asked for are read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from newsbot.indexing.checksums import BLOCK, CheckedFile

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CheckedArray:
    """A ``.npy`` file of which only the rows that are asked for are read, and checked."""

    def __init__(self, file: CheckedFile) -> None:
        """Read the header of the array in ``file``.

        Raises:
            StoreDamagedError: the header is not as it was written.
        """
        self._file = file
        head = io.BytesIO(file.read(0, min(BLOCK, file.size)))
        np.lib.format.read_magic(head)
        shape, _, self._dtype = np.lib.format.read_array_header_1_0(head)
        self._start = head.tell()
        self._inner = tuple(int(each) for each in shape[1:])
        self._stride = self._dtype.itemsize * int(np.prod(self._inner, dtype=np.int64))
        self._length = int(shape[0])

    def __len__(self) -> int:
        return self._length

    def part(self, start: int, end: int) -> NDArray[Any]:
        """Return the rows from ``start`` to ``end``.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        return self.parts(np.array([start]), np.array([end]))

    def parts(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[Any]:
        """Return the rows of many ranges, each from its start to its end, one after the other.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        places = ((self._start + self._stride * each).tolist() for each in (starts, ends))
        return np.frombuffer(self._file.gather(*places), self._dtype).reshape((-1, *self._inner))

    def take(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return the given rows, in that order.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        return self.parts(rows, rows + 1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
