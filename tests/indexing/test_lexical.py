"""BM25 over segments equals BM25 over the whole, and equals the library that everyone compares with."""

import zlib
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.errors import StoreDamagedError
from newsbot.indexing.checksums import Checksums, write
from newsbot.indexing.lexical import K1, B, Field, Postings, PostingsWriter, key

WORDS = st.sampled_from(["meta", "openai", "altman", "team", "wang", "memo", "cultuur", "geld", "van", "de", "het"])
CORPUS = st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=9)


def written(folder: Path, rows: list[list[str]]) -> Postings:
    writer = PostingsWriter()
    for row in rows:
        writer.add(row)
    writer.write(folder / "field")
    return Postings(Checksums(folder, write(folder)), "field")


@given(corpus=CORPUS, query=st.lists(WORDS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_scores_equal_those_of_bm25s(tmp_path_factory: pytest.TempPathFactory, corpus: list, query: list) -> None:
    field = Field([written(tmp_path_factory.mktemp("p"), corpus)], np.ones(len(corpus), bool))
    peer = bm25s.BM25(method="lucene", k1=K1, b=B)
    peer.index(corpus, show_progress=False)
    known = [word for word in dict.fromkeys(query) if word in {each for row in corpus for each in row}]
    expected = peer.get_scores(known) if known else np.zeros(len(corpus))
    np.testing.assert_allclose(field.scores(dict.fromkeys(query, 1.0)), expected, rtol=1e-4, atol=1e-5)


@given(corpus=CORPUS, cut=st.integers(0, 9), dead=st.lists(CORPUS.map(lambda rows: rows[0]), max_size=4), query=WORDS)
@settings(max_examples=60, deadline=None)
def test_an_index_in_pieces_scores_as_one_built_at_once(
    tmp_path_factory: pytest.TempPathFactory, corpus: list, cut: int, dead: list, query: str
) -> None:
    folder = tmp_path_factory.mktemp("p")
    whole = Field([written(folder / "whole", corpus)], np.ones(len(corpus), bool))
    first, second = written(folder / "a", corpus[:cut] + dead), written(folder / "b", corpus[cut:])
    live = np.array([True] * len(corpus[:cut]) + [False] * len(dead) + [True] * len(corpus[cut:]))
    pieces = Field([first, second], live)
    assert np.array_equal(pieces.scores({query: 1.0})[live], whole.scores({query: 1.0}))
    assert [pieces.frequency(each) for each in (query, "absent")] == [
        whole.frequency(each) for each in (query, "absent")
    ]


def test_parts_of_words_are_counted_as_often_as_their_words(tmp_path: Path) -> None:
    writer = PostingsWriter()
    writer.add(["anna", "anna", "bob"])
    writer.write(tmp_path / "field", parts=list)
    found = Postings(Checksums(tmp_path, write(tmp_path)), "field")
    wanted = np.array([key("a"), key("b"), key("z")], np.uint64)
    rows, counts, sizes = found.find(wanted)
    assert rows.tolist() == [0, 0]
    assert counts.tolist() == [4, 2]
    assert sizes.tolist() == found.sizes(wanted).tolist() == [1, 1, 0]


def test_postings_that_were_cut_short_are_damaged(tmp_path: Path) -> None:
    written(tmp_path, [["a", "b"], ["c"]])
    checksum = zlib.crc32((tmp_path / "checksums.json").read_bytes())
    rows = tmp_path / "field" / "postings.npy"
    rows.write_bytes(rows.read_bytes()[:-1])
    with pytest.raises(StoreDamagedError):
        Postings(Checksums(tmp_path, checksum), "field")


def test_weights_scale_a_term(tmp_path: Path) -> None:
    field = Field([written(tmp_path, [["a"], ["b"]])], np.ones(2, bool))
    assert np.allclose(field.scores({"a": 0.5}), 0.5 * field.scores({"a": 1.0}))


@given(corpus=CORPUS, query=st.lists(WORDS, min_size=1, max_size=4, unique=True))
@settings(max_examples=40, deadline=None)
def test_words_alone_in_their_groups_score_as_words(
    tmp_path_factory: pytest.TempPathFactory, corpus: list, query: list
) -> None:
    field = Field([written(tmp_path_factory.mktemp("p"), corpus)], np.ones(len(corpus), bool))
    alone = field.alternatives([{word: 1.0} for word in query])
    np.testing.assert_allclose(alone, field.scores(dict.fromkeys(query, 1.0)), rtol=1e-4, atol=1e-5)


@given(corpus=CORPUS, cut=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_a_group_of_words_scores_as_one_word(tmp_path_factory: pytest.TempPathFactory, corpus: list, cut: int) -> None:
    folder = tmp_path_factory.mktemp("p")
    live = np.ones(len(corpus), bool)
    field = Field([written(folder / "a", corpus[:cut]), written(folder / "b", corpus[cut:])], live)
    merged = [["team" if word in ("memo", "wang") else word for word in row] for row in corpus]
    one = Field([written(folder / "c", merged)], live)
    together = field.alternatives([{"team": 1.0, "memo": 1.0, "wang": 1.0}])
    np.testing.assert_allclose(together, one.scores({"team": 1.0}), rtol=1e-4, atol=1e-5)
    assert not field.alternatives([{"absent": 1.0}, {}], [1.0, 1.0]).any()


def test_a_prior_tells_words_apart_that_the_collection_cannot(tmp_path: Path) -> None:
    field = Field([written(tmp_path, [["de", "geld"], ["altman", "geld"]])], np.ones(2, bool))
    assert np.ptp(field.alternatives([{"de": 1.0}, {"altman": 1.0}])) == 0
    first, second = field.alternatives([{"de": 1.0}, {"altman": 1.0}], [1.0, 3.0])
    assert first < second
