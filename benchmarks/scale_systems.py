"""The pipelines beside which growth is measured; each keeps on disk what it can, and makes the rest anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import systems

NAMES = ("rank_bm25", "SQLite FTS5 trigrams", "MiniLM and Chroma", "EnsembleRetriever")


class System(systems.System, Protocol):
    """A ranking that another process can take up."""

    def open(self, units: Sequence[systems.Unit]) -> None:
        """Answer from what an earlier process built of the same units; what it did not keep is made anew."""
        ...


class Words:
    """BM25 on lower-cased words by rank_bm25, which LangChain's ``BM25Retriever`` wraps; it keeps nothing on disk."""

    name = "rank_bm25"

    def build(self, units: Sequence[systems.Unit]) -> None:
        """Index the units."""
        from rank_bm25 import BM25Okapi

        self._units = list(units)
        self._index = BM25Okapi([each.text.lower().split() for each in units])

    open = build

    def search(self, question: str, k: int) -> list[tuple[systems.Unit, float]]:
        """Return the best units with their scores, best first."""
        import numpy as np

        scores = self._index.get_scores(question.lower().rstrip("?").split())
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._units[i], float(scores[i])) for i in best]


class Trigrams:
    """SQLite's full-text search over trigrams, ranked by its BM25."""

    name = "SQLite FTS5 trigrams"

    def __init__(self, folder: Path) -> None:
        """Keep the table in ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(folder / "rows")

    def build(self, units: Sequence[systems.Unit]) -> None:
        """Index the units."""
        self._rows.execute("CREATE VIRTUAL TABLE units USING fts5(text, tokenize = 'trigram')")
        self._rows.executemany("INSERT INTO units(rowid, text) VALUES (?, ?)", enumerate(each.text for each in units))
        self._rows.commit()
        self.open(units)

    def open(self, units: Sequence[systems.Unit]) -> None:
        """Answer from what an earlier process built of the same units."""
        self._units = units

    def search(self, question: str, k: int) -> list[tuple[systems.Unit, float]]:
        """Return the best units with their scores, best first."""
        words = [word for word in question.rstrip("?").split() if len(word) > 2]
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        found = self._rows.execute(
            "SELECT rowid, rank FROM units WHERE units MATCH ? ORDER BY rank LIMIT ?", (query, k)
        )
        return [(self._units[row], -rank) for row, rank in found]


class Ensemble(systems.Ensemble):
    """LangChain's EnsembleRetriever over its BM25 and over vectors that :class:`systems.Dense` has built."""

    def __init__(self, folder: Path) -> None:
        """Use the vectors in ``folder``."""
        self._words, self._dense = Words(), systems.Dense(systems.minilm(), folder)
        super().__init__(self._words, self._dense)

    def build(self, units: Sequence[systems.Unit]) -> None:
        """Index the words of the units, and open their vectors."""
        self._dense.open(units)
        self._words.build(units)
        super().build(units)

    open = build


def system(name: str, folder: Path) -> System:
    """Return the system of a name, which keeps its files below ``folder``; the ensemble shares the vectors."""
    made: dict[str, Any] = {
        "rank_bm25": Words,
        "SQLite FTS5 trigrams": lambda: Trigrams(folder / "trigrams"),
        "MiniLM and Chroma": lambda: systems.Dense(systems.minilm(), folder / "vectors"),
        "EnsembleRetriever": lambda: Ensemble(folder / "vectors"),
    }
    found: System = made[name]()
    return found
