"""The small rooms of the adapter, each by itself: paces, memory, votes, words, lists, log lines, indexing."""

from __future__ import annotations

import json
import logging
import re
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.discord import indexing, words
from newsbot.discord.conversation import Memory, answer_text
from newsbot.discord.feedback import Feedback, file_of, mark
from newsbot.discord.guard import Guard
from newsbot.discord.layout import answer_messages
from newsbot.discord.limits import Pace, Sparing
from newsbot.discord.logs import Line, request
from newsbot.errors import DiscordError, StoreError
from newsbot.models import Turn
from newsbot.settings import Settings
from newsbot.watching import look


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


# --- paces ------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.lists(st.floats(0, 30), max_size=60))
def test_nobody_asks_faster_than_the_pace(most: int, gaps: list[float]) -> None:
    clock = Clock()
    pace = Pace(most, clock)
    taken: list[float] = []
    for gap in gaps:
        clock.now += gap
        wait = pace.wait(1)
        assert wait >= 0
        if wait == 0:
            pace.take(1)
            taken.append(clock.now)
    for begin in taken:
        assert sum(begin <= at < begin + 60 for at in taken) <= 2 * most


def test_waiting_as_told_is_enough() -> None:
    clock = Clock()
    pace = Pace(3, clock)
    for _ in range(3):
        assert pace.wait(1) == 0
        pace.take(1)
    wait = pace.wait(1)
    assert wait == 20
    assert pace.wait(2) == 0, "others are not held up"
    clock.now += wait
    assert pace.wait(1) == 0
    assert Pace(0).wait(1) == 0


def test_a_refusal_is_told_sparingly() -> None:
    clock = Clock()
    sparing = Sparing(15, clock)
    assert [sparing.allows(1), sparing.allows(1), sparing.allows(2)] == [True, False, True]
    clock.now = 15
    assert sparing.allows(1)


# --- memory -----------------------------------------------------------------------------------------------------------


def test_turns_are_bounded_private_and_forgotten() -> None:
    clock = Clock()
    memory = Memory(clock)
    for number in range(9):
        memory.remember(1, 5, f"q{number}", f"a{number}", private=number == 8)
    assert memory.turns(1, 5, private=False) == [
        Turn("user", "q5"), Turn("assistant", "a5"), Turn("user", "q6"), Turn("assistant", "a6"),
        Turn("user", "q7"), Turn("assistant", "a7"),
    ]  # fmt: skip
    assert Turn("user", "q8") in memory.turns(1, 5, private=True)
    assert memory.turns(1, 6, private=True) == memory.turns(2, 5, private=True) == []
    clock.now = 31 * 60
    assert memory.turns(1, 5, private=True) == []
    memory.note_answer(70, 1, "q", "a")
    memory.note_answer(71, 2, "q", "a")
    memory.remember(1, 5, "new", "answer", private=False)
    memory.forget(1, 100)
    assert memory.turns(1, 5, private=True) == []
    assert memory.answered(70) is None and memory.answered(71) == ("q", "a")
    assert not memory.may_use(1, 99) and memory.may_use(1, 101) and memory.may_use(2, 99)


def test_an_answers_text_is_found_in_its_message() -> None:
    from chains import answer_of, passage_of  # type: ignore[import-not-found]

    answer = answer_of("what?", "It is *so* [1]\n\nAnd more [2]", [passage_of("One."), passage_of("Two.", 2)])
    for echo in ("", "what?"):
        shown = answer_messages(answer, echo=echo)[0]
        assert answer_text(shown) == answer.text
    told = answer_of("what?", "“One.” [1]", [passage_of("One.")])
    assert answer_text(answer_messages(told)[0]) == told.text


# --- votes ------------------------------------------------------------------------------------------------------------


