from __future__ import annotations

import pytest

from newsbot.answering.judging.evidence import Evidence, gather
from newsbot.answering.judging.lexicon import shipped
from newsbot.answering.judging.nearness import nearness
from newsbot.answering.query import Query
from newsbot.models import Article, Hit
from newsbot.passages import split

from .test_quotes import Counts

TEXT = (
    "The council chose a design in March. Architect Vos drew a bridge of oak. Builders start after the summer. "
    "The mayor likes it. The old ferry stays. Cyclists pay nothing."
)


@pytest.fixture
def evidence() -> Evidence:
    hits = [Hit(each, 1.0) for each in split(Article("a.txt", "", TEXT, "en", "0"))]
    found = gather(Query("when do builders start", "en"), hits, Counts(), shipped())
    assert found is not None
    return found


def test_the_neighbours_of_what_was_cited_are_nearest(evidence: Evidence) -> None:
    near = nearness(evidence, ["Architect Vos drew a bridge of oak."]).tolist()
    assert near[0] == near[2] > near[3] > near[4] > near[5] > near[1] > 0


def test_what_was_cited_stays_so_beside_what_was_cited_too(evidence: Evidence) -> None:
    near = nearness(evidence, ["Architect Vos drew a bridge of oak.", "Builders start after the summer."]).tolist()
    assert near[0] == near[3] > near[1] == near[2] > 0


def test_a_quote_is_known_again_in_part_and_in_other_marks(evidence: Evidence) -> None:
    assert (
        nearness(evidence, ["… drew a “bridge of oak”"]).tolist()
        == nearness(evidence, ["Architect Vos drew a bridge of oak."]).tolist()
    )


@pytest.mark.parametrize("cited", [[], [""], ["oak"], ["Something else was said elsewhere entirely."]])
def test_what_is_not_of_these_passages_is_near_nothing(evidence: Evidence, cited: list[str]) -> None:
    assert not nearness(evidence, cited).any()
