"""The chain from a question to an answer, as a LangChain Runnable: understand, retrieve, answer.

``invoke`` and ``batch`` give an :class:`Answer`; ``stream`` and ``astream`` give the events that lead to it, whose sum
is that answer. Callbacks and tracing that the caller configures see every step; nothing is configured here.
"""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from newsbot import language
from newsbot.answering import extractive, smalltalk
from newsbot.indexing.embedding import Embedding
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Answer
from newsbot.retrieval import HybridRetriever

PASSAGES = 8
"""How many passages are retrieved for a question."""


def build_chain(snapshot: Snapshot, embedding: Embedding, spoken: str) -> Runnable[dict[str, Any], Any]:
    """Return the chain over one snapshot.

    Its input is ``{"question": str, "history": tuple[Turn, ...]}``.

    Args:
        snapshot: the generation to answer from.
        embedding: the embedding that the snapshot was made with.
        spoken: the language of a question that does not show its own, ISO 639-1.
    """
    retriever = HybridRetriever(snapshot=snapshot, embedding=embedding, k=PASSAGES)

    def understand(asked: dict[str, Any]) -> dict[str, Any]:
        question = asked["question"]
        spoken_now = language.detect(question, spoken)
        reply = smalltalk.reply(question, spoken_now)
        return {**asked, "language": spoken_now, "query": question, "reply": reply}

    def retrieve(asked: dict[str, Any]) -> dict[str, Any]:
        hits = [] if asked["reply"] else retriever.hits(asked["query"], asked["language"])
        return {**asked, "hits": hits}

    def answer(asked: dict[str, Any]) -> Answer:
        if asked["reply"]:
            return Answer(asked["question"], "smalltalk", asked["reply"], asked["language"], confidence=0.0)
        judged = extractive.answer(asked["query"], asked["language"], asked["hits"], snapshot)
        return Answer(
            question=asked["question"],
            outcome=judged.outcome,
            text=judged.text,
            language=asked["language"],
            confidence=round(judged.confidence, 4),
            citations=judged.citations,
            hits=tuple(asked["hits"]),
        )

    return RunnableLambda(understand) | RunnableLambda(retrieve) | RunnableLambda(answer)
