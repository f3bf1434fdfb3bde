"""Machines that share a store: one writes, others read, and none of them can spoil it for the rest."""

from __future__ import annotations

import gc
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsbot.errors import StoreAwayError, StoreError
from newsbot.indexing import index as index_module
from newsbot.indexing import mirror, server
from newsbot.indexing import register as register_module
from newsbot.indexing import replica as replica_module
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.shared import SharedGenerations

from ..chroma import Store, proxied
from .conftest import House, article

QUESTION = "Wie leidde OpenAI?"
Machine = Callable[..., House]


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica_module, "LOOK_SECONDS", 3600.0)


@pytest.fixture
def machine(store: Store, tmp_path: Path, house: House) -> Iterator[Machine]:
    """Makes houses that share one store; ``house`` sees to it that they load its embedding."""
    made: list[House] = []

    def opened(name: str, *numbers: int, **others: str) -> House:
        given = {"embedding_model": "recording", **others}
        each = House(tmp_path / name, house.embedding, store.settings(tmp_path / name, **given))
        for number in numbers:
            each.write(f"{number}.txt", article(number))
        made.append(each)
        return each

    yield opened
    for each in made:
        each.index.close()


def answers(house: House) -> list[tuple[str, str, float]]:
    return [(each.passage.id, each.passage.text, round(each.score, 5)) for each in house.hits(QUESTION)]


def generations(house: House) -> SharedGenerations:
    assert isinstance(house.index._generations, SharedGenerations)
    return house.index._generations


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_reader_answers_as_the_writer_does(machine: Machine) -> None:
    writer, reader = machine("writer", 1, 2, 3), machine("reader")
    writer.refresh()
    changes = reader.refresh()
    assert changes.added == ("1.txt", "2.txt", "3.txt")
    assert changes.generation == writer.index.generation == reader.index.generation
    assert answers(reader) == answers(writer) != []
    names = ["ngrams/postings.npy", "stems/keys.npy", "vocabulary/words.txt", "ids.npy", "vectors.npy", "rows.json"]
    for name in names:
        one, other = (each.root / "index" / changes.generation / "lexical" / name for each in (writer, reader))
        assert one.read_bytes() == other.read_bytes()


def test_a_reader_fetches_only_what_is_new(machine: Machine, store: Store) -> None:
    with proxied(store.url) as proxy:
        writer, reader = machine("writer", *range(60)), machine("reader", chroma_url=proxy.url)
        writer.refresh()
        reader.refresh()
        first = reader.folders
        writer.write("new.txt", article(100))
        writer.refresh()
        proxy.seen.clear()
        assert reader.refresh().added == ("new.txt",)
        assert set(first) < set(reader.folders) == set(writer.folders)
        assert sum(each.endswith("/get") for each in proxy.seen) == 5  # three looks at the register, manifest, segment
        assert answers(reader) == answers(writer)


def test_a_reader_that_was_never_refreshed_fetches_when_it_is_asked(machine: Machine) -> None:
    writer, reader = machine("writer", 1), machine("reader")
    writer.refresh()
    assert answers(reader) == answers(writer)


def test_what_is_there_already_costs_one_request(machine: Machine, store: Store) -> None:
    with proxied(store.url) as proxy:
        writer = machine("writer", 1, chroma_url=proxy.url)
        writer.refresh()
        proxy.seen.clear()
        assert not generations(writer).follow()
        assert len(proxy.seen) == 1


def test_a_new_generation_is_noticed_while_it_answers(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica_module, "LOOK_SECONDS", 0.05)
    writer, reader = machine("writer", 1), machine("reader")
    writer.refresh()
    deadline = time.monotonic() + 20
    while not reader.index.generation and time.monotonic() < deadline:  # also before it was ever asked
        time.sleep(0.02)
    before = answers(reader)
    writer.write("2.txt", article(2))
    writer.refresh()
    deadline = time.monotonic() + 20
    while reader.index.generation != writer.index.generation and time.monotonic() < deadline:
        time.sleep(0.02)
    assert answers(reader) == answers(writer) != before


