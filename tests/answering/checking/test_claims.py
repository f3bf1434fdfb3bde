"""Claims against sources: what is compared, in one language and across two."""

from __future__ import annotations

import pytest

from newsbot.answering.checking.claims import Support, Told, check
from newsbot.answering.checking.facts import facts
from newsbot.answering.checking.names import names


def verdict(claim: str, source: str, language: str = "nl", source_language: str | None = None, near: str = "") -> str:
    told = Told(source, source_language or language)
    wide = (told, Told(near, told.language)) if near else (told,)
    return check(claim, Support((told,), wide, wide, wide), language).split(":")[0]


NUMBER, NAME, NEGATION, OPPOSITE = (
    "a number or date that the source lacks",
    "a name that the source lacks",
    "a negation that differs from the source",
    "the opposite of the source",
)


@pytest.mark.parametrize(
    ("nl", "en"),
    [
        ("1,2 miljoen euro", "1.2 million euros"),
        ("1.250 mensen", "1,250 people"),
        ("drieëntwintig", "twenty-three"),
        ("tweehonderdvijftig", "two hundred and fifty"),
        ("tweeduizend", "two thousand"),
        ("anderhalf miljoen", "1.5 million"),
        ("een half miljard", "half a billion"),
        ("een miljoen", "a million"),
        ("2,5 biljoen", "2.5 trillion"),
        ("20 procent", "20%"),
        ("€ 300", "300 euros"),
        ("300 mln dollar", "$300m"),
        ("1 juli 2025", "July 1, 2025"),
        ("1 juli 2025", "2025-07-01"),
        ("maandagavond", "Monday evening"),
        ("om 18.30 uur", "at 6:30 pm"),
        ("vijf jaar", "five years"),
        ("een vijfjarig plan", "a 5-year plan"),
        ("6½ mijl", "6.5 miles"),
        ("de derde keer", "the third time"),
        ("honderden", "hundreds"),
    ],
)
def test_what_is_counted_is_the_same_in_both_languages(nl: str, en: str) -> None:
    for claim, language, source, other in ((nl, "nl", en, "en"), (en, "en", nl, "nl")):
        stated = frozenset().union(*(fact.meanings for fact in facts(source, other, every_reading=True)))
        assert facts(claim, language)
        assert all(fact.meanings & stated for fact in facts(claim, language)), (claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Het kost 1.300 euro", "It costs 1,200 euros"),
        ("Het kost 1,2 euro", "It costs 1,200 euros"),
        ("Het kost 2 miljard", "It costs 2 million"),
        ("Het kost 2 miljard", "It costs 2 trillion"),
        ("Het is 5 maanden", "It is 5 years"),
        ("Het is 20 procent", "It is 20 euros"),
        ("Het was op 1 juni", "It was on July 1"),
        ("Het was zondag", "It was Saturday"),
        ("Het waren duizenden", "There were hundreds"),
        ("Het was om 18.30 uur", "It was at 6:30 am"),
    ],
)
def test_what_is_not_the_same(claim: str, source: str) -> None:
    stated = frozenset().union(*(fact.meanings for fact in facts(source, "en", every_reading=True)))
    assert any(not fact.meanings & stated for fact in facts(claim, "nl"))


def test_small_words_are_not_numbers_or_months() -> None:
    assert facts("Een man zei dat een plan ten einde is", "nl") == ()
    assert facts("A man said one may march", "en") == ()
    assert facts("GPT-4 en H100", "nl") == ()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Volgens Altman verlaat Nat Friedman GitHub", "nl", ["Altman", "Nat", "Friedman", "GitHub"]),
        ("Onderzoekers gaan weg", "nl", []),
        ("Musk gaat weg", "nl", ["Musk"]),
        ("Additionally, researchers left OpenAI on Monday in July", "en", ["OpenAI"]),
        ("De CX-400 staat in Den Haag", "nl", ["CX-400", "CX", "Den", "Haag"]),
        ("Published in 1999, it sold well", "en", []),
        ("Hij zei: “Kom morgen.” Toen ging hij", "nl", ["Kom"]),
    ],
)
def test_names(text: str, language: str, expected: list[str]) -> None:
    assert list(names(text, language)) == expected


