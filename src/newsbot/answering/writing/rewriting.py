"""Questions made fit for searching: understood without the conversation, and in the languages of the articles."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsbot.answering import prompts
from newsbot.answering.writing.calls import Call, messages, usage
from newsbot.answering.writing.failures import ChatError
from newsbot.models import Turn, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import RunnableConfig

    from newsbot.settings import Settings

_LONGEST_WAIT = 15.0
_LONGEST_OUTPUT = 4000
_LONGEST_QUERY = 300
_STANDS_ALONE = 5
_LEANS = re.compile(
    r"^\W*(?:en|maar|and|but|or|of|so|dus)\b|\b(?:hij|hem|zij|ze|haar|hun|hen|dit|dat|die|deze|daar|er|daarvoor|daarna|"
    r"daarover|waarom|ander\w*|he|him|his|she|her|they|them|their|this|that|these|those|it|its|there|then|others?|ones?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Search queries for a question, the plain question itself not among them, and what making them used."""

    queries: tuple[str, ...] = ()
    usage: Usage | None = None


def wanted(question: str, history: Sequence[Turn], language: str, article_languages: Iterable[str]) -> list[str]:
    """Return the languages in which a query is needed: the question's own only when it leans on the conversation."""
    own = [language] if history and leans(question) else []
    return own + sorted({code for code in article_languages if code} - {language})


def leans(question: str) -> bool:
    """Whether a question may need the conversation to be understood; in doubt, it does."""
    return len(question.split()) < _STANDS_ALONE or bool(_LEANS.search(question))


def rewrite(  # noqa: PLR0913 -- the parts of one call
    model: BaseChatModel,
    settings: Settings,
    question: str,
    history: Sequence[Turn],
    languages: Sequence[str],
    *,
    config: RunnableConfig | None = None,
) -> Rewriting:
    """Ask the model for the question in each of ``languages``, in one call; a failed call gives no queries."""
    fence = f"{secrets.randbelow(10**9):09d}"
    lines = "\n".join(f"{code}: <the question in {prompts.language_name(code)}>" for code in languages)
    conversation = prompts.conversation(history, fence)
    asked = prompts.REWRITE_INPUT.format(fence=fence, conversation=conversation, question=prompts.harmless(question))
    limit = time.monotonic() + min(_LONGEST_WAIT, settings.chat_timeout / 2)
    call = Call(model, messages(prompts.REWRITE.format(fence=fence, lines=lines), asked), limit, config)
    try:
        output = call.text(_LONGEST_OUTPUT)
    except ChatError:
        return Rewriting(usage=usage(settings, call))
    return Rewriting(_queries(output, languages, question), usage(settings, call))


def _queries(output: str, languages: Sequence[str], question: str) -> tuple[str, ...]:
    """Return the well-formed lines of a rewriting, one for each language at most."""
    found: dict[str, str] = {}
    for line in output.splitlines():
        match = re.match(r"\W*([a-z]{2})\W*:\s*(.+)", line)
        if match and match[1] in languages and match[1] not in found:
            text = prompts.harmless(match[2]).strip("\"'“”*‹› ")
            if 0 < len(text) <= _LONGEST_QUERY and text.casefold() != question.strip().casefold():
                found[match[1]] = text
    return tuple(dict.fromkeys(found.values()))
