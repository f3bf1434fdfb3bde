"""BM25 over segments equals BM25 over the whole, and equals the library that everyone compares with."""

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.indexing.lexical import K1, B, Field, Postings, PostingsWriter, key

WORDS = st.sampled_from(["meta", "openai", "altman", "team", "wang", "memo", "cultuur", "geld", "van", "de", "het"])
CORPUS = st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=9)


def written(folder: Path, rows: list[list[str]]) -> Postings:
    writer = PostingsWriter()
    for row in rows:
        writer.add(row)
    writer.write(folder)
    return Postings(folder)


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
    assert np.array_equal(pieces.idf([query, "absent"]), whole.idf([query, "absent"]))


def test_parts_of_words_are_counted_as_often_as_their_words(tmp_path: Path) -> None:
    writer = PostingsWriter()
    writer.add(["anna", "anna", "bob"])
    writer.write(tmp_path, parts=list)
    rows, counts = Postings(tmp_path).find(np.array([key("a"), key("b"), key("z")], np.uint64))[0]
    assert rows.tolist() == [0]
    assert counts.tolist() == [4]


def test_postings_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    written(tmp_path, [["a", "b"], ["c"]])
    np.save(tmp_path / "rows.npy", np.zeros(1, np.int32))
    with pytest.raises(ValueError, match="do not fit"):
        Postings(tmp_path)


def test_weights_scale_a_term(tmp_path: Path) -> None:
    field = Field([written(tmp_path, [["a"], ["b"]])], np.ones(2, bool))
    assert np.allclose(field.scores({"a": 0.5}), 0.5 * field.scores({"a": 1.0}))
