"""Checks of a shared store: its server, what serves there, and how far behind this machine is."""

from __future__ import annotations

import time
from collections.abc import Iterator

from newsbot import articles
from newsbot.doctor.telling import broken, ok, warning
from newsbot.indexing.collection import MARK
from newsbot.indexing.embedding import fingerprint
from newsbot.indexing.register import GRACE, Term, expired, serving
from newsbot.indexing.shared import SharedGenerations
from newsbot.models import Finding
from newsbot.settings import Settings

_SUBJECT = "Chroma server"
_SLOW = 0.5


def chroma_server(settings: Settings) -> Iterator[Finding]:
    """Check the server of a shared store, where one is set; what cannot be reached is told by whoever calls this."""
    if not settings.chroma_url:
        return
    shared = SharedGenerations(settings, fingerprint(settings.embedding_model))
    try:
        yield from _server(shared)
        terms = shared.register.terms()
        current = serving(terms)
        if current is None:
            text = f"It holds no index made with {settings.embedding_model} yet."
            yield warning(_SUBJECT, text, "Run `newsbot index` where the articles are.")
        else:
            yield from _generation(shared, current)
            yield from _role(settings, shared, current)
        yield from _others(shared, terms)
    finally:
        shared.server.close()


def _server(shared: SharedGenerations) -> Iterator[Finding]:
    version = shared.server.version()
    began = time.perf_counter()
    shared.register.terms()
    seconds = time.perf_counter() - began
    text = f"Chroma {version} at {shared.server.url} answers in {1000 * seconds:,.0f} ms."
    if seconds > _SLOW:
        yield warning(_SUBJECT, text, "Questions are not slower for it, but indexing is; look at the network.")
    else:
        yield ok(_SUBJECT, text)


def _generation(shared: SharedGenerations, current: Term) -> Iterator[Finding]:
    age = _ago(time.time() - current.published)
    yield ok(
        _SUBJECT,
        f"Generation {current.generation} serves there: {current.articles:,} articles in {current.passages:,} "
        f"passages, written from {current.writer} {age}.",
    )
    here = shared.current()
    if here == current.generation:
        yield ok(_SUBJECT, "This machine has it.")
    else:
        text = f"This machine has {here}, not that." if here else "This machine has nothing of it yet."
        yield warning(_SUBJECT, text, "Run `newsbot index`; a newsbot that runs fetches it by itself.")


def _role(settings: Settings, shared: SharedGenerations, current: Term) -> Iterator[Finding]:
    if not articles.present(settings.seeds_dir):
        yield ok(_SUBJECT, "This machine only reads.")
    elif current.writer == shared.writer:
        yield ok(_SUBJECT, "This machine writes it.")
    else:
        remedy = f"Empty {settings.seeds_dir} to only read, or run `newsbot index --rebuild` to write it from here."
        yield broken(_SUBJECT, "There are articles here, but the store is written from elsewhere.", remedy)


def _others(shared: SharedGenerations, terms: list[Term]) -> Iterator[Finding]:
    if terms and not terms[-1].over:
        yield ok(_SUBJECT, f"{terms[-1].holder} is writing it now, or was stopped while it did.")
    gone = expired(terms, time.time())
    unused = shared.superfluous([each for each in terms if each not in gone])
    if unused:
        text = f"It holds {len(unused):,} unused collections, or what another machine that writes has sent so far."
        yield warning(_SUBJECT, text, "The next change of the store frees them.")
    replaced = sum(bool(each.generation) for each in terms if each not in gone) - 1
    if replaced > 0:
        yield ok(
            _SUBJECT, f"It keeps {replaced:,} replaced generations for {GRACE / 60:.0f} minutes, for who reads them."
        )
    for each in shared.server.collections():
        if each.metadata.get(MARK) == "register" and each.name != shared.name:
            made = f"with {each.metadata.get('embedding')} or by another version of newsbot"
            yield ok(_SUBJECT, f"It also holds {each.name}-…, made {made}; that is left alone.")


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit} ago"
    return f"{max(0.0, seconds):,.0f} seconds ago"
