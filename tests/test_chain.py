"""The chain as a LangChain Runnable."""

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from newsbot import Answer, Newsbot
from newsbot.chain import build_chain


@pytest.fixture
def chain(bot: Newsbot) -> Iterator[Any]:
    with bot._index.reading() as snapshot:
        yield build_chain(snapshot, bot._index.embedding, "nl")


def asked(question: str) -> dict[str, Any]:
    return {"question": question, "history": ()}


async def test_every_way_to_run_it_gives_the_same_answer(chain: Any) -> None:
    question = asked("Hoeveel kost de kade?")
    answer = chain.invoke(question)
    assert answer.citations[0].quote == "De kade kost 42 miljoen euro."
    assert chain.batch([question, question]) == [answer, answer]
    assert list(chain.stream(question))[-1] == answer
    assert await chain.ainvoke(question) == answer
    assert [each async for each in chain.astream(question) if isinstance(each, Answer)] == [answer]


def test_callbacks_see_the_steps(chain: Any) -> None:
    class Steps(BaseCallbackHandler):
        def __init__(self) -> None:
            self.names: list[str] = []

        def on_chain_start(self, serialized: Any, inputs: Any, **kwargs: Any) -> None:
            self.names.append(kwargs["name"])

    steps = Steps()
    chain.invoke(asked("Hoeveel kost de kade?"), {"callbacks": [steps]})
    assert [name for name in steps.names if name in ("understand", "retrieve", "answer")] == [
        "understand",
        "retrieve",
        "answer",
    ]


@pytest.mark.parametrize(("message", "language"), [("hoi!", "nl"), ("thank you!", "en"), ("wat kun je?", "nl")])
def test_small_talk_gets_a_friendly_word_and_looks_nothing_up(chain: Any, message: str, language: str) -> None:
    answer = chain.invoke(asked(message))
    assert (answer.outcome, answer.language, answer.hits) == ("smalltalk", language, ())
    assert answer.text


def test_a_question_behind_a_greeting_is_a_question(chain: Any) -> None:
    assert chain.invoke(asked("hoi, hoeveel kost de kade?")).answered
