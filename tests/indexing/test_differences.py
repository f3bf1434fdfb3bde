"""Which seeds are read again, and which are believed unread."""

from __future__ import annotations

import os
import time

import pytest

from newsbot import articles
from newsbot.errors import SeedError
from newsbot.indexing import differences
from newsbot.indexing.differences import difference

from .conftest import House, article


def looked(house: House) -> differences.Difference:
    manifest = house.index._usable(house.index.generation)
    assert manifest is not None
    return difference(house.seeds, manifest, house.root / "index" / "stamps.json")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the seeds whose bytes are read."""
    sources: list[str] = []
    real = articles._bytes

    def reading(seed: articles.SeedFile) -> bytes:
        sources.append(seed.source)
        return real(seed)

    monkeypatch.setattr(articles, "_bytes", reading)
    return sources


def at(house: House, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the clock say that the last seed was changed so many seconds before."""
    last = max(each.stat().st_ctime_ns for each in house.seeds.iterdir())
    monkeypatch.setattr(differences.time, "time_ns", lambda: last + int(seconds * 1e9))


def test_a_seed_changed_a_moment_before_is_read_once_more(
    full_house: House, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(full_house, monkeypatch, 0.1)
    full_house.refresh(rebuild=True)
    read.clear()
    assert not looked(full_house)
    assert len(read) == 6
    at(full_house, monkeypatch, 10)
    looked(full_house)
    assert len(read) == 12
    looked(full_house)
    assert len(read) == 12


def test_a_seed_that_was_touched_is_read_once(
    full_house: House, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(full_house, monkeypatch, 10)
    looked(full_house)
    os.utime(full_house.seeds / "1.txt")
    at(full_house, monkeypatch, 20)
    read.clear()
    assert not looked(full_house)
    assert not looked(full_house)
    assert read == ["1.txt"]


def test_a_damaged_cache_is_no_harm(full_house: House) -> None:
    for wrong in (b"", b"\xff\xff", b"[1, 2]", b'{"1.txt": 3}', b"[" * 100_000):
        (full_house.root / "index" / "stamps.json").write_bytes(wrong)
        assert not looked(full_house)
    full_house.write("1.txt", article(99))
    assert [each.source for each in looked(full_house).fresh] == ["1.txt"]


def test_a_clock_that_jumps_back_hides_no_change(full_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    at(full_house, monkeypatch, -86_400)
    assert not looked(full_house)
    full_house.write("1.txt", article(1).replace("miljoen", "biljoen"))
    assert [each.source for each in looked(full_house).fresh] == ["1.txt"]


def test_an_article_that_cannot_be_opened_is_tried_every_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write("a.txt", article(1))
    real = articles._bytes

    def refused(seed: articles.SeedFile) -> bytes:
        raise SeedError("It cannot be read: permission denied.") from PermissionError()

    with monkeypatch.context() as patch:
        patch.setattr(articles, "_bytes", refused)
        assert [each.reason for each in house.refresh().skipped] == ["It cannot be read: permission denied."]
        at(house, monkeypatch, 10)
        assert not looked(house)
    assert articles._bytes is real
    assert [each.source for each in looked(house).fresh] == ["a.txt"]


def test_two_thousand_seeds_without_a_change_take_little_time(house: House) -> None:
    for number in range(2000):
        house.write(f"{number // 100}/{number}.txt", f"Bericht {number}\n\nWang leidde de krant in {number}.\n")
    house.refresh()
    for _ in range(2):  # the first look reads every seed, since all were written a moment before
        started = time.process_time()
        assert house.refresh().unchanged == 2000
        assert time.process_time() - started < 1.5


@pytest.mark.parametrize("years", [-30, 30])
def test_seeds_of_another_time_are_not_read_again_and_again(
    full_house: House, read: list[str], monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    for each in full_house.seeds.iterdir():
        moment = each.stat().st_mtime_ns + years * 31_556_952_000_000_000
        os.utime(each, ns=(moment, moment))
    at(full_house, monkeypatch, 10)
    full_house.refresh(rebuild=True)
    read.clear()
    assert not looked(full_house)
    assert read == []
    full_house.write("1.txt", article(1).replace("miljoen", "biljoen"))
    assert [each.source for each in looked(full_house).fresh] == ["1.txt"]
