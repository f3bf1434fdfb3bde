"""Corpora of any size with the vocabulary of real text, and questions whose right passage is known.

Words are drawn with the frequencies of the given texts, one text (so one language) an article; names are made up, each
in a few passages, as in an archive of news. What the passages say means nothing, so this measures cost and whether the
nearest passage is found, not how well questions are understood.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from newsbot import language

PASSAGES = 8
"""Passages in an article."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ASKS = {"nl": "Wat", "de": "Was"}
_SYLLABLES = [a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "r", "s", "t", "v", "w") for b in "aeiou"]


@dataclass(frozen=True)
class Question:
    """A question and the passage that it was made of: the source, and a sentence that only that passage holds."""

    text: str
    source: str
    sentence: str


class Vocabulary:
    """The words of one text, drawn as often as they occur there."""

    def __init__(self, text: str) -> None:
        counts = Counter(_WORD.findall(text))
        self._words = list(counts)
        self._sums = list(accumulate(counts.values()))
        self.asks = _ASKS.get(language.detect(text), "What")
        self._rare = {word for word, count in counts.items() if count * 20_000 < self._sums[-1]}

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Return ``count`` words."""
        return rng.choices(self._words, cum_weights=self._sums, k=count)

    def rare(self, word: str) -> bool:
        """Whether a word says something of its sentence."""
        return word in self._rare or word not in self._words


def read(paths: Sequence[Path]) -> list[Vocabulary]:
    """Read the vocabulary of each text; of SQuAD files, that of their paragraphs."""
    return [Vocabulary(_text(path)) for path in paths]


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".json":
        return text
    return " ".join(part["context"] for article in json.loads(text)["data"] for part in article["paragraphs"])


def name(number: int) -> str:
    """Return the made-up name with a number."""
    rng = random.Random(number)
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).capitalize()


def write(folder: Path, passages: int, vocabularies: Sequence[Vocabulary], questions: int) -> list[Question]:
    """Write articles of ``passages`` passages in all below ``folder``, and return questions about them."""
    folder.mkdir(parents=True, exist_ok=True)
    asked: list[Question] = []
    articles = -(-passages // PASSAGES)
    every = max(1, articles // questions)
    for number in range(articles):
        vocabulary = vocabularies[number % len(vocabularies)]
        source, paragraphs = f"{number // 1000:04}/{number:07}.txt", article(number, passages, vocabulary)
        path = folder / source
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(" ".join(each) for each in paragraphs) + "\n", encoding="utf-8")
        if number % every == 0 and len(asked) < questions:
            rng = random.Random(-number)
            sentence = rng.choice(rng.choice(paragraphs[1:]))
            asked.append(Question(_question(sentence, vocabulary, rng), source, sentence))
    return asked


def article(number: int, passages: int, vocabulary: Vocabulary) -> list[list[str]]:
    """Return the paragraphs of an article as sentences; the first is its title."""
    rng = random.Random(number)
    names = max(50, passages // 3)
    title = " ".join(vocabulary.draw(rng, 6)).capitalize() + f" {name(rng.randrange(names))}"
    return [[title], *([_sentence(rng, names, vocabulary) for _ in range(5)] for _ in range(PASSAGES))]


def _sentence(rng: random.Random, names: int, vocabulary: Vocabulary) -> str:
    words = vocabulary.draw(rng, rng.randint(12, 24))
    if rng.random() < 0.5:
        words[rng.randrange(1, len(words))] = name(rng.randrange(names))
    words[0] = words[0].capitalize()
    return " ".join(words) + "."


def _question(sentence: str, vocabulary: Vocabulary, rng: random.Random) -> str:
    words = [word for word in _WORD.findall(sentence) if len(word) > 2]
    telling = [word for word in words if vocabulary.rare(word)] or words
    chosen = rng.sample(telling, min(4, len(telling))) + rng.sample(words, min(3, len(words)))
    return f"{vocabulary.asks} " + " ".join(dict.fromkeys(chosen)) + "?"


def lines(questions: Sequence[Question]) -> Iterator[str]:
    """Yield the questions as JSON lines."""
    for each in questions:
        yield json.dumps([each.text, each.source, each.sentence])


def questions_of(path: Path) -> list[Question]:
    """Read the questions that :func:`lines` wrote."""
    return [Question(*json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def is_right(found: Any, asked: Question) -> bool:
    """Whether a passage, or whatever has a source and a text, is the one that the question was made of."""
    return bool(found.source == asked.source and asked.sentence in found.text)
