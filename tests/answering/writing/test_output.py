"""The stream: the same text however it is chopped, numbers in order of first use, and time that checking takes."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.answering.checking.meaning import similarity
from newsbot.answering.writing.numbered import Evidence
from newsbot.answering.writing.output import Writing
from newsbot.answering.writing.segments import Closed, Segmenter, Settled, Tail

from ..chat_articles import SENTENCES, passages

EVIDENCE = Evidence.gather(passages("sterrenwacht.txt"), budget=100_000)
IDS = {name: next((line.id for line in EVIDENCE.lines if line.text == text), "s1") for name, text in SENTENCES.items()}
TRUE = {
    "deal": "Noordlicht verkoopt de sterrenwacht aan Delft",
    "jobs": "Er werken 23 mensen",
    "fired": "Noordlicht ontslaat niemand",
    "scope": "De telescoop is sinds 1968 in gebruik",
    "rival": "Een concurrent uit Duitsland bood minder",
}

marks = st.lists(st.sampled_from([*TRUE, "s1", "s999999"]), min_size=1, max_size=3).map(
    lambda names: [IDS.get(name, name) for name in names]
)
styles = st.sampled_from(["[{}]", "【{}】", "({})", "[^{}]", "[bron {}]", "`[{}]`"])
claims = st.sampled_from(list(TRUE.items()))


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A true sentence with its mark before or after the full stop, perhaps with other ids beside it."""
    name, text = draw(claims)
    ids = [*draw(st.just([IDS[name]])), *(draw(marks) if draw(st.booleans()) else [])]
    style = draw(styles)
    mark = style.format(draw(st.sampled_from([", ", "; ", " en "])).join(ids))
    end = draw(st.sampled_from([".", "!", ""]))
    return f"{text} {mark}{end}" if draw(st.booleans()) or "`" in style else f"{text}{end or '.'} {mark}"


fragments = st.one_of(
    sentences(),
    st.sampled_from(
        [
            "Ongedekt.",
            "\n\n",
            "\n- ",
            "1. ",
            "| a | b |\n",
            "```",
            "[",
            "](",
            "【",
            "NOT_IN",
            "<b>",
            "**",
            "…",
            "Dr. ",
            "s12 ",
        ]
    ),
    st.text(max_size=12),
)
outputs = st.lists(fragments, max_size=8).map(" ".join)


def write(pieces: list[str]) -> Writing:
    writing = Writing(EVIDENCE, "nl")
    shown = "".join([*map(writing.feed, pieces), writing.finish()])
    assert shown == writing.text
    return writing


def chop(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(places)]


@settings(max_examples=400, deadline=None)
@given(outputs, st.lists(st.integers(0, 10_000), max_size=30))
def test_chunks_do_not_matter(text: str, cuts: list[int]) -> None:
    whole, chopped, letters = write([text]), write(chop(text, cuts)), write(list(text))
    assert whole.text == chopped.text == letters.text
    assert whole.citations == chopped.citations == letters.citations


@settings(max_examples=400, deadline=None)
@given(outputs)
def test_numbers_round_trip(text: str) -> None:
    writing = write([text])
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", writing.text)]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(writing.citations) + 1))
    for number, citation in enumerate(writing.citations, 1):
        assert citation.number == number
        assert citation.passage.quote(citation.start, citation.end) == citation.quote
    assert not any(name in writing.text for name in IDS.values() if name != "s1")


@settings(max_examples=200, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=5, unique_by=lambda text: text[:12]))
def test_true_sentences_pass_in_any_dress(said: list[str]) -> None:
    writing = write(["\n".join(said)])
    assert len(writing.text.split("\n")) == len(said)
    assert not writing.dropped


@settings(max_examples=300, deadline=None)
@given(outputs, st.integers(0, 500))
def test_a_broken_stream_shows_no_more_than_the_whole(text: str, at: int) -> None:
    broken = Writing(EVIDENCE, "nl")
    broken.feed(text[:at])
    broken.finish(complete=False)
    assert write([text]).text.startswith(broken.text)


def events(text: str) -> list[object]:
    segmenter = Segmenter()
    return [*segmenter.feed(text), *segmenter.finish(True)]


def test_a_cited_sentence_closes_at_its_full_stop() -> None:
    segmenter = Segmenter()
    assert list(segmenter.feed("Het is zo [s12]")) == []
    assert list(segmenter.feed(".")) == [Closed("Het is zo [s12].", "")]
    assert list(segmenter.feed(" [s13]")) == [Tail("[s13]")]
    assert list(segmenter.feed(" Nu")) == [Settled()]


def test_a_mark_after_the_full_stop_closes_the_sentence() -> None:
    assert events("Het is zo. [s12]") == [Closed("Het is zo. [s12]", ""), Settled()]


def test_abbreviations_initials_and_numbers_do_not_end_a_sentence() -> None:
    for text in (
        "Dr. De Vries kwam om 9.30 uur",
        "Het was J. Bakker",
        "Dit is o.a. De Telegraaf",
        "Er kwamen ca. 30 man",
    ):
        assert [event.text for event in events(text) if isinstance(event, Closed)] == [text]


def test_parentheses_after_a_sentence_are_a_sentence() -> None:
    closed = [event.text for event in events("Het is zo. (Dat zei hij.) En nu [s12].") if isinstance(event, Closed)]
    assert closed == ["Het is zo.", "(Dat zei hij.)", "En nu [s12]."]


def test_endless_sentences_are_not_kept_in_memory() -> None:
    segmenter = Segmenter()
    for _ in range(2_000):
        assert list(segmenter.feed("zonder einde, ")) == []
    assert len(segmenter._raw) < 2_000


def test_checking_takes_less_than_five_milliseconds_an_answer() -> None:
    times = []
    for size in range(30):
        evidence = Evidence.gather(passages("sterrenwacht.txt"), budget=100_000)
        ids = {line.text: line.id for line in evidence.lines}
        text = " ".join(f"{claim}, zo blijkt uit stuk {size} [{ids[SENTENCES[name]]}]." for name, claim in TRUE.items())
        text += " ".join(f"{claim} [{ids[SENTENCES[name]]}]." for name, claim in TRUE.items())
        writing = Writing(evidence, "nl", similarity=similarity)
        writing.prepare()
        began = time.thread_time()
        for piece in chop(text, list(range(0, len(text), 5))):
            writing.feed(piece)
        writing.finish()
        times.append((time.thread_time() - began) * 1000)
        assert writing.text
    assert sorted(times)[len(times) // 2] <= 5.0


WILD = ["[", "(", "<", "*", "`", "|", "- ", "[s1, ", "A, ", "A en B, ", "1.", "1 000 ", '"', "'a ", "[](", "http://a",
        "honderd", "een half ", "a. ", "[[s1]", "†", "\n", "\u200b"]  # fmt: skip


@pytest.mark.parametrize("unit", WILD)
def test_wild_repetition_takes_bounded_time(unit: str) -> None:
    began = time.thread_time()
    assert write([unit * (50_000 // len(unit))]).text == ""
    assert time.thread_time() - began < 5
