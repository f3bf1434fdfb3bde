from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from newsbot.answering.judging.thesaurus import Thesaurus, joined, shipped
from newsbot.answering.judging.tokens import words

TRAINING = Path(__file__).parents[3] / "training"


@pytest.fixture(scope="module")
def making() -> Iterator[ModuleType]:
    """The program that makes the table."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(TRAINING)
        yield import_module("make_thesaurus")


@pytest.fixture(scope="module")
def table(making: ModuleType) -> dict[str, np.ndarray]:
    made: dict[str, np.ndarray] = making.table(
        [
            "fire, dismiss, let go, give the sack | ontslaan, de laan uitsturen, ontslag",
            "release, let go, set free | loslaten, vrijlaten",
            "roadmap, plan | routekaart, plan",
            "research, study | onderzoek",
            "free, costs nothing | gratis, kost niets",
            "loose | los, latten",
        ]
    )
    return made


@pytest.fixture
def thesaurus(table: dict[str, np.ndarray]) -> Thesaurus:
    return Thesaurus(**table)


def match(
    thesaurus: Thesaurus, asked: str, found: str, spoken: str = "en", written: str = "nl"
) -> dict[tuple[str, str], float]:
    """Return the words of two texts that may stand for each other, with how far."""
    one, other = words(asked, spoken), words(found, written)
    units = thesaurus.units([one], spoken), thesaurus.units([other], written)
    agreed = thesaurus.agreement(*units, (len(one), len(other)))
    return {
        (one[row].folded, other[column].folded): float(agreed[row, column])
        for row, column in zip(*np.nonzero(agreed), strict=True)
    }


def test_words_of_the_very_same_concepts_stand_for_each_other(thesaurus: Thesaurus) -> None:
    assert match(thesaurus, "Who dismissed him?", "Zij ontslaan hem.") == {("dismissed", "ontslaan"): 0.75}
    assert match(thesaurus, "Who fired him?", "They dismiss him.", "en", "en") == {("fired", "dismiss"): 0.75}


def test_a_word_of_several_concepts_stands_for_others_less(thesaurus: Thesaurus) -> None:
    found = match(thesaurus, "a free bird, let go", "vrijlaten")
    assert 0 < found["go", "vrijlaten"] < 0.75
    assert found["let", "vrijlaten"] == found["go", "vrijlaten"]


def test_a_phrase_is_found_without_its_little_words(thesaurus: Thesaurus) -> None:
    found = match(thesaurus, "Did they give him the sack?", "Hij kreeg ontslag.")
    assert found == {}
    found = match(thesaurus, "Did they give the sack?", "Hij moest de laan uitsturen.")
    assert set(found) == {(one, other) for one in ("give", "sack") for other in ("laan", "uitsturen")}


def test_no_phrase_runs_from_one_sentence_into_the_next(thesaurus: Thesaurus) -> None:
    sentences = [words("They let.", "en"), words("Go on.", "en")]
    assert not thesaurus.units(sentences, "en").sizes.size
    assert thesaurus.units([[*sentences[0], *sentences[1]]], "en").sizes.size


def test_a_compound_stands_for_what_its_parts_do(thesaurus: Thesaurus) -> None:
    assert match(thesaurus, "the roadmap", "onze onderzoeksroutekaart") == {("roadmap", "onderzoeksroutekaart"): 0.75}
    assert match(thesaurus, "their research", "onze onderzoeksroutekaart") == {
        ("research", "onderzoeksroutekaart"): 0.75
    }


def test_a_separable_verb_is_no_compound(thesaurus: Thesaurus) -> None:
    assert match(thesaurus, "a plan", "een onderplannen") == {}


def test_what_denies_is_left_out(thesaurus: Thesaurus) -> None:
    assert match(thesaurus, "is it free", "gratis")
    assert not match(thesaurus, "what does it cost", "gratis")


def test_other_languages_and_empty_texts_have_no_units(thesaurus: Thesaurus) -> None:
    assert match(thesaurus, "der plan", "het plan", "de", "nl") == {}
    assert match(thesaurus, "", "het plan") == {}
    assert match(thesaurus, "a plan", "") == {}


def test_units_of_texts_laid_end_to_end_keep_their_places(thesaurus: Thesaurus) -> None:
    first, second = words("het plan", "nl"), words("een plan ontslaan", "nl")
    both = joined([(0, thesaurus.units([first], "nl")), (len(first), thesaurus.units([second], "nl"))])
    whole = thesaurus.units([first, second], "nl")
    assert both.places.tolist() == whole.places.tolist() == [1, 3, 4]
    assert both.owner.tolist() == whole.owner.tolist() == [0, 1, 2]
    assert both.concepts.tolist() == whole.concepts.tolist()
    assert joined([]).sizes.tolist() == []


def test_the_table_that_is_shipped_is_that_of_the_words(making: ModuleType) -> None:
    made = making.table(making.SOURCE.read_text(encoding="utf-8").splitlines())
    with np.load(making.TARGET) as stored:
        assert set(stored) == set(made)
        assert all(np.array_equal(stored[name], made[name]) for name in made), "run training/make_thesaurus.py"


def test_the_thesaurus_that_is_shipped_knows_how_people_ask() -> None:
    assert match(shipped(), "Was he ever let go?", "Hij werd ontslagen.")["go", "ontslagen"] > 0.5
    assert match(shipped(), "the roadmap", "onze onderzoeksroutekaart")["roadmap", "onderzoeksroutekaart"] > 0.5
