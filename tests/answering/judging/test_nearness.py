from __future__ import annotations

import pytest

from newsbot.answering.judging.evidence import Evidence, gather
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.judging.nearness import nearness
from newsbot.models import Article, Hit
from newsbot.passages import split

from .test_quotes import Counts

TEXT = (
    "The council chose a design in March. Architect Vos drew a bridge of oak. Builders start after the summer. "
    "The mayor likes it. The old ferry stays. Cyclists pay nothing."
)


@pytest.fixture
def hits() -> list[Hit]:
    return [Hit(each, 1.0) for each in split(Article("a.txt", "", TEXT, "en", "0"))]


@pytest.fixture
def evidence(hits: list[Hit]) -> Evidence:
    found = gather("when do builders start", "en", hits, Counts(), shipped())
    assert found is not None
    return found


def test_what_was_cited_is_nearest_and_its_neighbours_next(evidence: Evidence, hits: list[Hit]) -> None:
    near = nearness(evidence, hits, ["Architect Vos drew a bridge of oak."]).tolist()
    assert near[1] == 1.0
    assert near[1] > near[0] == near[2] > near[3] > near[4] > 0


def test_a_quote_is_known_again_in_part_and_in_other_marks(evidence: Evidence, hits: list[Hit]) -> None:
    assert nearness(evidence, hits, ["… drew a “bridge of oak”"])[1] == 1.0


@pytest.mark.parametrize("cited", [[], [""], ["oak"], ["Something else was said elsewhere entirely."]])
def test_what_is_not_of_these_passages_is_near_nothing(evidence: Evidence, hits: list[Hit], cited: list[str]) -> None:
    assert not nearness(evidence, hits, cited).any()
