"""A store that machines share on a Chroma server: writers that are killed, servers that go away, and strangers."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newsbot import Newsbot, Settings

from ..chroma import ChromaProcess, Store, free_port, proxied
from .conftest import QUESTIONS, Archive, one_sentence, plain

KILLS = int(os.environ.get("SHARED_KILLS", "200"))


@dataclass
class Machine(Archive):
    """An archive whose newsbot shares a store; its settings are in a ``.env``."""

    store: Store = field(default_factory=lambda: Store("", ""))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.share(self.store.url)

    def share(self, url: str, **others: str) -> None:
        """Reach the store by another address."""
        written = {"URL": url, "DATABASE": self.store.database, **others}
        text = "".join(f"NEWSBOT_CHROMA_{name}={value}\n" for name, value in written.items())
        (self.root / ".env").write_text(text, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return self.store.settings(self.root)


@pytest.fixture
def writer(tmp_path: Path, store: Store) -> Machine:
    made = Machine(tmp_path / "writer", store=store)
    made.fill(12)
    return made


@pytest.fixture
def reader(tmp_path: Path, store: Store) -> Machine:
    return Machine(tmp_path / "reader", store=store)


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[ChromaProcess]:
    """A server that a test may kill."""
    made = ChromaProcess(tmp_path / "chroma")
    made.start()
    yield made
    made.kill()


# --- writers ----------------------------------------------------------------------------------------------------------


def followed(bot: Newsbot, machine: Machine) -> list[str]:
    """The answers of a reader that has just looked at the store."""
    bot.refresh()
    return machine.answers(bot, generation=False)


@pytest.mark.parametrize(
    "kills", [2, pytest.param(KILLS, marks=[pytest.mark.slow, pytest.mark.timeout(60 + 20 * KILLS)])]
)
def test_a_writer_killed_at_random_moments_spoils_nothing(writer: Machine, reader: Machine, kills: int) -> None:
    writer.refresh()
    rng, ended = random.Random(11), []
    with Newsbot.open(reader.settings) as bot:
        before, generation = followed(bot, reader), bot.generation
        for number in range(kills):
            writer.fill(25, edition=1 + number)
            process = writer.start("index")
            known = {each.name for each in writer.index.iterdir()}
            while process.poll() is None and {each.name for each in writer.index.iterdir()} <= known:
                time.sleep(0.002)
            time.sleep(rng.uniform(0, 1.2))
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            ended.append(process.returncode)
            now = followed(bot, reader)
            assert now == (before if bot.generation == generation else writer.clean_answers()), f"after kill {number}"
            before, generation = now, bot.generation
        assert -signal.SIGKILL in ended
        done = writer.run("index")
        assert (done.returncode, done.stderr) == (0, "")
        assert followed(bot, reader) == writer.clean_answers() == writer.answers(generation=False)


def test_two_writers_of_the_same_articles(writer: Machine, reader: Machine, tmp_path: Path) -> None:
    twin = Machine(tmp_path / "twin", store=writer.store)
    twin.fill(12)
    processes = [each.start("index") for each in (writer, twin)]
    ends = [(*process.communicate(timeout=100), process.returncode) for process in processes]
    assert [(err, code) for _, err, code in ends] == [("", 0)] * 2
    assert sorted(out.splitlines()[-1].partition(";")[0] for out, _, _ in ends) == [
        "0 added, 0 changed, 0 removed, 12 unchanged",
        "12 added, 0 changed, 0 removed, 0 unchanged",
    ]
    assert reader.answers() == writer.answers() == twin.answers()


def test_two_writers_of_different_articles(writer: Machine, reader: Machine, tmp_path: Path) -> None:
    other = Machine(tmp_path / "other", store=writer.store)
    other.fill(12, edition=1)
    processes = {machine.root: machine.start("index") for machine in (writer, other)}
    ends = {root: (*process.communicate(timeout=100), process.returncode) for root, process in processes.items()}
    assert sorted(code for _, _, code in ends.values()) == [0, 1]
    (refused,) = (err for _, err, code in ends.values() if code)
    assert one_sentence(refused)
    assert "is written from" in refused
    first = writer if ends[writer.root][2] == 0 else other
    assert reader.answers(generation=False) == first.clean_answers()


# --- servers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("articles", [60, pytest.param(1500, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_a_server_killed_while_it_is_written_is_waited_for(
    fragile: ChromaProcess, tmp_path: Path, articles: int
) -> None:
    store = fragile.store()
    writer, reader = (Machine(tmp_path / name, store=store) for name in ("writer", "reader"))
    writer.fill(articles)
    process = writer.start("index")
    while process.poll() is None and len(store.names()) < 2:
        time.sleep(0.005)
    assert process.poll() is None
    fragile.kill()
    time.sleep(0.5)
    fragile.start()
    out, err = process.communicate(timeout=100)
    assert (process.returncode, err) == (0, ""), out
    assert reader.answers() == writer.answers()
    assert reader.answers(generation=False) == writer.clean_answers()


@pytest.mark.parametrize("rounds", [8, pytest.param(167, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_a_server_killed_during_questions_is_not_missed(fragile: ChromaProcess, tmp_path: Path, rounds: int) -> None:
    store = fragile.store()
    writer, reader = (Machine(tmp_path / name, store=store) for name in ("writer", "reader"))
    writer.fill(12)
    writer.refresh()
    over = threading.Event()

    def coming_and_going() -> None:
        while not over.is_set():
            fragile.kill()
            over.wait(1.0)
            fragile.start()

    with Newsbot.open(reader.settings) as bot:
        before, slowest = reader.answers(bot), 0.0
        thread = threading.Thread(target=coming_and_going)
        thread.start()
        for _ in range(rounds):
            for number, question in enumerate(QUESTIONS):
                began = time.monotonic()
                answer = reader_line(bot, question)
                slowest = max(slowest, time.monotonic() - began)
                assert answer == before[number]
            time.sleep(0.1)
        over.set()
        thread.join()
        assert slowest < 2
        writer.fill(12, edition=1)
        writer.refresh()
        deadline = time.monotonic() + 20
        while reader.answers(bot) != writer.answers() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert reader.answers(bot) == writer.answers() != before


def reader_line(bot: Newsbot, question: str) -> str:
    from newsbot.jsonlines import answer_line

    return plain(answer_line(bot.ask(question)))


def test_without_a_server_a_prompt_answers_or_fails_in_time(writer: Machine, reader: Machine, tmp_path: Path) -> None:
    writer.refresh()
    before = reader.run("ask", QUESTIONS[0])
    assert before.returncode == 0
    reader.share(f"http://127.0.0.1:{free_port()}")
    after = reader.run("ask", QUESTIONS[0])
    assert (after.returncode, after.stdout) == (0, before.stdout)
    assert one_sentence(after.stderr)
    assert after.stderr.endswith("NEWSBOT_CHROMA_URL. The answer is from the index as it was.\n")
    fresh = Machine(tmp_path / "fresh", store=writer.store)
    fresh.share(f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    failed = fresh.run("ask", QUESTIONS[0])
    assert time.monotonic() - began < 5
    assert failed.returncode == 1
    assert one_sentence(failed.stderr)
    assert "cannot be reached; start it or correct NEWSBOT_CHROMA_URL." in failed.stderr


def test_a_wrong_token_is_told_and_not_repeated(reader: Machine, store: Store) -> None:
    with proxied(store.url, token="open-sesame") as proxy:
        reader.share(proxy.url, TOKEN="hush-hush")
        failed = reader.run("ask", QUESTIONS[0])
    assert failed.returncode == 1
    assert one_sentence(failed.stderr)
    assert "correct NEWSBOT_CHROMA_TOKEN" in failed.stderr
    assert "hush" not in failed.stdout + failed.stderr


def test_somebody_elses_data_stays_and_is_no_answer(writer: Machine, reader: Machine, store: Store) -> None:
    store.make("articles")
    writer.refresh()
    register = next(each for each in store.names() if each.startswith("newsbot-"))
    assert reader.answers() == writer.answers()
    stranger = Store(store.url, "default_database")
    stranger.make(register)
    lost = Machine(reader.root.parent / "lost", store=stranger)
    lost.fill(3)
    for command in (("ask", QUESTIONS[0]), ("index",), ("index", "--rebuild")):
        failed = lost.run(*command)
        assert failed.returncode == 1
        assert one_sentence(failed.stderr)
        assert "is not newsbot's; set NEWSBOT_CHROMA_DATABASE to another." in failed.stderr
    assert store.change("articles", "get", {})["documents"] == ["Not newsbot's."]
    assert stranger.change(register, "get", {})["documents"] == ["Not newsbot's."]
