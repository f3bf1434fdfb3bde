"""Writes what a benchmark found into its part of a page, and leaves the rest of the page alone."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("newsbot", "chromadb", "sentence-transformers", "langchain-core", "bm25s")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; all but its first two columns are numbers."""
    lines = ["| " + " | ".join(each) + " |" for each in (head, *rows)]
    return "\n".join([lines[0], "|---|---|" + "---:|" * (len(head) - 2), *lines[1:]])


def write(page: Path, name: str, content: str) -> None:
    """Put ``content`` between the page's markers ``<!-- name -->`` and ``<!-- /name -->``, adding them at its end."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    old = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    if begin not in old:
        old = f"{old.rstrip()}\n\n{begin}\n{end}\n"
    before, rest = old.split(begin, 1)
    after = rest.split(end, 1)[1]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before}{begin}\n{content.strip()}\n{end}{after}", encoding="utf-8", newline="\n")


def origin() -> str:
    """Return the command that is running, without the folders of this machine, and what it ran on."""
    words = [Path(each).name if Path(each).is_absolute() else each for each in sys.argv[1:]]
    command = shlex.join(["python", "benchmarks/" + Path(sys.argv[0]).name, *words])
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"Made by `{command}` with Python {platform.python_version()}, {versions}."


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "from source"
