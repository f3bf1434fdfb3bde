"""Greetings, thanks and the like: what asks nothing of the articles gets a friendly word."""

from __future__ import annotations

import re
from typing import Literal

from newsbot.answering.phrases import phrases
from newsbot.language import detect, words

Occasion = Literal["mention", "greeting", "thanks", "abilities", "farewell", "wellbeing", "praise"]

_FILLER = words(
    """newsbot bot jij je jou u dan maar er weer allemaal iedereen jongens mensen ook heel erg echt zeer even nou zeg
    ok oke ja hoor top super a the you there everyone all guys folks very so much lot again really well my for your this
    that voor de het deze dit dat van en and met with hulp help antwoord answer uitleg moeite info informatie snelle
    duidelijke goede mooie leuke quick great clear o oh ah haha lol hey beste dear lieve x xx wel du dir sehr alle"""
)
_LISTS: dict[Occasion, list[str]] = {
    "thanks": words(
        """bedankt dank dankje dankjewel dankuwel thanks thank thx ty merci tnx thnx thankyou cheers danke vielen
        appreciated bedank bedankje thanx"""
    ),
    "greeting": words(
        """hallo hoi hi hello hey he hee heey hoihoi yo joe hiya howdy goedemorgen goedemiddag goedenavond goeiemorgen
        goeiemiddag goeienavond goedendag dag gegroet morgen morning evening afternoon good goede welkom moin servus
        guten tag abend greetings sup heyy hii"""
    ),
    "farewell": words(
        """doei dag tot ziens later straks morgen bye goodbye cya see houdoe ciao doeg tschuss slaap lekker welterusten
        night good goodnight aju fijne avond weekend nog fijn"""
    ),
    "praise": words(
        """mooi goed prima top super fijn leuk handig perfect perfecte geweldig netjes knap gaaf cool nice great good
        awesome excellent wow interessant interesting helpful duidelijk clear gedaan werk bot job work neat lekker
        bezig is was zo ben bent are amazing brilliant slim smart ok oke okay begrepen snap ik understood got it yes ja
        nee no toll klasse hm hmm aha"""
    ),
}
_WEAK = frozenset(words("is was zo ben bent are ik it bot werk job work nee no"))
_WELLBEING = re.compile(
    r"(alles goed|hoe gaat (het|t|ie)|hoe is (het|t)|hoe voel je je|gaat het|how are (you|things|u)|how do you do|"
    r"how is it going|hows it going|whats up|wie gehts|wie geht es)( met (jou|je|u)| vandaag| today| doing| dir)*"
)
_ABILITIES = re.compile(
    r"(en )?(wat|hoe) (kun|kan|kunt|doe|weet) (je|jij|u|deze bot|newsbot)"
    r"( (allemaal|eigenlijk|precies|zoal|voor mij|voor me|doen|zo|hier|me vertellen))*"
    r"|wie (ben|bent) (je|jij|u)( eigenlijk)?|wat (ben|bent) (je|jij|u)( eigenlijk)?( voor (een )?bot)?"
    r"|hoe werk(t|en)? (je|jij|u|dit|deze bot|newsbot|het)( precies| eigenlijk)?"
    r"|help( me)?|hulp|(wat|welke) (kan|kun) ik (je |jou |u |hier |allemaal )*(vragen|doen)"
    r"|waar (kun|kan) je (me |mij )?(mee|bij) helpen|kun je (me|mij) helpen"
    r"|what (can|do) you (do|know|answer|help with)( for me| exactly)?|what can i ask( you)?|who are you|what are you"
    r"|how do(es)? (you|this|it|this bot) work|(can|could) you help( me)?|what is this( bot)?( for)?"
    r"|what are your (abilities|features|capabilities)|was kannst du( alles)?|wer bist du"
    r"|are you (a |an )?(real |human )?(bot|robot|human|person|ai|real)"
    r"|(ben|bent) (je|jij|u) (een )?(echte? )?(bot|robot|mens|ai|echt)"
)
_PREFIX = re.compile(
    r"^((hallo|hoi|hi|hello|hey|he|hee|yo|zeg|ok|oke|okay|newsbot|bot|dag|goedemorgen|goedemiddag|goedenavond)\s+)+"
)
_DISCORD = re.compile(r"<[@#:][^>]*>|<a?:\w+:\d+>|@\w+|https?://\S+")


def occasion(message: str) -> Occasion | None:
    """Return what a message is when it asks nothing of the articles; None when it is a question.

    Every word must belong to the occasion: ``hallo, wie leidt het team?`` is a question.
    """
    found = words(_DISCORD.sub(" ", message).replace("'", ""))
    if not found or all(word in ("newsbot", "bot") for word in found):
        return "mention"
    line = " ".join(found)
    bare = _PREFIX.sub("", line + " ").strip()
    if _ABILITIES.fullmatch(bare):
        return "abilities"
    if _WELLBEING.fullmatch(bare):
        return "wellbeing"
    if len(found) > 9:
        return None
    for kind, listed in _LISTS.items():
        allowed = {*listed, *_FILLER, *(_LISTS["praise"] + _LISTS["greeting"] if kind == "thanks" else ())}
        telling = [word for word in found if word in listed and word not in _WEAK]
        if telling and allowed.issuperset(found):
            return None if "?" in message and kind in ("praise", "farewell") else kind
    return None


def reply(message: str, language: str = "") -> str | None:
    """Return a friendly word to small talk, in the language given or else detected; None for a question."""
    kind = occasion(message)
    if kind is None:
        return None
    text: str = getattr(phrases(language or detect(message, "en")), kind)
    return text
