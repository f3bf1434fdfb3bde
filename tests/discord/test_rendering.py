from __future__ import annotations

import re

import pytest
from chains import HOSTILE, URLS, answer_of, hostile, passage_of  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from live import live, payload_faults  # type: ignore[import-not-found]

from newsbot.discord.layout import answer_messages, draft, passage_messages
from newsbot.discord.rendering import clean, escape, link, one_line, plain_name, safe_url, unescape

WILD = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(HOSTILE), max_size=20).map("".join),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=4)), max_size=20).map("".join),
)


@given(WILD)
def test_nothing_lives_and_nothing_unseen_stays(text: str) -> None:
    assert live(escape(text)) == []


@given(WILD)
def test_escaping_can_be_undone(text: str) -> None:
    assert unescape(escape(text)) == clean(text)


@given(WILD)
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_prose_is_left_as_it_is() -> None:
    prose = (
        'Mark Chen (Chief Research Officer) zei: "er is ingebroken" — om 12:30, voor $1.000,- & ’s nachts; 3 > 2? Ja!'
    )
    assert clean(prose) == prose
    assert escape(prose) == prose.replace(">", "\\>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone", "@\u200aeveryone"), ("<@123>", "\\<\\@123\\>"), ("[a](https://b.c)", "\\[a\\]\\(https\\://b.c)"),
        ("# a", "\\# a"), ("#a", "#a"), ("-# a", "\\-# a"), ("- a", "\\- a"), ("1. a", "1\\. a"), ("a - b", "a - b"),
        ("see discord.gg/x", "see discord\\.gg/x"), ("</ask:1>", "\\<\\/ask\\:1\\>"), ("||x||", "\\|\\|x\\|\\|"),
        ("a\u202eb\u200bc", "abc"), ("e\u0301\u0302\u0303\u0304", "e\u0301\u0302"), ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)  # fmt: skip
def test_escapes(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_only_an_answers_own_citations_stay() -> None:
    assert escape("Yes [1], no [7] and [1](http://x.y)", {1}) == "Yes [1], no \\[7\\] and \\[1\\]\\(http\\://x.y)"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"), ("http://x.example", "http://x.example/"),
        ("https://x.example/a)(<b>", "https://x.example/a%29%28%3Cb%3E"), ("javascript:alert(1)", ""),
        ("ftp://x.y", ""),
        ("https://u:p@x.example/", ""), ("https://", ""), ("https://a b.example", ""), ("//x.example", ""),
        ("https://x.example:99999/", ""), ("https://x.example/\u202e", ""), ("https://x.example\\@evil.example/", ""),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"), ("https://x.example/" + "a" * 600, ""),
    ],
)  # fmt: skip
def test_urls(url: str, safe: str) -> None:
    assert safe_url(url) == safe


@given(WILD, st.one_of(st.sampled_from(URLS), st.text(max_size=40).map(lambda rest: f"https://x.example/{rest}")))
def test_links_hold_together(title: str, url: str) -> None:
    made = link(title, url)
    assert live(made) == []
    if safe_url(url):
        assert re.fullmatch(r"\[[^\[\]]*\]\(<https?://[^<>()\s]+>\)", made)


@given(WILD)
def test_names_and_lines(text: str) -> None:
    name = plain_name(text)
    assert len(name) <= 90 and "\n" not in name and not set(name) & set("<>@#`*_~|\\[]")
    assert len(one_line(text, 50)) <= 50


def test_a_thousand_hostile_answers() -> None:
    for seed in range(1000):
        passages = [
            passage_of(
                hostile(seed + 1000 * each),
                each,
                hostile(seed + each, 3),
                hostile(seed * 7 + each, 4),
                URLS[seed % len(URLS)],
            )
            for each in (1, 2, 3)
        ]
        outcome = ("answered", "nearest", "absent")[seed % 3]
        answer = answer_of(hostile(seed), f"{hostile(seed + 5)} [1] {hostile(seed + 6)} [2]", passages, outcome)
        shown = [
            *answer_messages(answer, echo=answer.question),
            draft(answer.text),
            *passage_messages(passages[0], "nl"),
        ]
        for content in shown:
            faults = payload_faults(
                {"content": content.replace("**", ""), "allowed_mentions": {"parse": []}, "flags": 4}
            )
            assert not faults, (seed, faults)


def test_quotes_are_byte_exact() -> None:
    quote = 'De *"baas"* van <Meta_AI> zei: 1 ~ 2 | `x` \\o/ [sic] — "één".'
    shown = "\n".join(answer_messages(answer_of("q", "Yes [1]", [passage_of(quote, url="https://news.example/a")])))
    found = re.search("“(.*)”\n-# ", shown, re.DOTALL)
    assert found and unescape(found[1]) == quote
    assert "[A title](<https://news.example/a>)" in shown
    repeated = "\n".join(answer_messages(answer_of("q", f"“{quote}” [1]", [passage_of(quote)])))
    assert unescape(repeated).count(quote) == 1 and repeated.endswith("-# A title · a.txt: [1] line 1")
