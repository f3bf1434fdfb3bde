"""The README says what the code does."""

import re

from . import readme
from .conftest import ROOT

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")


def test_help_settings_and_transcript_are_those_of_the_code() -> None:
    assert readme.filled(PAGE) == PAGE, "run `make readme`"


def test_the_example_settings_are_those_of_the_code() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == readme.example(), "run `make readme`"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE):
        assert (ROOT / target).exists(), target


def test_every_command_has_a_row() -> None:
    from newsbot.cli import newsbot

    for name in newsbot.commands:
        assert f"| `newsbot {name}" in PAGE
