"""Follows the seeds folder: once a burst of changes is over, what changed is indexed.

The operating system tells of changes where it can. Besides, the folder is looked at every so often, since network
drives and container mounts tell of nothing, and neither does a folder that another one has replaced.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbot.errors import NewsbotError

if TYPE_CHECKING:
    from rich.console import Console

    from newsbot.api import Newsbot

Look = frozenset[tuple[str, int, int, int]]
SETTLE_SECONDS = 0.4
"""How long the seeds hold still before they are indexed: a file may be half copied, a burst half over."""
SETTLE_AT_MOST = 30.0
"""How long they are waited for; seeds that never hold still are indexed all the same."""
RETRY_SECONDS = 30.0
LISTENING: dict[str, Any] = {"watch_filter": None, "debounce": 200, "step": 50}
"""How changes are listened for; every one counts, since what an article is, is not for ``watchfiles`` to say."""
_LOOK_SECONDS = 1.0
_SHARED_SECONDS = 2.0
"""How often a shared store is looked at."""
_SHARE = 0.05


def look(folder: Path) -> Look:
    """Return what the files below ``folder`` look like: path, times of change and size of each."""
    seen: set[tuple[str, int, int, int]] = set()
    for root, _, names in os.walk(folder):
        for name in names:
            path = f"{root}{os.sep}{name}"
            try:
                state = os.stat(path)  # noqa: PTH116 - of 100,000 files, every so often
            except OSError:
                continue
            seen.add((path, state.st_mtime_ns, state.st_ctime_ns, state.st_size))
    return frozenset(seen)


def pause(spent: float) -> float:
    """Return how many seconds to wait until the next look, where one takes ``spent`` seconds."""
    return max(_LOOK_SECONDS, spent / _SHARE)


def watch_seeds(bot: Newsbot, seen: Look, out: Console, err: Console) -> None:
    """Index every change after ``seen``, until interrupted; what goes wrong is told once, and tried again."""
    from newsbot.terminal import show_changes

    told = ""

    def indexed() -> bool:
        nonlocal told
        try:
            changes = bot.refresh()
        except NewsbotError as error:
            if str(error) != told:
                err.print(f"newsbot: {error} It is tried again.", style="yellow")
            told = str(error)
            return False
        if changes:
            show_changes(out, err, changes)
        told = ""
        return True

    out.print(f"Watching {bot.settings.seeds_dir}; press Ctrl-C to stop.")
    follow(bot.settings.seeds_dir, seen, indexed, shared=bool(bot.settings.chroma_url))


def follow(folder: Path, seen: Look, index: Callable[[], bool], *, shared: bool = False) -> None:
    """Call ``index`` once for each burst of changes, the first after ``seen``, until interrupted.

    Where ``index`` returns False, it is called again after half a minute. With a ``shared`` store it is also called
    every few seconds, since another machine may have changed that.
    """
    next_look, next_call = 0.0, time.monotonic() + _SHARED_SECONDS
    for told in _told(folder):
        began = time.monotonic()
        if not told and began < next_look:
            continue
        fresh = look(folder)
        next_look = time.monotonic() + pause(time.monotonic() - began)
        if fresh == seen and not (shared and began >= next_call):
            continue
        next_call = began + _SHARED_SECONDS
        fresh = _settled(folder, fresh)
        if index():
            seen = fresh
        else:
            time.sleep(RETRY_SECONDS)


def _told(folder: Path) -> Iterator[bool]:
    """Yield True when a change is told, and False every second when none is."""
    from watchfiles import watch

    while True:
        try:
            place = _place(folder)
            for changes in watch(folder, **LISTENING, rust_timeout=int(1000 * _LOOK_SECONDS), yield_on_timeout=True):
                yield bool(changes)
                if _place(folder) != place:
                    break
        except (OSError, RuntimeError):  # there is no folder, or the system tells of no more folders
            time.sleep(_LOOK_SECONDS)
        yield False


def _place(folder: Path) -> tuple[int, int]:
    state = folder.stat()
    return state.st_dev, state.st_ino


def _settled(folder: Path, seen: Look) -> Look:
    over = time.monotonic() + SETTLE_AT_MOST
    while time.monotonic() < over:
        time.sleep(SETTLE_SECONDS)
        again = look(folder)
        if again == seen:
            break
        seen = again
    return seen
