"""Hybrid retrieval: n-grams, stems, translations and vectors, each standardised over all passages, weighted and added.

Scores are added and not ranks, since a rank forgets by how much a passage wins. A standardised score says how many
standard deviations a passage lies above the mean of all passages for this question, so that signals of any scale can be
weighed against each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from newsbot import language
from newsbot.indexing.bilingual import BilingualEmbedding
from newsbot.indexing.embedding import Embedding
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Hit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CANDIDATES = 50
_TIE = 2e-6  # scores that differ by less may be equal once they are rounded, and be ordered by source
_PRIOR = 0.5  # of a word's rarity in the language at large, beside its rarity in the index


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts.

    ``function_words`` is how much the n-grams of the question's function words count beside those of its other words.
    """

    ngrams: float = 1.0
    function_words: float = 0.3
    stems: float = 0.8
    meanings: float = 1.0
    vectors: float = 0.4


OWN = Weights()
"""Weights where passage and question are of one language."""
FOREIGN = Weights(ngrams=0.5, stems=0.0, meanings=2.5, vectors=0.5)
"""Weights where they differ: what stands for the words of the question counts, and hardly the words themselves.

They add up to about as much as those of one language, so that among articles of several languages neither drowns the
other.
"""


_OWN_VECTORS, _FOREIGN_VECTORS = 0.8, 0.6
"""Weights of vectors that a sentence-transformers model has a part in, which know more than the built-in ones alone."""


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over one snapshot of the index."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    snapshot: SkipValidation[Snapshot]
    embedding: SkipValidation[Embedding]
    k: int = 8
    own: Weights = OWN
    foreign: Weights = FOREIGN

    @classmethod
    def over(cls, snapshot: Snapshot, embedding: Embedding, k: int) -> HybridRetriever:
        """Return a retriever that weighs the vectors by the embedding that they come from."""
        if embedding.name == BilingualEmbedding.name:
            return cls(snapshot=snapshot, embedding=embedding, k=k)
        own, foreign = replace(OWN, vectors=_OWN_VECTORS), replace(FOREIGN, vectors=_FOREIGN_VECTORS)
        return cls(snapshot=snapshot, embedding=embedding, k=k, own=own, foreign=foreign)

    def hits(self, question: str, spoken: str, k: int | None = None) -> list[Hit]:
        """Return the ``k`` best passages for a question in the language ``spoken``, best first.

        Equal scores are ordered by source and place, so that the order does not depend on how the index came about.
        """
        if not len(self.snapshot):
            return []
        native = self.snapshot.languages == spoken
        signals = {
            name: np.where(native, getattr(self.own, name), getattr(self.foreign, name)) * self._standardised(scores)
            for name, scores in self._lexical(question, spoken).items()
        }
        total = sum(signals.values(), np.zeros(len(self.snapshot.live)))
        total[~self.snapshot.live] = -np.inf
        vector = self.embedding.question(question)
        rows = np.union1d(_best(total, self.snapshot.ids, _CANDIDATES), self.snapshot.nearest(vector, _CANDIDATES))
        rows = rows[self.snapshot.live[rows]]
        mean, spread = self.snapshot.spread(vector)
        weight = np.where(native[rows], self.own.vectors, self.foreign.vectors)
        likeness = weight * (self.snapshot.cosines(vector, rows) - mean) / (spread or 1.0)
        parts = {**{name: each[rows] for name, each in signals.items()}, "vectors": likeness}
        return self._ranked(rows, total[rows] + likeness, parts, self.k if k is None else k)

    def _lexical(self, question: str, spoken: str) -> dict[str, NDArray[Any]]:
        words = language.words(question)
        stems = Counter(language.stems(words, spoken))
        return {
            "ngrams": self.snapshot.ngrams.scores(self._grams(words, spoken)),
            "stems": self.snapshot.stems.scores({stem: float(count) for stem, count in stems.items()}),
            "meanings": self._meanings(words, spoken),
        }

    def _meanings(self, words: list[str], spoken: str) -> NDArray[Any]:
        expanded = self.snapshot.expansion.expand(words, spoken)
        rarities = BilingualEmbedding.load().rarities([word for word, _ in expanded])
        return self.snapshot.words.alternatives([dict(kin) for _, kin in expanded], _PRIOR * rarities)

    def _grams(self, words: list[str], spoken: str) -> dict[str, float]:
        weights: Counter[str] = Counter()
        for word in words:
            weight = self.own.function_words if language.is_function_word(word, spoken) else 1.0
            for gram in language.ngrams([word]):
                weights[gram] += weight  # type: ignore[assignment]  # a Counter of floats
        return dict(weights)

    def _standardised(self, scores: NDArray[Any]) -> NDArray[Any]:
        live = scores if len(scores) == len(self.snapshot) else scores[self.snapshot.live]
        spread = float(live.std(dtype=np.float64))
        return (scores - float(live.mean(dtype=np.float64))) / (spread or 1.0)

    def _ranked(
        self, rows: NDArray[np.int64], scores: NDArray[Any], parts: dict[str, NDArray[Any]], k: int
    ) -> list[Hit]:
        best = np.lexsort((self.snapshot.ids[rows], -scores))
        least = float(scores[best[:k]][-1]) - _TIE if k else np.inf
        best = best[: 2 * k][scores[best[: 2 * k]] > least]
        found = self.snapshot.passages_at(rows[best])
        hits = [
            Hit(each, round(float(scores[at]), 6), {name: round(float(part[at]), 6) for name, part in parts.items()})
            for at, each in zip(best.tolist(), found, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start))[:k]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        hits = self.hits(query, language.detect(query))
        return [Document(id=hit.passage.id, page_content=hit.passage.text, metadata=_metadata(hit)) for hit in hits]


def _best(scores: NDArray[Any], ids: NDArray[np.uint64], count: int) -> NDArray[np.int64]:
    """Return the rows of the best scores; of equal ones those with the lowest ids, however the index is divided."""
    if len(scores) <= count:
        return np.arange(len(scores))
    least = -np.partition(-scores, count - 1)[count - 1]
    better, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    left = count - len(better)
    if len(equal) > left:
        equal = equal[np.argpartition(ids[equal], left - 1)[:left]]
    return np.concatenate([better, equal])


def _metadata(hit: Hit) -> dict[str, str | int | float]:
    passage = hit.passage
    return {
        "source": passage.source,
        "title": passage.title,
        "start": passage.start,
        "end": passage.end,
        "line": passage.line,
        "score": hit.score,
    }