def test_votes_hold_no_name_and_no_text(tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    feedback = Feedback(path)
    assert feedback.first(1, 2) and not feedback.first(1, 2) and feedback.first(1, 3)
    feedback.take_back(1, 2)
    assert feedback.first(1, 2)
    feedback.write("up", "gen", mark("Wie  is HET?", "token"))
    feedback.write("down", "gen", mark("wie is het?", "token"))
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first["question"] == second["question"] != mark("wie is het?", "other token")
    assert set(first) == {"time", "generation", "vote", "question"} and "wie" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert not Feedback(None).wanted
    assert file_of("off") is None and file_of("x") == Path("x")


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_phrase_is_there_in_both_languages_with_the_same_blanks() -> None:
    for phrase in get_args(words.Phrase):
        blanks = [set(re.findall(r"{(\w+)}", table[phrase])) for table in (words.ENGLISH, words.DUTCH)]
        assert blanks[0] == blanks[1]
        assert len(words.say(phrase, "nl", **dict.fromkeys(blanks[0], 1))) < 1000
    assert words.say("voted", "nl-BE") == words.DUTCH["voted"] and words.say("voted", "fr") == words.ENGLISH["voted"]


# --- lists ------------------------------------------------------------------------------------------------------------


def test_lists_allow_and_refuse() -> None:
    assert Guard(Settings()).in_server(1, [2], [3]) == "yes"
    guard = Guard(
        Settings(
            discord_guilds=frozenset({1}), discord_channels=frozenset({2}), discord_roles=frozenset({3}),
            discord_question_channels=frozenset({4}),
        )
    )  # fmt: skip
    assert guard.in_server(1, [9, 2], [3, 8]) == guard.in_server(1, [4], [3]) == "yes"
    assert guard.in_server(7, [2], [3]) == guard.in_server(1, [9], [3]) == "not_here"
    assert guard.in_server(1, [2], [8]) == "not_you"


# --- log lines --------------------------------------------------------------------------------------------------------


def line_of(error: BaseException | None = None, **details: Any) -> str:
    record = logging.LogRecord("newsbot.discord", 30, "x.py", 1, "it\nhappened %s", ("here",), None)
    record.details = details
    if error:
        try:
            raise error
        except BaseException:
            record.exc_info = sys.exc_info()
    return Line(["sesame-sesame"], tracebacks=False).format(record)


def test_log_lines_hold_no_secret_and_no_foreign_text() -> None:
    with request("abc"):
        line = line_of(StoreError("The index is gone."), count=3, took=0.5, text='say "x" y', token="sesame-sesame")
    assert "\n" not in line and "it happened here request=abc count=3 took=0.500" in line
    assert "text=\"say 'x' y\"" in line and "sesame" not in line and 'reason="The index is gone."' in line
    assert "sesame" not in line_of(KeyError("sesame-sesame what someone wrote"))
    assert "someone" not in line_of(ValueError("what someone wrote"))
    assert "request" not in line_of()
    address = line_of(url="https://discord.com/api/v10/webhooks/12/aW50ZXJhY3Rpb24/messages/@original")
    assert "aW50" not in address and "/webhooks/12/[secret]/messages" in address


# --- indexing ---------------------------------------------------------------------------------------------------------


def test_the_indexing_process_gets_the_settings_and_no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "DISCORD_TOKEN": "secret",
        "NEWSBOT_CHAT_PRICE": "1/2",
        "NEWSBOT_SEEDS_DIR": "elsewhere",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings(
        seeds_dir=tmp_path / "seeds", index_dir=tmp_path, discord_token="secret", chroma_url="http://c:1"
    )
    environment = indexing.environment(settings)
    assert environment["DISCORD_TOKEN"] == ""
    read = Settings.read(
        {key: value for key, value in environment.items() if key.startswith(("NEWSBOT", "DISCORD"))}, None
    )
    assert read == replace(settings, discord_token="", chat_price=(1.0, 2.0))


def test_what_the_indexing_process_tells() -> None:
    told = (
        '{"generation": "g", "added": ["a"], "changed": [], "removed": [], "unchanged": 1, '
        '"skipped": [], "passages": 2}'
    )
    assert indexing._told(f"noise\n{told}\n", 0).added == ("a",)
    with pytest.raises(DiscordError, match="no seeds"):
        indexing._told('{"error": "There are no seeds."}', 1)
    with pytest.raises(DiscordError, match="exit code -9"):
        indexing._told("", -9)


def test_a_look_sees_every_change(tmp_path: Path) -> None:
    first = look(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("a")
    second = look(tmp_path)
    (tmp_path / "sub" / "a.txt").write_text("ab")
    assert first != second != look(tmp_path)
    assert look(tmp_path / "nowhere") == frozenset() == first
