"""What an embedding is to the rest of newsbot, and the one place that chooses one."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from newsbot.indexing.bilingual import BilingualEmbedding

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


class JoinedEmbedding:
    """A model beside the built-in embedding, as one: the likeness of two texts is the mean of what the two find.

    A model knows what sentences mean in the languages that it was trained on; the built-in embedding knows Dutch words,
    compounds and names. On XQuAD the two together order passages better than either, in both languages.
    """

    def __init__(self, model: Embedding, own: Embedding) -> None:
        """Join a model with the built-in embedding."""
        self.name = model.name
        self.dimensions = model.dimensions + own.dimensions
        self._model, self._own = model, own

    def passages(self, texts: Sequence[str], advance: Advance | None = None) -> NDArray[np.float32]:
        """Return one unit row for each text, shape ``[len(texts), dimensions]``."""
        return _joined(self._model.passages(texts, advance), self._own.passages(texts))

    def question(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector, shape ``[dimensions]``."""
        return _joined(self._model.question(text), self._own.question(text))


def _joined(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors whose inner product is the mean of those of their halves."""
    return np.concatenate([one, other], axis=-1) * np.float32(math.sqrt(0.5))


def fingerprint(name: str) -> str:
    """Return what changes whenever a model's vectors would, without loading it; an index of another one is rebuilt."""
    own = BilingualEmbedding.load().version  # the words of every index are related by it
    if name == "builtin":
        return f"builtin:{own}"
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return f"{name}:{own}"
    return ":".join(["folder", *(_sampled(each) for each in sorted(folder.rglob("*.safetensors"))), own])


def _sampled(path: Path) -> str:
    """Return a hash of a file's size and of 64 blocks spread over it: training changes them all, copying none."""
    size = path.stat().st_size
    found = hashlib.blake2b(str(size).encode(), digest_size=8)
    with path.open("rb") as file:
        for place in range(64):
            file.seek(size * place // 64)
            found.update(file.read(4096))
    return found.hexdigest()


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
        return BilingualEmbedding.load()
    from newsbot.indexing.transformer import TransformerEmbedding

    return JoinedEmbedding(TransformerEmbedding(name), BilingualEmbedding.load())
