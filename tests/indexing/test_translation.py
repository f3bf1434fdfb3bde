import time
from pathlib import Path

import numpy as np
import pytest

from newsbot.errors import StoreDamagedError
from newsbot.indexing import checksums, translation
from newsbot.indexing.bilingual import BilingualEmbedding
from newsbot.indexing.checksums import Checksums
from newsbot.indexing.translation import Expansion, Vocabulary, write_vocabulary

DUTCH = (
    "de het van bedrijf bedrijfscultuur brief huurlingen onderzoekers cultuur giftig aandelen maandag medewerkers "
    "personeel schreef gewonnen trots vertrek altman zuckerberg openai 2025 team ploeg superintelligentieteam"
)


def vocabulary(folder: Path, spoken: dict[str, set[str]]) -> Vocabulary:
    write_vocabulary(folder / "words", spoken, BilingualEmbedding.load())
    return Vocabulary(Checksums(folder, checksums.write(folder)), "words")


def expansion(folder: Path, *vocabularies: dict[str, set[str]], dead: str = "") -> Expansion:
    opened = [vocabulary(folder / str(number), spoken) for number, spoken in enumerate(vocabularies)]
    return Expansion(opened, BilingualEmbedding.load(), lambda word: word not in dead.split())


@pytest.fixture(scope="module")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> Expansion:
    return expansion(tmp_path_factory.mktemp("vocabulary"), {word: {"nl"} for word in DUTCH.split()})


def test_words_of_a_question_become_words_of_the_index(dutch: Expansion) -> None:
    asked = ["why", "do", "employees", "like", "the", "team"]
    found = {word: dict(others) for word, others in dutch.expand(asked, "en")}
    assert "the" not in found
    assert {"medewerkers", "personeel"} <= set(found["employees"])
    assert found["team"]["team"] == 1.0
    assert "ploeg" in found["team"]
    assert all(0 < weight <= 1 for others in found.values() for weight in others.values())


def test_names_and_numbers_stay_themselves(dutch: Expansion) -> None:
    asked = ["zuckerberg", "2025", "2026", "x"]
    assert dutch.expand(asked, "en") == [(word, [(word, 1.0)]) for word in asked]


def test_a_word_that_the_index_lacks_still_stands_for_itself(dutch: Expansion) -> None:
    [(word, others)] = dutch.expand(["mercenaries"], None)
    assert word == "mercenaries"
    assert others[0] == ("mercenaries", 1.0)
    assert "huurlingen" in dict(others)


def test_function_words_of_the_index_stand_for_nothing(tmp_path: Path) -> None:
    spoken = {"over": {"nl"}, "want": {"nl", "en"}, "willen": {"nl"}, "bedrijf": {"nl"}}
    assert set(vocabulary(tmp_path, spoken).words) == {"want", "bedrijf"}


def test_words_of_removed_articles_stand_for_nothing(tmp_path: Path) -> None:
    kept = expansion(tmp_path, {word: {"nl"} for word in DUTCH.split()}, dead="medewerkers")
    found = dict(kept.expand(["employees"], "en")[0][1])
    assert "medewerkers" not in found
    assert "personeel" in found


def test_words_that_died_do_not_crowd_out_the_living(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "KINDRED", 1)
    spoken = {word: {"nl"} for word in ["medewerkers", "personeel", "medewerker", "werknemers", "bedrijf"]}
    best = expansion(tmp_path / "0", spoken).expand(["employees"], "en")[0][1][1:]
    near = [word for word, _ in vocabulary(tmp_path / "1", spoken).nearest(_vector("employees"), 4)]
    [(_, others)] = expansion(tmp_path / "2", spoken, dead=" ".join(near[:3])).expand(["employees"], "en")
    assert [each for each, _ in best] == near[:1]
    assert [each for each, _ in others[1:]] == near[3:4]


def _vector(word: str) -> np.ndarray:
    return BilingualEmbedding.load().word_vectors([word])[0]


def test_parts_of_an_index_answer_as_one(tmp_path: Path) -> None:
    words = [word for word in DUTCH.split() if word.isalpha()]
    whole = expansion(tmp_path / "whole", {word: {"nl"} for word in words})
    parts = expansion(tmp_path / "parts", {word: {"nl"} for word in words[::2]}, {word: {"nl"} for word in words[1::2]})
    asked = ["company", "letter", "employees", "culture", "team"]
    for (word, others), (same, again) in zip(whole.expand(asked, "en"), parts.expand(asked, "en"), strict=True):
        assert word == same
        assert dict(others) == pytest.approx(dict(again), abs=1e-5)


def test_an_empty_index_expands_nothing(tmp_path: Path) -> None:
    assert expansion(tmp_path, {}).expand(["company"], "en") == [("company", [("company", 1.0)])]
    assert Expansion([], BilingualEmbedding.load(), lambda _: True).expand(["company"], "en") == [
        ("company", [("company", 1.0)])
    ]


def test_a_large_vocabulary_finds_what_a_full_comparison_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    syllables = [
        "ka",
        "ve",
        "lo",
        "min",
        "der",
        "ster",
        "pol",
        "gra",
        "tui",
        "wer",
        "hoe",
        "schap",
        "lijk",
        "tie",
        "den",
    ]
    made = {"".join(random.choice(syllables, 4)): {"nl"} for _ in range(20_000)}
    spoken = made | {word: {"nl"} for word in DUTCH.split()}
    large = expansion(tmp_path, spoken)
    asked = ["employees", "company", "mercenaries", "letter", "culture"]
    large.expand(["warm"], "en")
    began = time.process_time()
    found = dict(large.expand(asked, "en"))
    assert time.process_time() - began < 0.25  # some 2 ms; the rest is for a busy machine
    monkeypatch.setattr(translation, "_DIFFERING", 1.0)
    full = dict(expansion(tmp_path / "full", spoken).expand(asked, "en"))
    for word in asked:
        near = [pair for pair in full[word] if pair[1] > 0.25]
        assert found[word][: len(near)] == near


def test_a_damaged_vocabulary_is_noticed(tmp_path: Path) -> None:
    opened = vocabulary(tmp_path, {"bedrijf": {"nl"}, "brief": {"nl"}})
    (tmp_path / "words" / "words.txt").write_text("bedrijf\nbruid", encoding="utf-8")
    with pytest.raises(StoreDamagedError):
        opened.nearest(BilingualEmbedding.load().word_vectors(["letter"])[0])
