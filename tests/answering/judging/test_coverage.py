from __future__ import annotations

import numpy as np
import pytest

from newsbot.answering.judging.coverage import coverage
from newsbot.answering.judging.evidence import Evidence, gather
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.judging.tokens import Floats
from newsbot.answering.query import Query
from newsbot.models import Article, Hit
from newsbot.passages import split

from .test_quotes import Counts

TEXT = (
    "The harbour was quiet on Monday. Director Ilse Vos wrote to the staff that the ferry stays. "
    "She expects fewer passengers. The tickets become cheaper, she added. Nobody at the office, which stands beside "
    "the old lighthouse and was painted green last year, had seen the ferry."
)


def evidence(question: str, text: str = TEXT) -> Evidence:
    hits = [Hit(each, 1.0) for each in split(Article("a.txt", "", text, "en", "0"))]
    found = gather(Query(question, "en"), hits, Counts(), shipped())
    assert found is not None
    return found


@pytest.fixture
def measured() -> dict[str, Floats]:
    return coverage(evidence("How many passengers does Ilse Vos expect?"))


def test_a_name_holds_for_the_sentences_after_it(measured: dict[str, Floats]) -> None:
    name, near = measured["name"].tolist(), measured["name_near"].tolist()
    assert name[1] == pytest.approx(1)
    assert max(name[2:]) < 0.3
    assert near[1] > near[2] > near[3] > near[4] > 0.5
    assert near[0] == pytest.approx(0.8, abs=0.05)


def test_what_is_asked_must_stand_in_the_sentence_or_beside_it(measured: dict[str, Floats]) -> None:
    assert int(np.argmax(measured["fact"])) == 2
    near = measured["fact_near"]
    assert near[2] == near.max()
    assert near[3] > measured["fact"][3]
    assert measured["fact_told"].argmax() == 2


def test_a_sentence_about_the_question_says_little_else() -> None:
    about = coverage(evidence("does the ferry stay"))["about"]
    assert about[1] > about[4] > about[3]


def test_a_question_without_names_has_nobody_to_cover() -> None:
    measured = coverage(evidence("what becomes cheaper"))
    assert not measured["name"].any()
    assert not measured["name_near"].any()
    assert measured["fact"] == pytest.approx(measured["cover"])


def test_every_measure_lies_between_nothing_and_everything() -> None:
    for question in ("who is Ilse Vos", "ferry", "what did director vos write to the staff about the ferry on monday"):
        for name, values in coverage(evidence(question)).items():
            assert values.shape == (5,), name
            assert np.isfinite(values).all(), name
            assert values.min() >= 0, name
            assert values.max() <= 1.001, name
