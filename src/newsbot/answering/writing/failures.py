"""What can go wrong with a chat model, and how to say so.

What a provider's error says is never passed on: messages of that kind repeat keys, addresses and prompts. A failure
carries a kind, the kind a sentence for the reader, and the log the kind, the error's class and the HTTP status.
"""

from __future__ import annotations

import logging
from typing import Literal

from newsbot.errors import ModelError
from newsbot.models import Usage

log = logging.getLogger("newsbot.model")

Kind = Literal["slow", "unreachable", "key", "missing", "busy", "server", "refused", "broken", "empty", "rejected"]

_NOTICES: dict[str, dict[Kind, str]] = {
    "nl": {
        "slow": "deed er te lang over",
        "unreachable": "is onbereikbaar",
        "key": "weigert de sleutel",
        "missing": "bestaat niet bij de aanbieder",
        "busy": "heeft het te druk",
        "server": "heeft een storing",
        "refused": "wilde niet antwoorden",
        "broken": "brak het antwoord af",
        "empty": "gaf geen bruikbaar antwoord",
        "rejected": "nam de vraag niet aan",
    },
    "en": {
        "slow": "took too long",
        "unreachable": "cannot be reached",
        "key": "refuses its key",
        "missing": "does not exist at its provider",
        "busy": "is too busy",
        "server": "is out of order",
        "refused": "declined to answer",
        "broken": "broke off its answer",
        "empty": "gave no usable answer",
        "rejected": "did not accept the question",
    },
}
_AGAIN: frozenset[Kind] = frozenset({"unreachable", "busy", "server", "broken", "empty"})


class ChatError(ModelError):
    """The chat model gave no answer; :meth:`notice` says so to the reader.

    Attributes:
        kind: what went wrong.
        wait: seconds after which the provider wants to be asked again, or None.
    """

    def __init__(self, kind: Kind, wait: float | None = None) -> None:
        super().__init__(f"The chat model {_NOTICES['en'][kind]}.")
        self.kind: Kind = kind
        self.wait = wait
        self.usage: Usage | None = None

    @property
    def passing(self) -> bool:
        """Whether asking again makes sense."""
        return self.kind in _AGAIN

    def notice(self, language: str) -> str:
        """Return the line for an answer that had to do without the model."""
        if language == "nl":
            return f"Het taalmodel {_NOTICES['nl'][self.kind]}; dit antwoord kwam zonder taalmodel tot stand."
        return f"The chat model {_NOTICES['en'][self.kind]}; this answer was made without it."


def broken_off(language: str) -> str:
    """Return the line for an answer that the model did not finish."""
    if language == "nl":
        return "Het taalmodel brak het antwoord af; wat hier staat is gecontroleerd."
    return "The chat model broke off its answer; what stands here was checked."


def withheld(language: str) -> str:
    """Return the line for an answer of which nothing passed."""
    if language == "nl":
        return "Wat het taalmodel schreef, staat niet zo in de artikelen en wordt niet getoond."
    return "What the chat model wrote does not stand in the articles and is not shown."


def failure(error: BaseException) -> ChatError:
    """Return what an error from a provider's client means; its text is not kept."""
    if isinstance(error, ChatError):
        return error
    status = _status(error)
    kind = _kind(error, status)
    log.warning("the chat model failed: %s (%s%s)", kind, type(error).__name__, f", HTTP {status}" if status else "")
    return ChatError(kind, _retry_after(error))


def _status(error: BaseException) -> int:
    for source in (error, getattr(error, "response", None)):
        status = getattr(source, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
    return 0


def _kind(error: BaseException, status: int) -> Kind:
    if status:
        by_status: dict[int, Kind] = {401: "key", 403: "key", 404: "missing", 408: "slow", 429: "busy", 529: "busy"}
        return by_status.get(status, "server" if status >= 500 else "broken" if status < 400 else "rejected")
    names = {each.__name__ for each in type(error).__mro__}
    cause = error.__cause__ or error.__context__
    if any("Timeout" in name for name in names) or isinstance(error, TimeoutError):
        return "unreachable" if "ConnectTimeout" in names else "slow"
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead", "JSONDecodeError"}:
        return "broken"
    if names & {"ConnectionError", "ConnectError", "APIConnectionError", "OSError"}:
        return _kind(cause, 0) if cause and names & {"APIConnectionError"} else "unreachable"
    if "No generations" in str(error):
        return "empty"
    return "broken"


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    try:
        return max(float(headers["retry-after"]), 0.0) if headers and "retry-after" in headers else None
    except (TypeError, ValueError):
        return None
