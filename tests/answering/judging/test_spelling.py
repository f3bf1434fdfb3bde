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
    assert match[1, 1] > 0.3 > match[1, 3]
    assert match[2, 2] == pytest.approx(0.9)
    assert match[:, 3].max() < 0.3
    assert spelled_alike(words("worked", "en"), words("working", "en"), same_language=True)[0, 0] == 1.0
