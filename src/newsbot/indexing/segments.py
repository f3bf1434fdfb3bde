"""A segment: the passages that one generation added, in Chroma and as arrays; written once, then only read.

<generation>/chroma/                passages and vectors
<generation>/lexical/ngrams/        postings of character n-grams
<generation>/lexical/stems/         postings of stemmed words
<generation>/lexical/words/         postings of words
<generation>/lexical/vocabulary/    those words with the vectors by which others stand for them
<generation>/lexical/rows.json      articles in row order: source, language and number of passages
<generation>/lexical/ids.npy        passage id of each row, as a number
<generation>/lexical/vectors.npy    vector of each row: Chroma finds what is near, this tells how near, faster
<generation>/lexical/database.npy   checksum of each page of Chroma's database
<generation>/checksums.json         sizes and checksums of all these files
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from newsbot import language
from newsbot.errors import StoreError
from newsbot.indexing import checksums, database
from newsbot.indexing.arrays import CheckedArray
from newsbot.indexing.bilingual import BilingualEmbedding
from newsbot.indexing.checksums import Checksums, damaged
from newsbot.indexing.lexical import Postings, PostingsWriter
from newsbot.indexing.translation import Vocabulary, write_vocabulary
from newsbot.indexing.vectors import ChromaFolder, unsettled
from newsbot.models import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray


_SMALL = 1000
"""Chroma saves no graph of fewer passages, and would make it anew for each process that asks."""
_CHUNK = 4096  # vectors that are read at once where all are


class SegmentWriter:
    """Writes a segment, article by article."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lexical = folder / "lexical"
        self._lexical.mkdir(parents=True)
        self._chroma = ChromaFolder(folder / "chroma", create=True)
        self._words, self._stems = PostingsWriter(), PostingsWriter()
        self._spoken: dict[str, set[str]] = {}
        self._ids: list[int] = []
        self._vectors: list[NDArray[np.float16]] = []
        self._articles: list[tuple[str, str, int]] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Add passages with their vectors; those of one article come one after the other."""
        if not passages:
            return
        self._chroma.add(passages, vectors)
        self._vectors.append(vectors.astype(np.float16))
        for each in passages:
            words = language.words(each.text)
            self._words.add(words)
            self._stems.add(language.stems(words, each.language))
            for word in words:
                self._spoken.setdefault(word, set()).add(each.language)
            self._ids.append(int(each.id, 16))
            if self._articles and self._articles[-1][0] == each.source:
                source, spoken, rows = self._articles[-1]
                self._articles[-1] = (source, spoken, rows + 1)
            else:
                self._articles.append((each.source, each.language, 1))

    @property
    def digest(self) -> int:
        """What tells the passages and vectors added so far from any others; equal to that of the segment they make."""
        return digest(np.array(self._ids, np.uint64), self._vectors)

    def finish(self) -> int:
        """Write what is still in memory, close the store, and return the checksum of the segment."""
        self._words.write(self._lexical / "ngrams", parts=lambda word: language.ngrams([word]))
        self._stems.write(self._lexical / "stems")
        self._words.write(self._lexical / "words")
        write_vocabulary(self._lexical / "vocabulary", self._spoken, BilingualEmbedding.load())
        np.save(self._lexical / "ids.npy", np.array(self._ids, dtype=np.uint64))
        np.save(self._lexical / "vectors.npy", np.concatenate(self._vectors or [np.zeros((0, 1), np.float16)]))
        (self._lexical / "rows.json").write_text(json.dumps(self._articles), encoding="utf-8")
        self._chroma.close()
        np.save(self._lexical / "database.npy", database.sealed(self._folder / "chroma" / database.FILE, self._use))
        return checksums.write(self._folder, unsettled(self._folder / "chroma"))

    def _use(self) -> None:
        with closing(ChromaFolder(self._folder / "chroma")) as store:
            store.read([f"{self._ids[0]:016x}"])

    def close(self) -> None:
        """Release the store of a segment that will not be finished."""
        self._chroma.close()


class Segment:
    """A segment on disk, opened for reading; the store is opened when it is first needed."""

    def __init__(self, folder: Path, checksum: int) -> None:
        """Open the segment whose list of checksums has the given checksum.

        Raises:
            StoreDamagedError: a file is missing, or is not as it was written.
        """
        self.name = folder.name
        self._folder = folder
        self._files = Checksums(folder, checksum)
        self._opening = threading.Lock()
        self._store: ChromaFolder | None = None
        with ExitStack() as stack:
            self.ngrams, self.stems, self.words = (
                Postings(self._files, f"lexical/{each}") for each in ("ngrams", "stems", "words")
            )
            for each in (self.ngrams, self.stems, self.words):
                stack.callback(each.close)
            self.vocabulary = Vocabulary(self._files, "lexical/vocabulary")
            self.vectors = CheckedArray(self._files.open("lexical/vectors.npy"))
            stack.callback(self.vectors.close)
            self.ids: NDArray[np.uint64] = self._files.load("lexical/ids.npy")
            rows = json.loads(bytes(self._files.read("lexical/rows.json")))
            self.articles = [(str(source), str(spoken), int(count)) for source, spoken, count in rows]
            self.counts = np.array([count for _, _, count in self.articles], np.int64)
            self._open = stack.pop_all()

    def rows_of(self, sources: Container[str]) -> NDArray[np.int64]:
        """Return the rows of the passages of some articles."""
        wanted = np.array([source in sources for source, _, _ in self.articles], bool)
        return np.flatnonzero(np.repeat(wanted, self.counts))

    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the passage ids of ``rows``."""
        return [f"{each:016x}" for each in self.ids[rows].tolist()]

    def find(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each passage id, -1 where the segment does not hold it."""
        wanted = np.array([int(each, 16) for each in names], np.uint64)
        if not len(self.ids):
            return np.full(len(names), -1, np.int64)
        order = self._order
        places = np.minimum(np.searchsorted(self.ids, wanted, sorter=order), len(order) - 1)
        rows = order[places]
        return np.where(self.ids[rows] == wanted, rows, -1)

    def nearest(self, vector: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return rows and distances of the ``count`` nearest passages, best first.

        All vectors of a small segment are compared; in a large one Chroma finds the nearest, or nearly so.

        Raises:
            StoreDamagedError: Chroma's files are not as they were written.
            StoreError: Chroma cannot open them here.
        """
        if len(self.ids) <= _SMALL:
            far = 1 - (self.vectors.part(0, len(self.ids)).astype(np.float32) * vector).sum(axis=1)
            rows = np.lexsort((self.ids, far))[:count]
            return rows, far[rows]
        with _guarded():
            names, distances = self._chroma.nearest(vector, min(count, len(self.ids)))
            rows = self.find(names)
        if (rows < 0).any():
            raise damaged()
        return rows, distances

    def passages(self, rows: NDArray[np.int64]) -> list[Passage]:
        """Return the passages of ``rows``, in that order.

        Raises: as :meth:`nearest`.
        """
        with _guarded():
            return self._chroma.read(self.names(rows))

    def batches(self, rows: NDArray[np.int64]) -> Iterator[tuple[list[Passage], NDArray[np.float32]]]:
        """Yield the passages of ``rows`` with their vectors, in that order, some hundreds at a time.

        Raises: as :meth:`nearest`.
        """
        done = 0
        with _guarded():
            for found in self._chroma.batches(self.names(rows)):
                part = rows[done : done + len(found)]
                done += len(found)
                yield found, self.vectors.take(part).astype(np.float32)

    @property
    def digest(self) -> int:
        """What tells its passages and vectors from any others; all vectors are read for it.

        Raises:
            StoreDamagedError: they are not as they were written.
        """
        ends = [*range(0, len(self.ids), _CHUNK), len(self.ids)]
        return digest(self.ids, (self.vectors.part(start, end) for start, end in pairwise(ends)))

    def check(self) -> None:
        """Read all of the segment.

        Raises:
            StoreDamagedError: something of it is not as it was written.
        """
        self._files.check()
        for _ in self.batches(np.arange(len(self.ids))):
            pass

    @property
    def _chroma(self) -> ChromaFolder:
        with self._opening:
            if self._store is None:
                self._files.check("chroma/")  # its graph is followed by native code, which a damaged one would crash
                database.check(self._folder / "chroma" / database.FILE, self._files.load("lexical/database.npy"))
                self._store = ChromaFolder(self._folder / "chroma")
            return self._store

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self.ids)

    def close(self) -> None:
        """Close the files, and the store if it was opened."""
        self._open.close()
        if self._store is not None:
            self._store.close()


def digest(ids: NDArray[np.uint64], vectors: Iterable[NDArray[np.float16]]) -> int:
    """Return a checksum of 63 bits of passage ids, which are hashes of the passages' texts, and of their vectors."""
    crc = 0
    for each in vectors:
        crc = zlib.crc32(each.tobytes(), crc)
    return zlib.crc32(ids.tobytes()) << 31 ^ crc


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn whatever Chroma's core raises for a store that it cannot read into an error that says what to do."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"The index cannot be read here: {error.strerror or error}.") from error
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":  # a panic is none to Python
            raise damaged() from error
        raise
