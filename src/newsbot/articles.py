"""Seeds: the files an owner puts below the seeds folder, found by :func:`scan` and read by :func:`read`.

For ``.txt`` and ``.md`` an article's text is the decoded file itself: no newline is translated and nothing is cut out,
so that offsets are those of the file. For ``.html`` it is the main text that trafilatura extracts.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

from newsbot import frontmatter
from newsbot.encoding import decode
from newsbot.errors import SeedError
from newsbot.language import detect
from newsbot.models import Article, Skipped

MAX_BYTES = 10_000_000
"""A larger file is refused: it is a corpus, not an article."""

_PROSE, _HTML = frozenset({".txt", ".md"}), frozenset({".html", ".htm"})
_NEWLINE = r"(?:\r\n|\n|\r)"
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]([^\r\n]*)|^([^\s#>|-][^\r\n]*)\r?\n=+[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]+|(?<!\w)_+|_+(?!\w)|<[^>]+>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_XML = re.compile(r"\s*<\?xml[^>]*\?>")


@dataclass(frozen=True)
class SeedFile:
    r"""A file that may be an article: nothing of its content has been read.

    Attributes:
        path: where it is.
        source: its path relative to the seeds folder, with forward slashes; bytes that are not UTF-8 are written as
            ``\xff``.
        size: in bytes.
        mtime_ns: time of its last change, in nanoseconds.
        ctime_ns: time of the last change of its content or its rights (on Windows: of its making), in nanoseconds.
    """

    path: Path
    source: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0


# --- finding ----------------------------------------------------------------------------------------------------------


def scan(root: Path) -> tuple[list[SeedFile], list[Skipped]]:
    """Find the seeds below ``root``, sorted by source, and what was passed over by name and why.

    Hidden files and folders are passed over without a word. A link is followed only to what is inside ``root`` and
    is not found there by itself, as with the hidden folder of a mounted Kubernetes volume.

    Raises:
        SeedError: ``root`` is not a folder that can be read.
    """
    if not root.is_dir():
        raise SeedError(f"The seeds folder {root} does not exist; create it and put articles in it.")
    seeds: list[SeedFile] = []
    skipped: list[Skipped] = []
    real_root = os.path.realpath(root)
    folders, visited = [(str(root), "")], {real_root}
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if not prefix:
                raise SeedError(f"The seeds folder {root} cannot be read: {_why(error)}.") from error
            skipped.append(Skipped(_shown(prefix), f"The folder cannot be read: {_why(error)}."))
            continue
        for entry in entries:
            name = prefix + entry.name
            if entry.name.startswith("."):
                continue
            try:
                found = _look(entry, name, real_root, visited)
            except FileNotFoundError:
                continue  # removed meanwhile
            except OSError as error:
                found = f"It cannot be read: {_why(error)}."
            if isinstance(found, SeedFile):
                seeds.append(found)
            elif found:
                skipped.append(Skipped(_shown(name), found))
            else:
                folders.append((entry.path, name + "/"))
    return sorted(seeds, key=lambda seed: seed.source), sorted(skipped, key=lambda each: each.source)


def present(root: Path) -> bool:
    """Whether there is a seed below ``root``; False as well where there is no folder that can be read."""
    try:
        return bool(scan(root)[0])
    except SeedError:
        return False


def _look(entry: os.DirEntry[str], name: str, real_root: str, visited: set[str]) -> SeedFile | str:
    """Return a seed, or why there is none, or an empty text for a folder to look into."""
    if entry.is_symlink():
        real = os.path.realpath(entry.path)
        wrong = _astray(real, real_root, visited)
        if wrong:
            return wrong
        visited.add(real)
    if entry.is_dir():
        return ""
    if not entry.is_file():
        return "It is not an ordinary file."
    if os.path.splitext(name)[1].lower() not in _PROSE | _HTML:  # noqa: PTH122 - thousands of files, pathlib is slow
        return "It is not a .txt, .md or .html file."
    stat = entry.stat()
    return SeedFile(Path(entry.path), _shown(name), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _astray(real: str, real_root: str, visited: set[str]) -> str:
    """Return why a link to ``real`` is not followed, or an empty text."""
    inside = Path(os.path.relpath(real, real_root)).parts
    if not Path(real).exists():
        return "It is a link that leads nowhere."
    if os.pardir in inside:
        return "It is a link that leaves the seeds folder; copy the article into the folder instead."
    if real in visited or not any(part.startswith(".") for part in inside):
        return "It is a link to what the seeds folder already holds."
    return ""


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace").removesuffix("/").replace(os.sep, "/")


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


# --- reading ----------------------------------------------------------------------------------------------------------


def read(seed: SeedFile) -> Article:
    """Read one seed as an article.

    Raises:
        SeedError: it cannot be read, is too large, holds no text, or is in an encoding that cannot be told.
    """
    data = _bytes(seed)
    kind = os.path.splitext(seed.source)[1].lower()  # noqa: PTH122
    if kind in _HTML:
        text, found = _extracted(decode(data, html=True))
        body = text
    else:
        text = decode(data)
        found, start = frontmatter.parse(text)
        body = text[start:]
    if not body.strip("\ufeff\u200b \t\r\n\f\v\u00a0"):
        raise SeedError("It holds no text.")
    title = found.get("title") or _title(body, kind) or Path(seed.source).stem
    url = found.get("url", "")
    return Article(
        source=seed.source,
        title=_line(title) or seed.source,
        text=text,
        language=detect(body.strip()),
        digest=hashlib.sha256(data).hexdigest(),
        url=url if re.fullmatch(r"https?://[^\s<>\"]+", url) else "",
        author=_line(found.get("author", "")),
        date=_line(found.get("date", "")),
    )


def digest(seed: SeedFile) -> str:
    """Return the digest that :func:`read` would give the article, without reading it as one.

    Raises:
        SeedError: it cannot be read, is too large, or is empty.
    """
    return hashlib.sha256(_bytes(seed)).hexdigest()


def _bytes(seed: SeedFile) -> bytes:
    try:
        with seed.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise SeedError("It disappeared while it was being read; index again.") from error
    except OSError as error:
        raise SeedError(f"It cannot be read: {_why(error)}.") from error
    if len(data) > MAX_BYTES:
        raise SeedError(f"It is larger than {MAX_BYTES // 1_000_000} MB; split it into articles.")
    if not data.strip():
        raise SeedError("It is empty.")
    return data


# --- what an article says about itself --------------------------------------------------------------------------------


def _title(body: str, kind: str) -> str:
    heading = _HEADING.search(body) if kind == ".md" else None
    if heading and "```" not in body[: heading.start()]:
        return _MARKUP.sub(r"\1", (heading[1] or heading[2] or "").strip(" \t#")[:300])
    return "" if kind in _HTML else body[slice(*headline(body))]


def headline(body: str) -> tuple[int, int]:
    """Return start and end of a first line that looks like a title, or (0, 0).

    It does if it is short, does not end as a sentence does, and a blank line and more text follow it.
    """
    found = re.match(rf"\s*(\S[^\r\n]{{0,198}}?)[ \t]*{_NEWLINE}[ \t]*{_NEWLINE}\s*\S", body)
    if not found or re.search(r"[.;:,]$", found[1]):
        return 0, 0
    return found.span(1)


def _line(value: str) -> str:
    return " ".join(_CONTROL.sub(" ", value).split())[:300]


def _extracted(html: str) -> tuple[str, dict[str, str]]:
    """Return the main text of a web page, a paragraph a line, and what its metadata say."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    import trafilatura

    page = _XML.sub("", html, count=1)
    page = page if "<html" in page[:5000].lower() else f"<html><body>{page}</body></html>"
    try:
        document = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        text = (getattr(document, "text", "") or trafilatura.html2txt(page) or "").strip()
    except Exception as error:
        raise SeedError("No main text could be found in it; save the article as .txt.") from error
    if not text:
        raise SeedError("No main text could be found in it; save the article as .txt.")
    fields = {key: getattr(document, key, None) for key in ("title", "url", "author", "date")}
    return text, {key: value for key, value in fields.items() if isinstance(value, str)}
