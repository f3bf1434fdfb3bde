"""Trains newsbot's Dutch-English embedding and writes its table of n-gram rows.

usage: train_embedding.py PARALLEL_FOLDER OUTPUT.npy [--steps N] [--dimensions N] [--rows N] [--seed N]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import corpus as corpora
import numpy as np
import torch
from make_thesaurus import LANGUAGES
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import lsqr
from torch.nn import functional

from newsbot.answering.judging.thesaurus import LONGEST
from newsbot.indexing.bilingual import RARITY_COMMON, RARITY_UNSEEN, features

BATCH, TAUGHT = 1024, 512  # pairs and taught words in a step
TEMPERATURE = 0.1
TAUGHT_WEIGHT = 30.0
SHARES = (0.7, 0.15, 0.15)  # of translations, synonyms and inflections in a step
INFLECTED = 0.3  # of the single words of a step are put into an inflected form, where one is known
RATE = 0.01
FORMS = 6  # of a word at most, the most frequent
EVENNESS = 0.25  # words are drawn by their frequency to this power
FREQUENT = 40_000  # words of each language that are taught beside those of the dictionaries
RARITY_DAMPING = 0.02


class Words:
    """The words that training speaks of and the table rows of each, laid end to end."""

    def __init__(self, corpus: corpora.Corpus, rows: int) -> None:
        known = {word for one, other, _ in corpus.translations for word in (*one, *other)}
        known |= {word for one, other, _ in corpus.synonyms for word in (*one, *other)}
        known |= {word for pair in corpus.lemmas for word in pair}
        for each in LANGUAGES:
            known |= {word for word, _ in Counter(corpus.frequency[each]).most_common(FREQUENT) if word.isalpha()}
        self.list = sorted(known)
        self.row = {word: i for i, word in enumerate(self.list)}
        hashed = [features(word, rows) for word in self.list]
        self.starts = np.concatenate([[0], np.cumsum([len(each) for each in hashed])])
        self.flat = np.array([row for each in hashed for row in each])

    def bags(self, ids: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the table rows of the given words, and where each word's begin."""
        lengths = self.starts[ids + 1] - self.starts[ids]
        begins = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.starts[ids] - begins[:-1], lengths) + np.arange(begins[-1])
        return torch.from_numpy(self.flat[places]), torch.from_numpy(begins[:-1])


class Table(torch.nn.Module):
    """The rows that are learnt."""

    def __init__(self, words: Words, rows: int, dimensions: int) -> None:
        super().__init__()
        self.words = words
        self.weight = torch.nn.Parameter(torch.randn(rows, dimensions) / dimensions**0.5)

    def vectors(self, ids: NDArray[np.int64]) -> torch.Tensor:
        """Return the unit vectors of words."""
        bags, begins = self.words.bags(ids)
        return functional.normalize(functional.embedding_bag(bags, self.weight, begins, mode="sum"), dim=1)

    def phrases(self, units: NDArray[np.int64]) -> torch.Tensor:
        """Return the unit vectors of phrases, rows of word numbers padded with -1: the mean of their words' vectors."""
        held = units >= 0
        ids, places = np.unique(units[held], return_inverse=True)
        owner = torch.from_numpy(np.repeat(np.arange(len(units)), held.sum(axis=1)))
        total = torch.zeros(len(units), self.weight.shape[1])
        return functional.normalize(total.index_add(0, owner, self.vectors(ids)[torch.from_numpy(places)]), dim=1)