def test_a_warm_question_asks_nothing_of_the_server_and_is_answered_without_it(machine: Machine, store: Store) -> None:
    with proxied(store.url) as proxy:
        machine("writer", 1, 2).refresh()
        reader = machine("reader", chroma_url=proxy.url)
        before = answers(reader)
        proxy.seen.clear()
        for _ in range(20):
            assert answers(reader) == before
        assert proxy.seen == []
        proxy.status = 503
        with pytest.raises(StoreAwayError, match="overloaded"):
            reader.refresh()
        asked = len(proxy.seen)
        began = time.monotonic()
        with pytest.raises(StoreAwayError):  # from memory: the server is left alone for a while
            reader.refresh()
        assert (len(proxy.seen), time.monotonic() - began < 0.2) == (asked, True)
        assert answers(reader) == before


def test_without_a_server_and_without_a_copy_there_is_one_sentence(machine: Machine, store: Store) -> None:
    machine("writer", 1).refresh()
    with proxied(store.url, status=503) as proxy:
        reader = machine("reader", chroma_url=proxy.url)
        with pytest.raises(StoreAwayError, match="try again in a minute"):
            answers(reader)


def test_a_damaged_copy_is_fetched_anew(machine: Machine) -> None:
    writer, reader = machine("writer", 1, 2), machine("reader")
    writer.refresh()
    before = answers(reader)
    for each in (reader.root / "index").rglob("postings.npy"):
        each.write_bytes(each.read_bytes()[:-1] + b"!")
    reader.reopened().repair(reader.seeds, reader.index.generation)
    assert answers(reader) == before
    (reader.root / "index" / reader.index.generation / "lexical" / "ids.npy").unlink()
    reader.reopened()
    assert not reader.refresh().removed
    assert answers(reader) == before


# --- what the store is protected from ---------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [False, True], ids=["empty", "missing"])
def test_a_machine_without_articles_changes_nothing(machine: Machine, store: Store, missing: bool) -> None:
    writer, reader = machine("writer", 1), machine("reader")
    writer.refresh()
    before = store.names()
    if missing:
        reader.seeds.rmdir()
    assert reader.refresh().added == ("1.txt",)
    with pytest.raises(StoreError, match="There are no articles here to rebuild the store from"):
        reader.refresh(rebuild=True)
    assert store.names() == before
    assert generations(writer).register.terms() == generations(reader).register.terms()


def test_seeds_that_vanish_do_not_empty_the_store(machine: Machine) -> None:
    writer = machine("writer", 1, 2)
    writer.refresh()
    before = answers(writer)
    shutil.rmtree(writer.seeds)
    assert not writer.refresh()
    assert answers(writer) == before


def test_articles_elsewhere_do_not_replace_it_until_told_to(machine: Machine) -> None:
    writer, other = machine("writer", 1, 2), machine("other", 3)
    writer.refresh()
    with pytest.raises(StoreError, match=r"is written from .*writer/seeds, not from here"):
        other.refresh()
    assert answers(other) == answers(writer)
    assert other.refresh(rebuild=True).added == ("3.txt",)
    assert writer.index.generation != other.index.generation
    generations(writer).follow()
    assert answers(writer) == answers(other)


def test_the_same_articles_elsewhere_need_no_writing(machine: Machine) -> None:
    machine("writer", 1, 2).refresh()
    changes = machine("twin", 1, 2).refresh()
    assert (changes.unchanged, bool(changes)) == (2, False)


def test_an_empty_store_is_told_to_who_only_reads(machine: Machine) -> None:
    with pytest.raises(StoreError, match="holds no index made with recording yet; run `newsbot index`"):
        machine("reader").refresh()


