"""What a terminal shows, and what it must never obey."""

import io
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from newsbot import Newsbot
from newsbot.models import Changes, Skipped
from newsbot.terminal import safe, show_answer, show_changes


@given(st.text())
def test_no_text_commands_the_terminal(text: str) -> None:
    shown = safe(text + "\x1b[31m\x9b5m\u202e\x07")
    assert not any(ord(each) < 0x20 and each not in "\n\t" for each in shown)
    assert not any(0x7F <= ord(each) < 0xA0 or each in "\u202e\u2066" for each in shown)
    shown.encode("utf-8")


def test_the_quote_is_marked_within_its_passage(bot: Newsbot) -> None:
    out = io.StringIO()
    show_answer(Console(file=out, width=200), bot.ask("Hoeveel kost de kade?"), Path("seeds"))
    assert "»De kade kost 42 miljoen euro.«" in out.getvalue()


def test_a_terminal_gets_colour_and_a_link_to_the_file(bot: Newsbot) -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, color_system="standard", legacy_windows=False)
    show_answer(console, bot.ask("Hoeveel kost de kade?"), Path("seeds"))
    assert re.search(r"haven\.txt:[0-9,]*4", out.getvalue())
    assert "\x1b]8;" in out.getvalue()


def test_skipped_files_are_told_with_their_reason() -> None:
    out, err = io.StringIO(), io.StringIO()
    show_changes(Console(file=out), Console(file=err), Changes("1", skipped=(Skipped("a.txt", "It is empty."),)))
    assert "passed over a.txt: It is empty." in err.getvalue()
