"""Small articles to talk about, and a way to hold a conversation with them, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from newsbot.answering.conversation import standalone
from newsbot.answering.extractive import Judgement, answer
from newsbot.answering.lexicon import Lexicon
from newsbot.language import stems, words
from newsbot.models import Article, Hit, Passage, Turn
from newsbot.passages import split

ARTICLES = {
    "brug": (
        "nl",
        """Nieuwe brug over de Vecht gaat in mei open

De gemeente Maarssen opent op 12 mei een nieuwe fietsbrug over de Vecht. De brug kostte 4,2 miljoen euro en is 85 meter lang.
Architect Joris van Dalen ontwierp de brug. Hij werkte eerder aan het station van Breukelen. Van Dalen noemt het ontwerp "een knipoog naar de oude scheepswerven".
Wethouder Fatima El Idrissi is blij met de brug. Zij zegt dat 3.000 scholieren per dag de brug zullen gebruiken. El Idrissi kwam in 2019 van de provincie naar de gemeente.
Niet iedereen is tevreden. Schipper Kees Mol vreest dat hoge schepen niet meer kunnen passeren. Hij heeft bezwaar gemaakt bij de Raad van State, omdat de doorvaart te laag zou zijn. De rechter doet in april uitspraak.
""",
    ),
    "museum": (
        "nl",
        """Brand in scheepvaartmuseum verwoest schilderijen

In het scheepvaartmuseum van Delfzijl woedde zondagnacht een grote brand. Drie schilderijen gingen verloren. De brand ontstond door kortsluiting in de keuken.
Directeur Marieke Bos noemde de schade "hartverscheurend". Zij leidt het museum sinds 2015. Volgens Bos is de schade ongeveer 900.000 euro.
Brandweercommandant Henk Postma zei dat zijn mensen het vuur na vier uur meester waren. Hij prees de nachtwaker, die het alarm op tijd hoorde. De nachtwaker, Ali Demir, kreeg een bloemetje van de burgemeester.
Het museum blijft tot september dicht. De verzekeraar Noorderpolis betaalt het herstel van de zaal. De collectie verhuist tijdelijk naar een loods in Appingedam.
""",
    ),
    "startup": (
        "en",
        """Boston robot maker Helio buys rival

Boston robot maker Helio has bought its rival Gridform for 310 million dollars. The deal was announced on Thursday. Gridform makes arms that sort parcels.
Helio was founded in 2014 by Priya Nair and Tom Becker. Nair is the chief executive. Becker, who used to work at Siemens, leads the research lab in Austin.
Gridform founder Luis Ortega will leave the company in June. He said he wants to teach at a school in Madrid. Before Gridform, Ortega worked at Bosch.
Unions are worried about jobs. Union leader Grace Lind said that 140 workers could lose their jobs because two factories will merge. She has asked Nair for a meeting. Helio plans to close the factory in Dayton.
""",
    ),
    "storm": (
        "en",
        """Storm Agnes floods Cork harbour

Storm Agnes flooded the harbour of Cork on Tuesday night. Winds reached 131 kilometres per hour. About 8,000 homes lost power.
Mayor Sean Kelleher called the flood the worst since 1961. He asked the government for 12 million euros. Kelleher was elected in 2022.
Harbour master Nora Walsh closed the port for two days, because containers were drifting. She had warned the city council in March. The council had cut the budget for flood walls.
A ferry from Wales, the Celtic Queen, waited at sea with 240 passengers. They arrived a day late in Ringaskiddy. The next storm, Brendan, is expected on Sunday.
""",
    ),
}


class OneArticle:
    """Word counts of one article's passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._stems = [set(stems(words(each.text), each.language)) for each in passages]
        self.passages = len(passages)

    def frequency(self, stem: str) -> int:
        return sum(stem in each for each in self._stems)


class Meaningless:
    """A word model in which no word means another."""

    def word_vectors(self, found: Sequence[str]) -> np.ndarray:
        return np.zeros((len(found), 4), np.float32)

    def rarities(self, found: Sequence[str]) -> np.ndarray:
        return np.full(len(found), 5.0, np.float32)


def passages(name: str) -> tuple[Passage, ...]:
    language, text = ARTICLES[name]
    return split(Article(f"{name}.txt", text.split("\n", 1)[0], text, language, "0"))


def ask(name: str, question: str, history: Sequence[Turn] = ()) -> tuple[str, Judgement]:
    """Return the question as understood, and its answer; passages are ranked by the words they share with it."""
    language = ARTICLES[name][0]
    query = standalone(question, history, language)
    found = passages(name)
    asked = set(stems(words(query), language))
    scores = [len(asked & set(stems(words(each.text), language))) for each in found]
    hits = sorted((Hit(each, float(score)) for each, score in zip(found, scores, strict=True)), key=lambda h: -h.score)
    return query, answer(query, language, hits, OneArticle(found), Lexicon(Meaningless()))


def talk(name: str, *questions: str) -> tuple[str, Judgement]:
    """Hold a conversation and return what became of its last question."""
    history: list[Turn] = []
    for question in questions[:-1]:
        _, said = ask(name, question, history)
        history += [Turn("user", question), Turn("assistant", said.text)]
    return ask(name, questions[-1], history)
