"""Matches between words by spelling: the same stem, shared character n-grams, a slip of the finger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsbot.answering.judging.tokens import Floats, Word

_SHARED = 0.9
"""Match of two words that share all n-grams, or differ by one slip."""
_LONG_ENOUGH = 5
"""Letters from which on a slip is forgiven; shorter words too often become other words."""
_PART, _WHOLE = 0.8, 0.6
"""Match of a question word with a compound that it is part of, and of a compound with a part of it."""
_SHORTEST_PART, _REST = 4, 3
"""Letters of a part of a compound, and of what is left of the compound, at least."""


def spelled_alike(question: Sequence[Word], found: Sequence[Word], same_language: bool) -> Floats:
    """Return matches by spelling, 0 to 1, of shape (question words, found words).

    1 for the same word or stem, 0.9 for a slip of one letter, less for a compound and its part (``hypergroei`` and
    ``groei``) and for shared character n-grams.
    """
    holders: dict[str, list[int]] = {}
    for at, each in enumerate(question):
        for gram in each.grams:
            holders.setdefault(gram, []).append(at)
    match = np.zeros((len(question), len(found)), dtype=np.float32)
    shared = [(at, column) for column, each in enumerate(found) for gram in each.grams for at in holders.get(gram, ())]
    if shared:
        np.add.at(match, tuple(np.array(shared).T), 1)
    sizes = np.array([len(each.grams) for each in question], dtype=np.float32)
    match = np.asarray(_SHARED * np.power(match / sizes[:, None], 1.5), dtype=np.float32)
    _compound(question, found, match)
    stems = {each.stem: at for at, each in enumerate(question)} if same_language else {}
    folded = {each.folded: at for at, each in enumerate(question)}
    for column, each in enumerate(found):
        exact = folded.get(each.folded, stems.get(each.stem, -1))
        if exact >= 0:
            match[exact, column] = 1.0
    _forgive(question, found, match)
    return match


def _compound(question: Sequence[Word], found: Sequence[Word], match: Floats) -> None:
    """Raise the match of words one of which begins or ends the other."""
    for at, column in zip(*(each.tolist() for each in np.nonzero(match)), strict=True):
        asked, other = question[at], found[column]
        for part, whole, value in ((asked, other, _PART), (other, asked, _WHOLE)):
            if _SHORTEST_PART <= len(part.stem) <= len(whole.folded) - _REST and _is_part(part.stem, whole):
                match[at, column] = max(match[at, column], value)


def _is_part(stem: str, whole: Word) -> bool:
    return whole.folded.startswith(stem) or whole.folded.endswith(stem) or whole.stem.endswith(stem)


def _forgive(question: Sequence[Word], found: Sequence[Word], match: Floats) -> None:
    """Raise the match of a question word that nothing else matches to what differs from it by one slip."""
    for at in np.flatnonzero(match.max(axis=1) < _SHARED):
        asked = question[int(at)].folded
        if len(asked) < _LONG_ENOUGH or asked.isdigit():
            continue
        for column, each in enumerate(found):
            if abs(len(each.folded) - len(asked)) <= 1 and match[at, column] < _SHARED and one_slip(asked, each.folded):
                match[at, column] = _SHARED


def one_slip(first: str, second: str) -> bool:
    """Whether two words differ by one letter added, dropped or replaced, or by two neighbours that changed places."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    one, two = first[start:], second[start:]
    return one[1:] == two[1:] or one[1:] == two or one == two[1:] or (one[:2] == two[1::-1] and one[2:] == two[2:])
