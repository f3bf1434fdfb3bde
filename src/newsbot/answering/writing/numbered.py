"""What a chat model is given to answer from: numbered sentences, fenced as data.

Ids are drawn at random for each request, sparsely and never one that occurs in the texts, so that an article cannot
carry an id that means something and an invented id is almost surely unknown.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsbot.answering.prompts import harmless, language_name
from newsbot.models import Passage, Sentence

_SPARSITY = 8
_ADJACENT = 8
_MOST_IN_A_RANGE = 6


@dataclass(frozen=True, slots=True)
class Numbered:
    """One sentence of the evidence.

    Attributes:
        id: of the sentence in this request.
        text: exactly as the article has it.
        sentence: where it stands.
        passage: the passage that holds it.
    """

    id: str
    text: str
    sentence: Sentence
    passage: Passage


class Evidence:
    """The numbered sentences of one request, in the order in which the model sees them.

    Attributes:
        fence: a random number for the marks round everything that is data.
        blocks: the passages, each with its numbered sentences.
        lines: all numbered sentences.
        sample: an id as they look, of no sentence, to show the model what one is.
    """

    def __init__(self, passages: Sequence[tuple[Passage, Sequence[Sentence]]], *, avoid: str = "") -> None:
        """Number the sentences; ``avoid`` is more text (the question, say) in which no id may occur."""
        chance = random.SystemRandom()
        self.fence = f"{chance.randrange(10**9):09d}"
        count = sum(len(sentences) for _, sentences in passages)
        ids = _ids(count + 1, " ".join([avoid, *(passage.text for passage, _ in passages)]).casefold(), chance)
        self.blocks = [
            (passage, [Numbered(next(ids), passage.quote(each.start, each.end), each, passage) for each in sentences])
            for passage, sentences in passages
        ]
        self.sample = next(ids)
        self.lines = [line for _, lines in self.blocks for line in lines]
        self._by_id = {line.id: line for line in self.lines}
        self._order = {line.id: place for place, line in enumerate(self.lines)}
        self._articles: dict[str, list[Numbered]] = {}
        for line in sorted(self.lines, key=lambda each: (each.passage.source, each.sentence.start)):
            self._articles.setdefault(line.passage.source, []).append(line)

    @classmethod
    def gather(
        cls, ranked: Sequence[Passage], others: Iterable[Passage] = (), *, budget: int, avoid: str = ""
    ) -> Evidence:
        """Choose what fits ``budget`` (characters of article text).

        ``ranked`` is what retrieval found, best first; ``others`` is the rest of the index, or nothing when that is
        large. Everything is given when it fits, the best passages first and then the rest in reading order; otherwise
        only ranked passages are, whole ones as far as they fit (of the very first, as many sentences as fit).
        """
        chosen = _distinct([*ranked, *sorted(others, key=lambda each: (each.source, each.start))])
        if sum(_size(sentences) for _, sentences in chosen) > budget:
            chosen = _fitting(_distinct(ranked), budget)
        return cls(chosen, avoid=avoid)

    def __bool__(self) -> bool:
        """Whether there is anything to answer from."""
        return bool(self.lines)

    def __contains__(self, name: str) -> bool:
        """Whether ``name`` is the id of a sentence."""
        return name in self._by_id

    def __getitem__(self, name: str) -> Numbered:
        """Return the sentence of an id."""
        return self._by_id[name]

    def between(self, first: str, last: str) -> list[Numbered]:
        """Return the sentences from one id to another as the model saw them; only the two ends of a long range."""
        start, end = sorted((self._order[first], self._order[last]))
        run = self.lines[start : end + 1]
        return run if len(run) <= _MOST_IN_A_RANGE else [run[0], run[-1]]

    def near(self, line: Numbered, before: int = 1, after: int = 1) -> list[Numbered]:
        """Return the sentences that adjoin ``line`` in its article, as far as they were given to the model."""
        article = self._articles[line.passage.source]
        place = bisect_left(article, line.sentence.start, key=lambda each: each.sentence.start)
        found: list[Numbered] = []
        for at in range(place, max(place - before, 0), -1):
            if article[at].sentence.start - article[at - 1].sentence.end > _ADJACENT:
                break
            found.insert(0, article[at - 1])
        for at in range(place, min(place + after, len(article) - 1)):
            if article[at + 1].sentence.start - article[at].sentence.end > _ADJACENT:
                break
            found.append(article[at + 1])
        return found

    def render(self) -> str:
        """Return the evidence as the model reads it; nothing in it can pass for an id or for the end of the fence."""
        parts: list[str] = []
        for passage, lines in self.blocks:
            title, source = harmless(passage.title)[:160], harmless(passage.source)[:120]
            parts.append(f"# {title} ({source}, {language_name(passage.language)}, line {passage.line})")
            parts += [f"[{line.id}] {harmless(line.text)}" for line in lines]
        return "\n".join(parts)


def _ids(count: int, taken: str, chance: random.SystemRandom) -> Iterator[str]:
    digits = max(3, len(str(count * _SPARSITY)))
    names: dict[str, None] = {}
    while len(names) < count:
        name = f"s{chance.randrange(10 ** (digits - 1), 10**digits)}"
        if name not in taken:
            names[name] = None
        else:
            digits += 1
    return iter(names)


def _distinct(passages: Sequence[Passage]) -> list[tuple[Passage, list[Sentence]]]:
    seen: set[tuple[str, int]] = set()
    result: list[tuple[Passage, list[Sentence]]] = []
    for passage in passages:
        fresh = [each for each in passage.sentences if (passage.source, each.start) not in seen]
        seen.update((passage.source, each.start) for each in fresh)
        if fresh:
            result.append((passage, fresh))
    return result


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(each.end - each.start for each in sentences)


def _fitting(chosen: list[tuple[Passage, list[Sentence]]], budget: int) -> list[tuple[Passage, list[Sentence]]]:
    result: list[tuple[Passage, list[Sentence]]] = []
    for passage, sentences in chosen:
        if _size(sentences) <= budget:
            result.append((passage, sentences))
            budget -= _size(sentences)
        elif not result:
            kept = [each for at, each in enumerate(sentences) if _size(sentences[: at + 1]) <= budget]
            return [(passage, kept)] if kept else [(passage, sentences[:1])]
    return result