def test_another_model_has_a_store_of_its_own(machine: Machine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = machine("writer", 1)
    writer.refresh()
    before, names = answers(writer), store.names()
    monkeypatch.setattr(index_module, "fingerprint", lambda name: name + " of another kind")
    machine("other", 2).refresh()
    assert set(names) < set(store.names())
    assert generations(writer).follow() is None
    assert answers(writer) == before


def test_collections_of_others_stay(machine: Machine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_module, "GRACE", -1.0)
    writer = machine("writer", 1)
    writer.refresh()
    prefix = next(each for each in store.names() if each.endswith("-manifest")).partition("-0")[0]
    foreign = ["other", "newsbot", f"{prefix}-000001-ffffff", f"{prefix}-notes"]
    for each in foreign:
        store.make(each)
    for number in (2, 3):
        writer.write(f"{number}.txt", article(number))
        writer.refresh()
    assert all(store.change(each, "get", {})["documents"] == ["Not newsbot's."] for each in foreign)


def test_a_changed_record_is_refused_and_the_copy_goes_on(machine: Machine, store: Store) -> None:
    writer, reader, late = machine("writer", 1), machine("reader"), machine("late")
    writer.refresh()
    before = answers(reader)
    writer.write("2.txt", article(2))
    writer.refresh()
    name = next(each for each in store.names() if each.endswith(writer.index.generation))
    store.change(name, "update", {"ids": ["00000000"], "documents": ["Iets anders."]})
    for each in (reader, late):
        with pytest.raises(StoreError, match="is not what was put there; run `newsbot index --rebuild`"):
            each.refresh()
    assert answers(reader) == before
    writer.refresh(rebuild=True)
    reader.refresh()
    assert answers(reader) == answers(writer)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_an_index_that_is_older_than_the_store_is_sent_as_it_is(machine: Machine, full_house: House) -> None:
    full_house.index.close()
    writer, reader = machine("writer"), machine("reader")
    for name in ("seeds", "index"):
        shutil.rmtree(writer.root / name, ignore_errors=True)
        shutil.copytree(full_house.root / name, writer.root / name, symlinks=True)
    full_house.embedding.texts.clear()
    assert not writer.refresh()
    assert full_house.embedding.texts == []
    assert reader.refresh().generation == writer.index.generation


def test_what_was_sent_is_not_sent_again(machine: Machine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_PATIENCE", 0.0)
    monkeypatch.setattr(mirror, "_BATCH", 10)
    with proxied(store.url, most=3) as proxy:
        writer = machine("writer", *range(60), chroma_url=proxy.url)
        with pytest.raises(StoreAwayError):
            writer.refresh()
        assert writer.index.generation == ""
        sent, proxy.most = sum(each.endswith("/add") for each in proxy.seen), None
        proxy.seen.clear()
        writer.embedding.texts.clear()
        passages = writer.reopened().refresh(writer.seeds).passages
        assert writer.embedding.texts == []
        assert sent + sum(each.endswith("/add") for each in proxy.seen) < passages / 10 + 8
    reader = machine("reader")
    reader.refresh()
    assert answers(reader) == answers(writer)


def test_replaced_generations_go_after_the_grace(
    machine: Machine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = machine("writer", 1)
    writer.refresh()
    first = writer.index.generation
    for number in (2, 3):
        writer.write(f"{number}.txt", article(number))
        writer.refresh()
    assert any(first in each for each in store.names())
    monkeypatch.setattr(register_module, "GRACE", -1.0)
    writer.write("4.txt", article(4))
    writer.refresh()
    writer.write("5.txt", article(5))
    writer.refresh()
    manifest = Manifest.read(writer.root / "index" / writer.index.generation)
    prefix = min(store.names())
    wanted = {
        prefix,
        f"{prefix}-{writer.index.generation}-manifest",
        *(f"{prefix}-{each}" for each in manifest.segments),
    }
    assert set(store.names()) == wanted
    assert len(generations(writer).register.terms()) == 1


def test_a_writer_that_was_overtaken_leaves_what_serves(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_module, "EXPIRY", 0.0)
    monkeypatch.setattr(register_module, "BEAT", 60.0)
    writer, twin = machine("writer", 1), machine("twin", 1)
    writer.refresh()
    twin.refresh()
    writer.write("2.txt", article(2))
    twin.write("3.txt", article(3))
    with generations(writer).writing(0):
        twin_changes = twin.refresh(rebuild=True)
        built = generations(writer).create()
        Manifest("recording", "recording", 0).write(writer.root / "index" / built)
        with pytest.raises(StoreError, match="took over writing"):
            generations(writer).publish(built)
    assert generations(twin).register.current().generation == twin_changes.generation  # type: ignore[union-attr]


def test_who_is_not_used_any_more_stops_looking(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica_module, "LOOK_SECONDS", 0.02)
    before = threading.active_count()
    closed, forgotten = machine("closed"), machine("forgotten")
    assert threading.active_count() == before + 2
    closed.index.close()
    forgotten.index = closed.index
    gc.collect()
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() == before
