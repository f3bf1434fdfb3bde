"""Questions with what newsbot retrieves for them, from XQuAD: answered, left out, and near misses."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsbot.answering.judging.evidence import Statistics
from newsbot.indexing.index import Index
from newsbot.indexing.snapshot import Snapshot
from newsbot.language import detect as spoken
from newsbot.language import stems, words
from newsbot.models import Hit, Passage
from newsbot.retrieval import HybridRetriever

PASSAGES = 8
WRITTEN = Path(__file__).with_name("articles")
"""Articles written for newsbot's training, with questions as people type them in a chat."""
SEEDS, TUNING = WRITTEN.parents[1] / "seeds", WRITTEN.parents[1] / "eval/tuning.jsonl"
"""The owner's articles, and the questions on them that newsbot is tuned on."""
Gold = tuple[str, tuple[int, ...]]
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-ZÀ-Þ][\w'’-]+(?: (?:of |de |van |the |der )?[A-ZÀ-Þ][\w'’-]+)*")


@dataclass(frozen=True)
class Example:
    """A question with its hits.

    ``setting`` says what was indexed: ``full`` (every paragraph a seed), ``half+`` / ``half-`` (half of the articles,
    the question's among them or not), ``article+`` / ``article-`` (one article as one seed), ``paragraph+`` /
    ``paragraph-`` (one paragraph is all there is), ``near`` (the paragraph with the answer taken out of the hits),
    ``swap`` (another article's question about names of this one). Of the articles in ``articles/``: ``alone`` (the
    question's article) or ``among`` (all of them), with ``+`` for questions that it answers, ``near`` and ``untold``
    for near misses (the right people and another fact, in the article's own words or a reader's) and ``-`` for other
    subjects; ``seed`` likewise for the owner's articles. ``gold`` is where the answer stands, if it was indexed: its
    source, and where it begins each time that it is told; ``literal`` is false where a translated answer is not in its
    paragraph word for word.
    """

    setting: str
    question: str
    language: str
    hits: list[Hit]
    statistics: Statistics
    article: int
    gold: Gold | None
    literal: bool = True

    def holds(self, source: str, start: int, end: int) -> bool:
        """Whether an answer begins in a span of a source."""
        return self.gold is not None and source == self.gold[0] and any(start <= at < end for at in self.gold[1])


@dataclass(frozen=True)
class Question:
    """One question of XQuAD: its paragraph and article by number, and where in the paragraph the answer begins."""

    text: str
    paragraph: int
    article: int
    start: int


def load(folder: Path, language: str) -> tuple[list[tuple[str, int]], list[Question]]:
    """Return the paragraphs, each with the number of its article, and the questions."""
    paragraphs: list[tuple[str, int]] = []
    questions: list[Question] = []
    stored = json.loads(next(folder.glob(f"xquad.{language}.*.json")).read_text(encoding="utf-8"))
    for number, article in enumerate(stored["data"]):
        for paragraph in article["paragraphs"]:
            for each in paragraph["qas"]:
                start = each["answers"][0]["answer_start"]
                questions.append(Question(each["question"], len(paragraphs), number, start))
            paragraphs.append((paragraph["context"], number))
    return paragraphs, questions


class Without:
    """Word counts of an index less those of one passage."""

    def __init__(self, whole: Statistics, gone: Sequence[Hit]) -> None:
        self._whole = whole
        self._gone = [set(stems(words(hit.passage.text), hit.passage.language)) for hit in gone]
        self.passages = whole.passages - len(gone)

    def frequency(self, stem: str) -> int:
        """Return the number of passages left that hold the stem."""
        return max(0, self._whole.frequency(stem) - sum(stem in each for each in self._gone))


