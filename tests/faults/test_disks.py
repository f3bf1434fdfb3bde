"""Disks that are full or cannot be written: the old answers are given, and one sentence says what to do."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsbot import Newsbot

from .conftest import Archive, one_sentence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")


@contextmanager
def mounted(*arguments: str) -> Iterator[None]:
    target = arguments[-1]
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", target], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    with mounted("--bind", str(folder), str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield


def test_a_read_only_index_answers(indexed: Archive) -> None:
    before = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
    with read_only(indexed.index):
        after = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
        assert (after.returncode, after.stdout, after.stderr) == (0, before.stdout, "")
        assert indexed.run("index").returncode == 0  # nothing is to be done
        indexed.fill(14, edition=1)
        stale = indexed.run("ask", "Wie leidde het laboratorium in Delft?")
        assert (stale.returncode, stale.stdout) == (0, before.stdout)
        assert one_sentence(stale.stderr)
        assert "cannot be written" in stale.stderr
        failed = indexed.run("index")
        assert failed.returncode == 1
        assert one_sentence(failed.stderr)
    assert indexed.run("index").returncode == 0
    assert indexed.answers(generation=False) == indexed.clean_answers()


def test_a_read_only_place_for_a_new_index(archive: Archive) -> None:
    archive.index.mkdir()
    with read_only(archive.index):
        done = archive.run("ask", "Wie leidde het laboratorium in Delft?")
    assert done.returncode == 1
    assert one_sentence(done.stderr)
    assert "NEWSBOT_INDEX_DIR" in done.stderr


@pytest.mark.parametrize("spare_kb", [0, 600, *(pytest.param(each, marks=pytest.mark.slow) for each in (64, 1000))])
def test_a_full_disk(archive: Archive, spare_kb: int) -> None:
    archive.index.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(archive.index)):
        archive.refresh()
        before = archive.answers()
        archive.fill(150, edition=1)
        filler, free = archive.index / "filler", _free(archive.index)
        filler.write_bytes(bytes(max(0, free - spare_kb * 1024)))
        bot = Newsbot.open(archive.settings)
        with pytest.raises(Exception, match="full") as failed:
            bot.refresh()
        assert "make room" in str(failed.value)
        assert archive.answers(bot) == before
        bot.close()
        assert archive.answers() == before
        assert [each.name for each in archive.index.iterdir() if each.is_dir()] == [archive.generation.name]
        filler.unlink()
        archive.refresh()
        assert archive.answers(generation=False) == archive.clean_answers()


def test_a_full_disk_at_the_prompt(archive: Archive) -> None:
    archive.index.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(archive.index)):
        archive.refresh()
        before = archive.run("ask", "Wie leidde het laboratorium in Delft?")
        archive.fill(14, edition=1)
        (archive.index / "filler").write_bytes(bytes(_free(archive.index)))
        failed = archive.run("index")
        assert failed.returncode == 1
        assert one_sentence(failed.stderr)
        after = archive.run("ask", "Wie leidde het laboratorium in Delft?")
        assert (after.returncode, after.stdout) == (0, before.stdout)
        assert one_sentence(after.stderr)


@pytest.mark.slow
def test_a_full_disk_under_the_watching_command(archive: Archive) -> None:
    archive.index.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(archive.index)):
        archive.refresh()
        before = archive.generation
        (archive.index / "filler").write_bytes(bytes(_free(archive.index)))
        with archive.start(
            "index", "--watch", first="from newsbot import watching; watching.RETRY_SECONDS = 1"
        ) as process:
            assert process.stdout
            assert process.stderr
            while "Watching" not in process.stdout.readline():
                assert process.poll() is None
            archive.fill(14, edition=1)
            assert re.search("full; make room", process.stderr.readline())
            assert archive.generation == before
            (archive.index / "filler").unlink()
            while "2 added, 12 changed" not in process.stdout.readline():
                assert process.poll() is None
            process.terminate()
        assert archive.answers(generation=False) == archive.clean_answers()


@pytest.mark.parametrize("kilobytes", [20, *(pytest.param(each, marks=pytest.mark.slow) for each in (1, 200))])
def test_files_may_not_grow(indexed: Archive, kilobytes: int) -> None:
    before = indexed.answers()
    indexed.fill(60, edition=1)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    done = indexed.run("index", preexec_fn=limited)
    assert done.returncode == 1
    assert one_sentence(done.stderr)
    assert "see that its disk is sound and has room" in done.stderr
    assert indexed.answers() == before
    indexed.refresh()
    assert indexed.answers(generation=False) == indexed.clean_answers()


def _free(folder: Path) -> int:
    import shutil

    return shutil.disk_usage(folder).free
