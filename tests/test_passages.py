"""Passages, the paragraphs they follow, and the sentences they are made of."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.models import Article
from newsbot.passages import LONGEST, split
from newsbot.sentences import sentences


def _article(text: str, source: str = "a.txt", language: str = "nl", title: str = "a") -> Article:
    return Article(source=source, title=title, text=text, language=language, digest="0")


def _sentences(text: str, source: str = "a.txt", language: str = "nl") -> list[str]:
    article = _article(text, source, language)
    return [text[each.start : each.end] for passage in split(article) for each in passage.sentences]


@pytest.mark.parametrize(
    ("language", "marked"),  # "|" stands where a sentence ends and the next begins
    [
        ("nl", "Dr. J. R. R. de Vries (o.a. bekend van tv) zei dat.|De winst steeg met 3.5 procent."),
        ("nl", "Het kostte $1.2 mln. aan het eind v.d. maand.|Volgens prof. dr. ir. A.B. Jansen is dat ca. 5 pct."),
        ("nl", "D.w.z. nooit.|Dhr. Jansen en mevr. De Boer kwamen om 20.30 uur aan.|Op 5 jan. 2024 was dat."),
        ("nl", "Nou... ik weet het niet.|Dat was in 2015.|In 2016 niet.|Kijk op www.nos.nl/a.b?c=d."),
        ("nl", "Mail jan@x.nl.|Hij kreeg 50 Cent. terug.|'s Avonds kwam hij.|'t Was mooi.|Zo'n man."),
        ("nl", "Ajax won met 3-0.|'s Ochtends niet.|Foto's van Jan's hond."),
        ("nl", '"Is dat zo?" vroeg hij.|"Ja."|"Nee."|Hij zei: "Nee.|Ik ga.|Kom mee!"|En ging.'),
        ("nl", '"Ik kom," schreef hij.|"Ik ben er trots op.|Heel trots."|Dat was het.'),
        ("nl", "‘Missionarissen’ winnen.|‘Ik weet het niet.|Echt niet.’|„Wat nu?”, vroeg ze.|«Nee.|Nooit.»"),
        ("nl", "'Ik ga.|Nu!'|(Hij kwam.|Zij niet.)|Toen wel.".replace("kwam.|Zij", "kwam. Zij").replace(")|", ") ")),
        ("nl", "Het is leuk!!!|Echt?!|😀 Mooi.|Wat een dag 😀.|Zij stopt.|iPhone-gebruikers balen."),
        ("nl", "Het bedrijf Yahoo! Inc. kocht het.|1. Eerst dit."),
        ("en", "Mr. Smith went to Washington D.C. on Jan. 5.|He paid U.S. dollars.|The U.S. President spoke."),
        ("en", "E.g. this, i.e. that.|Dr. A. B. Jones Jr. said so.|It cost $1.2 mln. in all.|J.R.R. Tolkien wrote."),
        ("en", "At 5 p.m. he left.|No. 5 won.|Gen. Smith vs. Lt. Jones.|“Wait... what?” he said.|“No.|Never.”"),
        ("en", "“Why?” Altman asked.|“Because.”|“Stop!” Mr. Chen said.|They left.|‘It’s odd,’ she said."),
        ("nl", "Een plan van A. Jansen.|Op ma. 3 mei.|Dat duurt 5 min.|Daarna niet.|Hij zei: 'Dat is zo.|Echt.'|Toen."),
        ("nl", "dit is een zin.|en dit ook.|en dat?"),
        ("de", "„Das ist so.“|Er ging z.B. nach Hause.|„Wer ist das?“, fragte sie."),
        ("xx", "Dit is er een.|Dit is er nog een."),
    ],
)
def test_sentences_of_news_prose(language: str, marked: str) -> None:
    text = marked.replace("|", " ")
    found = [text[start:end] for start, end in sentences(text, 0, len(text), language)]
    assert found == marked.split("|")


def test_a_quotation_keeps_its_marks_across_spaces_and_emoji() -> None:
    text = '🙂 é "Een. Twee." Drie.'
    assert _sentences(text) == ['🙂 é "Een.', 'Twee."', "Drie."]


def test_headline_joins_the_first_paragraph_as_a_sentence_of_its_own() -> None:
    text = (
        f"Missionarissen verslaan de huurlingen\n\nAltman haalt uit. Hij is {'heel ' * 50}boos.\n"
        + "Meta reageert niet. " * 20
    )
    first, second = split(_article(text))
    assert [first.quote(each.start, each.end) for each in first.sentences] == [
        "Missionarissen verslaan de huurlingen", "Altman haalt uit.", f"Hij is {'heel ' * 50}boos.",
    ]  # fmt: skip
    assert [each.line for each in first.sentences] == [1, 3, 3]
    assert second.line == 4


@pytest.mark.parametrize(
    "footer",
    ["wired", "Bron: ANP", "© 2025 Krant. Alle rechten voorbehouden.", "Lees ook: Meta haalt weer mensen weg", "* * *",
     "https://www.krant.nl/artikel", "Foto: Jan Jansen / ANP", "Lees ook", "Jan Jansen"],
)  # fmt: skip
def test_footers_are_no_sentences(footer: str) -> None:
    assert _sentences(f"Meta haalt mensen weg.\n{footer}") == ["Meta haalt mensen weg."]
    assert _sentences(f"Meta haalt mensen weg.\n\n{footer}\n") == ["Meta haalt mensen weg."]


def test_what_only_resembles_a_footer_stays() -> None:
    kept = [
        "Copyright law is complicated, says the judge.",
        "(c) derde punt.",
        "Volg ons voorbeeld.",
        "De bron: een anonieme medewerker.",
        "Fotograaf Jan Jansen won een prijs.",
        "Volgens hem klopt het.",
    ]
    assert _sentences("\n".join(kept)) == kept
    assert _sentences("Dit zijn ze:\nShengjia Zhao\nJiahui Yu") == ["Dit zijn ze:", "Shengjia Zhao", "Jiahui Yu"]
    assert _sentences("Dit zijn ze:\n- Shengjia Zhao\n- Jiahui Yu") == ["Dit zijn ze:", "Shengjia Zhao", "Jiahui Yu"]


@pytest.mark.parametrize("text", ["", " \n ", "wired", "* * *\n---", "---\ntitle: x\n---\n", "Bron: ANP"])
def test_an_article_of_furniture_gives_nothing(text: str) -> None:
    assert split(_article(text)) == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_hard_wrapped_lines_are_one_paragraph(newline: str) -> None:
    lines = [
        "Dit is een regel die hard is afgebroken omdat de", "schrijver een oude editor heeft gebruikt. Nieuwe zin is",
        "hier. En klaar is Kees, die de hele dag werkt aan", "zijn stuk.",
        "Een nieuwe alinea begint hier zonder regel wit,",
        "zoals dat wel vaker gaat.", "",  "- een punt", "- nog een punt dat zo lang is dat het wordt",
        "  afgebroken",
    ]  # fmt: skip
    text = newline.join(lines)
    found = _sentences(text)
    assert [each.replace(newline, " ") for each in found] == [
        "Dit is een regel die hard is afgebroken omdat de schrijver een oude editor heeft gebruikt.",
        "Nieuwe zin is hier.", "En klaar is Kees, die de hele dag werkt aan zijn stuk.",
        "Een nieuwe alinea begint hier zonder regel wit, zoals dat wel vaker gaat.", "een punt",
        "nog een punt dat zo lang is dat het wordt   afgebroken",
    ]  # fmt: skip
    lines_of = [each.line for passage in split(_article(text)) for each in passage.sentences]
    assert lines_of == ([1] * 6 if newline == "\u2028" else [1, 2, 3, 5, 8, 9])


def test_a_line_is_a_paragraph_where_lines_are_sentences() -> None:
    lines = ["Sam Altman spreekt woensdag op het congres", "Meta opent een kantoor in Amsterdam", "Hij ging weg"]
    assert _sentences("\n".join([*lines, "Einde verhaal."])) == [*lines, "Einde verhaal."]


def test_a_heading_belongs_to_what_it_stands_over() -> None:
    paragraph = "Dit is een zin van zo'n vijftig tekens, ongeveer dan. " * 5
    text = f"{paragraph[:240]}\nReacties\n{paragraph}\n"
    first, second = split(_article(text))
    assert "Reacties" not in first.text
    assert second.text.startswith("Reacties\nDit")
    assert "Reacties" not in _sentences(text)
    assert second.line == 2


def test_markdown() -> None:
    text = """---
