"""Small articles to talk about, and a way to hold a conversation with them, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newsbot.answering.conversation import understand
from newsbot.answering.extractive import Judgement, answer
from newsbot.answering.judging.lexicon import shipped
from newsbot.language import stems, words
from newsbot.models import Article, Hit, Passage, Turn
from newsbot.passages import split

ARTICLES = {each.name.split(".")[0]: each for each in sorted((Path(__file__).parent / "articles").glob("*.txt"))}


class OneArticle:
    """Word counts of one article's passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._stems = [set(stems(words(each.text), each.language)) for each in passages]
        self.passages = len(passages)

    def frequency(self, stem: str) -> int:
        return sum(stem in each for each in self._stems)


def spoken(name: str) -> str:
    return ARTICLES[name].suffixes[0][1:]


def passages(name: str) -> tuple[Passage, ...]:
    language, text = spoken(name), ARTICLES[name].read_text(encoding="utf-8")
    return split(Article(f"{name}.txt", text.split("\n", 1)[0], text, language, "0"))


def ask(name: str, question: str, history: Sequence[Turn] = ()) -> tuple[str, Judgement]:
    """Return the question as understood, and its answer; passages are ranked by the words they share with it."""
    language = spoken(name)
    query = understand(question, history, language)
    found = passages(name)
    asked = set(stems(words(query.text), language))
    scores = [len(asked & set(stems(words(each.text), language))) for each in found]
    hits = sorted((Hit(each, float(score)) for each, score in zip(found, scores, strict=True)), key=lambda h: -h.score)
    return query.text, answer(query, hits, OneArticle(found), shipped())


def talk(name: str, *questions: str) -> tuple[str, Judgement]:
    """Hold a conversation and return what became of its last question."""
    history: list[Turn] = []
    for question in questions[:-1]:
        _, said = ask(name, question, history)
        history += [Turn("user", question), Turn("assistant", said.text)]
    return ask(name, questions[-1], history)
