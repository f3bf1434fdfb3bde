"""What differs between the seeds folder and an index: which seeds to read, which articles are gone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsbot import articles
from newsbot.articles import SeedFile
from newsbot.errors import SeedError
from newsbot.indexing.generations import Manifest
from newsbot.models import Skipped

_RACY_NS = 2_000_000_000
"""A seed changed so shortly before it was looked at may have changed again within the clock's grain: read it again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Seeds that are new or changed, sources of the index that are gone, and files that are no seeds."""

    fresh: tuple[SeedFile, ...]
    removed: tuple[str, ...]
    passed: tuple[Skipped, ...]

    def __bool__(self) -> bool:
        return bool(self.fresh or self.removed)


def difference(seeds_dir: Path, manifest: Manifest | None) -> Difference:
    """Compare the seeds folder with what ``manifest`` serves (None: nothing).

    A seed of the same size and time as the index knows it is not read.

    Raises:
        SeedError: there is no seeds folder.
    """
    files, passed = articles.scan(seeds_dir)
    if manifest is None:
        return Difference(tuple(files), (), tuple(passed))
    present = {each.source for each in files}
    gone = sorted(source for source in {**manifest.seeds, **manifest.skipped} if source not in present)
    return Difference(tuple(each for each in files if _changed(each, manifest)), tuple(gone), tuple(passed))


def _changed(seed: SeedFile, manifest: Manifest) -> bool:
    known, skipped = manifest.seeds.get(seed.source), manifest.skipped.get(seed.source)
    if known is None and skipped is None:
        return True
    same = known is not None and (known.size, known.mtime_ns) == (seed.size, seed.mtime_ns)
    if same and seed.mtime_ns < manifest.scanned_ns - _RACY_NS:
        return False
    try:
        digest = articles.read(seed).digest
    except SeedError as error:
        return skipped != str(error)
    return known is None or known.digest != digest
