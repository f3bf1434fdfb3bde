"""What one generation gives to its readers."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.indexing import builder

from .conftest import House, article


def test_a_passage_by_its_id(full_house: House) -> None:
    with full_house.index.reading() as snapshot:
        passages = snapshot.passages_at(np.arange(snapshot.passages))
        assert [snapshot.passage(each.id) for each in passages] == passages
        assert len({each.id for each in passages}) == len(passages)
        for wrong in ("", "0" * 16, "zz", "é" * 16, passages[0].id.upper() + " ", passages[0].id[:-1]):
            assert snapshot.passage(wrong) is None


def test_a_passage_of_a_changed_article_is_gone(full_house: House) -> None:
    with full_house.index.reading() as snapshot:
        before = [each for each in snapshot.passages_at(np.arange(snapshot.passages)) if each.source == "1.txt"]
    full_house.write("1.txt", article(55))
    full_house.refresh()
    with full_house.index.reading() as snapshot:
        assert all(snapshot.passage(each.id) is None for each in before)


def test_a_passage_of_an_article_that_only_grew_keeps_its_id(house: House) -> None:
    house.write("1.txt", article(1, 20))
    house.refresh()
    with house.index.reading() as snapshot:
        first = snapshot.passages_at(np.arange(1))[0]
    house.write("1.txt", article(1, 20) + "\nNadella verkocht de krant later weer aan het personeel.\n")
    house.refresh()
    with house.index.reading() as snapshot:
        assert snapshot.passage(first.id) == first


def test_every_passage_is_the_text_of_its_article(full_house: House) -> None:
    with full_house.index.reading() as snapshot:
        for each in snapshot.passages_at(np.arange(snapshot.passages)):
            text = (full_house.seeds / each.source).read_text(encoding="utf-8")
            assert text[each.start : each.end] == each.text


def test_rows_are_given_in_the_order_asked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "LARGEST", 3)
    for number in range(6):
        house.write(f"{number}.txt", article(number))
    house.refresh()
    with house.index.reading() as snapshot:
        assert len(snapshot.manifest.segments) > 1
        rows = np.arange(snapshot.passages)
        forward, backward = snapshot.passages_at(rows), snapshot.passages_at(rows[::-1])
        assert forward == backward[::-1]
        vector = house.embedding.question("Wang leidde de krant")
        expected = [house.embedding.question(each.text) @ vector for each in forward]
        assert np.allclose(snapshot.cosines(vector, rows), expected, atol=2e-3)
        nearest = snapshot.nearest(vector, 3)
        assert set(nearest.tolist()) == set(np.argsort(-snapshot.cosines(vector, rows), kind="stable")[:3].tolist())


def test_checking_reads_everything(full_house: House) -> None:
    with full_house.index.reading() as snapshot:
        snapshot.check()


def test_the_language_of_most_articles(house: House) -> None:
    house.refresh()
    with house.index.reading() as snapshot:
        assert snapshot.spoken == "en"
    house.write("a.txt", article(1))
    house.refresh()
    with house.index.reading() as snapshot:
        assert snapshot.spoken == "nl"


def test_a_function_word_lives_by_passages_in_which_it_is_none(house: House) -> None:
    for number in range(12):
        house.write(f"{number}.txt", article(number).replace("aan het", "en aan het"))
    english = "A title of its own\n\nThe chef served the fish en papillote, and the guests said that they liked it.\n"
    house.write("english.txt", english)
    house.refresh()
    with house.index.reading() as snapshot:
        assert snapshot._lives("en")
        assert snapshot._lives("krant")
    house.write("english.txt", english.replace("en papillote", "in paper"))
    house.refresh()
    with house.index.reading() as snapshot:
        assert len(snapshot._segments) == 2
        assert not snapshot._lives("en")
        assert not snapshot._lives("papillote")
        assert snapshot.words.holds("en")
