"""The language of a text, and its words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.language import detect, fold, is_function_word, ngrams, stems, word_spans, words

DUTCH = """wie leid dat nieuwe team|en die andere?|wanneer was dat|wat kun je?|is altman boos|waarom raar|hoezo|hoi
wie heeft dat gezegd|wat zei altman over huurlingen|hoeveel mensen zijn overgestapt|en waar werkte hij daarvoor?
is meta giftig|vertel meer|hoe heet de baas van openai|waar gaat dit artikel over|wie is shengjia zhao|dankjewel
noem de namen|welke onderzoekers|geef een samenvatting|wat schreef hij op slack|en meta dan?|wat wil zuckerberg
ja maar waarom|wie was dat ook alweer|krijgen ze meer geld|van wie komt dat citaat|waar staat agi voor|huurlingen
cultuur openai|compensatie openai|aandelen openai of meta|wat is er gestolen|zijn ze boos op meta|wie won de wedstrijd
was hij ontslagen|wat betekent superintelligentie|Wie is Mark Chen?|ben je een bot|waarom verliet wang scale ai"""
ENGLISH = """who is mark chen|what can you do|and the other one?|when was that|why do they leave|who leads the team
what did mark chen say|openai culture weird|where did nat friedman work before?|names of researchers|tell me more
who wrote it|stock options better?|what is AGI|is altman angry|was altman fired|is meta toxic|thanks|hello|whats his job
summarize the article|how many people left|in what year was it|altman's opinion of meta|and wang?|is that so|more money?
does he hate zuckerberg|explain superintelligence|which companies|Welcome to the board|who won the match"""
GERMAN = """Wer leitet das neue Team?|wer ist mark chen|wie alt ist er|was sagt altman über meta|wo arbeitet er jetzt
warum sind sie gegangen|wie viele leute sind gegangen|was ist das|wie heißt der chef von openai|wann war das"""


def _cases() -> list[tuple[str, str]]:
    found = [("nl", DUTCH), ("en", ENGLISH), ("de", GERMAN)]
    return [(code, each) for code, lines in found for each in lines.replace("\n", "|").split("|")]


@pytest.mark.parametrize(("code", "question"), _cases())
def test_sloppy_questions(code: str, question: str) -> None:
    assert detect(question, default="xx") == code
    assert detect(question.upper(), default="xx") == code


@pytest.mark.parametrize("text", ["altman slack", "sam altman", "mark chen", "", "42", "???", "🙂"])
def test_names_alone_fall_back(text: str) -> None:
    assert detect(text) == "en"
    assert detect(text, default="nl") == "nl"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("nl", "De Tweede Kamer stemde dinsdag in met het voorstel, maar de minister wil eerst een onderzoek. "),
        ("en", "Lawmakers approved the proposal on Tuesday, but the minister wants an inquiry to be held first. "),
        ("de", "Der Bundestag stimmte dem Vorschlag am Dienstag zu, doch die Ministerin will erst prüfen lassen. "),
        ("fr", "Les députés ont approuvé la proposition mardi, mais la ministre veut d'abord une enquête. "),
        ("da", "Folketinget vedtog forslaget tirsdag, men ministeren vil have det undersøgt, før det sker. "),
    ],
)
def test_articles(code: str, text: str) -> None:
    assert detect(text * 3) == code


@pytest.mark.parametrize(
    ("code", "text"), [("fr", "Qui est le chef ?"), ("es", "¿Quién es el jefe?"), ("ru", "кто это")]
)
def test_other_languages(code: str, text: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OpenAI-onderzoekers", ["openai", "onderzoekers"]),
        ("Meta's plan, Meta’s foto's", ["meta", "plan", "meta", "foto"]),
        ("I don't; dont. DON’T", ["i", "dont", "dont", "dont"]),
        ("l'équipe 't ’s", ["l", "equipe", "t", "s"]),
        ("U.S. and J.R.R. Tolkien, d.w.z. A.I", ["us", "and", "jrr", "tolkien", "dwz", "ai"]),
        ("3,5 3.5 1.200 1,200 1.200,50 0.125 20.30", ["3.5", "3.5", "1200", "1200", "1200.50", "0.125", "20.30"]),
        ("cafe\u0301 in\u00adno\u00advatie Straße Ærø", ["cafe", "innovatie", "strasse", "aero"]),
        ("einde.Begin snake_case", ["einde", "begin", "snake", "case"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_spans_are_the_words(text: str) -> None:
    spans = word_spans(text)
    assert [word for word, _, _ in spans] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    assert all(left[2] <= right[1] for left, right in pairwise(spans))
    assert all(word == fold(word) for word in words(text) if word.isascii())
    assert detect(text)


@given(st.text())
def test_fold_is_idempotent_and_ignores_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_ngrams_mark_the_ends_and_keep_short_words() -> None:
    assert ngrams(["openai"]) == ["_ope", "open", "pena", "enai", "nai_", "_open", "opena", "penai", "enai_"]
    assert ngrams(["ai", "a", "50"]) == ["_ai_", "_a_", "_50_"]
    assert ngrams(["in"], sizes=(3,)) == ["_in", "in_"]
    assert len(ngrams(["a" * 1_000_000])) < 1000


def test_stems() -> None:
    assert stems(["onderzoekers", "onderzoeker"], "nl") == ["onderzoeker"] * 2
    assert stems(["leaving", "leaves"], "en") == ["leav"] * 2
    assert stems(["leaving"], "xx") == ["leaving"]
    with ThreadPoolExecutor(8) as pool:
        assert set(map(tuple, pool.map(lambda _: stems(["leaving"] * 500, "en"), range(50)))) == {("leav",) * 500}


def test_function_words() -> None:
    assert all(is_function_word(word, "nl") for word in ("de", "wie", "hoeveel", "waarvoor", "jullie"))
    assert all(is_function_word(word, "en") for word in ("the", "who", "didnt", "would"))
    assert all(is_function_word(word, "de") for word in ("der", "wer", "fur"))
    assert not is_function_word("won", "en")
    assert not is_function_word("the", "xx")
