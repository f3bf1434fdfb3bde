from __future__ import annotations

import itertools

import pytest

from newsbot.answering.judging.quotes import leans, says

from ..talk import ask


@pytest.mark.parametrize(
    "text", ["Hij vertrok.", "Dit team groeit.", "She left.", "This was new.", "Daarom ging het mis."]
)
def test_a_sentence_that_opens_with_a_pointer_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize("text", ["De ploeg won.", '"Dit team is goed", zei Jan.', "Helio grew.", "", "Het regende."])
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
