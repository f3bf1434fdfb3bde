"""Processes that are killed, that run at once, and that read while another writes."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import threading
import time
from contextlib import suppress

import pytest

from newsbot import Newsbot
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest

from .conftest import SLOW_READS, Archive, one_sentence

SMALL_PARTS = "from newsbot.indexing import builder; builder.LARGEST = 40"
"""Python that lets a build of some articles be as one of a hundred thousand: in many parts."""


def killed(archive: Archive, after: float, how: signal.Signals = signal.SIGKILL, first: str = "") -> tuple[int, str]:
    """Start indexing, send it a signal some seconds after it began to write, and return its end and its words."""
    before = {each.name for each in archive.index.iterdir()}
    process = archive.start("index", first=first, preexec_fn=_heed_interrupts)
    while process.poll() is None and {each.name for each in archive.index.iterdir()} <= before:
        time.sleep(0.002)
    time.sleep(after)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def _heed_interrupts() -> None:
    """Undo what a shell does to what it runs in the background: that ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(2400)])])
def test_kill_at_random_moments_leaves_the_old_answers(archive: Archive, kills: int) -> None:
    archive.fill(60)
    archive.refresh()
    before = archive.answers()
    archive.fill(60, edition=1)
    started = time.monotonic()
    rng, ended = random.Random(7), []
    for number in range(kills):
        code, _ = killed(archive, rng.uniform(0, 0.6), first=SMALL_PARTS if number % 2 else "")
        ended.append(code)
        if code == 0:  # it was done before the signal came: another edition
            assert archive.answers(generation=False) == archive.clean_answers()
            archive.fill(60, edition=2 + number)
            before = archive.answers()
        assert archive.answers() == before, f"after kill {number}"
    assert -signal.SIGKILL in ended, f"no kill hit in {time.monotonic() - started:.0f} s"
    assert archive.run("index").returncode == 0
    assert archive.answers(generation=False) == archive.clean_answers()
    folders = [each for each in archive.index.iterdir() if each.is_dir()]
    assert len(folders) == 1


def test_a_killed_build_goes_on_where_it_was(archive: Archive) -> None:
    archive.fill(72)
    complete: set[str] = set()
    for _ in range(2):
        process = archive.start("index", first=SMALL_PARTS)
        while len(found := {each.parent.name for each in archive.index.glob("*/manifest.json")}) < len(complete) + 2:
            assert process.poll() is None
            time.sleep(0.002)
        process.kill()
        process.communicate()
        assert complete <= found
        complete = found
    assert archive.run("index", first=SMALL_PARTS).returncode == 0
    manifest = Manifest.read(archive.generation)
    assert complete <= set(manifest.segments)
    assert archive.answers(generation=False) == archive.clean_answers()


def test_ctrl_c_is_quiet(indexed: Archive) -> None:
    before = indexed.answers()
    indexed.fill(300, edition=1)
    code, words = killed(indexed, 0.15, signal.SIGINT)
    assert code in (130, -signal.SIGINT), words  # a shell shows either as 130
    assert words.strip() == ""
    assert indexed.answers() == before
    assert indexed.run("index").returncode == 0
    assert indexed.answers(generation=False) == indexed.clean_answers()
    assert [each.name for each in indexed.index.iterdir() if each.is_dir()] == [indexed.generation.name]


@pytest.mark.parametrize("writers", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_writers_at_once(indexed: Archive, writers: int) -> None:
    indexed.fill(30, edition=1)
    processes = [indexed.start("index") for _ in range(writers)]
    ends = [(*process.communicate(timeout=100), process.returncode) for process in processes]
    assert [code for _, _, code in ends] == [0] * writers
    assert all(err == "" for _, err, _ in ends)
    said = sorted(out.splitlines()[-1].partition(";")[0] for out, _, _ in ends)
    idle = "0 added, 0 changed, 0 removed, 30 unchanged"
    assert said == [idle] * (writers - 1) + ["18 added, 12 changed, 0 removed, 0 unchanged"]
    assert indexed.answers(generation=False) == indexed.clean_answers()


def test_a_writer_takes_over_from_one_that_was_killed(indexed: Archive) -> None:
    indexed.fill(30, edition=1)
    first = indexed.start("index", first=SLOW_READS)
    while len(list(indexed.index.glob("[0-9]*-*"))) < 2:
        time.sleep(0.002)
    second = indexed.start("index")
    time.sleep(0.1)
    first.kill()
    first.communicate()
    out, err = second.communicate(timeout=100)
    assert (second.returncode, err) == (0, "")
    assert "18 added, 12 changed, 0 removed, 0 unchanged" in out
    assert indexed.answers(generation=False) == indexed.clean_answers()


def test_a_reader_sees_the_old_or_the_new_and_nothing_else(indexed: Archive) -> None:
    old = indexed.answers(generation=False)
    seen: list[tuple[int, str]] = []
    done = threading.Event()
    bot = Newsbot.open(indexed.settings)

    def asking() -> None:
        while not done.is_set():
            seen.extend(enumerate(indexed.answers(bot, generation=False)))

    thread = threading.Thread(target=asking)
    thread.start()
    indexed.fill(40, edition=1)
    ends = [indexed.run("index"), indexed.run("index", "--rebuild")]
    time.sleep(0.5)
    done.set()
    thread.join()
    new = indexed.answers(generation=False)
    bot.close()
    assert [each.returncode for each in ends] == [0, 0]
    assert seen
    assert all(line in (old[number], new[number]) for number, line in seen)
    assert new == indexed.clean_answers() != old


def test_while_another_writes_the_old_answers_are_given_at_once(indexed: Archive) -> None:
    before = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
    indexed.fill(12, edition=1)
    with Generations(indexed.index).writing(0):
        after = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
    assert (after.returncode, after.stdout) == (0, before.stdout)
    assert one_sentence(after.stderr)
    assert "Another newsbot is writing the index" in after.stderr


def test_without_an_index_a_reader_waits_for_the_writer(archive: Archive) -> None:
    with Generations(archive.index).writing(0):
        process = archive.start("ask", "Wie leidde het laboratorium in Delft?")
        time.sleep(2)
        assert process.poll() is None
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out


def test_generations_go_once_nobody_reads_them(indexed: Archive) -> None:
    bot = Newsbot.open(indexed.settings)
    indexed.answers(bot)
    old = indexed.generation
    indexed.fill(12, edition=1)
    assert indexed.run("index").returncode == 0
    assert indexed.generation != old
    assert old.exists()
    assert indexed.answers(bot, generation=False) == indexed.clean_answers()
    assert not old.exists()
    bot.close()
    rest = indexed.index / "000099-dead00"
    rest.mkdir()
    assert "0 changed" in indexed.run("index").stdout
    assert not rest.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_progress_tells_the_rate_and_the_time_left(archive: Archive) -> None:
    import pty

    archive.fill(60)
    master, slave = pty.openpty()
    process = archive.start("index", stderr=slave)
    os.close(slave)
    written = b""
    with suppress(OSError):  # how a terminal says that nobody writes any more
        while part := os.read(master, 65_536):
            written += part
    os.close(master)
    process.communicate(timeout=60)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.decode())
    assert re.search(r"reading +\S+ +60/60 [\d,]+/s +\d+:\d\d:\d\d", shown), shown
