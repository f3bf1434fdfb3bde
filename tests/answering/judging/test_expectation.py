from __future__ import annotations

import pytest

from newsbot.answering.judging.expectation import Kind, expected, wider


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Wie leidt het team?", "nl", "person"),
        ("Who leads the team?", "en", "person"),
        ("Wanneer gaat de brug open?", "nl", "date"),
        ("In what decades was he active?", "en", "date"),
        ("In welk jaar kwam zij?", "nl", "year"),
        ("Hoeveel kostte de brug?", "nl", "money"),
        ("how many homes lost power", "en", "count"),
        ("Hoe lang is de brug?", "nl", "duration"),
        ("Waarom is het museum dicht?", "nl", "reason"),
        ("Why did the port close?", "en", "reason"),
        ("Waar werkte hij?", "nl", "place"),
        ("Wat zei Mark Chen?", "nl", "said"),
        ("What did Mark Chen say?", "en", "said"),
        ("Welk bedrijf werd gekocht?", "nl", "name"),
        ("What Doctor Who serial came first?", "en", "thing"),
        ("Wie viele Menschen kamen?", "de", "count"),
        ("Wer leitet das Team?", "de", "person"),
        ("Wat is een memo?", "nl", "thing"),
        ("how many left when they shut it", "en", "count"),
        ("Wat gebeurt er wanneer de brug open gaat?", "nl", "thing"),
        ("What percentage is that?", "en", "count"),
        ("Hoe oud is hij?", "nl", "age"),
        ("en wat verdient ze daar?", "nl", "money"),
        ("Welke boete kreeg het bedrijf?", "nl", "money"),
        ("Welke prijs won de schrijver?", "nl", "name"),
        ("Hoe hoog is de toren?", "nl", "number"),
        ("Is OpenAI going to change how much it pays?", "en", "thing"),
        ("Hoe snel groeit het bedrijf?", "nl", "manner"),
    ],
)
def test_question_words_tell_what_is_wanted(question: str, language: str, kind: str) -> None:
    assert expected(question, language) == kind


@pytest.mark.parametrize(
    ("kind", "whole"), [("age", "number"), ("money", "number"), ("year", "date"), ("said", "said")]
)
def test_a_closer_kind_is_one_of_a_wider(kind: Kind, whole: Kind) -> None:
    assert wider(kind) == whole
