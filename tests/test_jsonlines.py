"""The lines that other programs read and write."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot import Newsbot, Turn
from newsbot.jsonlines import answer_line, questions


def test_plain_lines_and_objects_may_be_mixed() -> None:
    lines = ["\ufeffWie?\n", "\n", '{"question": "En wie nog?", "history": [["user", "Wie?"], ["assistant", "Wang."]]}']
    first, second = questions(lines)
    assert (first.question, first.history) == ("Wie?", ())
    assert (second.question, second.history) == ("En wie nog?", (Turn("user", "Wie?"), Turn("assistant", "Wang.")))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "{}",
        '{"question": 1}',
        '{"question": "x", "history": 3}',
        '{"question": "x", "history": [["system", "y"]]}',
    ],
)
def test_a_malformed_line_is_told_with_its_number(line: str) -> None:
    (asked,) = questions([line])
    assert asked.problem.startswith("Line 1 is not of the form")


@given(st.lists(st.text()))
def test_any_text_is_one_question_or_problem_a_line(lines: list[str]) -> None:
    assert len(list(questions(lines))) == sum(bool(line.strip().removeprefix("\ufeff")) for line in lines)


def test_an_answer_is_one_line_of_the_documented_form(bot: Newsbot) -> None:
    line = answer_line(bot.ask("Hoeveel kost de kade?"))
    assert "\n" not in line
    row = json.loads(line)
    assert row["answered"] is True
    assert row["index"] == {"generation": bot.generation, "embedding_model": "builtin"}
    assert {"question", "confidence", "answer", "language", "mode", "citations", "passages", "elapsed_ms"} <= set(row)
    cited = row["citations"][0]
    assert set(cited) == {"number", "source", "title", "quote", "start", "end", "line", "passage"}
    assert cited["quote"] in cited["passage"]
    assert set(row["passages"][0]) == {"source", "start", "end", "score", "text"}
