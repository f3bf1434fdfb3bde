from __future__ import annotations

import itertools

import numpy as np
import pytest

from newsbot.answering.judging.evidence import gather
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.judging.quotes import Quote, choose, leans, says
from newsbot.answering.query import Query
from newsbot.models import Article, Hit
from newsbot.passages import split

from ..talk import ask


@pytest.mark.parametrize(
    "text",
    ["Hij vertrok.", "Dit team groeit.", "She left.", "This was new.", "Daarom ging het mis.", "Volgens hem kan dat."],
)
def test_a_sentence_that_opens_with_a_pointer_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "De ploeg won.",
        '"Dit team is goed", zei Jan.',
        "Helio grew.",
        "",
        "Het regende.",
        "In Delft zag hij een brug.",
    ],
)
def test_other_sentences_stand_alone(text: str) -> None:
    assert not leans(text)


def test_words_of_saying_name_a_speaker() -> None:
    assert says("Dat schreef Altman.")
    assert not says("De brug is lang.")


def test_a_leaning_sentence_brings_the_one_before_and_no_other() -> None:
    _, said = ask("brug", "Wie heeft bezwaar gemaakt bij de Raad van State?")
    first = said.citations[0].quote
    assert first.startswith("Schipper Kees Mol")
    assert "Raad van State" in first
    assert "rechter" not in first


def test_quotes_of_one_answer_never_overlap() -> None:
    _, said = ask("storm", "Who closed the port and warned the council?")
    spans = sorted((each.start, each.end) for each in said.citations)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("second", ["As such, it changed the city.", "However, nobody came.", "The opening was quiet."])
def test_a_sentence_that_goes_on_from_one_that_is_cited_joins_it(second: str) -> None:
    assert [each.text for each in chosen(f"The opening of the bridge drew a crowd. {second}", [2.0, 1.0])] == [
        f"The opening of the bridge drew a crowd. {second}"
    ]


def test_a_sentence_that_stands_alone_is_a_quote_of_its_own() -> None:
    text = "The opening of the bridge drew a crowd. Mayor Vos praised it."
    assert [each.text for each in chosen(text, [2.0, 1.0])] == text.replace(". M", ".|M").split("|")


def test_a_sentence_far_behind_joins_none() -> None:
    first = "The opening of the bridge drew a crowd."
    assert [each.text for each in chosen(f"{first} However, nobody came.", [9.0, 1.0])] == [first]


def chosen(text: str, scores: list[float]) -> list[Quote]:
    """Choose among the sentences of a text by the scores given."""
    hits = [Hit(each, 1.0) for each in split(Article("a.txt", "", text, "en", "0"))]
    evidence = gather(Query("what about the opening of the bridge", "en"), hits, Counts(), shipped())
    assert evidence is not None
    return choose(evidence, np.array(scores, np.float32), hits, 3)


class Counts:
    passages = 10

    def frequency(self, stem: str) -> int:
        return len(stem) % 3
