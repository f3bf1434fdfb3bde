"""What goes wrong around a bot: edits and bursts of them, writers that are killed, damage, full disks, odd clocks."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import corpora

from newsbot import Settings

_EDITIONS = 30


class Archive:
    """Articles that change, with their last editions: what an answer may quote."""

    def __init__(self, folder: Path, passages: int, vocabularies: Sequence[corpora.Vocabulary]) -> None:
        self.folder, self._passages, self._vocabularies = folder, passages, vocabularies
        self.questions = [each.text for each in corpora.write(folder, passages, vocabularies, 200)]
        self.sources = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*.txt"))
        self._editions: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=_EDITIONS))
        for each in self.sources:
            self._editions[each].append((folder / each).read_text(encoding="utf-8"))
        self._edits = 0

    def holds(self, source: str, quote: str) -> bool:
        """Whether an edition of an article holds a text."""
        return any(quote in each for each in list(self._editions[source]))

    def edit(self, rng: random.Random) -> Path:
        """Write an article anew, in two goes."""
        self._edits += 1
        number = rng.randrange(len(self._vocabularies))
        made = corpora.article(10_000_000 + self._edits, self._passages, self._vocabularies[number])
        text = "\n\n".join(" ".join(each) for each in made) + "\n"
        source = rng.choice(self.sources)
        path = self.folder / source
        self._editions[source].extend([text, text[: len(text) // 2]])
        with path.open("w", encoding="utf-8") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            time.sleep(rng.random() / 20)
            file.write(text[len(text) // 2 :])
        return path


class Troubles:
    """Makes trouble, one after another, and counts it by kind."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self.archive, self.settings, self.over = archive, settings, threading.Event()
        self.calm = threading.Lock()
        self.counts, self.said = Counter[str](), Counter[str]()
        self.log = (settings.index_dir.parent / "watcher.log").open("a+", encoding="utf-8")
        self.watcher = self.start("--watch")
        self._rng = random.Random(2)

    def run(self) -> None:
        """Make trouble every other second until it is over; ``calm`` stops it for a while."""
        kinds: dict[Callable[[], object], int] = {
            self._edit: 20, self._burst: 1, self._remove: 3, self._odd_clock: 3, self._kill_writer: 4,
            self._two_writers: 2, self._full_disk: 2, self._kill_watcher: 1, self._damage: 1,
        }  # fmt: skip
        while not self.over.wait(2 * self._rng.random()):
            with self.calm:
                kind = self._rng.choices(list(kinds), weights=list(kinds.values()))[0]
                kind()
                self.counts[kind.__name__.strip("_").replace("_", " ")] += 1

    def start(self, *arguments: str, most: int = 0) -> subprocess.Popen[str]:
        """Start ``newsbot index``, which may write files of ``most`` bytes."""
        environment = os.environ | {
            "NEWSBOT_SEEDS_DIR": str(self.settings.seeds_dir),
            "NEWSBOT_INDEX_DIR": str(self.settings.index_dir),
        }
        words = self.log if "--watch" in arguments else subprocess.PIPE
        command = [sys.executable, "-m", "newsbot", "index", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=words, text=True)
        if most:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        return process

    def end(self, process: subprocess.Popen[str]) -> None:
        """Wait for an indexing process, and note what it said where it failed or was not quiet."""
        _, words = process.communicate()
        if words and process.returncode != -signal.SIGKILL:
            self.said[words.strip().replace(str(self.settings.index_dir), "index")] += 1

    def stop(self) -> list[str]:
        """End the watching process; return what all of its runs said."""
        self.watcher.terminate()
        self.watcher.wait()
        self.log.seek(0)
        said = self.log.read().replace(str(self.settings.index_dir), "index").splitlines()
        self.log.close()
        return said

    def _edit(self) -> None:
        self.archive.edit(self._rng)

    def _burst(self) -> None:
        for _ in range(300):
            self.archive.edit(self._rng)

    def _remove(self) -> None:
        path = self.archive.folder / self._rng.choice(self.archive.sources)
        text = path.read_bytes()
        path.unlink()
        time.sleep(self._rng.random())
        path.write_bytes(text)

    def _odd_clock(self) -> None:
        moment = time.time() + self._rng.choice([-1e9, -3600, 3600, 1e9])
        os.utime(self.archive.edit(self._rng), (moment, moment))

    def _kill_writer(self) -> None:
        self.archive.edit(self._rng)
        process = self.start("--rebuild")
        time.sleep(self._rng.uniform(0.3, 3))
        process.kill()
        self.end(process)

    def _two_writers(self) -> None:
        for each in [self.start("--rebuild"), self.start()]:
            self.end(each)

    def _full_disk(self) -> None:
        self.archive.edit(self._rng)
        self.end(self.start("--rebuild", most=self._rng.choice([2_000, 50_000, 400_000])))

    def _kill_watcher(self) -> None:
        self.watcher.kill()
        self.watcher.wait()
        self.watcher = self.start("--watch")

    def _damage(self) -> None:
        with suppress(OSError):  # a generation may go meanwhile
            name = (self.settings.index_dir / "CURRENT").read_text(encoding="utf-8").strip()
            files = [each for each in (self.settings.index_dir / name).rglob("*") if each.is_file()]
            path = self._rng.choice([*files, self.settings.index_dir / "CURRENT"])
            with path.open("r+b") as file:
                data = bytearray(file.read())
                if self._rng.random() < 0.3:
                    file.truncate(len(data) // 2)
                elif data:
                    data[self._rng.randrange(len(data))] ^= 1 << self._rng.randrange(8)
                    file.seek(0)
                    file.write(data)
