"""A segment: the passages that one generation added, in Chroma and as postings; written once, then only read.

<generation>/chroma/                passages and vectors
<generation>/lexical/ngrams/        postings of character n-grams
<generation>/lexical/stems/         postings of stemmed words
<generation>/lexical/rows.json      articles in row order: source and number of passages; languages
<generation>/lexical/ids.npy        passage id of each row
<generation>/lexical/sample.npz     some rows and their vectors, for the mean and spread of likeness
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from newsbot import language
from newsbot.errors import StoreError
from newsbot.indexing.lexical import Postings, PostingsWriter
from newsbot.indexing.vectors import ChromaFolder
from newsbot.models import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE = 1024
"""Vectors kept for statistics: those with the lowest ids, which are hashes, so that any split gives the same ones."""


class SegmentWriter:
    """Writes a segment, article by article."""

    def __init__(self, folder: Path) -> None:
        self._lexical = folder / "lexical"
        self._lexical.mkdir(parents=True)
        self._chroma = ChromaFolder(folder / "chroma", create=True)
        self._words, self._stems = PostingsWriter(), PostingsWriter()
        self._ids: list[str] = []
        self._articles: list[tuple[str, str, int]] = []
        self._sample_ids: list[str] = []
        self._sample: NDArray[np.float32] | None = None

    def add(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Add passages with their vectors; those of one article come one after the other."""
        if not passages:
            return
        self._chroma.add(passages, vectors)
        for each in passages:
            words = language.words(each.text)
            self._words.add(words)
            self._stems.add(language.stems(words, each.language))
            self._ids.append(each.id)
            if self._articles and self._articles[-1][0] == each.source:
                source, spoken, rows = self._articles[-1]
                self._articles[-1] = (source, spoken, rows + 1)
            else:
                self._articles.append((each.source, each.language, 1))
        self._keep_sample([each.id for each in passages], vectors)

    def finish(self) -> None:
        """Write what is still in memory and close the store."""
        self._words.write(self._lexical / "ngrams", parts=lambda word: language.ngrams([word]))
        self._stems.write(self._lexical / "stems")
        np.save(self._lexical / "ids.npy", np.array(self._ids, dtype="S32"))
        sample = np.zeros((0, 0), np.float32) if self._sample is None else self._sample
        np.savez(self._lexical / "sample.npz", ids=np.array(self._sample_ids, dtype="S32"), vectors=sample)
        (self._lexical / "rows.json").write_text(json.dumps(self._articles), encoding="utf-8")
        self._chroma.close()

    def close(self) -> None:
        """Release the store of a segment that will not be finished."""
        self._chroma.close()

    def _keep_sample(self, ids: list[str], vectors: NDArray[np.float32]) -> None:
        self._sample_ids += ids
        self._sample = vectors if self._sample is None else np.concatenate([self._sample, vectors])
        if len(self._sample_ids) > 2 * SAMPLE:
            keep = np.argsort(np.array(self._sample_ids), kind="stable")[:SAMPLE]
            self._sample_ids = [self._sample_ids[each] for each in keep]
            self._sample = self._sample[keep]


class Segment:
    """A segment on disk, opened for reading; the store is opened when it is first needed."""

    def __init__(self, folder: Path) -> None:
        """Open the segment.

        Raises:
            StoreError: a file is missing or damaged.
        """
        self.name = folder.name
        self._folder = folder
        lexical = folder / "lexical"
        try:
            self.ngrams, self.stems = Postings(lexical / "ngrams"), Postings(lexical / "stems")
            self.ids: NDArray[np.bytes_] = np.load(lexical / "ids.npy", allow_pickle=False)
            with np.load(lexical / "sample.npz", allow_pickle=False) as sample:
                self.sample_ids, self.sample = sample["ids"], sample["vectors"]
            rows = json.loads((lexical / "rows.json").read_text(encoding="utf-8"))
            self.articles = [(str(source), str(spoken), int(count)) for source, spoken, count in rows]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged() from error
        total = sum(count for _, _, count in self.articles)
        if not len(self.ids) == len(self.ngrams.lengths) == len(self.stems.lengths) == total:
            raise damaged()

    @cached_property
    def chroma(self) -> ChromaFolder:
        """The passages and vectors.

        Raises:
            StoreError: Chroma cannot open its folder.
        """
        try:
            return ChromaFolder(self._folder / "chroma")
        except Exception as error:  # Chroma's Rust core raises anything for a damaged folder
            raise damaged() from error

    @cached_property
    def row_of(self) -> dict[bytes, int]:
        """Row by passage id."""
        return {each: row for row, each in enumerate(self.ids.tolist())}

    def close(self) -> None:
        """Release the store, if it was opened."""
        if "chroma" in self.__dict__:
            self.chroma.close()


def damaged() -> StoreError:
    """Return the error for an index that cannot be read as what it says it is."""
    return StoreError("The index is damaged; run `newsbot index --rebuild`.")
