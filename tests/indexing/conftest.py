"""A small house to test in: a seeds folder, an index beside it, and an embedding that remembers what it was asked."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from newsbot.indexing import index as index_module
from newsbot.indexing.index import Index
from newsbot.models import Changes, Hit
from newsbot.retrieval import HybridRetriever
from newsbot.settings import Settings

NAMES = ["Altman", "Zuckerberg", "Wang", "Friedman", "Zhao", "Chen", "Bi", "Yu", "Ren", "Kahn", "Murati", "Nadella"]
VERBS = ["leidde", "kocht", "verliet", "prees", "hekelde", "bezocht", "stichtte", "verkocht"]
THINGS = ["OpenAI", "Meta", "het superintelligentieteam", "Google", "het laboratorium", "het bedrijf", "de krant"]


class RecordingEmbedding:
    """Vectors from hashed words, and a list of every text that was embedded as a passage."""

    name = "recording"
    dimensions = 16

    def __init__(self) -> None:
        self.texts: list[str] = []

    def passages(self, texts: Sequence[str], advance: object = None) -> np.ndarray:
        self.texts += texts
        return np.stack([self.question(each) for each in texts])

    def question(self, text: str) -> np.ndarray:
        vector = np.full(self.dimensions, 0.01, np.float32)
        for word in text.lower().split():
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def article(seed: int, sentences: int = 4) -> str:
    """A short Dutch article that is always the same for a seed."""
    rng = random.Random(seed)
    lines = [
        f"{rng.choice(NAMES)} {rng.choice(VERBS)} {rng.choice(THINGS)} in {rng.randint(1950, 2026)} voor "
        f"{rng.randint(2, 999)} miljoen euro, zo schreef {rng.choice(NAMES)} aan het personeel van de krant."
        for _ in range(sentences)
    ]
    return f"Artikel {seed} over {rng.choice(NAMES)}\n\n" + "\n\n".join(lines) + "\n"


@dataclass
class House:
    """Seeds and an index, in one folder."""

    root: Path
    embedding: RecordingEmbedding = field(default_factory=RecordingEmbedding)
    settings: Settings | None = None

    def __post_init__(self) -> None:
        self.seeds.mkdir(parents=True, exist_ok=True)
        self.index = self._opened()

    def _opened(self) -> Index:
        alone = Settings(seeds_dir=self.seeds, index_dir=self.root / "index", embedding_model="recording")
        return Index.open(self.settings or alone)

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    def write(self, name: str, text: str) -> None:
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def refresh(self, **options: bool) -> Changes:
        return self.index.refresh(self.seeds, **options)

    def hits(self, question: str, k: int = 8) -> list[Hit]:
        with self.index.reading() as snapshot:
            return HybridRetriever(snapshot=snapshot, embedding=self.embedding).hits(question, "nl", k)

    def reopened(self) -> Index:
        """The index as another process would open it."""
        self.index.close()
        self.index = self._opened()
        return self.index

    @property
    def folders(self) -> list[str]:
        return sorted(each.name for each in (self.root / "index").iterdir() if each.is_dir())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    made = House(tmp_path)
    monkeypatch.setattr(index_module, "load", lambda name: made.embedding)
    monkeypatch.setattr(index_module, "fingerprint", lambda name: name)
    yield made
    made.index.close()


@pytest.fixture
def full_house(house: House) -> House:
    """A house with six articles, indexed."""
    for number in range(6):
        house.write(f"{number}.txt", article(number))
    house.refresh()
    return house
