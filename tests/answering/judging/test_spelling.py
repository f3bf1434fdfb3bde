from __future__ import annotations

import pytest

from newsbot.answering.judging.spelling import one_slip, spelled_alike
from newsbot.answering.judging.tokens import words


@pytest.mark.parametrize(
    ("first", "second", "slip"),
    [
        ("alexandr", "alexander", True),
        ("gandhi", "ghandi", False),  # two slips
        ("zuckerberg", "zuckeberg", True),
        ("friedman", "freidman", True),
        ("altman", "altmann", True),
        ("altman", "oltman", True),
        ("team", "team", True),
        ("team", "steam", True),
        ("wang", "chen", False),
        ("", "ab", False),
    ],
)
def test_one_slip_is_one_letter_or_one_swap(first: str, second: str, slip: bool) -> None:
    assert one_slip(first, second) is slip
    assert one_slip(second, first) is slip


def test_stems_match_in_one_language_and_compounds_in_part() -> None:
    asked, found = words("leidde team zukerberg", "nl"), words("leiden superintelligentieteam Zuckerberg regen", "nl")
    match = spelled_alike(asked, found, same_language=True)
    assert match[1, 1] == pytest.approx(0.8)
    assert match[1, 3] < 0.3
    assert match[2, 2] == pytest.approx(0.9)
    assert match[:, 3].max() < 0.3
    assert spelled_alike(words("worked", "en"), words("working", "en"), same_language=True)[0, 0] == 1.0


@pytest.mark.parametrize(
    ("asked", "found", "least"),
    [
        ("groei", "hypergroei", 0.8),
        ("onderzoek", "onderzoeksorganisatie", 0.8),
        ("onderzoeksteam", "team", 0.6),
    ],
)
def test_a_compound_and_its_part_match(asked: str, found: str, least: float) -> None:
    assert spelled_alike(words(asked, "nl"), words(found, "nl"), same_language=True)[0, 0] >= least


@pytest.mark.parametrize(("asked", "found"), [("rol", "controle"), ("age", "average"), ("eis", "reis")])
def test_a_short_word_inside_another_is_no_part_of_a_compound(asked: str, found: str) -> None:
    assert spelled_alike(words(asked, "nl"), words(found, "nl"), same_language=True)[0, 0] < 0.6
