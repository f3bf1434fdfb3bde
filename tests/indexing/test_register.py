"""Who writes a shared store, and which generation serves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from newsbot.errors import StoreBusyError, StoreError
from newsbot.indexing import register as register_module
from newsbot.indexing.register import GRACE, Register, Term, expired, serving
from newsbot.indexing.server import Address, ChromaServer

from ..chroma import Store

NAME = "newsbot-test"


@pytest.fixture
def server(store: Store) -> Iterator[ChromaServer]:
    made = ChromaServer(Address(store.url, database=store.database))
    yield made
    made.close()


@pytest.fixture
def register(server: ChromaServer) -> Register:
    return Register(server, NAME, "builtin")


def publish(register: Register, generation: str) -> None:
    with register.writing("h", "w", 0) as tenure:
        tenure.publish(generation=generation, checksum=1, segments=generation, articles=2, passages=3)


def test_nothing_serves_at_first_and_looking_writes_nothing(register: Register, store: Store) -> None:
    assert register.terms() == []
    assert register.current() is None
    assert store.names() == []


def test_what_was_published_last_serves(register: Register) -> None:
    publish(register, "000001-a")
    publish(register, "000002-b")
    current = register.current()
    assert current is not None
    assert (current.generation, current.number, current.articles, current.passages) == ("000002-b", 2, 2, 3)
    assert abs(current.published - time.time()) < 60
    assert [each.over for each in register.terms()] == [True, True]


def test_of_many_who_want_to_write_one_does(server: ChromaServer) -> None:
    start = threading.Barrier(8)

    def attempt(number: int) -> bool:
        mine = Register(server, NAME, "builtin")
        start.wait()
        try:
            held.enter_context(mine.writing(f"h{number}", "w", 0))
        except StoreBusyError:
            return False
        return True

    with ExitStack() as held, ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_a_writer_is_waited_for(register: Register, server: ChromaServer) -> None:
    other = Register(server, NAME, "builtin")
    with ExitStack() as held, ThreadPoolExecutor(1) as pool:
        held.enter_context(register.writing("h1", "w", 0))

        def wait() -> int:
            with other.writing("h2", "w", 20) as tenure:
                return tenure.number

        waiting = pool.submit(wait)
        time.sleep(0.3)
        assert not waiting.done()
        held.close()
        assert waiting.result() == 2


def test_a_dead_writer_is_followed_and_changes_nothing_when_it_wakes(
    register: Register, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(register, "000001-a")
    monkeypatch.setattr(register_module, "BEAT", 60)
    monkeypatch.setattr(register_module, "EXPIRY", 0.5)
    with (
        register.writing("h1", "w", 0) as asleep,
        Register(server, NAME, "builtin").writing("h2", "w", 5) as awake,
    ):
        assert awake.number == asleep.number + 1
        with pytest.raises(StoreBusyError, match="took over"):
            asleep.publish(generation="000002-late")
        awake.publish(generation="000002-b")
    assert (current := register.current()) is not None
    assert current.generation == "000002-b"


def test_a_writer_that_beats_is_not_taken_for_dead(
    register: Register, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_module, "BEAT", 0.1)
    monkeypatch.setattr(register_module, "EXPIRY", 0.6)
    with (
        register.writing("h1", "w", 0),
        pytest.raises(StoreBusyError, match="Another newsbot is writing the shared store"),
        Register(server, NAME, "builtin").writing("h2", "w", 1),
    ):
        pass


def test_who_was_killed_goes_on_at_once(register: Register, server: ChromaServer) -> None:
    killed = register._taken("h1", "w", 0)
    with Register(server, NAME, "builtin").writing("h1", "w", 0) as tenure:
        assert tenure.number == killed.number + 1


def test_somebody_elses_collection_is_left_alone(register: Register, store: Store) -> None:
    store.make(NAME)
    with pytest.raises(StoreError, match=f"a collection {NAME} that is not newsbot's"):
        register.terms()
    with pytest.raises(StoreError, match="not newsbot's"):
        publish(register, "000001-a")
    assert store.change(NAME, "get", {})["documents"] == ["Not newsbot's."]


def test_records_that_are_no_terms_are_refused(register: Register, store: Store) -> None:
    publish(register, "000001-a")
    store.change(NAME, "add", {"ids": ["x"], "embeddings": [[0.0]]})
    with pytest.raises(StoreError, match="not newsbot's"):
        register.terms()


def test_a_register_that_was_made_anew_is_found_again(register: Register, server: ChromaServer) -> None:
    publish(register, "000001-a")
    server.remove(NAME)
    assert register.current() is None
    publish(register, "000001-b")
    assert (current := register.current()) is not None
    assert current.generation == "000001-b"


def term(number: int, generation: str = "", published: float = 0.0) -> Term:
    return Term(number, "h", "w", "k", generation=generation, published=published)


def test_a_replaced_generation_goes_after_a_while() -> None:
    terms = [term(1, "a", 100), term(2), term(3, "b", 200), term(4, "c", 500), term(5)]
    assert serving(terms) == terms[3]
    assert expired(terms, 200 + GRACE) == [terms[1]]
    assert expired(terms, 201 + GRACE) == [terms[0], terms[1]]
    assert expired(terms, 501 + GRACE) == terms[:3]
    assert expired(terms, 0) == [terms[1]]  # a clock that was set back
    assert expired([term(1)], 1e9) == expired([], 0) == []
