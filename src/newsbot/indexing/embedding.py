"""What an embedding is to the rest of newsbot, and the one place that chooses one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Advance = Callable[[int], None]
"""Called with the number of texts embedded since the last call."""


class Embedding(Protocol):
    """Turns texts into unit vectors whose inner product is their likeness.

    Attributes:
        name: as ``NEWSBOT_EMBEDDING_MODEL`` names it.
        dimensions: length of a vector.
    """

    name: str
    dimensions: int

    def passages(self, texts: Sequence[str], advance: Advance | None = None) -> NDArray[np.float32]:
        """Return one unit row for each text, shape ``[len(texts), dimensions]``."""
        ...

    def question(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector, shape ``[dimensions]``."""
        ...


class CharacterEmbedding:
    """Hashed character n-grams within words, by scikit-learn; catches cognates and compounds, knows no meaning."""

    name = "builtin"
    dimensions = 512

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer  # type: ignore[import-untyped]

        self._vectorizer = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(4, 5),
            n_features=self.dimensions,
            strip_accents="unicode",
            dtype=np.float32,
        )

    def passages(self, texts: Sequence[str], advance: Advance | None = None) -> NDArray[np.float32]:
        """Return one unit row for each text."""
        rows = self._vectorizer.transform(texts).toarray()
        if advance:
            advance(len(texts))
        return np.asarray(rows, dtype=np.float32)

    def question(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector."""
        row: NDArray[np.float32] = self.passages([text])[0]
        return row


def fingerprint(name: str) -> str:
    """Return what changes whenever a model's vectors would, without loading it; an index of another one is rebuilt."""
    if name == "builtin":
        return f"builtin:characters:{CharacterEmbedding.dimensions}"
    folder = Path(name).expanduser()
    weights = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    stamps = [f"{each.stat().st_size}-{each.stat().st_mtime_ns}" for each in weights]
    return ":".join([name, *stamps])


def present(name: str) -> bool:
    """Whether a model can be loaded without a download.

    Raises:
        ModelError: it cannot, and it cannot be downloaded either.
    """
    if name == "builtin":
        return True
    from newsbot.indexing.transformer import present as here

    return here(name)


def load(name: str) -> Embedding:
    """Load the embedding that ``NEWSBOT_EMBEDDING_MODEL`` names.

    Raises:
        ModelError: the model is missing, unreachable or unsafe to load; within 5 seconds.
    """
    if name == "builtin":
        return CharacterEmbedding()
    from newsbot.indexing.transformer import TransformerEmbedding

    return TransformerEmbedding(name)
