"""Following a folder: every change is noticed, however it was made, and a burst is one change."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from newsbot import watching
from newsbot.watching import Look, follow, look, pause


class OverError(Exception):
    """Ends the following."""


class Follower:
    """Follows a folder in a thread, and notes when it would have been indexed."""

    def __init__(self, folder: Path, outcomes: tuple[bool, ...] = ()) -> None:
        self._folder, self._outcomes, self._over = folder, list(outcomes), False
        self.times: list[float] = []
        self.looks: list[Look] = []
        self._thread = threading.Thread(target=self._run, args=(look(folder),))
        self._thread.start()
        time.sleep(0.3)

    def _run(self, seen: Look) -> None:
        with suppress(OverError):
            follow(self._folder, seen, self._index)

    def _index(self) -> bool:
        if self._over:
            raise OverError
        self.times.append(time.monotonic())
        self.looks.append(look(self._folder))
        return self._outcomes.pop(0) if self._outcomes else True

    def until(self, count: int, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while len(self.times) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.times) == count

    def stop(self) -> None:
        self._over = True
        self._folder.mkdir(exist_ok=True)
        (self._folder / "last").write_text("", encoding="utf-8")
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LOOK_SECONDS", 0.2)
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seeds"
    made.mkdir()
    (made / "a.txt").write_text("a", encoding="utf-8")
    return made


@pytest.fixture
def followed(folder: Path) -> Iterator[Callable[..., Follower]]:
    started: list[Follower] = []

    def start(*outcomes: bool) -> Follower:
        started.append(Follower(folder, outcomes))
        return started[0]

    yield start
    for each in started:
        each.stop()


def test_a_burst_is_indexed_once_and_soon(folder: Path, followed: Callable[..., Follower]) -> None:
    follower = followed()
    for number in range(1000):
        (folder / f"{number % 50}.txt").write_text(str(number), encoding="utf-8")
        if number % 100 == 0:
            time.sleep(0.1)
    last = time.monotonic()
    follower.until(1)
    assert follower.looks[-1] == look(folder)
    assert follower.times[-1] - last < (2 if os.getloadavg()[0] < 4 else 10)
    time.sleep(1)
    assert len(follower.times) == 1


def test_an_edit_that_keeps_size_and_time_is_seen(folder: Path, followed: Callable[..., Follower]) -> None:
    follower, before = followed(), (folder / "a.txt").stat()
    (folder / "a.txt").write_text("b", encoding="utf-8")
    os.utime(folder / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    follower.until(1)


def test_a_folder_that_another_replaces_is_followed(folder: Path, followed: Callable[..., Follower]) -> None:
    follower = followed()
    for number in (1, 2):
        fresh = folder.with_name("fresh")
        fresh.mkdir()
        (fresh / f"{number}.txt").write_text("b", encoding="utf-8")
        folder.rename(folder.with_name(f"old{number}"))
        fresh.rename(folder)
        follower.until(number)
    (folder / "c.txt").write_text("c", encoding="utf-8")
    follower.until(3)


def test_a_folder_that_comes_and_goes_is_followed(folder: Path, followed: Callable[..., Follower]) -> None:
    away = folder.with_name("away")
    folder.rename(away)
    follower = followed()
    away.rename(folder)
    follower.until(1)
    folder.rename(away)
    follower.until(2)


def test_what_failed_is_tried_again(folder: Path, followed: Callable[..., Follower]) -> None:
    follower = followed(False, False, True)
    (folder / "b.txt").write_text("b", encoding="utf-8")
    follower.until(3, 20)
    time.sleep(0.8)
    assert len(follower.times) == 3


def test_looks_take_a_small_share_of_the_time() -> None:
    assert pause(0.0) < 1
    assert pause(0.5) == 10
