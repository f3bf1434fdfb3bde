"""Makes the table of concepts that newsbot ships from ``thesaurus.txt``; needs newsbot alone.

usage: make_thesaurus.py
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from newsbot.answering.judging import thesaurus
from newsbot.answering.judging.thesaurus import LONGEST, key
from newsbot.answering.judging.vocabulary import LITTLE
from newsbot.language import stems, words

LANGUAGES = ("en", "nl")
SOURCE = Path(__file__).with_name("thesaurus.txt")
TARGET = Path(thesaurus.__file__).with_name("thesaurus.npz")
DENYING = frozenset(words("no not never nothing nobody none without niet geen nooit niets niemand zonder"))
"""Words by which a phrase says the opposite of what its other words do: ``costs nothing`` for *free*."""


def unit(text: str) -> tuple[str, ...]:
    """Return the words of a unit without the little ones, unless it has no others."""
    found = words(text)
    return tuple([word for word in found if word not in LITTLE] or found)


def affirms(words: Sequence[str]) -> bool:
    """Whether a unit is a word, or a phrase that denies nothing."""
    return len(words) == 1 or DENYING.isdisjoint(words)


def table(lines: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the arrays of :class:`newsbot.answering.judging.thesaurus.Thesaurus`; a line's number is its concept's."""
    held: dict[int, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for side, language in zip(line.split("|"), LANGUAGES, strict=True):
            for found in map(unit, side.split(",")):
                if 0 < len(found) <= LONGEST and affirms(found):
                    held[key(stems(found, language), language)].add(number)
    keys = sorted(held)
    return {
        "keys": np.array(keys, dtype=np.uint32),
        "ends": np.cumsum([len(held[each]) for each in keys], dtype=np.uint32),
        "concepts": np.array([number for each in keys for number in sorted(held[each])], dtype=np.uint16),
    }


if __name__ == "__main__":
    np.savez(TARGET, **table(SOURCE.read_text(encoding="utf-8").splitlines()))