SOURCE = "Alexandr Wang leidt het nieuwe team van Meta samen met Nat Friedman, die eerder bij GitHub werkte."


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Alexandr Wang en Nat Friedman leiden het team", ""),
        ("Het team van Meta wordt geleid door Wang en Friedman", ""),
        ("Wangs team hoort bij Meta", ""),
        ("Elon Musk leidt het team", NAME),
        ("Musk leidt het team", NAME),
        ("Nat Friedman werkte eerder bij GitLab", NAME),
        ("Alexandr Wang leidt het team niet", NEGATION),
        ("Niemand leidt het team van Meta", NEGATION),
        ("Alexandr Wang leidt 3 teams", NUMBER),
        ("Alexandr Wang is aangehouden", "something grave that the source lacks"),
        ("De lucht is groen", "words that the source lacks"),
        ("Ga naar https://kwaad.example voor het team", "a link or mention that the source lacks"),
        ("The team is led by Alexandr Wang", "another language"),
    ],
)
def test_a_dutch_claim(claim: str, reason: str) -> None:
    assert verdict(claim, SOURCE) == reason


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Alexandr Wang leads the new team at Meta together with Nat Friedman", ""),
        ("Elon Musk leads the new team at Meta", NAME),
        ("Alexandr Wang does not lead the new team at Meta", NEGATION),
        ("Alexandr Wang was arrested", "something grave that the source lacks"),
    ],
)
def test_an_english_claim_on_a_dutch_source(claim: str, reason: str) -> None:
    assert verdict(claim, SOURCE, "en", "nl") == reason


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("De winst stijgt", "De winst daalt dit jaar.", OPPOSITE),
        ("Jansen prijst het plan", "Jansen verwierp het plan.", OPPOSITE),
        ("Jansen wil het plan niet", "Jansen verwierp het plan.", ""),
        ("Jansen gaat niet weg", "Jansen weigert weg te gaan.", ""),
        ("Het plan is niet alleen duur maar ook laat", "Het plan is duur en laat.", ""),
        ("Bakker is tevreden over het plan", "Bakker is niet tevreden over het plan, Jansen wel.", NEGATION),
        ("Jansen slaat Bakker", "Bakker slaat Jansen.", "names in each other's place"),
        ("Ajax scoort meer dan Feyenoord", "Feyenoord scoort meer dan Ajax.", "names in each other's place"),
    ],
)
def test_a_claim_that_turns_its_source_round(claim: str, source: str, reason: str) -> None:
    assert verdict(claim, source) == reason


def test_a_name_may_stand_beside_a_pronoun() -> None:
    assert verdict("Altman verwierp het plan van Meta", "Hij verwierp het plan van Meta.", near="Altman sprak.") == ""
    replaced = verdict("Altman leidt het team", "Alexandr Wang leidt het team.", near="Altman sprak.")
    assert replaced == "a name in the place of another"


def test_names_in_a_list_can_be_counted() -> None:
    source = "Er kwamen mensen over, waaronder Shengjia Zhao, Shuchao Bi, Jiahui Yu en Hongyu Ren."
    assert verdict("Vier mensen kwamen over: Shengjia Zhao, Shuchao Bi, Jiahui Yu en Hongyu Ren", source) == ""
    assert verdict("Vijf mensen kwamen over: Shengjia Zhao, Shuchao Bi, Jiahui Yu en Hongyu Ren", source) == NUMBER


def test_meaning_lets_a_paraphrase_pass_and_a_stranger_fail() -> None:
    def similarity(one: list[str], other: list[str]) -> list[list[float]]:
        return [[0.9 if {a, b} == {"sky", "lucht"} else 0.1 for b in other] for a in one]

    told = (Told("De lucht is blauw.", "nl"),)
    assert check("The sky", Support(told, told, told, told, similarity), "en") == ""  # type: ignore[arg-type]
    stranger = check("The moon", Support(told, told, told, told, similarity), "en")  # type: ignore[arg-type]
    assert stranger == "words that the source lacks"
