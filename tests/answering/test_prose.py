"""newsbot with a chat model, from the question to the answer, against a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot import Answer, Delta, Newsbot, Progress, Settings
from newsbot.jsonlines import answer_line

from ..conftest import HARBOUR, ORCHARD, Run
from .chat_server import KEY, Reply, Server, serving

SENTENCES = {
    "build": "De gemeente Eemsdelta bouwt in 2027",
    "cost": "De kade kost 42 miljoen euro.",
    "start": "Aannemer Strukton begint in maart",
    "cider": "Grower Ruth Palmer said",
    "harvest": "The first harvest is expected in 2030.",
}
QUESTION = "Hoeveel kost de kade?"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(SENTENCES) as served:
        yield served


@pytest.fixture
def prose(server: Server, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsbot]:
    monkeypatch.setattr("newsbot.answering.writing.drafting._FIRST_PAUSE", 0.001)
    settings = Settings(
        seeds_dir=seeds,
        index_dir=tmp_path / "index",
        chat_model="openai:m",
        chat_base_url=f"{server.url}/v1",
        chat_timeout=10,
        chat_price=(1.0, 2.0),
    )
    with Newsbot.open(settings) as opened:
        opened.refresh()
        yield opened


REWRITTEN = "en: How much does the new quay cost?"


def test_an_answer_in_prose(prose: Newsbot, server: Server) -> None:
    server.script(REWRITTEN, "De kade in Delfzijl kost 42 miljoen euro [{cost}]. De haven krijgt 17 kranen [{cost}].")
    answer = prose.ask(QUESTION)
    assert answer.text == "De kade in Delfzijl kost 42 miljoen euro [1]."
    assert (answer.outcome, answer.mode, answer.language, answer.notice) == ("answered", "generative", "nl", "")
    (citation,) = answer.citations
    assert (citation.quote, citation.source) == ("De kade kost 42 miljoen euro.", "haven.txt")
    assert HARBOUR[citation.start : citation.end] == citation.quote
    assert answer.confidence >= 0.5
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (240, 60)
    assert answer.usage.cost == pytest.approx(0.00036)


def test_the_model_gets_all_articles_when_they_fit(prose: Newsbot, server: Server) -> None:
    server.script(REWRITTEN, "NOT_IN_ARTICLES")
    prose.ask(QUESTION)
    for sentence in SENTENCES.values():
        assert sentence in server.prompt


def test_a_question_in_english_on_a_dutch_article(prose: Newsbot, server: Server) -> None:
    server.script("nl: Hoeveel kost de nieuwe kade?", "The quay in Delfzijl costs 42 million euros [{cost}].")
    answer = prose.ask("How much does the new quay cost?")
    assert answer.text == "The quay in Delfzijl costs 42 million euros [1]."
    assert answer.language == "en"


def test_the_articles_do_not_say(prose: Newsbot, server: Server) -> None:
    server.script(REWRITTEN, "NOT_IN_ARTICLES")
    answer = prose.ask(QUESTION)
    assert (answer.outcome, answer.text, answer.citations) == ("absent", "Dat staat niet in de artikelen.", ())
    assert answer.hits
    assert answer.confidence <= 0.5


def test_a_model_that_fails_leaves_the_articles_own_sentences(prose: Newsbot, server: Server) -> None:
    server.script(Reply(status=401))
    answer = prose.ask(QUESTION)
    assert answer.mode == "extractive"
    assert answer.citations[0].quote == "De kade kost 42 miljoen euro."
    assert answer.notice == "Het taalmodel weigert de sleutel; dit antwoord kwam zonder taalmodel tot stand."
    assert KEY not in repr(answer)


def test_a_failed_rewriting_does_not_hurt(prose: Newsbot, server: Server) -> None:
    server.script(Reply(status=500), "De kade kost 42 miljoen euro [{cost}].")
    assert prose.ask(QUESTION).text == "De kade kost 42 miljoen euro [1]."


def test_small_talk_costs_nothing(prose: Newsbot, server: Server) -> None:
    server.script("x")
    assert prose.ask("hoi!").outcome == "smalltalk"
    assert server.requests == []


def test_a_follow_up_is_searched_in_full(prose: Newsbot, server: Server) -> None:
    server.script("nl: Wanneer is de eerste oogst van Ruth Palmer?\nen: When is the first harvest?",
                  "De eerste oogst is in 2030 [{harvest}].")  # fmt: skip
    answer = prose.ask("en wanneer is die dan?", [("user", "Wat plant Ruth Palmer?"), ("assistant", "Ciderbomen [1].")])
    assert answer.text == "De eerste oogst is in 2030 [1]."
    assert ORCHARD[answer.citations[0].start : answer.citations[0].end] == "The first harvest is expected in 2030."


async def test_astream_shows_pieces_that_make_the_answer(prose: Newsbot, server: Server) -> None:
    server.script(REWRITTEN, "De kade kost 42 miljoen euro [{cost}]. Strukton begint in maart met heien [{start}].")
    events = [event async for event in prose.astream(QUESTION)]
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert Progress("writing") in events
    pieces = [event.text for event in events if isinstance(event, Delta)]
    assert len(pieces) >= 2
    assert "".join(pieces) == answer.text
    assert answer.generation == prose.generation


async def test_astream_falls_back_too(prose: Newsbot, server: Server) -> None:
    server.script(Reply(status=503))
    events = [event async for event in prose.astream(QUESTION)]
    assert not [event for event in events if isinstance(event, Delta)]
    assert isinstance(events[-1], Answer)
    assert events[-1].notice.startswith("Het taalmodel heeft een storing")


def test_json_tells_mode_tokens_and_cost(prose: Newsbot, server: Server) -> None:
    server.script(REWRITTEN, "De kade kost 42 miljoen euro [{cost}].")
    row = json.loads(answer_line(prose.ask(QUESTION)))
    assert row["mode"] == "generative"
    assert row["usage"] == {"model": "openai:m", "input_tokens": 240, "output_tokens": 60, "cost": 0.00036}


def test_the_command_line_shows_prose_and_an_honest_line(server: Server, run: Run, seeds: Path) -> None:
    environment = {
        "NEWSBOT_CHAT_MODEL": "openai:m",
        "NEWSBOT_CHAT_BASE_URL": f"{server.url}/v1",
        "OPENAI_API_KEY": KEY,
    }
    server.script(REWRITTEN, "De kade kost 42 miljoen euro [{cost}]. Het wordt gratis [{cost}].")
    row = json.loads(run("ask", QUESTION, "--json", **environment).stdout)
    assert (row["mode"], row["answer"]) == ("generative", "De kade kost 42 miljoen euro [1].")
    server.script(Reply(status=401))
    done = run("ask", QUESTION, **environment)
    assert done.returncode == 0
    assert "Het taalmodel weigert de sleutel" in done.stdout
    assert KEY not in done.stdout + done.stderr
    done = run("ask", QUESTION, **{**environment, "NEWSBOT_CHAT_MODEL": "mistralai:m"})
    assert done.returncode == 1
    assert "pip install langchain-mistralai" in done.stderr
