"""Damage to a segment that is large enough for Chroma to keep a graph of its vectors, which native code follows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from newsbot import Newsbot
from newsbot.errors import StoreDamagedError
from newsbot.indexing.index import Index

from . import damages
from .conftest import QUESTIONS, Archive, article

KINDS = ["data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin", "chroma.sqlite3"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("large"))
    for number in range(56):
        (archive.seeds / f"{number}.txt").write_text(article(number, 60), encoding="utf-8")
    archive.refresh()
    return archive


@pytest.fixture(scope="module")
def expected(original: Archive) -> list[str]:
    return original.answers(generation=False)


@pytest.fixture
def copy(original: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(original.root, tmp_path, dirs_exist_ok=True)
    return Archive(tmp_path)


def of(archive: Archive, kind: str) -> Path:
    return next(archive.generation.rglob(kind))


def test_the_graph_is_there(original: Archive) -> None:
    assert {each.name for each in (original.generation / "chroma").rglob("*") if each.is_file()} == set(KINDS)


@pytest.mark.parametrize("damage", damages.ALL)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_damaged_reaches_chroma(copy: Archive, kind: str, damage: Callable[[Path], None]) -> None:
    damage(of(copy, kind))
    index = Index(copy.index, "builtin")
    with pytest.raises(StoreDamagedError), index.reading() as snapshot:
        snapshot.nearest(np.full(128, 128**-0.5, np.float32), 5)
    index.close()


@pytest.mark.slow
@pytest.mark.parametrize("damage", damages.ALL)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bot_that_answers_goes_on_as_if_nothing_had_happened(
    copy: Archive, expected: list[str], kind: str, damage: Callable[[Path], None]
) -> None:
    bot = Newsbot.open(copy.settings)
    bot.ask(QUESTIONS[-1])
    damage(of(copy, kind))
    assert copy.answers(bot, generation=False) == expected
    bot.close()
    assert copy.answers(generation=False) == expected


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_prompt_says_one_sentence_and_answers(copy: Archive, expected: list[str], kind: str) -> None:
    damages.flipped(of(copy, kind))
    done = copy.run("ask", QUESTIONS[0])
    assert (done.returncode, done.stderr) == (0, "The index is damaged and is built anew.\n")
    assert copy.answers(generation=False) == expected
