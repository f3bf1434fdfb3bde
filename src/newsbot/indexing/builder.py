"""Builds a generation beside the one that serves, and switches to it.

An edit adds a segment that holds only the changed articles. So that readers never face many segments, a build also
takes in every segment that is less than ``_FACTOR`` times as large as what it already writes; their vectors are copied,
not made anew. A passage is thus rewritten a logarithmic number of times over the life of an index. So that an edit is
served within seconds, it takes in no more than ``_TIDY`` passages unless there are more than ``_MANY`` segments.

A large build writes several segments, so that its memory does not grow with the seeds. Each is a generation of its own
with a manifest of what has been read so far, but only the last is published; a build that was killed goes on from the
last that is complete.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsbot import articles, passages
from newsbot.articles import SeedFile
from newsbot.errors import NewsbotError, SeedError, StoreAwayError, StoreError
from newsbot.indexing.differences import Difference
from newsbot.indexing.embedding import Embedding
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest, SeedRecord, SkippedRecord
from newsbot.indexing.parts import Part
from newsbot.indexing.segments import Segment
from newsbot.models import Article

Tell = Callable[[str, int, int], None]
"""Called with a stage (``reading`` or ``merging``), how much of it is done and how much there is to do."""

LARGEST = 65_536
"""Passages in a segment, at most (the last article may exceed it)."""
_FACTOR = 4
_TIDY = 2_048
_MANY = 12
_SCARCE = 1_000_000
"""Bytes; with fewer left, whatever Chroma says went wrong is taken to be for want of room."""


class Builder:
    """Builds one generation while its caller holds the writer's lock; used once."""

    def __init__(
        self, generations: Generations, embedding: Embedding, base: Manifest, tell: Tell | None = None
    ) -> None:
        """Prepare to build what ``base`` holds and what differs from it."""
        self._generations = generations
        self._embedding = embedding
        self._base = base
        self._tell = tell or (lambda *_: None)
        self._seeds = dict(base.seeds)
        self._skipped = dict(base.skipped)
        self._segments = dict(base.segments)
        self._complete: list[str] = []

    def build(self, difference: Difference) -> tuple[str, Manifest]:
        """Build and publish the base with ``difference`` applied; return the new generation's name and manifest.

        Raises:
            StoreError: the index folder cannot be written, or the disk is full; the old generation goes on serving.
        """
        try:
            with explained(self._generations.root):
                name, manifest = self._built(difference)
                self._generations.publish(name)
        except StoreAwayError:
            raise  # what is complete is sent when the server of a shared store is back
        except Exception:
            if self._generations.current() not in self._complete:
                for each in self._complete:
                    self._generations.discard(each)
            raise
        return name, manifest

    def _built(self, difference: Difference) -> tuple[str, Manifest]:
        for source in difference.removed:
            self._seeds.pop(source, None)
            self._skipped.pop(source, None)
        part, total = Part(self._generations, self._embedding), len(difference.fresh)
        try:
            with explained(self._generations.root):  # before the part is given up, which makes room on a full disk
                for done, seed in enumerate(difference.fresh):
                    self._tell("reading", done, total)
                    if part.rows >= LARGEST:
                        self._finish(part, difference)
                        part = Part(self._generations, self._embedding)
                    self._read(seed, part)
                self._tell("reading", total, total)
                self._absorb(part)
                return part.name, self._finish(part, difference)
        except BaseException:
            part.discard()
            raise

    def _read(self, seed: SeedFile, part: Part) -> None:
        self._seeds.pop(seed.source, None)
        self._skipped.pop(seed.source, None)
        try:
            article = articles.read(seed)
        except SeedError as error:
            stamp = (0, 0, 0) if isinstance(error.__cause__, OSError) else (seed.size, seed.mtime_ns, seed.ctime_ns)
            self._skipped[seed.source] = SkippedRecord(str(error), *stamp)
            return
        found = passages.split(article)
        self._seeds[seed.source] = _record(article, seed, part.name if found else "", len(found))
        part.add(found)

    def _finish(self, part: Part, difference: Difference) -> Manifest:
        checksum = part.finish()
        if checksum is not None:
            self._segments[part.name] = checksum
        used = {each.segment for each in self._seeds.values()}
        manifest = Manifest(
            embedding=self._base.embedding,
            fingerprint=self._base.fingerprint,
            scanned_ns=difference.looked_ns,
            segments={name: each for name, each in self._segments.items() if name in used},
            seeds=dict(sorted(self._seeds.items())),
            skipped=dict(sorted(self._skipped.items())),
        )
        manifest.write(self._generations.folder(part.name))
        self._complete.append(part.name)
        return manifest

    def _absorb(self, part: Part) -> None:
        """Take in small segments: from the smallest up, while they are not much larger than what is written."""
        sizes = Counter[str]()
        for each in self._seeds.values():
            if each.segment != part.name and each.passages:
                sizes[each.segment] += each.passages
        most = LARGEST if len(sizes) > _MANY else min(LARGEST, max(_TIDY, _FACTOR * part.rows))
        for name, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
            if size >= _FACTOR * part.rows or size + part.rows > most:
                break
            self._tell("merging", part.rows, part.rows + size)
            self._merge(name, part)

    def _merge(self, name: str, part: Part) -> None:
        kept = {source for source, each in self._seeds.items() if each.segment == name}
        segment = Segment(self._generations.folder(name), self._segments[name])
        try:
            part.copy(segment, kept)
        finally:
            segment.close()
        for source in kept:
            self._seeds[source] = self._seeds[source]._replace(segment=part.name)


def _record(article: Article, seed: SeedFile, segment: str, count: int) -> SeedRecord:
    return SeedRecord(
        digest=article.digest,
        size=seed.size,
        mtime_ns=seed.mtime_ns,
        ctime_ns=seed.ctime_ns,
        segment=segment,
        passages=count,
        title=article.title,
        language=article.language,
        url=article.url,
        author=article.author,
        date=article.date,
    )


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn what the disk and Chroma raise while writing into one sentence."""
    try:
        yield
    except NewsbotError:
        raise
    except Exception as error:
        text = str(error).lower()
        full = getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or _free(root) < _SCARCE
        if full or "disk is full" in text or "no space" in text:
            raise StoreError(
                f"The disk that holds {root} is full; make room and run `newsbot index` again. The index is as it was."
            ) from error
        if getattr(error, "errno", 0) in (errno.EACCES, errno.EPERM, errno.EROFS) or "readonly" in text:
            raise StoreError(
                f"The index folder {root} cannot be written; make it writable or set NEWSBOT_INDEX_DIR to another."
            ) from error
        raise StoreError(
            f"The index could not be built ({type(error).__name__}: {error}); see that its disk is sound and has room, "
            "and run `newsbot index` again. The index is as it was."
        ) from error


def _free(root: Path) -> int:
    try:
        return shutil.disk_usage(root).free
    except OSError:
        return _SCARCE