title: De titel
---
# De kop van *het* verhaal

Eerste zin is hier
en gaat door. Tweede zin met [een link](https://x.nl/a.b?c=d) erin.

## Tussenkop

- Eerste punt
- Tweede punt met `code`
  1. genest punt

> Een citaat. Nog
> een zin.

```python
print("geen proza. Echt niet.")
```

    ingesprongen code

| Naam | Score |
|------|-------|
| Jan  | 5     |

<div>geen proza</div>

Slot
====
Laatste alinea.
"""
    assert _sentences(text, "a.md") == [
        "De kop van *het* verhaal", "Eerste zin is hier\nen gaat door.",
        "Tweede zin met [een link](https://x.nl/a.b?c=d) erin.", "Eerste punt", "Tweede punt met `code`",
        "genest punt", "Een citaat.", "Nog\n> een zin.", "| Jan  | 5     |", "Laatste alinea.",
    ]  # fmt: skip
    assert any("Tussenkop" in passage.text for passage in split(_article(text, "a.md")))


def test_a_paragraph_of_ordinary_length_is_one_passage() -> None:
    paragraph = "Dit is een zin van zo'n vijftig tekens, ongeveer dan. " * 28
    text = f"{paragraph}\n{paragraph}\n"
    assert [passage.line for passage in split(_article(text))] == [1, 2]
    assert 1400 < len(paragraph) < LONGEST


def test_a_long_paragraph_is_divided_evenly_between_sentences() -> None:
    text = "Dit is een zin van zo'n vijftig tekens, ongeveer dan. " * 100
    found = split(_article(text))
    assert all(900 <= len(passage.text) <= LONGEST for passage in found)
    assert sum(len(passage.sentences) for passage in found) == 100
    assert all(passage.text.endswith("dan.") for passage in found)


def test_a_lead_in_joins_what_follows_it() -> None:
    text = "Altman sloeg een andere toon aan.\n" + '"Meta heeft mensen." ' * 20 + "\n" + "Zo gaat het maar door. " * 20
    assert [passage.line for passage in split(_article(text))] == [1, 3]


def test_ids_are_short_unique_and_stable() -> None:
    text = "\n".join(f"{'Dezelfde zin staat er telkens weer. ' * 10}" for _ in range(5))
    first, again, other = split(_article(text)), split(_article(text)), split(_article(text, "b.txt"))
    ids = [passage.id for passage in (*first, *other)]
    assert first == again
    assert len(set(ids)) == len(ids) == 10
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)
    assert [each.id for each in split(replace(_article(text), digest="1", title="b"))] == [each.id for each in first]


@pytest.mark.parametrize(
    "text",
    ["a" * 2_000_000, "woord " * 400_000, "'" * 200_000, '"a. ' * 40_000, "a.\n" * 20_000, "\n" * 300_000,
     "> " * 100_000, "- " * 100_000, "*" * 100_000 + "a", "[" * 20_000 + "a", "Hij zei: «" * 50_000, "1. " * 40_000,
     "_a " * 40_000, "(" * 100_000 + "a. B", " " * 1_000_000 + "a", "A! " * 40_000, "a b\r" * 20_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
@pytest.mark.parametrize("source", ["a.txt", "a.md"])
def test_absurd_text_is_bounded(text: str, source: str) -> None:
    begun = time.perf_counter()
    found = split(_article(text, source))
    assert time.perf_counter() - begun < 15
    assert all(each.end - each.start <= 4_000 for passage in found for each in passage.sentences)


_PIECE = st.sampled_from(
    ["Een zin. ", "Twee? ", '"Ja," zei hij. ', "„Nee.” ", "'", '"', "\n", "\r\n", "\r", "\n\n", "\u2028", "\f", "…",
     ". ", "Dr. ", "A. ", "😀", "é", "e\u0301", "\u200b", "- ", "# ", "> ", "```", "| a | b |\n|---|---|\n", "5.", " ",
     "\t", "www.a.nl", "---", "woord ", "Bron: ", "«", "»", "’s ", "\x85", "\u00a0", "1) ", "İ", "ß", "<p>",
     "\x1c", "\0"]
)  # fmt: skip
_TEXT = st.lists(_PIECE | st.text(max_size=8), max_size=60).map("".join)


@settings(max_examples=250, deadline=None)
@given(_TEXT, st.sampled_from(["a.txt", "a.md", "a.html"]), st.sampled_from(["nl", "en", "xx"]))
def test_every_span_is_the_source(text: str, source: str, language: str) -> None:
    article = _article(text, source, language)
    found = split(article)
    assert len({passage.id for passage in found}) == len(found)
    for passage in found:
        assert passage.text == text[passage.start : passage.end]
        assert passage.line == _line(text, passage.start)
        assert passage.sentences
        assert passage.start <= passage.sentences[0].start
        assert passage.sentences[-1].end <= passage.end
        for each in passage.sentences:
            quote = passage.quote(each.start, each.end)
            assert quote == text[each.start : each.end]
            assert quote
            assert quote == quote.strip()
            assert each.line == _line(text, each.start)
    spans = [each for passage in found for each in passage.sentences]
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(left.end <= right.start for left, right in pairwise(found))


def _line(text: str, offset: int) -> int:
    before = text[:offset]
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")


_CLAUSE = st.sampled_from(
    ["Meta haalt mensen weg", 'Hij zei: "Nee. Nooit', "Dr. A. Jansen betaalt $1.2 mln. per jaar", "‘Ja", "Wat 😀 nu",
     "Zij (o.a. Jan) kwamen", "Apple", "I.v.m. ziekte gesloten", "Op 5 jan. 2024"]
)  # fmt: skip
_LINE = st.lists(
    st.tuples(_CLAUSE, st.sampled_from([".", "!", '."', "?’", "...", '," zei hij.'])), min_size=1, max_size=9
)
_END = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\u2028"])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(_LINE, _END), min_size=1, max_size=8))
def test_no_letter_is_lost(lines: list[tuple[list[tuple[str, str]], str]]) -> None:
    text = "".join(" ".join(clause + end for clause, end in line) + newline for line, newline in lines)
    covered = {place for passage in split(_article(text)) for each in passage.sentences
               for place in range(each.start, each.end)}  # fmt: skip
    assert not [place for place, letter in enumerate(text) if not letter.isspace() and place not in covered]