class Indexed:
    """A throw-away index over texts, asked in a language."""

    def __init__(self, texts: dict[str, str], language: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        for name, text in texts.items():
            (root / "seeds").mkdir(exist_ok=True)
            (root / "seeds" / name).write_text(text + "\n", encoding="utf-8")
        self._index = Index(root / "index", "builtin")
        self._index.refresh(root / "seeds")
        self._reading = self._index.reading()
        self.snapshot: Snapshot = self._reading.__enter__()
        self._retriever = HybridRetriever(snapshot=self.snapshot, embedding=self._index.embedding)
        self._language = language
        self._known: dict[str, Passage] = {}

    def example(self, setting: str, asked: Question, gold: Gold | None, *, near: bool = False) -> Example | None:
        """Ask; with ``near``, take what holds the answer out of the hits."""
        hits = [
            replace(hit, passage=self._known.setdefault(hit.passage.id, hit.passage))
            for hit in self._retriever.hits(asked.text, self._language, PASSAGES + 2)
        ]
        statistics: Statistics = self.snapshot
        if near and gold:
            gone = [hit for hit in hits if _holds(hit.passage, gold)]
            hits, statistics, gold = [hit for hit in hits if hit not in gone], Without(self.snapshot, gone), None
        if not hits:
            return None
        literal = asked.start >= 0
        return Example(setting, asked.text, self._language, hits[:PASSAGES], statistics, asked.article, gold, literal)

    def close(self) -> None:
        """Remove the index."""
        self._reading.__exit__(None, None, None)
        self._index.close()
        self._folder.cleanup()


def _holds(passage: Passage, gold: Gold) -> bool:
    return passage.source == gold[0] and any(passage.start <= at < passage.end for at in gold[1])


def examples(folder: Path, asked: str, written: str, seed: int = 0) -> Iterator[Example]:
    """Yield every question in the language ``asked`` on articles in the language ``written``, in every setting."""
    paragraphs, located = load(folder, written)
    questions = [replace(q, start=at.start) for q, at in zip(load(folder, asked)[1], located, strict=True)]
    yield from _separate(paragraphs, questions, asked, random.Random(seed))  # noqa: S311
    yield from _whole(paragraphs, questions, asked, random.Random(seed))  # noqa: S311
    yield from _single(paragraphs, questions, asked, random.Random(seed))  # noqa: S311


def _separate(
    paragraphs: list[tuple[str, int]], questions: list[Question], asked: str, rng: random.Random
) -> Iterator[Example]:
    """Each paragraph a seed of its own."""
    half = (max(article for _, article in paragraphs) + 1) // 2
    texts = {f"{at:04d}.txt": text for at, (text, _) in enumerate(paragraphs)}
    first = {name: texts[name] for name, (_, article) in zip(texts, paragraphs, strict=True) if article < half}
    parts = {True: Indexed(first, asked), False: Indexed({k: v for k, v in texts.items() if k not in first}, asked)}
    whole = Indexed(texts, asked)
    for each in questions:
        gold = (f"{each.paragraph:04d}.txt", (max(0, each.start),))
        mine = each.article < half
        found = [
            whole.example("full", each, gold),
            parts[mine].example("half+", each, gold),
            parts[not mine].example("half-", each, None),
            whole.example("near", each, gold, near=True),
            whole.example("swap", swapped, None) if (swapped := _swapped(each, questions, rng)) else None,
        ]
        yield from (one for one in found if one)
    for index in (whole, *parts.values()):
        index.close()


def _whole(
    paragraphs: list[tuple[str, int]], questions: list[Question], asked: str, rng: random.Random
) -> Iterator[Example]:
    """One article is all that is indexed."""
    articles = max(article for _, article in paragraphs) + 1
    for number in range(articles):
        text, places = "", {}
        for at, (paragraph, article) in enumerate(paragraphs):
            if article == number:
                places[at] = len(text)
                text += paragraph + "\n\n"
        index = Indexed({"article.txt": text.rstrip()}, asked)
        own = [each for each in questions if each.article == number]
        for each in own:
            gold = ("article.txt", (places[each.paragraph] + max(0, each.start),))
            found = [index.example("article+", each, gold), index.example("article near", each, gold, near=True)]
            swapped = _swapped(each, questions, rng)
            found.append(index.example("article swap", swapped, None) if swapped else None)
            yield from (one for one in found if one)
        for each in rng.sample([each for each in questions if each.article != number], len(own)):
            other = index.example("article-", each, None)
            yield from [other] if other else []
        index.close()


def _single(
    paragraphs: list[tuple[str, int]], questions: list[Question], asked: str, rng: random.Random
) -> Iterator[Example]:
    """One paragraph is all that is indexed: a short article."""
    for number, (text, article) in enumerate(paragraphs):
        index = Indexed({"article.txt": text}, asked)
        own = [each for each in questions if each.paragraph == number]
        for each in own:
            found = index.example("paragraph+", each, ("article.txt", (max(0, each.start),)))
            yield from [found] if found else []
        for each in rng.sample([each for each in questions if each.article != article], len(own)):
            found = index.example("paragraph-", each, None)
            yield from [found] if found else []
        index.close()


def _swapped(question: Question, questions: list[Question], rng: random.Random) -> Question | None:
    """Return another article's question about names of this one's: the right people, the wrong fact."""
    names = [
        match.group() for each in questions if each.article == question.article for match in _NAME.finditer(each.text)
    ]
    other = rng.choice(questions)
    if other.article == question.article or not names or not _NAME.search(other.text):
        return None
    return replace(question, text=_NAME.sub(lambda _: rng.choice(names), other.text), start=0)


def articles(first: int, seed: int = 0) -> Iterator[tuple[Example, str]]:
    """Yield the questions about the articles in ``articles/``, each with the language of its article.

    Each is asked of its article alone, and every third also of all of them together; some questions about other
    articles are asked of each as well. The articles are numbered from ``first`` on.
    """
    rng = random.Random(seed)  # noqa: S311
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(WRITTEN.glob("*.txt"))}
    asked = [json.loads(line) for line in (WRITTEN / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    among = {each: Indexed(texts, each) for each in _SPOKEN}
    for number, (name, text) in enumerate(texts.items(), first):
        alone = {each: Indexed({name: text}, each) for each in among}
        own = [each for each in asked if each["article"] == name]
        other = rng.sample([each for each in asked if each["article"] != name and each["answers"]], _OTHERS)
        found = [
            *(_asked(f"alone{_KINDS.get(each['kind'], '+')}", each, number, alone) for each in own),
            *(_asked(f"among{_KINDS.get(each['kind'], '+')}", each, number, among) for each in own[::_AMONG]),
            *(_asked("alone-", {**each, "answers": []}, number, alone) for each in other),
        ]
        yield from ((each, spoken(text)) for each in found if each)
        for index in alone.values():
            index.close()
    for index in among.values():
        index.close()


_KINDS = {"nearmiss": " near", "untold": " untold", "unanswerable": "-"}
_SEED_KINDS = {**_KINDS, "nearmiss": " untold"}
_SPOKEN = ("nl", "en")
_OTHERS = 10  # questions about other articles that are asked of each
_AMONG = 3  # every third question is asked of all articles together


def seeds(first: int) -> Iterator[tuple[Example, str]]:
    """Yield the questions to tune on about the owner's articles, each with the language of its article.

    Every set of questions, of one writer, is numbered as an article, from ``first`` on.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    lines = [json.loads(line) for line in TUNING.read_text(encoding="utf-8").splitlines()]
    numbers: dict[str, int] = {}
    indexes = {each: Indexed(texts, each) for each in _SPOKEN}
    for line in lines:
        number = numbers.setdefault(line["id"].split("-")[0], first + len(numbers))
        if line["kind"] in ("followup", "smalltalk"):
            continue
        article = line["answers"][0]["source"] if line["answers"] else next(iter(texts))
        example = _asked(f"seed{_SEED_KINDS.get(line['kind'], '+')}", {**line, "article": article}, number, indexes)
        if example:
            yield example, spoken(texts[article])
    for index in indexes.values():
        index.close()


def _asked(setting: str, line: dict[str, Any], number: int, indexes: dict[str, Indexed]) -> Example | None:
    starts = tuple(answer["start"] for answer in line["answers"])
    gold = (line["article"], starts) if starts else None
    return indexes[line["language"]].example(setting, Question(line["question"], 0, number, 0), gold)
