from __future__ import annotations

import pytest

from newsbot.answering.smalltalk import occasion, reply

SAID = {
    "mention": ["", "  ", "@newsbot", "<@123456>", "newsbot", "???"],
    "greeting": ["hoi", "Hallo newsbot!", "hey", "goedemorgen allemaal", "good morning", "hi there", "dag"],
    "thanks": [
        "bedankt!",
        "dank je wel",
        "dank je wel voor je hulp",
        "thanks, that was helpful",
        "thanks a lot",
        "thx",
        "top, dankjewel!",
    ],
    "abilities": [
        "are you a bot?",
        "ben je een robot",
        "wat kun je?",
        "hallo, wat kun je allemaal?",
        "help",
        "wie ben jij",
        "what can you do?",
        "who are you",
    ],
    "wellbeing": ["hoe gaat het?", "hoi, hoe gaat het met je?", "how are you", "alles goed?"],
    "farewell": ["doei", "tot ziens!", "bye", "tot morgen", "goodnight"],
    "praise": ["top", "goed", "nice", "good job", "heel duidelijk"],
}

QUESTIONS = [
    "hallo, wie leidt het team?",
    "hoi wat zei altman",
    "hoe gaat het met OpenAI?",
    "wat kan Meta doen?",
    "bedankt, en waar werkte hij daarvoor?",
    "wie is Altman",
    "is meta good",
    "goedemorgen, is er nieuws over de brug?",
    "waarom",
    "what can OpenAI do?",
    "wie bedankte Altman?",
    "nee, de andere",
    "help meta zijn klanten?",
]


@pytest.mark.parametrize(("kind", "message"), [(kind, each) for kind, listed in SAID.items() for each in listed])
def test_what_asks_nothing_gets_a_friendly_word(kind: str, message: str) -> None:
    assert occasion(message) == kind
    assert reply(message, "nl")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_never_swallowed(question: str) -> None:
    assert occasion(question) is None
    assert reply(question) is None


def test_the_word_is_in_the_language_of_the_message() -> None:
    assert reply("dankjewel") == "Graag gedaan!"
    assert reply("thank you") == "You're welcome!"
    assert reply("hoi", "nl") != reply("hi", "en")
