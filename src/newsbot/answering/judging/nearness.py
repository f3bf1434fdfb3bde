"""How near each candidate sentence stands to what was just cited: a follow-up mostly asks on where the answer stood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.evidence import Evidence
from newsbot.answering.judging.tokens import Floats
from newsbot.language import words

_TOLD = 0.3  # what was cited is told, and what is asked next mostly stands beside it (tried: 0 to 1)
_DECAY = 0.8  # a sentence further
_FURTHEST = 4  # sentences
_SHARED = 0.8  # of the words of the shorter of the two, from which on a sentence is what was cited
_FEWEST = 3  # words by which a sentence is known again


def nearness(evidence: Evidence, cited: Sequence[str]) -> Floats:
    """Return how near each sentence stands to one that was cited before, 0 where it is far away, shape (sentences,).

    The sentences beside it are nearest, then those further on; what was cited itself comes after these.

    Args:
        evidence: the candidate sentences.
        cited: what was cited: quotes, or an answer that holds them.
    """
    near = np.zeros(len(evidence.candidates), dtype=np.float32)
    hit = evidence.layout.hit
    before = [set(found) for each in cited if len(found := words(each)) >= _FEWEST]
    for at, row in enumerate(row for passage in evidence.passages for row in passage.rows()):
        own = {each.folded for each in row}
        if any(_same(own, other) for other in before):
            near[at] = _TOLD
    told = np.flatnonzero(near)
    for at in told.tolist():
        for step in range(1, _FURTHEST + 1):
            for other in (at - step, at + step):
                if 0 <= other < len(near) and hit[other] == hit[at] and other not in told:
                    near[other] = max(near[other], _DECAY**step)
    return near


def _same(one: set[str], other: set[str]) -> bool:
    fewest = min(len(one), len(other))
    return fewest >= _FEWEST and len(one & other) >= _SHARED * fewest
