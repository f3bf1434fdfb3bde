"""The chain from a question to an answer, as a LangChain Runnable: understand, retrieve, answer.

``invoke`` and ``batch`` give an :class:`Answer`; ``stream`` and ``astream`` give the events that lead to it, whose sum
is that answer. Callbacks and tracing that the caller configures see every step; nothing is configured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from newsbot import language
from newsbot.answering import conversation, extractive, smalltalk
from newsbot.answering.judging import lexicon
from newsbot.indexing.embedding import Embedding
from newsbot.indexing.snapshot import Snapshot
from newsbot.models import Answer, Hit
from newsbot.retrieval import HybridRetriever

if TYPE_CHECKING:
    from newsbot.answering.generative import GenerativeAnswerer
    from newsbot.answering.prose import Prose

PASSAGES = 8
"""How many passages are retrieved for a question."""


def build_chain(
    snapshot: Snapshot, embedding: Embedding, spoken: str, writer: GenerativeAnswerer | None = None
) -> Runnable[dict[str, Any], Any]:
    """Return the chain over one snapshot.

    Its input is ``{"question": str, "history": tuple[Turn, ...]}``.

    Args:
        snapshot: the generation to answer from.
        embedding: the embedding that the snapshot was made with.
        spoken: the language of a question that does not show its own, ISO 639-1.
        writer: the chat model that writes the answers, if there is one.
    """
    retriever = HybridRetriever.over(snapshot, embedding, PASSAGES)

    def understand(asked: dict[str, Any]) -> dict[str, Any]:
        question = asked["question"]
        spoken_now = language.detect(question, spoken)
        reply = smalltalk.reply(question, spoken_now)
        query = conversation.understand(question, () if reply else asked["history"], spoken_now)
        return {**asked, "language": spoken_now, "query": query, "reply": reply}

    def retrieve(asked: dict[str, Any], config: RunnableConfig) -> dict[str, Any]:
        if asked["reply"]:
            return {**asked, "hits": []}
        hits = retriever.hits(asked["query"].text, asked["language"])
        if writer is None:
            return {**asked, "hits": hits}
        languages = {hit.passage.language for hit in hits}
        found = writer.rewrite(asked["question"], asked["history"], asked["language"], languages, config)
        others = [retriever.hits(query, language.detect(query, spoken)) for query in found.queries]
        return {**asked, "hits": _best(hits, *others), "spent": found.usage}

    def answer(asked: dict[str, Any]) -> Answer | Prose:
        if asked["reply"]:
            return Answer(asked["question"], "smalltalk", asked["reply"], asked["language"], confidence=0.0)
        if writer is not None:
            from newsbot.answering.prose import Prose

            return Prose(writer, snapshot)
        judged = extractive.answer(asked["query"], asked["hits"], snapshot, lexicon.shipped())
        return extractive.quoting(asked["question"], asked["language"], judged)

    return RunnableLambda(understand) | RunnableLambda(retrieve) | RunnableLambda(answer)


def _best(*lists: Sequence[Hit]) -> list[Hit]:
    """Return the best hits of several queries; a passage keeps its best score."""
    best: dict[str, Hit] = {}
    for hit in sorted((hit for hits in lists for hit in hits), key=lambda hit: -hit.score):
        best.setdefault(hit.passage.id, hit)
    return list(best.values())[:PASSAGES]
