"""What a reader sees of each scripted output, through each provider's real client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from newsbot.answering.generative import Draft, GenerativeAnswerer, Task
from newsbot.answering.writing.failures import ChatError
from newsbot.models import Delta
from newsbot.settings import Settings

from .chat_articles import SENTENCES, article, passages
from .chat_server import Reply, Server

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("outputs.yaml").read_text(encoding="utf-8"))
SOURCES = {"sterrenwacht": "sterrenwacht.txt", "bridge": "bridge.txt", "markt": "markt.txt"}
CLIENTS = {"openai": "/v1", "anthropic": "", "ollama": ""}


NOTICES = {
    "nl": {
        "": "",
        "broke off": "Het taalmodel brak het antwoord af; wat hier staat is gecontroleerd.",
        "withheld": "Wat het taalmodel schreef, staat niet zo in de artikelen en wordt niet getoond.",
    },
    "en": {"": "", "withheld": "What the chat model wrote does not stand in the articles and is not shown."},
}


@pytest.fixture(scope="module", params=CLIENTS)
def answerer(request: pytest.FixtureRequest, chat_server: Server) -> GenerativeAnswerer:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
            patch.setenv(name, "sk-loopback")
        base = chat_server.url + CLIENTS[request.param]
        made = GenerativeAnswerer(Settings(chat_model=f"{request.param}:m", chat_base_url=base, chat_timeout=20))
        assert made.model
        return made


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsbot.answering.writing.drafting._FIRST_PAUSE", 0.001)


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_reader_sees(case: dict[str, Any], answerer: GenerativeAnswerer, chat_server: Server) -> None:
    end = {"cut": ""}.get(case.get("end", "stop"), case.get("end", "stop"))
    chat_server.script(Reply(case["says"], end=end))
    task = Task("vraag", case.get("to", "nl"), passages(SOURCES[case.get("from", "sterrenwacht")]))
    if kind := case.get("fails"):
        with pytest.raises(ChatError) as failed:
            list(answerer.stream(task))
        assert failed.value.kind == kind
        return
    *deltas, draft = answerer.stream(task)
    assert isinstance(draft, Draft)
    assert draft.text == case.get("shows", "")
    assert "".join(delta.text for delta in deltas if isinstance(delta, Delta)) == draft.text
    assert draft.outcome == ("answered" if case.get("shows") else "absent")
    assert draft.notice == NOTICES[case.get("to", "nl")][case.get("notice", "")]
    assert [citation.quote for citation in draft.citations] == [SENTENCES[name] for name in case.get("cites", [])]
    for number, citation in enumerate(draft.citations, 1):
        assert citation.number == number
        assert article(citation.source)[citation.start : citation.end] == citation.quote
        assert citation.passage.quote(citation.start, citation.end) == citation.quote


def test_noise_without_end_is_not_read_to_the_end(answerer: GenerativeAnswerer, chat_server: Server) -> None:
    noise = " ".join(["De telescoop zingt 42 liederen [s1] of `iets` [["] * 6_000)
    chat_server.script(Reply(noise, pieces=50))
    draft = answerer.answer(Task("vraag", "nl", passages("sterrenwacht.txt")))
    assert (draft.text, draft.outcome) == ("", "absent")
    assert len(chat_server.requests) == 1
