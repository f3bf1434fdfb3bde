"""What seeds were found to hold, by stamp: so that a seed that was only touched is read once and not at every look.

The file is a cache that belongs to no generation; without it, or with a damaged one, seeds are read again.
"""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path

from newsbot.articles import SeedFile
from newsbot.indexing.manifest import Stamp

_RACY_NS = 2_000_000_000
_AHEAD_NS = 3_600_000_000_000


def settled(stamp: Stamp, looked_ns: int) -> bool:
    """Whether a file of this stamp, looked at at this time, would show another stamp had it changed since.

    A file that was changed less than two seconds before may change again within the grain of the file system's clock,
    which may be ahead of the one here. A time that is more than an hour ahead was made up, or this clock has been set
    back; either way the next change bears another.
    """
    return not any(looked_ns - _RACY_NS <= each <= looked_ns + _AHEAD_NS for each in (stamp.mtime_ns, stamp.ctime_ns))


class Stamps:
    """Digests of seeds by source and stamp."""

    def __init__(self, path: Path, looked_ns: int) -> None:
        """Use the cache in ``path`` for a look at the seeds at ``looked_ns``, nanoseconds of the wall clock."""
        self._path = path
        self._looked_ns = looked_ns
        self._fresh: dict[str, tuple[int | str, ...]] = {}

    def holds(self, seed: SeedFile, digest: str) -> bool:
        """Whether the seed is known to have had this digest under the stamp that it has now."""
        return self._known.get(seed.source) == [*Stamp.of(seed), digest]

    def note(self, seed: SeedFile, digest: str) -> None:
        """Remember the digest of a seed that was just read."""
        if settled(Stamp.of(seed), self._looked_ns):
            self._fresh[seed.source] = (*Stamp.of(seed), digest)

    def save(self) -> None:
        """Write what was noted, if anything was; a folder that cannot be written is passed over."""
        if not self._fresh:
            return
        fresh = self._path.with_suffix(f".{os.getpid()}")
        try:
            fresh.write_text(json.dumps({**self._known, **self._fresh}), encoding="ascii")
            fresh.replace(self._path)
        except OSError:
            return

    @cached_property
    def _known(self) -> dict[str, list[int | str]]:
        try:
            found = json.loads(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}
