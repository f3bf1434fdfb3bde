"""The command line as people and programs use it, in processes of its own."""

import json
import re
from pathlib import Path

import pytest

from .conftest import Run


def test_one_command_indexes_and_answers(run: Run) -> None:
    done = run("ask", "Hoeveel kost de kade?")
    assert done.returncode == 0
    assert "De kade kost 42 miljoen euro." in done.stdout
    assert re.search(r"haven\.txt:[0-9,]*4", done.stdout)
    assert "\x1b" not in done.stdout


def test_json_is_one_line_and_nothing_else(run: Run) -> None:
    done = run("ask", "--json", "Who plants cider trees?")
    row = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert row["language"] == "en"
    assert "4,000 cider trees" in row["citations"][0]["quote"]


def test_many_questions_give_one_line_each_in_order(run: Run, tmp_path: Path) -> None:
    lines = [
        "Hoeveel kost de kade?",
        '{"question": "Who plants cider trees?"}',
        '{"question": 5}',
        "Wie?",
    ]
    (tmp_path / "questions").write_text("\n".join(lines), encoding="utf-8")
    done = run("ask", "--input", "questions")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["question"] for row in rows] == ["Hoeveel kost de kade?", "Who plants cider trees?", "", "Wie?"]
    assert "Line 3" in rows[2]["error"]
    assert done.returncode == 1
    assert done.stderr.startswith("newsbot: 1 of the questions")


def test_a_question_may_be_piped(run: Run) -> None:
    assert "42 miljoen" in run("ask", stdin="Hoeveel kost de kade?\n").stdout


def test_index_tells_what_changed_and_what_it_passed_over(run: Run, seeds: Path) -> None:
    (seeds / "leeg.txt").write_bytes(b"")
    done = run("index")
    assert "2 added, 0 changed, 0 removed, 0 unchanged" in done.stdout
    assert "passed over leeg.txt" in done.stderr
    (seeds / "haven.txt").unlink()
    (seeds / "orchard.md").write_text("# New\n\nThe orchard was sold to Ruth Palmer.\n")
    assert "0 added, 1 changed, 1 removed, 0 unchanged" in run("index").stdout
    assert "0 added, 0 changed, 0 removed, 1 unchanged" in run("index").stdout


def test_ask_follows_a_changed_seed(run: Run, seeds: Path) -> None:
    run("index")
    (seeds / "haven.txt").write_text("De kade kost volgens de wethouder nu 58 miljoen euro.\n")
    assert "58 miljoen" in run("ask", "Hoeveel kost de kade?").stdout


def test_search_and_sources(run: Run) -> None:
    assert "haven.txt:1" in run("search", "kade", "-k", "1").stdout
    assert json.loads(run("search", "kade", "--json").stdout)["passages"][0]["source"] == "haven.txt"
    listed = run("sources").stdout
    assert "haven.txt" in listed
    assert "Apple growers in Kent switch to cider" in listed


def test_a_conversation_can_be_piped(run: Run) -> None:
    done = run("chat", stdin="/help\nHoeveel kost de kade?\n/sources\n/forget\n/nope\n\n/quit\nWie?\n")
    assert done.returncode == 0
    assert "42 miljoen euro" in done.stdout
    assert "Forgotten." in done.stdout
    assert "There is no command /nope" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["ask", " "], 1, "newsbot: The question is empty"),
        (["ask", "a" * 5000], 1, "newsbot: The question has 5,000 characters"),
        (["ask"], 1, "newsbot: The question is empty"),
        (["nonsense"], 2, "No such command"),
        (["ask", "--input", "missing"], 2, "missing"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, arguments: list[str], code: int, sentence: str) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_missing_seeds_folder_is_one_sentence(run: Run) -> None:
    done = run("ask", "Wie?", NEWSBOT_SEEDS_DIR="nowhere")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "nowhere" in done.stderr


def test_an_unknown_setting_is_one_sentence(run: Run) -> None:
    done = run("ask", "Wie?", NEWSBOT_SEED_DIR="x")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean NEWSBOT_SEEDS_DIR" in done.stderr


def test_debug_shows_where(run: Run) -> None:
    assert "Traceback" in run("--debug", "ask", " ").stderr


def test_text_is_utf8_whatever_the_locale(run: Run, seeds: Path) -> None:
    (seeds / "cafe.txt").write_text("Het café van Zoë verkoopt crème brûlée voor € 5.\n", encoding="utf-8")
    assert "crème brûlée voor € 5" in run("ask", "Wat verkoopt het café van Zoë?").stdout
