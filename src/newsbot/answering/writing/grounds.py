"""What a claim may rest on: the sentences that it cites, and which of those around them count for what."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from newsbot.answering.checking import quotations
from newsbot.answering.checking.claims import Similarity, Support, Told, learn
from newsbot.answering.checking.names import names
from newsbot.answering.writing.numbered import Evidence, Numbered

_BEFORE, _AFTER = 3, 1
"""How many sentences before and after a cited one lend it names and words."""
_ARTICLE, _NAMING = 1000, 2
"""How far back, and how many sentences that name somebody, to look for the name behind a pronoun."""


def supporting(lines: Sequence[Numbered], evidence: Evidence, similarity: Similarity | None) -> Support:
    """Return what a claim that cites ``lines`` may rest on."""
    near = [each for line in lines for each in (*evidence.near(line), line)]
    around = [each for line in lines for each in (*evidence.near(line, _BEFORE, _AFTER), line)]
    before = [*around, *(each for line in lines for each in _naming(line, evidence))]
    titles = tuple(dict.fromkeys(Told(line.passage.title, line.passage.language) for line in lines))
    return Support(told(lines), told(near), (*told(around), *titles), (*told(before), *titles), similarity)


def told(lines: Sequence[Numbered]) -> tuple[Told, ...]:
    """Return sentences as claims are compared with them, each once."""
    return tuple(dict.fromkeys(Told(line.text, line.passage.language) for line in lines))


def read(evidence: Evidence) -> None:
    """Read all evidence once, while the model still thinks, so that checking takes little time when it writes."""
    for each in told(evidence.lines):
        learn(each)
        _names_somebody(*each)


def _naming(line: Numbered, evidence: Evidence) -> list[Numbered]:
    """Return the nearest sentences before ``line`` that name somebody outside quotations."""
    before = reversed(evidence.near(line, _ARTICLE, 0))
    found = (each for each in before if _names_somebody(each.text, each.passage.language))
    return list(islice(found, _NAMING))


@lru_cache(maxsize=4096)
def _names_somebody(text: str, language: str) -> bool:
    return bool(names(quotations.SPAN.sub(" ", text), language))
