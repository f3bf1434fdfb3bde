"""What differs between the seeds folder and an index: which seeds to read, which articles are gone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from newsbot import articles
from newsbot.articles import SeedFile
from newsbot.errors import SeedError
from newsbot.indexing.manifest import Manifest, Stamp
from newsbot.indexing.stamps import Stamps, settled
from newsbot.models import Changes, Skipped


@dataclass(frozen=True, slots=True)
class Difference:
    """Seeds that are new or changed, sources of the index that are gone, and files that are no seeds.

    ``looked_ns`` is when the folder was looked at, in nanoseconds of the wall clock; ``present`` is how many seeds were
    there.
    """

    fresh: tuple[SeedFile, ...]
    removed: tuple[str, ...]
    passed: tuple[Skipped, ...]
    looked_ns: int
    present: int = 0

    def __bool__(self) -> bool:
        return bool(self.fresh or self.removed)

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(each.size for each in self.fresh)

    def changes(self, generation: str, before: Manifest | None, after: Manifest) -> Changes:
        """Return what an indexing run did that led from one manifest to another."""
        old, new = before.seeds if before else {}, after.seeds
        same = sum(each in old and old[each].digest == new[each].digest for each in new)
        unreadable = [Skipped(source, each.reason) for source, each in after.skipped.items()]
        return Changes(
            generation=generation,
            added=tuple(each for each in new if each not in old),
            changed=tuple(each for each in new if each in old and old[each].digest != new[each].digest),
            removed=tuple(each for each in old if each not in new),
            unchanged=same,
            skipped=(*unreadable, *self.passed),
            passages=after.passages,
        )


def difference(seeds_dir: Path, manifest: Manifest | None, cache: Path) -> Difference:
    """Compare the seeds folder with what ``manifest`` serves (None: nothing).

    A seed with the stamp that the index or the ``cache`` knows is not read; another one is, and compared by digest.

    Raises:
        SeedError: there is no seeds folder.
    """
    looked_ns = time.time_ns()
    files, passed = articles.scan(seeds_dir)
    if manifest is None:
        return Difference(tuple(files), (), tuple(passed), looked_ns, len(files))
    stamps = Stamps(cache, looked_ns)
    fresh = tuple(each for each in files if _changed(each, manifest, stamps))
    stamps.save()
    present = {each.source for each in files}
    gone = sorted(source for source in {**manifest.seeds, **manifest.skipped} if source not in present)
    return Difference(fresh, tuple(gone), tuple(passed), looked_ns, len(files))


def _changed(seed: SeedFile, manifest: Manifest, stamps: Stamps) -> bool:
    known, skipped = manifest.seeds.get(seed.source), manifest.skipped.get(seed.source)
    record = known or skipped
    if record is None:
        return True
    if record.stamp == Stamp.of(seed) and settled(record.stamp, manifest.scanned_ns):
        return False
    if known is not None and stamps.holds(seed, known.digest):
        return False
    try:
        digest = articles.digest(seed) if known is not None else articles.read(seed).digest
    except SeedError as error:
        return skipped is None or skipped.reason != str(error)
    if known is None or known.digest != digest:
        return True
    stamps.note(seed, digest)
    return False
