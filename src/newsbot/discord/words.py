"""Every sentence that the bot says of its own accord, in Dutch and in English.

Nothing that a person wrote is ever put into one of these sentences; the few blanks take numbers, names of commands and
references to the log.
"""

from __future__ import annotations

from typing import Literal, get_args

Phrase = Literal[
    "empty", "unreadable", "too_long", "person_pace", "server_pace", "queue_full", "not_here", "not_you", "timeout",
    "trouble", "leaving", "cannot_post", "forgotten", "passage_gone", "voted", "voted_before", "vote_failed",
    "nothing_found", "no_articles", "articles", "more_articles", "line", "managers_only", "reindex_failed",
    "reindex_busy", "reindexed", "skipped", "up", "down", "passage", "help", "late",
]  # fmt: skip

ENGLISH: dict[Phrase, str] = {
    "empty": "Ask me something about the articles, for example with `/ask`.",
    "unreadable": "I cannot read that message: Discord only shows me messages that mention me (my name, not my role), "
    "replies to me with the ping left on, and direct messages. You can also use `/ask`.",
    "too_long": "That is too long for me; please ask it in at most {most} characters.",
    "person_pace": "You are asking faster than I may answer; please try again in {seconds} seconds.",
    "server_pace": "This server is asking faster than I may answer; please try again in {seconds} seconds.",
    "queue_full": "It is very busy right now; please ask again in a minute.",
    "not_here": "I am not switched on for this place; the owner of the bot decides where I answer.",
    "not_you": "The owner of the bot has not given your roles the right to ask me.",
    "timeout": "This took me too long, so I stopped; please try again, perhaps with a shorter question.",
    "trouble": "Something went wrong on my side; please try again later. (Reference {reference})",
    "leaving": "I am about to restart; please ask again in a minute.",
    "cannot_post": "I had an answer to your question, but I could not post it there: "
    "the message or channel is gone, or I lack a permission.",
    "forgotten": "Done: I have forgotten what you asked me.",
    "passage_gone": "That passage is no longer in the articles; please ask the question again.",
    "voted": "Thank you, noted (without your name).",
    "voted_before": "You have already voted on this answer.",
    "vote_failed": "Your vote could not be written down; the owner can see why in the log. (Reference {reference})",
    "nothing_found": "The articles have nothing that resembles this.",
    "no_articles": "There are no articles yet.",
    "articles": "Articles: {count}",
    "more_articles": "… and {count} more.",
    "line": "line {line}",
    "managers_only": "Only those who may manage the server can do this.",
    "reindex_failed": "The articles could not be indexed; the owner can see why in the log. (Reference {reference})",
    "reindex_busy": "The articles are being indexed already; please try again later.",
    "reindexed": "Done: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged.",
    "skipped": "Skipped:",
    "up": "This answer helped",
    "down": "This answer did not help",
    "passage": "Passage",
    "late": "Here is the answer to a question of yours; Discord had closed the place to put it.",
    "help": "**I answer questions about the articles that I know, with the very sentences that the answer rests on.**\n"
    "Ask with `/ask`, mention me in a channel, reply to one of my answers to ask on, write me a direct message, "
    "or choose *Apps → Ask newsbot about this* on a message.\n"
    "`/search` shows passages, `/sources` the articles, `/forget` makes me forget what you asked.\n"
    "I keep what you asked in memory for half an hour to follow the conversation, and never write it down; "
    "a vote under an answer is noted without your name.",
}

