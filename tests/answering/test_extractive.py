from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.answering.extractive import Judgement, answer
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.query import Query
from newsbot.models import Hit, Passage, Sentence

SENTENCES = (
    "Maandag stuurde de directeur een memo naar het personeel.",
    "Dit team wordt geleid door Anna de Vries, die eerder bij Philips werkte.",
    "De lijst bevatte vier nieuwe onderzoekers.",
    '"We zijn trots op ons werk", schreef Jan Smit.',
)


class Counts:
    passages = 3

    def frequency(self, stem: str) -> int:
        return 1 if stem in " ".join(SENTENCES).lower() else 0


def passage(sentences: tuple[str, ...] = SENTENCES, offset: int = 0, source: str = "a.txt") -> Passage:
    text, spans = "", []
    for each in sentences:
        start = len(text) + offset
        text += each + " "
        spans.append(Sentence(start, start + len(each), 1))
    return Passage(f"{source}{offset}", source, "Nieuws", "nl", text, offset, offset + len(text), 1, tuple(spans))


def ask(question: str, *passages: Passage) -> Judgement:
    hits = [Hit(each, 5.0 - number) for number, each in enumerate(passages or (passage(),))]
    return answer(Query(question, "nl"), hits, Counts(), shipped())


def test_the_sentence_that_answers_comes_first_and_brings_what_it_leans_on() -> None:
    found = ask("Wie leidt het team?")
    assert found.outcome == "answered"
    assert found.citations[0].quote == f"{SENTENCES[0]} {SENTENCES[1]}"


def test_what_is_not_there_is_refused_with_no_citation() -> None:
    found = ask("Hoeveel regen viel er gisteren in Antwerpen?")
    assert found.outcome in ("absent", "nearest")
    assert not found.citations
    assert found.confidence < 0.3


def test_without_passages_the_answer_says_that_there_are_none() -> None:
    found = answer(Query("Wie leidt het team?", "nl"), [], Counts(), shipped())
    assert (found.outcome, found.citations) == ("absent", ())
    assert "nog geen artikelen" in found.text


@pytest.mark.parametrize("question", ["wie?", "wat is het", "hoe dan wel", "?!", "🎉"])
def test_a_question_without_content_is_not_answered(question: str) -> None:
    assert ask(question).outcome == "absent"


def test_a_text_for_a_question_is_cut_short() -> None:
    assert ask("team " + " ".join(f"woord{n}" for n in range(2000))).confidence < 0.5


@given(
    st.lists(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=6), min_size=1, max_size=4),
    st.text(min_size=1, max_size=80),
)
def test_every_quote_is_the_source_and_stands_in_the_text_with_its_number(
    articles: list[list[str]], question: str
) -> None:
    passages = [passage(tuple(each), offset=7 * n, source=f"{n}.txt") for n, each in enumerate(articles)]
    found = ask(question + " " + articles[0][0], *passages)
    spans = []
    for number, each in enumerate(found.citations, 1):
        assert each.number == number
        assert each.quote == each.passage.quote(each.start, each.end)
        assert f"[{number}]" in found.text
        assert each.quote in found.text
        spans.append((each.source, each.start, each.end))
    assert len(spans) <= 3
    for at, (source, start, end) in enumerate(spans):
        assert all(source != s or end <= b or e <= start for s, b, e in spans[at + 1 :])
