"""Whatever happens to a chat model: a kind, one honest line, and no key anywhere."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
import traceback

import pytest

from newsbot.answering.generative import Draft, GenerativeAnswerer, Task
from newsbot.answering.writing.calls import open_model
from newsbot.answering.writing.failures import ChatError
from newsbot.errors import ModelError
from newsbot.models import Delta
from newsbot.settings import Settings

from ..chat_articles import passages
from ..chat_server import KEY, Reply, Server

GOOD = "De telescoop is sinds 1968 in gebruik [{scope}]."
SHOWN = "De telescoop is sinds 1968 in gebruik [1]."
BASES = {"openai": "/v1", "anthropic": "", "ollama": ""}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsbot.answering.writing.drafting._FIRST_PAUSE", 0.001)


@pytest.fixture(params=BASES)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def answerer(url: str, provider: str = "openai", timeout: float = 20.0) -> GenerativeAnswerer:
    settings = Settings(chat_model=f"{provider}:m", chat_base_url=url + BASES[provider], chat_timeout=timeout)
    return GenerativeAnswerer(settings)


def task(stopped: threading.Event | None = None) -> Task:
    return Task("Hoe oud is de telescoop?", "nl", passages("sterrenwacht.txt"), stopped=stopped or threading.Event())


@pytest.mark.parametrize(
    ("status", "kind", "tries"),
    [(400, "rejected", 1), (401, "key", 1), (403, "key", 1), (404, "missing", 1), (429, "busy", 3), (500, "server", 3),
     (503, "server", 3), (529, "busy", 3)],
)  # fmt: skip
def test_a_status_means(  # noqa: PLR0917 -- fixtures
    chat_server: Server, provider: str, status: int, kind: str, tries: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="newsbot")
    chat_server.script(Reply(status=status))
    with pytest.raises(ChatError) as failed:
        answerer(chat_server.url, provider).answer(task())
    assert failed.value.kind == kind
    assert len(chat_server.requests) == tries
    assert any(KEY in str(headers) for headers in chat_server.headers) or provider == "ollama"
    told = "".join(traceback.format_exception(failed.value)) + repr(failed.value) + str(failed.value) + caplog.text
    assert KEY not in told
    assert "SECRET" not in told


@pytest.mark.parametrize("trouble", [Reply(status=500), Reply(status=429, headers={"retry-after": "0"}), Reply(""),
                                     Reply("De telesc", end="")], ids=["500", "429", "empty", "broken"])  # fmt: skip
def test_passing_trouble_is_tried_again(chat_server: Server, provider: str, trouble: Reply) -> None:
    chat_server.script(trouble, Reply(GOOD))
    assert answerer(chat_server.url, provider).answer(task()).text == SHOWN
    assert len(chat_server.requests) == 2


def test_a_long_retry_after_is_not_sat_out(chat_server: Server) -> None:
    chat_server.script(Reply(status=429, headers={"retry-after": "600"}))
    with pytest.raises(ChatError) as failed:
        answerer(chat_server.url).answer(task())
    assert (failed.value.kind, failed.value.wait, len(chat_server.requests)) == ("busy", 600.0, 1)


def test_a_short_retry_after_is_kept(chat_server: Server) -> None:
    chat_server.script(Reply(status=429, headers={"retry-after": "1"}), Reply(GOOD))
    began = time.monotonic()
    assert answerer(chat_server.url).answer(task()).text == SHOWN
    assert time.monotonic() - began >= 1.0


def test_a_silent_server_runs_out_of_time(chat_server: Server, provider: str) -> None:
    chat_server.script(Reply(GOOD, wait=5))
    began = time.monotonic()
    with pytest.raises(ChatError) as failed:
        answerer(chat_server.url, provider, timeout=0.5).answer(task())
    assert failed.value.kind == "slow"
    assert time.monotonic() - began < 3


def test_a_hang_after_a_sentence_keeps_the_sentence(chat_server: Server, provider: str) -> None:
    chat_server.script(Reply(GOOD, end="", hang=True))
    draft = answerer(chat_server.url, provider, timeout=1.5).answer(task())
    assert draft.text == SHOWN
    assert draft.notice == "Het taalmodel brak het antwoord af; wat hier staat is gecontroleerd."
    assert len(chat_server.requests) == 1


def test_an_unreachable_server(provider: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(ChatError) as failed:
            answerer(url, provider).answer(task())
    assert failed.value.kind == "unreachable"
    assert failed.value.notice("nl") == "Het taalmodel is onbereikbaar; dit antwoord kwam zonder taalmodel tot stand."
    assert failed.value.notice("en") == "The chat model cannot be reached; this answer was made without it."
    assert failed.value.notice("de") == failed.value.notice("en")


@pytest.mark.parametrize(
    "raw", [b"<html>bad gateway</html>", b"data: {not json}\n\n", b"data: [DONE]\n\n", b"\x00\xff"]
)
def test_malformed_output(chat_server: Server, provider: str, raw: bytes) -> None:
    chat_server.script(Reply(raw=raw))
    with pytest.raises(ChatError) as failed:
        answerer(chat_server.url, provider).answer(task())
    assert failed.value.kind in ("broken", "empty")


def test_what_failed_tries_used_is_counted(chat_server: Server) -> None:
    chat_server.script(Reply("", tokens=(100, 5)))
    with pytest.raises(ChatError) as failed:
        answerer(chat_server.url).answer(task())
    assert failed.value.usage is not None
    assert (failed.value.usage.input_tokens, failed.value.usage.output_tokens) == (300, 15)


def test_giving_up_from_outside_ends_the_call(chat_server: Server) -> None:
    chat_server.script(Reply(GOOD, end="", hang=True))
    stopped = threading.Event()
    events = answerer(chat_server.url).stream(task(stopped))
    assert isinstance(next(events), Delta)
    stopped.set()
    draft = next(event for event in events if isinstance(event, Draft))
    assert draft.text == SHOWN


@pytest.mark.parametrize(("package", "provider"), [("langchain_openai", "openai"), ("langchain_ollama", "ollama")])
def test_a_missing_package_is_named_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch, package: str, provider: str
) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelError, match=rf'pip install "newsbot\[{provider}\]"'):
        open_model(Settings(chat_model=f"{provider}:m"))
    base._get_chat_model_creator.cache_clear()


def test_a_package_that_is_no_extra_is_named_too() -> None:
    with pytest.raises(ModelError, match="pip install langchain-mistralai"):
        open_model(Settings(chat_model="mistralai:m"))


@pytest.mark.parametrize("name", ["gpt-4o", "openai:", ":x"])
def test_a_model_without_provider_is_explained(name: str) -> None:
    with pytest.raises(ModelError, match="provider:model"):
        open_model(Settings(chat_model=name))


def test_an_unknown_provider_is_explained() -> None:
    with pytest.raises(ModelError, match="knows no chat model provider named nobody"):
        open_model(Settings(chat_model="nobody:m"))


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        open_model(Settings(chat_model="openai:m"))


def test_the_key_is_in_no_repr(chat_server: Server, provider: str) -> None:
    made = answerer(chat_server.url, provider)
    assert KEY not in repr(made.model) + str(made.model) + repr(made) + repr(vars(made))