DUTCH: dict[Phrase, str] = {
    "empty": "Vraag me iets over de artikelen, bijvoorbeeld met `/vraag` (`/ask`).",
    "unreadable": "Dat bericht kan ik niet lezen: Discord toont me alleen berichten die mij noemen (mijn naam, niet "
    "mijn rol), antwoorden op mij met de melding aan, en privéberichten. Je kunt ook `/vraag` (`/ask`) gebruiken.",
    "too_long": "Dat is me te lang; stel de vraag in hoogstens {most} tekens.",
    "person_pace": "Je vraagt sneller dan ik mag antwoorden; probeer het over {seconds} seconden nog eens.",
    "server_pace": "Deze server vraagt sneller dan ik mag antwoorden; probeer het over {seconds} seconden nog eens.",
    "queue_full": "Het is nu erg druk; stel je vraag over een minuut nog eens.",
    "not_here": "Ik sta hier niet aan; de eigenaar van de bot bepaalt waar ik antwoord.",
    "not_you": "De eigenaar van de bot heeft jouw rollen niet het recht gegeven om mij iets te vragen.",
    "timeout": "Dit duurde te lang, dus ben ik gestopt; probeer het nog eens, misschien met een kortere vraag.",
    "trouble": "Er ging bij mij iets mis; probeer het later nog eens. (Kenmerk {reference})",
    "leaving": "Ik word zo herstart; stel je vraag over een minuut nog eens.",
    "cannot_post": "Ik had een antwoord op je vraag, maar kon het daar niet plaatsen: "
    "het bericht of kanaal is weg, of ik mis een recht.",
    "forgotten": "Klaar: ik ben vergeten wat je me gevraagd hebt.",
    "passage_gone": "Die passage staat niet meer in de artikelen; stel de vraag opnieuw.",
    "voted": "Dank je, genoteerd (zonder je naam).",
    "voted_before": "Je hebt al op dit antwoord gestemd.",
    "vote_failed": "Je stem kon niet worden genoteerd; de eigenaar ziet in het logboek waarom. (Kenmerk {reference})",
    "nothing_found": "In de artikelen staat niets dat hierop lijkt.",
    "no_articles": "Er zijn nog geen artikelen.",
    "articles": "Artikelen: {count}",
    "more_articles": "… en nog {count}.",
    "line": "regel {line}",
    "managers_only": "Dat kan alleen wie de server mag beheren.",
    "reindex_failed": "De artikelen konden niet worden geïndexeerd; de eigenaar ziet in het logboek waarom. "
    "(Kenmerk {reference})",
    "reindex_busy": "De artikelen worden al geïndexeerd; probeer het later nog eens.",
    "reindexed": "Klaar: {added} toegevoegd, {changed} gewijzigd, {removed} verwijderd, {unchanged} ongewijzigd.",
    "skipped": "Overgeslagen:",
    "up": "Dit antwoord hielp",
    "down": "Dit antwoord hielp niet",
    "passage": "Passage",
    "late": "Hier is het antwoord op een vraag van je; Discord had de plek ervoor al gesloten.",
    "help": "**Ik beantwoord vragen over de artikelen die ik ken, met precies de zinnen waarop het antwoord rust.**\n"
    "Vraag met `/vraag` (`/ask`), noem me in een kanaal, antwoord op een antwoord van mij om door te vragen, stuur "
    "me een privébericht, of kies *Apps → Vraag newsbot hierover* bij een bericht.\n"
    "`/zoek` (`/search`) toont passages, `/bronnen` (`/sources`) de artikelen, `/vergeet` (`/forget`) laat me "
    "vergeten wat je vroeg.\n"
    "Wat je vraagt houd ik een half uur in het geheugen om het gesprek te volgen, en schrijf ik nooit op; "
    "een stem onder een antwoord wordt zonder je naam genoteerd.",
}

assert set(ENGLISH) == set(DUTCH) == set(get_args(Phrase))


def say(phrase: Phrase, language: str, **blanks: int | str) -> str:
    """Return a phrase in Dutch when ``language`` begins with ``nl``, and in English otherwise."""
    return (DUTCH if language.lower().startswith("nl") else ENGLISH)[phrase].format(**blanks)


COMMANDS: dict[str, str] = {
    "ask": "vraag",
    "search": "zoek",
    "sources": "bronnen",
    "forget": "vergeet",
    "help": "hulp",
    "reindex": "herindexeer",
    "question": "vraag",
    "private": "privé",
    "query": "zoekterm",
    "Ask newsbot about this": "Vraag newsbot hierover",
    "Ask a question about the articles": "Stel een vraag over de artikelen",
    "What you want to know": "Wat je wilt weten",
    "Show the answer to you alone": "Toon het antwoord alleen aan jou",
    "Search the articles for passages": "Zoek passages in de artikelen",
    "What to search for": "Waarnaar je zoekt",
    "The articles that the answers come from": "De artikelen waar de antwoorden uit komen",
    "Forget what you asked before": "Vergeet wat je eerder vroeg",
    "What this bot does and how to ask": "Wat deze bot doet en hoe je vraagt",
    "Bring the index in line with the articles": "Breng de index in lijn met de artikelen",
}
"""Dutch for each name and description of a command, as ``words.COMMANDS[english]``."""
