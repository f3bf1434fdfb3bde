from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from newsbot.discord.rendering import escape
from newsbot.discord.splitting import Block, split, units

TEXT = st.lists(
    st.one_of(
        st.sampled_from(["Een zin. ", "Nog een [1]. ", "*x*", "👩🏽‍💻", "e\u0301", "🇳🇱", "\n\n", " ",
        "“ja” ", "woord ", "<@1>"]),
        st.text(max_size=30),
    ),
    max_size=60,
).map("".join)  # fmt: skip


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(st.lists(TEXT, max_size=5), st.integers(60, 400))
def test_everything_arrives_in_order_and_fits(texts: list[str], most: int) -> None:
    blocks = [Block(escape(text)) for text in texts]
    messages = split(blocks, most)
    assert all(0 < units(message) <= most and message.strip() for message in messages)
    assert bare("".join(messages)) == bare("".join(block.body for block in blocks))


@given(TEXT)
def test_no_escape_or_character_is_cut(text: str) -> None:
    for message in split([Block(escape(text))], 80):
        message.encode("utf-8")
        assert not re.search(r"(?<!\\)(?:\\\\)*\\$", message), "a backslash lost what it escapes"
        assert not re.match("[\u0300-\u036f\ufe0f\U0001f3fb-\U0001f3ff]", message)


def test_cuts_fall_after_sentences_with_their_citations() -> None:
    text = " ".join(f"Zin {number} is hier. [1]" for number in range(300))
    messages = split([Block(text)])
    assert len(messages) > 2 and all(message.endswith(". [1]") for message in messages)


def test_a_quote_is_kept_together_or_closed_and_opened() -> None:
    short = Block("x " * 400, head="[1] “", tail="”", opening="“", closing="”")
    assert [message.count("“") for message in split([short, short, short])] == [2, 1]
    long = Block("x " * 3000, head="[1] “", tail="”\nsource", opening="“", closing="”")
    messages = split([long])
    assert len(messages) > 3 and all(message.count("“") == message.count("”") == 1 for message in messages)
    assert messages[-1].endswith("source")


def test_quotes_in_a_text_are_not_cut() -> None:
    text = "\n".join(f"“Zin {number} is een zin. En dit is er nog een.” [{number}]" for number in range(1, 150))
    messages = split([Block(text)])
    assert len(messages) > 3 and all(re.search(r"” \[\d+\]$", message) for message in messages)
    assert all(message.count("“") == message.count("”") for message in messages)


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert [units(message) for message in split([Block("a" * 4500)])] == [2000, 2000, 500]
    assert all(units(message) <= 2000 for message in split([Block("😀" * 3000)]))


def test_nothing_takes_long() -> None:
    for text in (
        "." * 20_000,
        ". " * 10_000,
        "a " * 10_000,
        "😀" * 10_000,
        "\\." * 10_000,
        "[1]" * 7_000,
        "“" * 20_000,
    ):
        began = time.perf_counter()
        split([Block(text)])
        assert time.perf_counter() - began < 0.5
    for text in ("<" * 20_000, "@" * 20_000, "\n" * 20_000, " \n" * 10_000, "\t" * 20_000, "#" * 20_000, "[" * 20_000):
        began = time.perf_counter()
        escape(text)
        assert time.perf_counter() - began < 0.5
