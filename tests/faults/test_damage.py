"""An index that is not as it was written: never a wrong answer, never a crash, and mended where the seeds are there."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from newsbot import Newsbot
from newsbot.doctor import findings
from newsbot.errors import StoreDamagedError
from newsbot.settings import Settings

from . import damages
from .conftest import QUESTIONS, Archive, one_sentence, plain

TOLD = r"(The index is damaged (and|or was made by another model or version; it) is built anew\.\n)?"
DAMAGED = ("The index is damaged.", "Run `newsbot index --rebuild`.")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("original"))
    archive.fill(6)
    archive.refresh()
    return archive


@pytest.fixture
def copy(original: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(original.root, tmp_path, dirs_exist_ok=True)
    return Archive(tmp_path)


@pytest.fixture(scope="module")
def expected(original: Archive) -> list[str]:
    return original.answers(generation=False)


@pytest.mark.parametrize("damage", damages.ALL)
def test_every_file_of_a_generation(
    original: Archive, expected: list[str], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    files = [each.relative_to(original.index) for each in original.generation.rglob("*") if each.is_file()]
    for number, name in enumerate([*files, Path("CURRENT")]):
        archive = Archive(tmp_path / str(number))
        shutil.copytree(original.root, archive.root, dirs_exist_ok=True)
        if (archive.index / name).stat().st_size or damage is damages.randomised:
            damage(archive.index / name)
        bot = Newsbot.open(archive.settings)
        bot.refresh()
        assert archive.answers(bot, generation=False) == expected, f"{name} {damage.__name__}"
        bot.close()
        shutil.rmtree(archive.root)


@pytest.mark.parametrize("damage", damages.ALL)
@pytest.mark.parametrize("used", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_file_under_a_bot_that_has_it_open(
    original: Archive, expected: list[str], tmp_path: Path, damage: Callable[[Path], None], used: bool
) -> None:
    files = [each.relative_to(original.index) for each in original.generation.rglob("*") if each.is_file()]
    for number, name in enumerate(files):
        archive = Archive(tmp_path / str(number))
        shutil.copytree(original.root, archive.root, dirs_exist_ok=True)
        bot = Newsbot.open(archive.settings)
        bot.ask(QUESTIONS[-1]) if used else bot.sources()
        if (archive.index / name).stat().st_size:
            damage(archive.index / name)
        assert archive.answers(bot, generation=False) == expected, f"{name} {damage.__name__}"
        bot.close()
        shutil.rmtree(archive.root)


@pytest.mark.parametrize("damage", damages.ALL[1:])
def test_every_file_as_the_doctor_tells_it(original: Archive, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    files = [each.relative_to(original.index) for each in original.generation.rglob("*") if each.is_file()]
    for number, name in enumerate(each for each in files if (original.index / each).stat().st_size):
        archive = Archive(tmp_path / str(number))
        shutil.copytree(original.root, archive.root, dirs_exist_ok=True)
        damage(archive.index / name)
        told = [(each.text, each.remedy) for each in findings(archive.settings) if each.verdict != "ok"]
        unused = name.suffix == ".bin"  # of a graph that is so small that Chroma makes it anew from its database
        assert told == ([] if unused else [DAMAGED]), f"{name} {damage.__name__}"
        shutil.rmtree(archive.root)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("damage", damages.ALL)
def test_every_file_as_the_prompt_tells_it(original: Archive, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    said = original.run("ask", QUESTIONS[0], "--json").stdout
    files = [each.relative_to(original.index) for each in original.generation.rglob("*") if each.is_file()]
    for number, name in enumerate([*files, Path("CURRENT")]):
        archive = Archive(tmp_path / str(number))
        shutil.copytree(original.root, archive.root, dirs_exist_ok=True)
        damage(archive.index / name)
        done = archive.run("ask", QUESTIONS[0], "--json")
        assert done.returncode == 0
        assert plain(done.stdout, generation=False) == plain(said, generation=False)
        assert re.fullmatch(TOLD, done.stderr), f"{name} {damage.__name__}"
        shutil.rmtree(archive.root)


def test_a_letter_changed_in_a_stored_passage_is_never_quoted(copy: Archive, expected: list[str]) -> None:
    database = next(copy.generation.glob("chroma/chroma.sqlite3"))
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE embedding_metadata SET string_value = replace(string_value, 'miljoen', 'biljoen') "
            "WHERE key = 'chroma:document'"
        )
    connection.close()
    assert copy.answers(generation=False) == expected


def test_a_new_generation_that_is_damaged_leaves_the_old_one_serving_until_it_is_mended(
    copy: Archive, expected: list[str]
) -> None:
    bot = Newsbot.open(copy.settings)
    bot.warm()
    copy.fill(6, edition=1)
    assert copy.run("index").returncode == 0
    damages.flipped(copy.generation / "lexical" / "ids.npy")
    assert copy.answers(bot, generation=False) == expected
    bot.warm()
    assert copy.answers(bot, generation=False) == copy.clean_answers() != expected
    bot.close()


def test_a_damaged_index_without_seeds_says_so(copy: Archive) -> None:
    os.truncate(next(copy.generation.glob("lexical/ids.npy")), 3)
    bot = Newsbot.open(Settings(seeds_dir=copy.root / "gone", index_dir=copy.index))
    with pytest.raises(StoreDamagedError, match=r"cannot be built anew: The seeds folder .* does not exist"):
        bot.ask("Wie leidde het laboratorium?")
    bot.close()


@pytest.mark.parametrize("current", [b"", b"\xff\xfe\x00", b"../../etc\n", b"000009-abcdef\n", b"x" * 10_000, b"\n\n"])
def test_current_that_points_to_nothing(copy: Archive, expected: list[str], current: bytes) -> None:
    (copy.index / "CURRENT").write_bytes(current)
    copy.refresh()
    assert copy.answers(generation=False) == expected


def test_a_manifest_of_the_future_is_rebuilt(copy: Archive, expected: list[str]) -> None:
    path = copy.generation / "manifest.json"
    path.write_text(json.dumps({"schema": 999, "everything": "else"}), encoding="utf-8")
    done = copy.run("ask", "Wie leidde het laboratorium in Delft?", "--json")
    assert done.returncode == 0
    assert "built anew" in done.stderr
    assert copy.answers(generation=False) == expected


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def test_a_foreign_pickle_is_never_loaded(copy: Archive, expected: list[str]) -> None:
    boom = pickle.dumps(Bomb(copy.root / "boom"))
    for folder in [each for each in (copy.generation / "chroma").iterdir() if each.is_dir()]:
        (folder / "index_metadata.pickle").write_bytes(boom)
    for name in ("ids", "vectors", "ngrams/keys", "stems/postings"):
        (copy.generation / "lexical" / f"{name}.npy").write_bytes(boom)
    copy.refresh()
    assert copy.answers(generation=False) == expected
    assert not (copy.root / "boom").exists()


def test_a_folder_that_is_someone_elses(archive: Archive) -> None:
    import chromadb

    client = chromadb.PersistentClient(str(archive.index))
    client.create_collection("theirs", embedding_function=None).add(ids=["1"], embeddings=[[1.0, 2.0]])
    client.close()
    (archive.index / "CURRENT").write_text("theirs", encoding="utf-8")
    (archive.index / "lock").write_text("pid 1", encoding="utf-8")
    (archive.index / "notes.txt").write_text("keep me", encoding="utf-8")
    archive.refresh()
    assert archive.answers(generation=False) == archive.clean_answers()
    assert (archive.index / "notes.txt").read_text(encoding="utf-8") == "keep me"
    assert (archive.index / "chroma.sqlite3").exists()


def test_the_index_is_a_file(archive: Archive) -> None:
    archive.index.write_text("not a folder", encoding="utf-8")
    done = archive.run("index")
    assert done.returncode == 1
    assert one_sentence(done.stderr)
