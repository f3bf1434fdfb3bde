"""Calls to a chat model through LangChain: opening it, and reading its stream against a clock."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsbot.answering.writing.failures import ChatError, failure
from newsbot.errors import ModelError
from newsbot.models import Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import RunnableConfig

    from newsbot.settings import Settings

_PACKAGES = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
_NAME_THEIR_END = ("ChatOpenAI", "ChatAnthropic", "ChatOllama")


def open_model(settings: Settings) -> BaseChatModel:
    """Return the chat model of the settings; its key comes from the provider's own variable.

    Raises:
        ModelError: the provider is unknown, its package is not installed, or it lacks its key.
    """
    from langchain.chat_models import init_chat_model

    provider, _, name = settings.chat_model.partition(":")
    if not provider or not name:
        raise ModelError("NEWSBOT_CHAT_MODEL must read provider:model, for example openai:gpt-4o-mini.")
    provider = provider.strip().replace("-", "_").lower()
    try:
        model: BaseChatModel = init_chat_model(name.strip(), model_provider=provider, **_options(provider, settings))
    except ImportError:
        package = _PACKAGES.get(provider)
        line = f'pip install "newsbot[{package}]"' if package else f"pip install langchain-{provider.replace('_', '-')}"
        raise ModelError(f"The package for {provider} models is not installed; install it with: {line}") from None
    except ValueError as error:
        unknown = f"LangChain knows no chat model provider named {provider}; check NEWSBOT_CHAT_MODEL."
        raise ModelError(unknown if "Unsupported" in str(error) else _unopened(provider)) from None
    except Exception:
        raise ModelError(_unopened(provider)) from None
    return model


def _unopened(provider: str) -> str:
    variable = f"{provider.upper()}_API_KEY"
    return f"The {provider} chat model cannot be opened; set its key ({variable}) and check NEWSBOT_CHAT_MODEL."


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """Return the arguments that a provider's class takes: newsbot retries by itself, and a hung read must end."""
    options: dict[str, Any] = {"base_url": settings.chat_base_url} if settings.chat_base_url else {}
    if provider in ("openai", "anthropic"):
        options |= {"timeout": settings.chat_timeout, "max_retries": 0}
    if provider == "openai":
        options |= {"stream_usage": True, "use_responses_api": False}
    elif provider == "ollama":
        options |= {"client_kwargs": {"timeout": settings.chat_timeout}, "temperature": 0}
    return options


@dataclass(slots=True)
class Call:
    """One call: iterate it for text; afterwards it knows how the call ended.

    Attributes:
        deadline: moment on :func:`time.monotonic` after which it is given up.
        stopped: set to give it up at once (another thread may do so).
    """

    model: BaseChatModel
    messages: Sequence[BaseMessage]
    deadline: float
    config: RunnableConfig | None = None
    stopped: threading.Event | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    ending: str = ""
    declined: bool = False
    _pieces: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    _given_up: threading.Event = field(default_factory=threading.Event)
    _begun: bool = False

    def __iter__(self) -> Iterator[str]:
        """Yield pieces of text as they arrive.

        Raises:
            ChatError: the call failed; pieces already yielded stand.
        """
        self.begin()
        try:
            while True:
                piece = self._next()
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise failure(piece) from None
                text = self._note(piece)
                if text:
                    yield text
        finally:
            self._given_up.set()

    def begin(self) -> None:
        """Send the request now instead of with the first piece; the reading goes on in a thread of its own."""
        if not self._begun:
            self._begun = True
            run = contextvars.copy_context().run
            threading.Thread(target=run, args=(self._read,), name="newsbot-chat", daemon=True).start()

    def _read(self) -> None:
        try:
            stream = self.model.stream(list(self.messages), config=self.config)
            for chunk in stream:
                self._pieces.put(chunk)
                if self._given_up.is_set():
                    close = getattr(stream, "close", None)
                    if close:
                        close()
                    return
            self._pieces.put(None)
        except BaseException as error:
            self._pieces.put(error)

    def _next(self) -> Any:
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise ChatError("slow")
            if self.stopped and self.stopped.is_set():
                raise ChatError("slow")
            try:
                return self._pieces.get(timeout=min(left, 0.25))
            except queue.Empty:
                continue

    def _note(self, chunk: Any) -> str:
        usage = getattr(chunk, "usage_metadata", None) or {}
        self.input_tokens += usage.get("input_tokens", 0)
        self.output_tokens += usage.get("output_tokens", 0)
        metadata = getattr(chunk, "response_metadata", None) or {}
        reasons = [metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason")]
        self.ending = next((str(reason) for reason in reasons if reason), self.ending)
        self.declined = self.declined or bool((getattr(chunk, "additional_kwargs", None) or {}).get("refusal"))
        return str(chunk.text)

    @property
    def refused(self) -> bool:
        """Whether the model or its provider declined to answer."""
        return self.declined or self.ending in ("content_filter", "refusal", "safety", "SAFETY")

    @property
    def complete(self) -> bool:
        """Whether the output came to its own end; of a provider that names no reason, an end is an end."""
        if not self.ending:
            return type(self.model).__name__ not in _NAME_THEIR_END
        return self.ending in ("stop", "end_turn", "stop_sequence", "STOP", "tool_calls", "tool_use")

    def text(self, longest: int) -> str:
        """Return the output up to about ``longest`` characters; raises as iterating does."""
        output = ""
        for piece in self:
            output += piece
            if len(output) > longest:
                break
        return output


def messages(told: str, asked: str) -> list[BaseMessage]:
    """Return a system message and a user's message."""
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(told), HumanMessage(asked)]


def usage(settings: Settings, call: Call, spent: Usage | None = None) -> Usage:
    """Return what a call used, added to what was spent before, and its cost when the settings give a price."""
    into = call.input_tokens + (spent.input_tokens if spent else 0)
    out = call.output_tokens + (spent.output_tokens if spent else 0)
    price = settings.chat_price
    cost = (into * price[0] + out * price[1]) / 1e6 if price else None
    return Usage(settings.chat_model, into, out, cost)
