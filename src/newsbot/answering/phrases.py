"""Everything newsbot says in its own words, in each language it speaks; quotes come from articles, never from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The wording of one language; each ``{}`` takes a quote or a title."""

    says: str
    say: str
    further: str
    absent: str
    nearest: str
    empty: str
    greeting: str
    thanks: str
    abilities: str
    farewell: str
    mention: str
    wellbeing: str
    praise: str


ENGLISH = Phrases(
    says="The article says:",
    say="The articles say:",
    further="Also relevant:",
    absent="The articles do not say.",
    nearest="The articles do not say so in so many words. The nearest is:",
    empty="There are no articles to search yet.",
    greeting="Hello! Ask me something about the articles.",
    thanks="You're welcome!",
    abilities="I answer questions about the articles I have been given, with the sentences that the answer rests on. "
    "Ask away, in English or in Dutch.",
    farewell="Bye! Come back any time.",
    mention="Yes? Ask me something about the articles.",
    wellbeing="All is well, thank you. What would you like to know about the articles?",
    praise="Glad that helped!",
)

DUTCH = Phrases(
    says="In het artikel staat:",
    say="In de artikelen staat:",
    further="Verder van belang:",
    absent="Dat staat niet in de artikelen.",
    nearest="Met zoveel woorden staat dat niet in de artikelen. Het dichtst in de buurt komt:",
    empty="Er zijn nog geen artikelen om in te zoeken.",
    greeting="Hallo! Vraag me iets over de artikelen.",
    thanks="Graag gedaan!",
    abilities="Ik beantwoord vragen over de artikelen die ik ken, met de zinnen waarop het antwoord berust. "
    "Vraag gerust, in het Nederlands of in het Engels.",
    farewell="Tot ziens!",
    mention="Ja? Vraag me iets over de artikelen.",
    wellbeing="Prima, dank je. Wat wil je over de artikelen weten?",
    praise="Fijn dat je er iets aan had!",
)

GERMAN = Phrases(
    says="Im Artikel steht:",
    say="In den Artikeln steht:",
    further="Außerdem:",
    absent="Das steht nicht in den Artikeln.",
    nearest="Wörtlich steht das nicht in den Artikeln. Am nächsten kommt:",
    empty="Es gibt noch keine Artikel, die sich durchsuchen ließen.",
    greeting="Hallo! Frag mich etwas zu den Artikeln.",
    thanks="Gern geschehen!",
    abilities="Ich beantworte Fragen zu den Artikeln, die ich kenne, mit den Sätzen, auf denen die Antwort beruht. "
    "Frag einfach, auf Niederländisch oder Englisch.",
    farewell="Bis bald!",
    mention="Ja? Frag mich etwas zu den Artikeln.",
    wellbeing="Alles gut, danke. Was möchtest du über die Artikel wissen?",
    praise="Freut mich!",
)

_BY_LANGUAGE = {"nl": DUTCH, "en": ENGLISH, "de": GERMAN}


def phrases(language: str) -> Phrases:
    """Return the wording of a language; English where newsbot does not speak it."""
    return _BY_LANGUAGE.get(language, ENGLISH)


def is_refusal(text: str) -> bool:
    """Whether a text is what newsbot says when the articles do not answer, in any of its languages."""
    return any(text.startswith((each.absent, each.nearest, each.empty)) for each in _BY_LANGUAGE.values())


def quoted(text: str) -> str:
    """Return a quote in quotation marks, unless it opens with one of its own."""
    return text if text[:1] in "\"“„«‘'" else f"“{text}”"
