"""A scripted chat server for the tests of answers in prose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .chat_articles import SENTENCES
from .chat_server import KEY, Server, serving


@pytest.fixture(scope="session")
def chat_server() -> Iterator[Server]:
    with serving(SENTENCES) as server:
        yield server


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
