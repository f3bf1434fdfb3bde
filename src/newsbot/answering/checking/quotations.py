"""Quotation marks in an answer: what stands between them is in the article, character for character, or not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

SPAN = re.compile(
    r"(?P<open>[\"“”„«])(?P<inner>[^\"“”„«»]*)(?P<close>[\"“”»]|$)"
    r"|(?P<sopen>(?<![^\s(])[‘'])(?P<sinner>[^‘’'\n]*(?:(?<=\w)[’'](?=\w)[^‘’'\n]*)*)(?P<sclose>[’'](?!\w))"
)
_ALIKE = str.maketrans("“”„«»‘’‚`´–—−‐‑[]<>‹›{}\n\t\u00a0\u202f", "\"\"\"\"\"'''''-----()()()()    ")


def checked(text: str, sources: Sequence[str], same_language: bool, mark: str) -> str | None:
    """Return ``text`` with each quotation replaced by the source's own characters, or None when one is not there.

    Differences of case, kinds of quotation mark, dash and space are mended by copying from the source. A translated
    quotation cannot be exact: where the languages differ, one that is not found loses its quotation marks.

    Args:
        text: an answer's sentence in which ``mark`` stands for each citation.
        sources: the texts that the sentence cites.
        same_language: whether they are in the language of ``text``.
        mark: the character that stands for a citation.
    """
    failed = False

    def verify(match: re.Match[str]) -> str:
        nonlocal failed
        opening, inner, closing = (match[name] or match["s" + name] or "" for name in ("open", "inner", "close"))
        if match["sopen"] and len(inner.split()) < 2:
            return match[0]
        core = inner.replace(mark, " ").strip().strip(".,!?;:…").strip()
        core = " ".join(core.split())
        if not core:
            return match[0]
        found = _find(core, sources)
        if found is None:
            failed = failed or same_language
            return inner
        return opening + inner.replace(core, found, 1) + closing if core in inner else f"{opening}{found}{closing}"

    result = SPAN.sub(verify, text)
    return None if failed else result


def _find(core: str, sources: Sequence[str]) -> str | None:
    for source in sources:
        if core in source:
            return core
    wanted = _loose(core)
    for source in sources:
        at = _loose(source).find(wanted)
        if at >= 0 and "\n" not in source[at : at + len(wanted)]:
            return source[at : at + len(wanted)]
    return None


def _loose(text: str) -> str:
    """Fold ``text`` without changing its length, so that places in it are places in the original."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in text.translate(_ALIKE))
