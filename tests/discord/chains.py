"""A stand-in for :class:`newsbot.Newsbot` that answers as a test wishes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from newsbot.errors import StoreError
from newsbot.models import Answer, Changes, Citation, Delta, Event, Hit, Passage, Progress, Sentence, Source, Turn
from newsbot.settings import Settings

OPTIONS: dict[str, Any] = {}


def passage_of(text: str, number: int = 1, source: str = "a.txt", title: str = "A title", url: str = "") -> Passage:
    return Passage(f"id{number}", source, title, "en", text, 0, len(text), 1, (Sentence(0, len(text), 1),), url)


def answer_of(question: str, text: str, quotes: Iterable[Passage], outcome: str = "answered") -> Answer:
    passages = tuple(quotes)
    cited = tuple(Citation(number, each.text, 0, len(each.text), 1, each) for number, each in enumerate(passages, 1))
    return Answer(
        question, outcome, text, "en", 0.9, citations=cited if outcome == "answered" else (),  # type: ignore[arg-type]
        hits=tuple(Hit(each, 1.0) for each in passages), generation="gen-1", embedding_model="none",
    )  # fmt: skip


HOSTILE = [
    "<@1>", "<@!12345678901234567>", "<@&99>", "<#600>", "@everyone", "@here", "<t:1700000000:R>", "</ask:123>",
    "<:x:123>", "<a:x:123>", "<id:customize>", "[klik](https://evil.example/)", "https://evil.example/path",
    "http://evil.example", "discord.gg/abcdef", "# kop", "## kop", "-# klein", "> citaat", ">>> citaat", "||geheim||",
    "```py\ncode```", "`code`", "* punt", "- punt", "1. punt", "**vet**", "__streep__", "~~weg~~", "_schuin_",
    "\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0041", "a\u0301\u0302\u0303\u0304\u0305", "\\", "]", "[", "(", ")",
    "<https://evil.example>", "[x](<https://evil.example>)", "steam://run/1", "gewoon", "woorden", "é",
    "👍🏽", "\n", "\n\n",
    "<", ">", "@", "#", "everyone", "\\@everyone", "\\<@1>", "@\u200beveryone", "<@\u200b1>", "[1]", "[2](https://e.example)",
    "\r\n# kop", "\u2028# kop", "\t", "mailto:a@b.example", "\x00", "\x1b[31m", "ＦＵＬＬ", "<\n@1>", "“", "”", "…",
]  # fmt: skip


def hostile(seed: int, most: int = 14) -> str:
    chance = random.Random(seed)
    gap = chance.choice(["", " ", " ", "\n"])
    return gap.join(chance.choice(HOSTILE) for _ in range(chance.randint(1, most)))


class Chain:
    """Follows the seam of ``newsbot.Newsbot``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked = 0

    @classmethod
    def open(cls, settings: Settings | None = None) -> Chain:
        return cls(settings or Settings.read())

    @property
    def generation(self) -> str:
        return "gen-1"

    def warm(self) -> None:
        time.sleep(OPTIONS.get("warm", 0))

    def close(self) -> None:
        pass

    def ask(self, question: str, history: Iterable[Turn | tuple[str, str]] = ()) -> Answer:
        self.asked += 1
        if OPTIONS.get("error"):
            raise StoreError("The index cannot be read; run `newsbot index`.")
        if OPTIONS.get("bug"):
            raise KeyError(question)
        time.sleep(OPTIONS.get("seconds", 0))
        until = time.perf_counter() + OPTIONS.get("burn", 0)
        while time.perf_counter() < until:
            sum(range(1000))  # a chain that computes, and holds the interpreter while it does
        turns = [turn if isinstance(turn, Turn) else Turn(*turn) for turn in history]
        if OPTIONS.get("hostile"):
            number = self.asked
            quotes = [
                passage_of(
                    hostile(number * 3 + each),
                    each,
                    hostile(number + each, 3),
                    hostile(each + 7 * number, 4),
                    URLS[number % len(URLS)],
                )
                for each in (1, 2)
            ]
            return answer_of(
                question, f"{hostile(-number)} [1] {question} [2]", quotes, ["answered", "nearest"][number % 2]
            )
        told = "; ".join(f"{turn.role}: {turn.text}" for turn in turns)
        text = f"Answer to {question} [1]" + (f" after {told}" if told else "")
        if OPTIONS.get("long"):
            text = " ".join(
                f"Sentence {number} of a long answer has “quoted words” in it [1]." for number in range(120)
            )
        if OPTIONS.get("latin"):
            text = question
        return answer_of(question, text, [passage_of(f"The quote about {question}.")])

    async def astream(self, question: str, history: Iterable[Turn | tuple[str, str]] = ()) -> AsyncIterator[Event]:
        yield Progress("searching")
        if OPTIONS.get("block"):
            time.sleep(OPTIONS["block"])  # noqa: ASYNC251  # a chain that blocks the loop it runs in
        answer = await asyncio.to_thread(self.ask, question, list(history))
        yield Progress("writing")
        if OPTIONS.get("stream"):
            for word in answer.text.split(" "):
                yield Delta(word + " ")
                await asyncio.sleep(OPTIONS["stream"])
        yield answer

    def search(self, query: str, k: int = 5) -> list[Hit]:
        return [Hit(passage_of(f"Passage {number} on {query}", number), 1.0) for number in range(1, 4)]

    def sources(self) -> list[Source]:
        return [Source("a.txt", "A title", "en", 3, url="https://news.example/a")]

    def passage(self, passage_id: str) -> Passage | None:
        return passage_of("The whole passage. " * 150) if passage_id == "id1" else None


URLS = [
    "", "https://news.example/a", "https://news.example/a)b(<c>", "javascript:alert(1)", "https://user@evil.example/",
    "http://x.example/?q=[a]&b=\\", "https://ex ample/", "ftp://x.example", "https://", "https://пример.example/ü",
]  # fmt: skip


async def refresh(self: Any, *, rebuild: bool = False) -> Changes:
    await asyncio.to_thread(Path(self._environment["NEWSBOT_INDEX_DIR"]).mkdir, exist_ok=True)
    return Changes("gen-1", added=("a.txt",), unchanged=2)
