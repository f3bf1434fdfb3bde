import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.indexing import bilingual
from newsbot.indexing.bilingual import BilingualEmbedding, features, nearness


@pytest.fixture(scope="module")
def embedding() -> BilingualEmbedding:
    return BilingualEmbedding.load()


def nearest(embedding: BilingualEmbedding, word: str, choices: str) -> str:
    found = choices.split()
    cosines = embedding.word_vectors(found) @ embedding.word_vectors([word])[0]
    return found[int(np.argmax(cosines))]


NEWS = "bedrijf brief huurlingen onderzoekers cultuur giftig aandelen maandag medewerkers schreef gewonnen trots"


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("company", "bedrijf"),
        ("letter", "brief"),
        ("mercenaries", "huurlingen"),
        ("researchers", "onderzoekers"),
        ("toxic", "giftig"),
        ("shares", "aandelen"),
        ("monday", "maandag"),
        ("employees", "medewerkers"),
        ("wrote", "schreef"),
        ("won", "gewonnen"),
        ("proud", "trots"),
        ("departure", "vertrek"),
    ],
)
def test_a_translation_is_nearest_both_ways(embedding: BilingualEmbedding, english: str, dutch: str) -> None:
    assert nearest(embedding, english, f"{NEWS} vertrek") == dutch
    company = "company letter mercenaries researchers culture toxic shares monday employees wrote won proud departure"
    assert nearest(embedding, dutch, company) == english


@pytest.mark.parametrize(
    ("asked", "found"),
    [("cultures", "cultuur"), ("culture", "bedrijfscultuur"), ("superintelligence", "superintelligentieteam")],
)
def test_inflections_and_compounds_are_near(embedding: BilingualEmbedding, asked: str, found: str) -> None:
    assert nearest(embedding, asked, f"{found} fiets aandelen maandag regering huurlingen") == found
    assert embedding.similarity([asked], [found])[0, 0] > 0.1


def test_a_name_is_its_own_translation_and_no_stranger_stands_for_it(embedding: BilingualEmbedding) -> None:
    near = embedding.similarity(["zuckerberg", "altman"], ["zuckerberg", "altman", "openai", "bedrijf"])
    assert near.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]


def test_a_number_is_like_no_other_number(embedding: BilingualEmbedding) -> None:
    assert embedding.similarity(["1998", "5"], ["1999", "1998", "5"]).tolist() == [[0, 1, 0], [0, 0, 1]]


def test_a_passage_is_nearest_to_the_question_it_answers_in_the_other_language(embedding: BilingualEmbedding) -> None:
    passages = embedding.passages(
        [
            "Een aantal medewerkers vertelde waarom de cultuur van het bedrijf beter is.",
            "De regering verhoogt de belasting op benzine vanaf januari.",
            "Het elftal won de wedstrijd met drie doelpunten.",
        ]
    )
    for question, best in (
        ("Why do employees like the company culture?", 0),
        ("When will the government raise the fuel tax?", 1),
        ("How many goals did the team score in the match?", 2),
    ):
        assert int(np.argmax(passages @ embedding.question(question))) == best


def test_function_words_weigh_little(embedding: BilingualEmbedding) -> None:
    plain, wordy = embedding.passages(["cultuur bedrijf", "de cultuur van het bedrijf en dat is in de"])
    assert float(plain @ wordy) > 0.9
    common = embedding.rarities(["the", "of", "de", "het", "een"])
    rare = embedding.rarities(["culture", "cultuur", "zuckerberg", "superintelligentieteam"])
    assert common.max() < 3 < rare.min()


