"""What is served after edits: the same as from an index built at once, and nothing done twice."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from pathlib import Path

import pytest

from newsbot.errors import SeedError, StoreError
from newsbot.indexing import builder
from newsbot.indexing import index as index_module

from .conftest import NAMES, THINGS, VERBS, House, article

QUESTIONS = [f"Wie {verb} {thing}?" for verb, thing in zip(VERBS, THINGS, strict=False)] + [f"Wat zei {NAMES[3]}?"]


def test_a_new_index_holds_every_seed(house: House) -> None:
    house.write("a.txt", article(1))
    house.write("map/b.md", article(2))
    changes = house.refresh()
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (("a.txt", "map/b.md"), (), (), 0)
    assert changes.generation == house.index.generation
    with house.index.reading() as snapshot:
        assert [each.source for each in snapshot.sources] == ["a.txt", "map/b.md"]
        assert snapshot.passages == changes.passages == sum(each.passages for each in snapshot.sources)


def test_only_what_changed_is_embedded(full_house: House) -> None:
    full_house.embedding.texts.clear()
    full_house.write("1.txt", article(100))
    full_house.write("new.txt", article(101))
    (full_house.seeds / "2.txt").unlink()
    (full_house.seeds / "3.txt").rename(full_house.seeds / "renamed.txt")
    changes = full_house.refresh()
    assert changes.added == ("new.txt", "renamed.txt")
    assert changes.changed == ("1.txt",)
    assert changes.removed == ("2.txt", "3.txt")
    assert changes.unchanged == 3
    embedded = "".join(full_house.embedding.texts)
    assert all(text.split("\n\n")[1] in embedded for text in (article(100), article(101), article(3)))
    assert not any(article(number).split("\n\n")[1] in embedded for number in (0, 4, 5))


def test_nothing_is_done_where_nothing_changed(full_house: House) -> None:
    before = {each: each.stat().st_mtime_ns for each in (full_house.root / "index").rglob("*.npy")}
    full_house.embedding.texts.clear()
    changes = full_house.refresh()
    assert not changes
    assert changes.unchanged == 6
    assert full_house.embedding.texts == []
    assert before == {each: each.stat().st_mtime_ns for each in (full_house.root / "index").rglob("*.npy")}


def test_a_seed_that_was_only_touched_is_no_change(full_house: House) -> None:
    os.utime(full_house.seeds / "1.txt", ns=(10**18, 10**18))
    (full_house.seeds / "2.txt").chmod(0o600)
    generation = full_house.index.generation
    assert not full_house.refresh()
    assert full_house.index.generation == generation


def test_an_edit_that_keeps_size_and_time_is_noticed(full_house: House) -> None:
    path = full_house.seeds / "1.txt"
    stat, text = path.stat(), path.read_text(encoding="utf-8")
    path.write_text(text.replace("miljoen", "biljoen"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    assert full_house.refresh().changed == ("1.txt",)


def test_a_seed_becomes_unreadable_and_readable_again(full_house: House) -> None:
    path = full_house.seeds / "1.txt"
    path.write_bytes(bytes(range(256)) * 4)
    changes = full_house.refresh()
    assert changes.removed == ("1.txt",)
    assert [each.source for each in changes.skipped] == ["1.txt"]
    again = full_house.refresh()
    assert not again
    assert [each.source for each in again.skipped] == ["1.txt"]
    path.write_text(article(1), encoding="utf-8")
    assert full_house.refresh().added == ("1.txt",)


def test_a_seed_that_vanishes_while_it_is_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write("a.txt", article(1))
    house.write("b.txt", article(2))
    read = builder.articles.read

    def reading(seed: object) -> object:
        (house.seeds / "b.txt").unlink(missing_ok=True)
        return read(seed)

    monkeypatch.setattr(builder.articles, "read", reading)
    changes = house.refresh()
    assert changes.added == ("a.txt",)
    assert [each.source for each in changes.skipped] == ["b.txt"]
    assert "disappeared" in changes.skipped[0].reason
    assert not house.refresh().skipped


def test_a_seed_that_grows_while_it_is_read_is_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write("a.txt", article(1))
    read = builder.articles.read

    def reading(seed: object) -> object:
        found = read(seed)
        with (house.seeds / "a.txt").open("a", encoding="utf-8") as file:
            file.write("\n\nWang verliet het bedrijf toch niet.\n")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(builder.articles, "read", reading)
        house.refresh()
    assert house.refresh().changed == ("a.txt",)
    assert any("toch niet" in hit.passage.text for hit in house.hits("Wie verliet het bedrijf toch niet?"))


def test_an_index_without_articles_answers_nothing(house: House) -> None:
    assert house.refresh().passages == 0
    assert house.hits("Wie leidt het team?") == []


def test_removing_the_last_article(house: House) -> None:
    house.write("a.txt", article(1))
    house.refresh()
    (house.seeds / "a.txt").unlink()
    assert house.refresh().removed == ("a.txt",)
    assert house.hits("Wie leidt het team?") == []


def test_there_is_no_seeds_folder(house: House) -> None:
    house.seeds.rmdir()
    with pytest.raises(SeedError, match="does not exist"):
        house.refresh()
    with pytest.raises(StoreError, match="no index yet"):
        house.hits("Wie?")


@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 6))])
def test_edits_in_any_order_rank_as_an_index_built_at_once(
    house: House, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "LARGEST", 6)
    rng = random.Random(seed)
    for step in range(10):
        for _ in range(rng.randint(1, 4)):
            name = f"{rng.randrange(20)}.txt"
            if rng.random() < 0.3 and (house.seeds / name).exists():
                (house.seeds / name).unlink()
            else:
                house.write(name, article(rng.randrange(10_000), rng.randint(1, 9)))
        house.refresh(rebuild=step == 7 and seed == 1)
    clean = House(house.root / "clean", house.embedding)
    shutil.copytree(house.seeds, clean.seeds, dirs_exist_ok=True)
    clean.refresh()
    with house.index.reading() as snapshot:
        assert len(snapshot.manifest.segments) > 1
    for question in QUESTIONS:
        assert house.hits(question) == clean.hits(question)
    clean.index.close()


def test_segments_stay_few(house: House) -> None:
    for number in range(24):
        house.write(f"{number}.txt", article(number))
        house.refresh()
    with house.index.reading() as snapshot:
        assert len(snapshot.manifest.segments) <= 4
    assert len(house.folders) <= 5


def test_a_large_build_goes_on_where_it_was_killed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "LARGEST", 4)
    for number in range(12):
        house.write(f"{number:02}.txt", article(number))
    read, seen = builder.articles.read, []

    def dying(seed: object) -> object:
        seen.append(seed)
        if len(seen) == 9:
            raise KeyboardInterrupt
        return read(seed)

    with monkeypatch.context() as patch:
        patch.setattr(builder.articles, "read", dying)
        with pytest.raises(KeyboardInterrupt):
            house.refresh()
    assert house.index.generation == ""
    done = len(house.embedding.texts)
    house.embedding.texts.clear()
    changes = house.refresh()
    assert len(changes.added) == 12
    assert 0 < len(house.embedding.texts) < done + changes.passages
    assert len(house.embedding.texts) < changes.passages
    clean = House(house.root / "clean", house.embedding)
    shutil.copytree(house.seeds, clean.seeds, dirs_exist_ok=True)
    clean.refresh()
    assert [house.hits(each) for each in QUESTIONS] == [clean.hits(each) for each in QUESTIONS]
    clean.index.close()


def test_a_snapshot_stays_while_generations_come_and_go(full_house: House) -> None:
    with full_house.index.reading() as snapshot:
        before = [each.id for each in snapshot.passages_at(snapshot.nearest(full_house.embedding.question("Wang"), 9))]
        for number in range(5):
            for name in range(6):
                full_house.write(f"{name}.txt", article(1000 + 10 * number + name))
            full_house.refresh()
            full_house.hits("Wie?")
        after = [each.id for each in snapshot.passages_at(snapshot.nearest(full_house.embedding.question("Wang"), 9))]
        assert before == after
        assert snapshot.generation != full_house.index.generation
    full_house.write("0.txt", article(77))
    full_house.refresh()
    assert snapshot.generation not in full_house.folders


def test_an_index_of_another_model_is_rebuilt(full_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    full_house.embedding.texts.clear()
    monkeypatch.setattr(index_module, "fingerprint", lambda name: name + " of another kind")
    full_house.reopened()
    with pytest.raises(StoreError, match="not made with recording but with another version"):
        full_house.hits("Wie?")
    changes = full_house.refresh()
    assert len(full_house.embedding.texts) == changes.passages > 0
    assert full_house.hits("Wie?")


def test_threads_read_while_generations_are_published(full_house: House) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def asking() -> None:
        while not done.is_set():
            try:
                hits = full_house.hits("Wie leidde het bedrijf?")
                if not hits:
                    wrong.append("nothing")
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=asking) for _ in range(3)]
    for each in threads:
        each.start()
    for number in range(8):
        full_house.write(f"{number % 6}.txt", article(500 + number))
        full_house.refresh(rebuild=number == 4)
    done.set()
    for each in threads:
        each.join()
    assert wrong == []


def test_closing_frees_every_file(full_house: House) -> None:
    def held() -> int:
        root = str(full_house.root)
        return sum(root in str(_target(each)) for each in Path("/proc/self/fd").iterdir())

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    full_house.hits("Wie?")
    assert held() > 0
    full_house.index.close()
    deadline = time.monotonic() + 10
    while held() and time.monotonic() < deadline:  # Chroma closes its database in a thread of its own
        time.sleep(0.02)
    assert held() == 0


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
