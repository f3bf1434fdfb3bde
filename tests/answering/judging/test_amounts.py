from __future__ import annotations

import pytest

from newsbot.answering.extractive import answer
from newsbot.answering.judging.amounts import telling
from newsbot.answering.judging.evidence import gather
from newsbot.answering.judging.expectation import Kind, expected
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.query import Query
from newsbot.models import Article, Hit
from newsbot.passages import split

from .test_quotes import Counts

TEXT = (
    "Marieke Bos leidt het museum sinds 2019. Joris van Dalen (43) tekende de brug. "
    "Het museum heeft veertig mensen in dienst. De brug kostte volgens haar zes miljoen. "
    "Zij had nog nooit zoveel vertrouwen in het ontwerp. Kees Mol maakte bezwaar."
)


def hits(text: str = TEXT) -> list[Hit]:
    return [Hit(each, 1.0) for each in split(Article("a.txt", "", text, "nl", "0"))]


def told(question: str, text: str = TEXT) -> list[int]:
    """Return which sentences of a text tell the amount that a question asks for."""
    found = gather(Query(question, "nl"), hits(text), Counts(), shipped())
    assert found is not None
    return [at for at, each in enumerate(telling(found, expected(question, "nl"), hits(text))) if each]


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Hoe oud is Joris van Dalen?", [1]),
        ("In welk jaar kwam Marieke Bos bij het museum?", [0]),
        ("Wat kostte de brug?", [3]),
        ("Hoeveel verdient Marieke Bos?", [3]),
        ("Hoeveel medewerkers heeft het museum?", [0, 1, 2, 3]),
        ("Hoeveel vertrouwen had zij in het ontwerp?", [0, 1, 2, 3, 4]),
        ("Wie maakte bezwaar tegen de brug?", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_only_sentences_with_such_an_amount_tell_it(question: str, sentences: list[int]) -> None:
    assert told(question) == sentences


def test_what_is_counted_may_stand_behind_a_name() -> None:
    text = "De brug is oud. Bos is de tel kwijt van hoeveel mensen er kwamen."
    assert told("Hoeveel Delftse mensen kwamen er?", text) == [1]


def test_a_number_stays_an_amount_in_a_sentence_that_also_says_many() -> None:
    assert told("Hoeveel verdient Bos?", "Bos verdient met veel geluk 4000 per maand. Mol niets.") == [0]


@pytest.mark.parametrize(
    "text",
    [
        "Het vermaarde werk is van de 67-jarige Mol.",
        "Mol, 67, woont er.",
        "Hij was zeventien jaar.",
        "Mol is een veertiger.",
    ],
)
def test_an_age_is_written_in_many_ways(text: str) -> None:
    assert told("Hoe oud is Mol?", text) == [0]


@pytest.mark.parametrize("text", ["Mol tekende 67 bruggen.", "Mol begon in 1999."])
def test_not_every_number_is_an_age(text: str) -> None:
    assert told("Hoe oud is Mol?", text) == []


@pytest.mark.parametrize(
    ("question", "kind", "language"),
    [
        ("Hoeveel verdient Kees Mol bij het museum?", "money", "nl"),
        ("Hoe oud is Kees Mol?", "age", "nl"),
        ("In welk jaar maakte Kees Mol bezwaar?", "year", "nl"),
        ("How many people work for Kees Mol?", "count", "en"),
        ("and what is the salary of Kees Mol?", "money", "en"),
        ("how old is kees mol", "age", "en"),
    ],
)
def test_an_amount_that_nobody_tells_is_not_answered(question: str, kind: Kind, language: str) -> None:
    text = "Kees Mol van het museum maakte bezwaar. Hij werkt er met veel plezier. Een aantal mensen steunt Mol."
    assert expected(question, language) == kind
    judged = answer(Query(question, language), hits(text), Counts(), shipped())
    assert not judged.answered
    assert judged.confidence <= 0.04


def test_an_amount_in_the_sentence_beside_is_quoted_with_it() -> None:
    text = "De brug over de Vecht is van Joris van Dalen. Hij kostte zes miljoen. De boten varen weer."
    judged = answer(Query("Wat kostte de brug over de Vecht?", "nl"), hits(text), Counts(), shipped())
    assert "zes miljoen" in judged.text