class Pairs:
    """Pairs of units that mean the same, drawn by trust and frequency."""

    def __init__(self, corpus: corpora.Corpus, words: Words) -> None:
        def common(unit: corpora.Unit) -> float:
            return float((min(corpus.share(word) for word in unit) + 1e-7) ** EVENNESS)

        inflections = [((word,), (lemma,), 1.0) for word, lemma in corpus.lemmas]
        kinds = (corpus.translations, corpus.synonyms, inflections)
        chances = [
            np.array([trust**0.5 * (common(a) * common(b)) ** 0.5 / (len(a) * len(b)) for a, b, trust in kind])
            for kind in kinds
        ]
        found = [(one, other) for kind in kinds for one, other, _ in kind]
        self.forms = self._forms(corpus, words)
        self.left, self.right = (self._padded([pair[side] for pair in found], words) for side in (0, 1))
        # A unit is told from another by its number, so that a batch never takes a second meaning for a wrong one.
        numbers = {unit: i for i, unit in enumerate(sorted({unit for pair in found for unit in pair}))}
        self.left_number, self.right_number = (np.array([numbers[pair[side]] for pair in found]) for side in (0, 1))
        weighed = [share * each / each.sum() for share, each in zip(SHARES, chances, strict=True)]
        self.cumulated = np.cumsum(np.concatenate(weighed))

    @staticmethod
    def _padded(units: list[corpora.Unit], words: Words) -> NDArray[np.int64]:
        padded = np.full((len(units), LONGEST), -1)
        for place, unit in enumerate(units):
            padded[place, : len(unit)] = [words.row[word] for word in unit]
        return padded

    @staticmethod
    def _forms(corpus: corpora.Corpus, words: Words) -> NDArray[np.int64]:
        """Return for each word some of its inflected forms, repeated as needed; itself where none is known."""
        forms: dict[int, list[int]] = {}
        for word, lemma in sorted(corpus.lemmas, key=lambda pair: -corpus.share(pair[0])):
            forms.setdefault(words.row[lemma], []).append(words.row[word])
        table = np.repeat(np.arange(len(words.list))[:, None], FORMS, axis=1)
        for row, known in forms.items():
            table[row] = np.resize(known[:FORMS], FORMS)
        return table

    def _inflected(self, units: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        changed = (units[:, 1] < 0) & (random.random(len(units)) < INFLECTED)
        units = units.copy()
        units[changed, 0] = self.forms[units[changed, 0], random.integers(FORMS, size=int(changed.sum()))]
        return units

    def loss(self, table: Table, random: np.random.Generator) -> torch.Tensor:
        """Return InfoNCE of a batch, both ways: each unit finds its partner among all the others of the batch."""
        drawn = np.unique(np.searchsorted(self.cumulated, random.random(BATCH) * self.cumulated[-1]))
        left, right = self.left_number[drawn], self.right_number[drawn]
        same = (left[:, None] == left) | (right[:, None] == right) | (left[:, None] == right)
        np.fill_diagonal(same, val=False)
        one, other = (table.phrases(self._inflected(each[drawn], random)) for each in (self.left, self.right))
        likeness = one @ other.T / TEMPERATURE
        likeness = likeness.masked_fill(torch.from_numpy(same), -1e4)
        partner = torch.arange(len(drawn))
        return (functional.cross_entropy(likeness, partner) + functional.cross_entropy(likeness.T, partner)) / 2


class Lessons:
    """The teacher's view of which words are alike."""

    def __init__(self, corpus: corpora.Corpus, words: Words) -> None:
        vectors, known = corpora.teach(corpus, words.list)
        self.vectors = torch.from_numpy(vectors)
        self.ids = np.flatnonzero(known)
        chances = np.array([(corpus.share(words.list[each]) + 1e-8) ** EVENNESS for each in self.ids])
        self.cumulated = np.cumsum(chances) / chances.sum()

    def loss(self, table: Table, random: np.random.Generator) -> torch.Tensor:
        """Return the mean squared difference between the teacher's likenesses of some words and the table's."""
        ids = self.ids[np.unique(np.searchsorted(self.cumulated, random.random(TAUGHT)))]
        own, taught = table.vectors(ids), self.vectors[torch.from_numpy(ids)]
        return ((own @ own.T - taught @ taught.T) ** 2).mean()


def rarities(corpus: corpora.Corpus, words: Words, rows: int) -> NDArray[np.float32]:
    """Return each row's share in the rarity of words, by damped least squares, offset so that 0 is never seen."""
    shares = [max(corpus.frequency[each].get(word, 0.0) for each in LANGUAGES) for word in words.list]
    wanted = np.clip(-np.log10(np.array(shares) + 1e-12), RARITY_COMMON, RARITY_UNSEEN) - RARITY_UNSEEN
    counts = np.diff(words.starts)
    weight = np.sqrt(np.array(shares) ** EVENNESS + 0.01)  # the frequent ones shall be exact
    values = np.repeat(weight / np.sqrt(counts), counts)
    matrix = csr_matrix((values, words.flat, words.starts), shape=(len(counts), rows))
    return np.asarray(lsqr(matrix, wanted * weight, damp=RARITY_DAMPING, iter_lim=200)[0], np.float32)


def quantised(weights: NDArray[np.float32], rarity: NDArray[np.float32]) -> NDArray[np.void]:
    """Return the table that is shipped: 8 bits a weight with one scale a row."""
    scale = (np.abs(weights).max(axis=1) / 127).astype(np.float16)
    table = np.zeros(len(weights), [("scale", "<f2"), ("rarity", "<f2"), ("vector", "i1", (weights.shape[1],))])
    table["scale"], table["rarity"] = scale, rarity
    table["vector"] = np.clip(np.rint(weights / scale.astype(np.float32)[:, None]), -127, 127)
    return table


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parallel", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--dimensions", type=int, default=128)
    parser.add_argument("--rows", type=int, default=38_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)  # so that every sum is taken in one order
    random = np.random.default_rng(given.seed)

    corpus = corpora.read(given.parallel)
    words = Words(corpus, given.rows)
    pairs, lessons = Pairs(corpus, words), Lessons(corpus, words)
    print(f"{len(corpus.translations):,} translations, {len(corpus.lemmas):,} inflections, {len(words.list):,} words")
    table = Table(words, given.rows, given.dimensions)
    optimizer = torch.optim.Adam(table.parameters(), lr=RATE, betas=(0.9, 0.99), fused=True)
    began, paired, taught = time.monotonic(), 0.0, 0.0
    for step in range(1, given.steps + 1):
        optimizer.param_groups[0]["lr"] = RATE * min(1, step / 100) * (1 - (step - 1) / given.steps) + 1e-5
        alike, likened = pairs.loss(table, random), lessons.loss(table, random)
        optimizer.zero_grad()
        (alike + TAUGHT_WEIGHT * likened).backward()
        optimizer.step()
        paired, taught = paired + alike.item(), taught + likened.item()
        if step % 200 == 0:
            seconds = time.monotonic() - began
            print(f"{step} pairs {paired / 200:.3f} teacher {taught / 200:.4f} {seconds:.0f} s", flush=True)
            paired = taught = 0.0
    weights = table.weight.detach().numpy()
    np.save(given.output, quantised(weights, rarities(corpus, words, given.rows)), allow_pickle=False)


if __name__ == "__main__":
    main()
