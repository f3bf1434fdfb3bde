"""Front matter: what an article says about itself in a block of YAML at its very top."""

from __future__ import annotations

import re
from typing import Any

import yaml

_NEWLINE = r"(?:\r\n|\n|\r)"
_FRONT = re.compile(rf"---[ \t]*{_NEWLINE}(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:{_NEWLINE}|\Z)", re.DOTALL)
_FRONT_MAX = 16_000
_KEY = re.compile(r"\s*(?:#[^\r\n]*[\r\n]\s*)*[\w\"'][\w \"'-]*:(?:\s|\Z)")


class _Loader(yaml.BaseLoader):
    """Reads every scalar as the text that was written, and no aliases: these can make a small text immense."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def body_start(text: str) -> int:
    """Return the offset at which the body of a ``.txt`` or ``.md`` begins: after front matter, otherwise 0."""
    return parse(text)[1]


def parse(text: str) -> tuple[dict[str, str], int]:
    """Return title, url, author and date, and the offset after them; malformed YAML is passed over, not indexed."""
    found = _FRONT.match(text[:_FRONT_MAX]) if text.startswith("---") else None
    if not found or (found[1].strip() and not _KEY.match(found[1])):
        return {}, 0
    try:
        loaded = yaml.load(found[1], _Loader)  # noqa: S506 - makes nothing but text, lists and mappings
    except (yaml.YAMLError, RecursionError):
        loaded = None
    fields = {str(key).lower(): value for key, value in loaded.items()} if isinstance(loaded, dict) else {}
    authors = fields.get("author", fields.get("authors"))
    if isinstance(authors, list):
        fields["author"] = ", ".join(each for each in authors if isinstance(each, str))
    kept = {key: fields.get(key) for key in ("title", "url", "author", "date")}
    return {key: value.strip() for key, value in kept.items() if isinstance(value, str)}, found.end()
