"""Who may write, who still reads, and what may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.errors import StoreBusyError, StoreDamagedError, StoreError
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest, SeedRecord, SkippedRecord


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def made(generations: Generations, **fields: object) -> str:
    name = generations.create()
    Manifest("builtin", "builtin:1", 5, **fields).write(generations.folder(name))
    return name


def test_there_is_nothing_at_first(generations: Generations) -> None:
    assert generations.current() == generations.unfinished() == ""
    assert generations.unused() == []
    with generations.writing(0):
        generations.sweep()


def test_names_ascend_and_the_published_one_serves(generations: Generations) -> None:
    first, second = made(generations), made(generations)
    assert first < second
    generations.publish(first)
    assert generations.current() == first
    assert generations.unfinished() == second
    generations.publish(second)
    assert generations.current() == second
    assert generations.unfinished() == ""


def test_one_writer_at_a_time(generations: Generations) -> None:
    with (
        generations.writing(0),
        pytest.raises(StoreBusyError, match="Another newsbot is writing"),
        generations.writing(0.1),
    ):
        pass
    with generations.writing(0):
        pass


def test_what_is_read_stays(generations: Generations) -> None:
    old, new = made(generations), made(generations)
    generations.publish(new)
    lease = generations.lease(old)
    assert lease is not None
    generations.sweep()
    assert generations.folder(old).is_dir()
    lease.close()
    assert [each.name for each in generations.unused()] == [old]
    generations.sweep()
    assert not generations.folder(old).exists()
    assert generations.lease(old) is None


def test_segments_of_what_serves_and_of_what_is_kept_stay(generations: Generations) -> None:
    first, second, third = made(generations), made(generations), made(generations)
    top = made(generations, segments={first: 1})
    generations.publish(top)
    generations.sweep(keep=Manifest("builtin", "builtin:1", 5, segments={second: 2}))
    assert [generations.folder(each).exists() for each in (first, second, third, top)] == [True, True, False, True]


def test_rests_of_killed_writers_are_swept(generations: Generations) -> None:
    name = made(generations)
    generations.publish(name)
    (generations.root / "CURRENT.000009-aaaaaa").write_text("half", encoding="utf-8")
    (generations.root / "gone-000001-aaaaaa" / "chroma").mkdir(parents=True)
    (generations.root / "000007-bbbbbb").mkdir()
    (generations.root / "stamps.4711").write_text("{", encoding="utf-8")
    (generations.root / "mine").mkdir()
    generations.sweep()
    assert sorted(each.name for each in generations.root.iterdir()) == sorted([name, "CURRENT", "mine"])


@pytest.mark.parametrize("text", ["", "..", "a/b", "../000001-aaaaaa", "000001-AAAAAA", "x" * 500])
def test_current_is_a_generation_or_nothing(generations: Generations, text: str) -> None:
    generations.root.mkdir()
    (generations.root / "CURRENT").write_text(text, encoding="utf-8")
    assert generations.current() == ""


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    manifest = Manifest(
        "builtin",
        "builtin:1",
        7,
        segments={"000001-aaaaaa": 12},
        seeds={'é “quoted”, "checksum": 1}.txt': SeedRecord("ab", 1, 2, 3, "000001-aaaaaa", 4, "Tïtel", "nl")},
        skipped={"b.txt": SkippedRecord("It is empty.", 0, 1, 2)},
    )
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest


def test_no_changed_letter_of_a_manifest_is_believed(tmp_path: Path) -> None:
    seeds = {"a.txt": SeedRecord("ab", 1, 2, 3, "000001-aaaaaa", 4, "Titel", "nl")}
    Manifest("builtin", "builtin:1", 7, seeds=seeds).write(tmp_path)
    path = tmp_path / "manifest.json"
    good = path.read_bytes()
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(StoreError):
            Manifest.read(tmp_path)
    for end in range(0, len(good), 7):
        path.write_bytes(good[:end])
        with pytest.raises(StoreDamagedError):
            Manifest.read(tmp_path)
