"""Bringing a generation from a shared store into the index folder, segment by segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace

from newsbot.errors import StoreError
from newsbot.indexing.builder import Tell
from newsbot.indexing.checksums import Checksums
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.mirror import Mirror
from newsbot.indexing.register import Term
from newsbot.indexing.segments import Segment


class Fetch:
    """Makes in an index folder, which its caller has locked, what the server holds of a generation.

    A segment that was fetched gets a manifest that names only itself, so that a fetch that is killed goes on there.
    """

    def __init__(self, generations: Generations, mirror: Mirror, tell: Tell) -> None:
        """Fetch from ``mirror`` into ``generations``, telling of the stage ``fetching``."""
        self._generations = generations
        self._mirror = mirror
        self._tell = tell

    def bring(self, term: Term, *, deep: bool = False) -> None:
        """Complete the folder of the generation that ``term`` published; ``deep`` reads all that is there already.

        Raises:
            StoreAwayError: the server went away.
            StoreError: it does not hold the generation as it was sent.
        """
        folder = self._generations.folder
        shared = self._mirror.fetch_manifest(term.generation, term.checksum)
        held, sizes = self._held(shared, deep=deep), sizes_of(shared)
        missing = [each for each in shared.segments if each not in held]
        done, total = 0, sum(sizes[each] for each in missing)
        for name in missing:
            self._generations.discard(name)
            folder(name).mkdir(parents=True)
            told = shifted(self._tell, "fetching", done, total)
            held[name] = self._mirror.fetch_segment(name, shared.segments[name], folder(name), told)
            Manifest(shared.embedding, shared.fingerprint, 0, {name: held[name]}).write(folder(name))
            done += sizes[name]
        folder(term.generation).mkdir(exist_ok=True)
        local = {name: held[name] for name in shared.segments}
        replace(shared, segments=local).write(folder(term.generation))

    def _held(self, shared: Manifest, *, deep: bool) -> dict[str, int]:
        """Return the checksums of those segments that the folder holds whole."""
        held: dict[str, int] = {}
        known = self._checksums(self._generations.current())
        for name in shared.segments:
            checksum = known.get(name) or self._checksums(name).get(name)
            if checksum is not None:
                with suppress(StoreError):
                    self._check(name, checksum, deep=deep)
                    held[name] = checksum
        return held

    def _check(self, name: str, checksum: int, *, deep: bool) -> None:
        Checksums(self._generations.folder(name), checksum)
        if deep:
            with closing(Segment(self._generations.folder(name), checksum)) as segment:
                segment.check()

    def _checksums(self, name: str) -> dict[str, int]:
        try:
            return Manifest.read(self._generations.folder(name)).segments if name else {}
        except StoreError:
            return {}


def sizes_of(manifest: Manifest) -> Counter[str]:
    """Return how many live passages each segment holds."""
    sizes = Counter[str]()
    for each in manifest.seeds.values():
        sizes[each.segment] += each.passages
    return sizes


def shifted(tell: Tell, stage: str, before: int, total: int) -> Callable[[int], None]:
    """Return what tells of a stage by what is done of a part of it, ``before`` being done already."""
    return lambda done: tell(stage, min(before + done, total), total)
