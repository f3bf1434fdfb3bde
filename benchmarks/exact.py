"""What the retriever gives up for speed: its first passage beside that of exact search over the same signals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import corpora
import numpy as np

from newsbot import Newsbot
from newsbot.language import detect
from newsbot.retrieval import HybridRetriever


class Exhaustive:
    """A snapshot in which every passage is near, so that all signals are added for all passages and none is cut."""

    def __init__(self, snapshot: Any) -> None:
        self._snapshot = snapshot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def __len__(self) -> int:
        return len(self._snapshot)

    @cached_property
    def _vectors(self) -> Any:
        return np.concatenate([each.vectors.part(0, len(each.ids)) for each in self._snapshot._segments])

    def cosines(self, vector: Any, rows: Any) -> Any:
        """Return the likeness of ``vector`` to each row, from vectors that are read once and not for each question."""
        return (self._vectors[rows].astype(np.float32) * vector).sum(axis=1)

    def nearest(self, vector: Any, count: int) -> Any:
        """Return the rows of all live passages."""
        del vector, count
        return self._snapshot.live.nonzero()[0]


def compared(bot: Newsbot, asked: Sequence[corpora.Question]) -> dict[str, Any]:
    """Return the share of questions with the ``same`` first passage as exact search gives, and ``relative`` recall."""
    same, right, exactly = 0, 0, 0
    with bot._index.reading() as snapshot:
        over: list[Any] = [snapshot, Exhaustive(snapshot)]
        fast, slow = (HybridRetriever.over(each, bot._index.embedding, 1) for each in over)
        for each in asked:
            spoken = detect(each.text, snapshot.spoken)
            found, truth = (part.hits(each.text, spoken)[0].passage for part in (fast, slow))
            same += found.id == truth.id
            right += corpora.is_right(found, each)
            exactly += corpora.is_right(truth, each)
    return {"same": same / len(asked), "relative": right / max(1, exactly)}
