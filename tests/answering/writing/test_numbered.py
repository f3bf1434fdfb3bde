"""What the model is given: within its budget, best first, and nothing that can forge an id or close the fence."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.answering.prompts import harmless
from newsbot.answering.writing.numbered import Evidence
from newsbot.models import Passage, Sentence

from ..chat_articles import ARTICLES, SENTENCES, passages


def one(text: str) -> Passage:
    return Passage("p", "a.txt", "T", "nl", text, 0, len(text), 1, (Sentence(0, len(text), 1),))


def test_all_articles_are_given_when_they_fit_best_passages_first() -> None:
    everything = passages()
    ranked = [everything[4], everything[1]]
    evidence = Evidence.gather(ranked, everything, budget=100_000)
    assert [passage.id for passage, _ in evidence.blocks][:2] == [ranked[0].id, ranked[1].id]
    assert {line.text for line in evidence.lines} >= set(SENTENCES.values())
    assert len(evidence.lines) == len(SENTENCES) + len(ARTICLES)
    rest = [(passage.source, passage.start) for passage, _ in evidence.blocks[2:]]
    assert rest == sorted(rest)


def test_only_the_best_passages_are_given_when_all_do_not_fit() -> None:
    everything = passages()
    ranked = everything[2:5]
    size = sum(len(passage.text) for passage in ranked)
    evidence = Evidence.gather(ranked, everything, budget=size)
    assert [passage.id for passage, _ in evidence.blocks] == [passage.id for passage in ranked]


def test_a_passage_larger_than_the_budget_gives_its_first_sentences() -> None:
    passage = passages("sterrenwacht.txt", size=11)[0]
    assert [line.text for line in Evidence.gather([passage], budget=150).lines] == [
        "Noordlicht verkoopt sterrenwacht",
        SENTENCES["deal"],
    ]
    assert len(Evidence.gather([passage], budget=1).lines) == 1


def test_overlapping_passages_give_each_sentence_once() -> None:
    evidence = Evidence.gather([*passages(size=4), *passages(size=3)], budget=100_000)
    texts = [line.text for line in evidence.lines]
    assert len(texts) == len(set(texts))


def test_ids_differ_from_request_to_request_and_do_not_occur_in_the_texts() -> None:
    ranked = [one(" ".join(f"s{number}" for number in range(100, 1000)))]
    evidence = Evidence.gather(ranked, budget=100_000, avoid="s1000 s1001")
    assert not re.search(rf"\b{evidence.lines[0].id}\b", ranked[0].text)
    runs = [[line.id for line in Evidence.gather(passages(), budget=100_000).lines] for _ in range(2)]
    assert runs[0] != runs[1]


def test_neighbours_adjoin_in_the_article() -> None:
    evidence = Evidence.gather([passages(size=2)[3], passages(size=2)[0]], budget=100_000)
    first, second = evidence.blocks[0][1]
    assert evidence.near(first) == [second]
    assert evidence.near(second) == [first]


def test_nothing_in_an_article_passes_for_an_id_or_a_fence() -> None:
    evidence = Evidence.gather(passages("markt.txt"), budget=100_000)
    shown = evidence.render()
    assert "[s101]" not in shown
    assert "</evidence>" not in shown
    assert len(re.findall(r"\[", shown)) == len(evidence.lines)


@settings(max_examples=200)
@given(st.text(min_size=1, max_size=200))
def test_wild_text_stays_one_line_without_marks(text: str) -> None:
    shown = harmless(text)
    assert not set(shown) & set("[]<>【】\n\r\u2028\u202e\u200b")
    assert shown.isprintable()
