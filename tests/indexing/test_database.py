"""Chroma's database is believed only where it is as it was written, marks of its readers aside."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from newsbot.errors import StoreDamagedError
from newsbot.indexing import database
from newsbot.indexing.vectors import ChromaFolder

from .conftest import House

Sealed = tuple[Path, np.ndarray]


@pytest.fixture
def sealed(full_house: House) -> Sealed:
    folder = full_house.root / "index" / full_house.index.generation
    return folder / "chroma" / database.FILE, np.load(folder / "lexical" / "database.npy")


def test_readers_may_leave_their_marks(sealed: Sealed) -> None:
    path, sums = sealed
    before = path.read_bytes()
    for _ in range(3):
        with closing(ChromaFolder(path.parent)) as store:
            assert len(store)
        database.check(path, sums)
    assert path.read_bytes() != before
    assert np.count_nonzero(sums == 0) == 1
    with path.open("ab") as file:
        file.write(bytes(4096))
    database.check(path, sums)


def test_every_other_bit_counts(sealed: Sealed) -> None:
    path, sums = sealed
    rng, whole = random.Random(1), path.read_bytes()
    for page in np.flatnonzero(sums).tolist():
        data = bytearray(whole)
        data[4096 * page + rng.randrange(100, 4096)] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        with pytest.raises(StoreDamagedError):
            database.check(path, sums)


@pytest.mark.parametrize("size", [0, 1, 4096, -4096, -1])
def test_a_database_that_was_cut_short(sealed: Sealed, size: int) -> None:
    path, sums = sealed
    data = path.read_bytes()
    path.write_bytes(data[:size])
    with pytest.raises(StoreDamagedError):
        database.check(path, sums)
    path.unlink()
    with pytest.raises(StoreDamagedError):
        database.check(path, sums)


class PanicException(BaseException):
    """Stands for what Chroma's core raises where it gives up."""


def test_a_panic_of_chroma_is_damage(full_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> None:
        raise PanicException("called `Result::unwrap()` on an `Err` value")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with full_house.index.reading() as snapshot:
        for raised, seen in ((panics, StoreDamagedError), (interrupted, KeyboardInterrupt)):
            monkeypatch.setattr(ChromaFolder, "read", raised)
            with pytest.raises(seen):
                snapshot.passages_at(np.array([0]))
