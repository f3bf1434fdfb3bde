"""A model's output on its way to the reader: a sentence is shown once it is whole, cited and checked, or not at all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from newsbot.answering import citations
from newsbot.answering.checking import quotations
from newsbot.answering.checking.claims import Similarity, check, related
from newsbot.answering.citations import MARK, Numbering
from newsbot.answering.writing.grounds import read, supporting, told
from newsbot.answering.writing.markup import FENCE, plain
from newsbot.answering.writing.numbered import Evidence, Numbered
from newsbot.answering.writing.segments import Closed, Event, Segmenter, Settled, Tail
from newsbot.models import Citation

_SENTINEL = re.compile(r"NOT[\s\\_*-]*IN[\s\\_*-]*ARTICLES")
_SOURCES = re.compile(
    r"\W*(?:bron(?:nen)?|sources?|referen\w*|citat\w*|verwijzing\w*|voetno\w*|footno\w*)\s*:", re.IGNORECASE
)
_MARKS_IN_BRACKETS = re.compile("[\\[【][\\s,;]*((?:\ue000[\\s,;]*)+)[\\]】]")
_RESTS_ON_PREVIOUS = re.compile(
    r"\W*(?:dat|dit|die|deze|hij|zij|ze|haar|hun|daarmee|daardoor|daarom|hierdoor|hiermee|dus|daarvan|hiervan|zo|het|"
    r"that|this|these|those|he|she|they|it|his|her|their|thus|therefore|hence|so|which|such|as a result)\b",
    re.IGNORECASE,
)
_PROSE_FENCES = ("", "text", "txt", "markdown", "md")
_MARK = "\ue000"
_MOST_SENTENCES = 40
_MOST_CHARACTERS = 20_000


UNCLAIMED = frozenset({"no citation", "nothing said", "code", "it was said before"})
"""Reasons for not showing a sentence that cast no doubt on what stands beside it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that passed: its text with ``_MARK`` for each citation, and what each stands for."""

    text: str
    marks: tuple[tuple[Numbered, ...], ...]
    before: str

    @property
    def words(self) -> str:
        """The text without its citations."""
        return self.text.replace(_MARK, "")


@dataclass(slots=True)
class Writing:
    """The checking of one answer.

    Attributes:
        evidence: what the model was given.
        language: of the answer.
        held: collect claims in ``claims`` instead of showing them (a second look comes first).
        similarity: meaning across words and languages, when an embedding offers it.
        text: what was shown so far.
        refused: the model said that the articles do not say.
        dropped: how many sentences were not shown, by reason (a reason names a kind, never content).
    """

    evidence: Evidence
    language: str
    held: bool = False
    similarity: Similarity | None = None
    text: str = ""
    refused: bool = False
    claims: list[Claim] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    _numbering: Numbering = field(default_factory=Numbering)
    _segmenter: Segmenter = field(default_factory=Segmenter)
    _last: Closed | None = None
    _accepted: bool = False
    _reason: str = ""
    _broken: bool = False
    _code: bool = False
    _lead: str = ""
    _said: set[tuple[str, tuple[tuple[Numbered, ...], ...]]] = field(default_factory=set)
    _seen: int = 0
    _read: int = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of what was shown, in the order of their numbers."""
        return tuple(self._numbering.citations)

    @property
    def done(self) -> bool:
        """Whether nothing that the model may still write could be shown."""
        return self.refused or self._seen > _MOST_SENTENCES or self._read > _MOST_CHARACTERS

    def prepare(self) -> None:
        """Read the evidence once, while the model still thinks, so that checking takes no time when it writes."""
        read(self.evidence)

    def feed(self, chunk: str) -> str:
        """Take a chunk of model output and return what may be shown now."""
        chunk = chunk[: max(_MOST_CHARACTERS + 1 - self._read, 0)]
        self._read += len(chunk)
        return "".join(self._take(event) for event in self._segmenter.feed(chunk))

    def finish(self, complete: bool = True) -> str:
        """Take the end of the output (``complete`` unless it broke off) and return what may be shown now."""
        return "".join(self._take(event) for event in self._segmenter.finish(complete))

    def show(self, claim: Claim) -> str:
        """Number the citations of a claim, add it to the text, and return what was added."""
        pieces = claim.text.split(_MARK)
        shown = pieces[0]
        for lines, piece in zip(claim.marks, pieces[1:], strict=True):
            number = self._numbering.mark(list(lines))
            number = "" if shown.endswith(number) else number
            shown = shown.rstrip(" ") + ("" if shown.rstrip(" ").endswith("]") else " ") * bool(shown.strip()) + number
            shown += piece
        return self._say((claim.before if self.text else "") + shown)

    def _say(self, text: str) -> str:
        self.text += text
        return text

    def _take(self, event: Event) -> str:
        if self.done:
            return ""
        if isinstance(event, Closed):
            self._seen += 1
            self._last = event
            return self._judge(event)
        if isinstance(event, Tail):
            return self._extend(event.text)
        if isinstance(event, Settled) and self._last:
            if not self._accepted:
                self._drop()
            self._last = None
        return ""

    def _judge(self, closed: Closed) -> str:
        claim, self._reason = self._claim(closed)
        self._accepted = claim is not None
        if not claim:
            return ""
        self._broken = False
        if self.held:
            self.claims.append(claim)
            return ""
        return self.show(claim)

    def _extend(self, text: str) -> str:
        """Add a late mark or closing character to the last sentence; a rejected one may be saved by a late mark."""
        if not self._last:
            return ""
        self._last = Closed(self._last.text + text, self._last.before, self._last.whole)
        if not self._accepted:
            return self._judge(self._last) if MARK.fullmatch(text) else ""
        if self.held:
            return ""
        if MARK.fullmatch(text):
            known = [self.evidence[name] for name in citations.ids(text, self.evidence)]
            return self._say(self._numbering.mark(known)) if self._related(known) else ""
        return self._say(text) if text in "\"'”’»)" and not self.text.endswith(text) else ""

    def _related(self, lines: list[Numbered]) -> bool:
        said = plain(MARK.sub("", self._last.text)) if self._last else ""
        return any(related(said, self.language, each) for each in told(lines))

    def _drop(self) -> None:
        self.dropped[self._reason.split(":")[0]] += 1
        if self._reason and self._reason not in UNCLAIMED:
            self._broken = True

    # --- one sentence ---

    def _claim(self, closed: Closed) -> tuple[Claim | None, str]:
        """Return the sentence as a claim that may be shown, or the reason why not."""
        if (refusal := self._refusal(closed)) is not None:
            return None, refusal
        text, marks = self._marked(plain(closed.text))
        said = self._in_context(closed, text)
        if reason := self._unfit(said, text.replace(_MARK, " "), marks):
            return None, reason
        if (text, tuple(marks)) in self._said:
            return None, "it was said before"
        lines = [line for group in marks for line in group]
        mended = self._quoted(text, lines)
        if mended is None:
            return None, "a quotation that is not exact"
        reason = check(
            self._in_context(closed, mended), supporting(lines, self.evidence, self.similarity), self.language
        )
        if reason:
            return None, reason
        self._said.add((text, tuple(marks)))
        return Claim(mended, tuple(marks), closed.before), ""

    def _unfit(self, said: str, words: str, marks: list[tuple[Numbered, ...]]) -> str:
        if _SOURCES.match(said) or not re.search(r"\w", words):
            return "nothing said"
        if any(name.lower() in self.evidence for name in re.findall(r"\bs\d{3,9}\b", words, re.IGNORECASE)):
            return "an id outside a mark"
        if not marks:
            return "no citation"
        if self._broken and _RESTS_ON_PREVIOUS.match(words):
            return "it rests on a sentence that was dropped"
        return ""

    def _refusal(self, closed: Closed) -> str | None:
        """Return why a sentence cannot be shown whatever it says, or None."""
        fence = FENCE.match(closed.text)
        if fence:
            self._code = not self._code and fence[1].lower() not in _PROSE_FENCES
            return "code"
        if self._code:
            return "code"
        if _SENTINEL.search(closed.text):
            self.refused = self.refused or not (self.text or self.claims or self._seen > 1)
            return "no citation"
        return None if closed.whole else "not a whole sentence"

    def _marked(self, said: str) -> tuple[str, list[tuple[Numbered, ...]]]:
        """Return a sentence with ``_MARK`` for each mark that has a known id, and what those ids stand for."""
        marks: list[tuple[Numbered, ...]] = []

        def render(mark: str) -> str:
            known = citations.ids(mark, self.evidence)
            marks.extend([tuple(self.evidence[name] for name in known)] if known else [])
            return _MARK if known else ""

        text = citations.replace(said, render)
        text = _MARKS_IN_BRACKETS.sub(lambda match: _MARK * match[1].count(_MARK), text)
        return re.sub(r"\s+([.,;:!?])", r"\1", text).strip(), marks

    def _in_context(self, closed: Closed, text: str) -> str:
        """Return what the sentence says; an item of a list says it together with the line that introduced the list."""
        words = " ".join(text.replace(_MARK, " ").split())
        if ":\n" in closed.text.replace("*", "") and (lead := words.split(":", 1)[0]):
            self._lead = lead + ": "
            return words
        if closed.before == "\n" and re.match(r"[-*+•–—\d]", closed.text):
            return self._lead + words
        self._lead = ""
        return words

    def _quoted(self, text: str, lines: list[Numbered]) -> str | None:
        same = any(line.passage.language == self.language for line in lines)
        return quotations.checked(text, [line.passage.text for line in lines], same, _MARK)