def test_texts_without_words_have_a_vector_of_zeros(embedding: BilingualEmbedding) -> None:
    vectors = embedding.passages(["", "…!?", "woord"])
    assert vectors.shape == (3, embedding.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([0, 0, 1], abs=1e-5)
    assert embedding.passages([]).shape == (0, embedding.dimensions)
    assert not embedding.question("").any()
    assert embedding.word_vectors([]).shape == (0, embedding.dimensions)
    assert embedding.similarity([], ["a"]).shape == (0, 1)
    assert embedding.similarity(["a"], []).shape == (1, 0)


@given(st.lists(st.text(max_size=60), max_size=8))
@settings(max_examples=50, deadline=None)
def test_any_word_has_a_unit_vector(found: list[str]) -> None:
    vectors = BilingualEmbedding.load().word_vectors(found)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0] * len(found), abs=1e-4)


def test_a_vector_does_not_depend_on_its_company(
    embedding: BilingualEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"De {each} van het bedrijf" for each in ("cultuur", "brief", "ploeg")] * 40
    fresh = BilingualEmbedding(embedding._table, embedding.version)
    alone = np.stack([fresh.question(text) for text in texts])
    monkeypatch.setattr(bilingual, "_REMEMBERED", 3)
    monkeypatch.setattr(bilingual, "_CHUNK", 16)
    assert np.allclose(BilingualEmbedding(embedding._table, "").passages(texts), alone, atol=1e-6)


def test_a_word_is_measured_once(embedding: BilingualEmbedding, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = BilingualEmbedding(embedding._table, embedding.version)
    measured: list[str] = []
    original = fresh._measured
    monkeypatch.setattr(fresh, "_measured", lambda found: (measured.extend(found), original(found))[1])
    rare, vectors = fresh.rarities(["de", "brug", "de"]), fresh.word_vectors(["brug", "de", "lang"])
    fresh.question("Hoe lang is de brug?")
    assert measured == ["de", "brug", "lang", "hoe", "is"]
    assert rare.tolist() == embedding.rarities(["de", "brug", "de"]).tolist()
    assert np.array_equal(vectors, embedding.word_vectors(["brug", "de", "lang"]))


def test_progress_counts_every_text(embedding: BilingualEmbedding) -> None:
    counts: list[int] = []
    embedding.passages(["tekst"] * 700, counts.append)
    assert sum(counts) == 700


def test_a_word_that_has_a_near_partner_grants_less_to_the_others() -> None:
    near = nearness(np.array([[0.9, 0.5, 0.2], [0.0, 0.5, 0.2]], np.float32))
    assert near[0, 0] == 1
    assert 0 < near[0, 1] < near[1, 1] < 1
    assert near[:, 2].tolist() == [0, 0]


def test_the_rows_of_a_word_are_stable() -> None:
    assert features("team", 1 << 15) == sorted(features("team", 1 << 15))
    assert features("a" * 40 + "b", 1 << 15) == features("a" * 40 + "c", 1 << 15)  # no more than 40 letters are read
    assert features("", 1 << 15)


def test_loads_quickly_once_and_without_heavy_imports() -> None:
    program = (
        "import time, sys, numpy; from newsbot.indexing import bilingual as b; t = time.perf_counter();"
        "e = b.BilingualEmbedding.load(); e.question('Wie leidt het team?'); print(time.perf_counter() - t);"
        "assert e is b.BilingualEmbedding.load();"
        "print(*({'torch', 'sklearn', 'chromadb', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    seconds, heavy = done.stdout.split("\n")[:2]
    assert float(seconds) < 0.5  # some 10 ms; the rest is for a busy machine
    assert not heavy


def test_embeds_thousands_of_passages_a_second(embedding: BilingualEmbedding) -> None:
    text = "Een aantal medewerkers vertelde waarom de cultuur van het bedrijf beter is dan die van een ander. " * 7
    began = time.process_time()
    embedding.passages([text] * 1000)
    assert time.process_time() - began < 2.0


def test_the_model_is_small_and_its_version_is_the_hash_of_its_weights(embedding: BilingualEmbedding) -> None:
    assert bilingual._TABLE.stat().st_size < 12_000_000
    assert len(embedding.version) == 16
    assert bilingual._TABLE.with_name("MODEL_CARD.md").read_text(encoding="utf-8")
