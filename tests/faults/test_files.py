"""Articles that vanish, grow and move while they are read: at worst passed over, and right at the next look."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from .conftest import SLOW_READS, Archive, article

PASSED = r"(passed over \d+\.txt: It (disappeared while it was being read; index again|is empty|holds no text)\.\n)*"


@contextmanager
def unrest(archive: Archive) -> Iterator[list[str]]:
    """Change some article every other millisecond, in ways that are noted."""
    over, done, rng = threading.Event(), list[str](), random.Random(11)

    def change() -> None:
        while not over.wait(0.002):
            path = archive.seeds / f"{rng.randrange(60):03}.txt"
            kind = rng.choice(["vanishes", "grows", "moves", "is emptied", "is written"])
            done.append(kind)
            with suppress(FileNotFoundError):
                if kind == "vanishes":
                    path.unlink()
                elif kind == "grows":
                    with path.open("a", encoding="utf-8") as file:
                        file.write(article(rng.randrange(10**6)))
                elif kind == "moves":
                    path.rename(archive.seeds / f"{rng.randrange(60):03}.txt")
                else:
                    path.write_text(article(rng.randrange(10**6)) * (kind == "is written"), encoding="utf-8")

    thread = threading.Thread(target=change)
    thread.start()
    yield done
    over.set()
    thread.join()


@pytest.mark.parametrize("runs", [1, pytest.param(30, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_nothing_holds_still_while_it_is_read(archive: Archive, runs: int) -> None:
    archive.fill(60)
    with unrest(archive) as done:
        for _ in range(runs):
            indexed = archive.run("index", first=SLOW_READS)
            assert indexed.returncode == 0
            assert re.fullmatch(PASSED, indexed.stderr), indexed.stderr
    assert len(set(done)) == 5
    archive.refresh()
    assert archive.answers(generation=False) == archive.clean_answers()


def test_the_folder_goes_while_it_is_read(indexed: Archive) -> None:
    before = indexed.answers(generation=False)
    indexed.fill(60, edition=1)
    process = indexed.start("index", first=SLOW_READS)
    while len(list(indexed.index.glob("[0-9]*-*"))) < 2:
        time.sleep(0.002)
    indexed.seeds.rename(indexed.root / "away")
    _, words = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.fullmatch(PASSED, words)
    gone = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
    assert gone.returncode == 1
    assert re.fullmatch(r"newsbot: The seeds folder .* does not exist; .*\n", gone.stderr)
    (indexed.root / "away").rename(indexed.seeds)
    indexed.refresh()
    assert indexed.answers(generation=False) == indexed.clean_answers() != before
