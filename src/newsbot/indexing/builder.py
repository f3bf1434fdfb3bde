"""Builds a generation beside the one that serves, and switches to it.

An edit adds a segment that holds only the changed articles. So that readers never face many segments, a build also
takes in every segment that is less than ``_FACTOR`` times as large as what it already writes; their vectors are copied,
not made anew. A passage is thus rewritten a logarithmic number of times over the life of an index.
"""

from __future__ import annotations

import errno
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from newsbot import articles, passages
from newsbot.errors import NewsbotError, SeedError, StoreError
from newsbot.indexing.differences import Difference
from newsbot.indexing.embedding import Embedding
from newsbot.indexing.generations import Generations, Manifest, SeedRecord
from newsbot.indexing.segments import Segment, SegmentWriter
from newsbot.models import Article, Changes, Passage, Skipped

Tell = Callable[[str, int, int], None]
"""Called with a stage (``reading`` or ``merging``), how much of it is done and how much there is to do."""

_FACTOR = 4
_BATCH = 256


class Builder:
    """Builds one generation while its caller holds the writer's lock; used once."""

    def __init__(
        self, generations: Generations, embedding: Embedding, fingerprint: str, tell: Tell | None = None
    ) -> None:
        self._generations = generations
        self._embedding = embedding
        self._fingerprint = fingerprint
        self._tell = tell or (lambda *_: None)
        self._seeds: dict[str, SeedRecord] = {}
        self._skipped: dict[str, str] = {}
        self._pending: list[Passage] = []

    def build(self, difference: Difference, old: Manifest | None) -> Changes:
        """Build and publish ``old`` with ``difference`` applied (the whole of it where ``old`` is None).

        Raises:
            StoreError: the index folder cannot be written, or the disk is full; the old generation goes on serving.
        """
        started = time.time_ns()
        before = old or Manifest(self._embedding.name, self._fingerprint, started)
        name = ""
        try:
            with _explained(self._generations.root):
                name = self._generations.create()
                manifest = replace(self._written(name, difference, before), scanned_ns=started)
                manifest.write(self._generations.folder(name))
                self._generations.publish(name)
                self._generations.sweep()
        except BaseException:
            if name and self._generations.current() != name:
                self._generations.discard(name)
            raise
        return _changes(name, before, manifest, difference)

    def _written(self, name: str, difference: Difference, before: Manifest) -> Manifest:
        writer = SegmentWriter(self._generations.folder(name))
        try:
            self._read(difference, writer, name)
            touched = {*difference.removed, *self._seeds, *self._skipped}
            kept = {source: each for source, each in before.seeds.items() if source not in touched}
            absorbed = self._absorbed(kept)
            for segment in before.segments:
                if segment in absorbed:
                    self._merge(segment, kept, writer)
            kept = {
                source: replace(each, segment=name) if each.segment in absorbed else each
                for source, each in kept.items()
            }
            writer.finish()
        finally:
            writer.close()
        seeds = dict(sorted({**kept, **self._seeds}.items()))
        used = {each.segment for each in seeds.values()}
        segments = (*(each for each in before.segments if each in used), name)
        skipped = {source: each for source, each in before.skipped.items() if source not in touched} | self._skipped
        return replace(before, segments=segments, seeds=seeds, skipped=dict(sorted(skipped.items())))

    def _read(self, difference: Difference, writer: SegmentWriter, name: str) -> None:
        total = len(difference.fresh)
        for done, seed in enumerate(difference.fresh):
            self._tell("reading", done, total)
            try:
                article = articles.read(seed)
            except SeedError as error:
                self._skipped[seed.source] = str(error)
                continue
            found = passages.split(article)
            self._seeds[seed.source] = _record(article, seed.size, seed.mtime_ns, name, len(found))
            self._pending += found
            while len(self._pending) >= _BATCH:
                self._embed(writer)
        self._embed(writer)
        self._tell("reading", total, total)

    def _embed(self, writer: SegmentWriter) -> None:
        batch, self._pending = self._pending[:_BATCH], self._pending[_BATCH:]
        if batch:
            writer.add(batch, self._embedding.passages([each.text for each in batch]))

    def _absorbed(self, kept: dict[str, SeedRecord]) -> set[str]:
        """Choose the segments to take in: from the smallest up, while they are not much larger than what is written."""
        sizes = Counter[str]()
        for each in kept.values():
            sizes[each.segment] += each.passages
        written, chosen = sum(each.passages for each in self._seeds.values()), set[str]()
        for segment, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
            if size >= _FACTOR * written:
                break
            chosen.add(segment)
            written += size
        return chosen

    def _merge(self, segment_name: str, kept: dict[str, SeedRecord], writer: SegmentWriter) -> None:
        segment = Segment(self._generations.folder(segment_name))
        try:
            ids: list[str] = []
            row = 0
            for source, _, count in segment.articles:
                if source in kept and kept[source].segment == segment_name:
                    ids += [each.decode() for each in segment.ids[row : row + count]]
                row += count
            done = 0
            for found, vectors in segment.chroma.batches(ids):
                writer.add(found, vectors)
                done += len(found)
                self._tell("merging", done, len(ids))
        finally:
            segment.close()


def _record(article: Article, size: int, mtime_ns: int, segment: str, count: int) -> SeedRecord:
    return SeedRecord(
        digest=article.digest,
        size=size,
        mtime_ns=mtime_ns,
        segment=segment,
        passages=count,
        title=article.title,
        language=article.language,
        url=article.url,
        author=article.author,
        date=article.date,
    )


def _changes(name: str, before: Manifest, after: Manifest, difference: Difference) -> Changes:
    old, new = before.seeds, after.seeds
    return Changes(
        generation=name,
        added=tuple(each for each in new if each not in old),
        changed=tuple(each for each in new if each in old and old[each].digest != new[each].digest),
        removed=tuple(each for each in old if each not in new),
        unchanged=sum(each in old and old[each].digest == new[each].digest for each in new),
        skipped=_skipped(after, difference),
        passages=sum(each.passages for each in new.values()),
    )


def unchanged(name: str, manifest: Manifest, difference: Difference) -> Changes:
    """Return what an indexing run did that found nothing to do."""
    return _changes(name, manifest, manifest, difference)


def _skipped(manifest: Manifest, difference: Difference) -> tuple[Skipped, ...]:
    unreadable = [Skipped(source, reason) for source, reason in manifest.skipped.items()]
    return (*unreadable, *difference.passed)


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    """Turn what the disk and Chroma raise while writing into one sentence."""
    try:
        yield
    except NewsbotError:
        raise
    except Exception as error:
        text = str(error).lower()
        if getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in text or "no space" in text:
            raise StoreError(
                f"The disk that holds {root} is full; make room and run `newsbot index` again. The index is as it was."
            ) from error
        if isinstance(error, PermissionError) or getattr(error, "errno", 0) == errno.EROFS or "readonly" in text:
            raise StoreError(
                f"The index folder {root} cannot be written; make it writable or set NEWSBOT_INDEX_DIR to another."
            ) from error
        raise StoreError(
            f"The index could not be built ({type(error).__name__}: {error}); the index is as it was."
        ) from error
