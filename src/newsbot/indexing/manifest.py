"""The manifest of a generation: all that it serves, and what tells whether a seed has changed since."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from newsbot.articles import SeedFile
from newsbot.errors import StoreError
from newsbot.indexing.checksums import damaged

SCHEMA = 6
FILE = "manifest.json"
_SEAL = ', "checksum": '


class Stamp(NamedTuple):
    """What the file system says of a file; a file whose stamp is the same is taken to be the same."""

    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, seed: SeedFile) -> Stamp:
        """Return the stamp of a seed."""
        return cls(seed.size, seed.mtime_ns, seed.ctime_ns)


class SeedRecord(NamedTuple):
    """What the index knows of one seed; ``segment`` is the generation whose folder holds its passages."""

    digest: str
    size: int
    mtime_ns: int
    ctime_ns: int
    segment: str
    passages: int
    title: str
    language: str
    url: str = ""
    author: str = ""
    date: str = ""

    @property
    def stamp(self) -> Stamp:
        """The stamp of the seed when it was read."""
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


class SkippedRecord(NamedTuple):
    """A seed that could not be read as an article, and why; its stamp is of zeros where it could not be opened."""

    reason: str
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def stamp(self) -> Stamp:
        """The stamp of the seed when it was looked at."""
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that one generation serves.

    Attributes:
        embedding: name of the embedding model.
        fingerprint: what changes whenever the vectors of that model would.
        scanned_ns: when the seeds were looked at, in nanoseconds of the wall clock.
        segments: the generations whose folders are read, and the checksum of each; on a server, its digest there.
        seeds: by source.
        skipped: by source.
    """

    embedding: str
    fingerprint: str
    scanned_ns: int
    segments: dict[str, int] = field(default_factory=dict)
    seeds: dict[str, SeedRecord] = field(default_factory=dict)
    skipped: dict[str, SkippedRecord] = field(default_factory=dict)

    @property
    def passages(self) -> int:
        """Number of passages."""
        return sum(each.passages for each in self.seeds.values())

    def text(self) -> str:
        """Return the manifest as text, ASCII, sealed with its own checksum."""
        body = json.dumps(
            {
                "schema": SCHEMA,
                "embedding": self.embedding,
                "fingerprint": self.fingerprint,
                "scanned_ns": self.scanned_ns,
                "counts": {"articles": len(self.seeds), "passages": self.passages},
                "segments": self.segments,
                "fields": SeedRecord._fields,
                "seeds": self.seeds,
                "skipped": self.skipped,
            }
        )
        opened = body[:-1]
        return f"{opened}{_SEAL}{zlib.crc32(opened.encode())}}}"

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder: durably and all at once."""
        fresh = folder / f"{FILE}.new"
        with fresh.open("w", encoding="ascii") as handle:
            handle.write(self.text())
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a generation's folder.

        Raises:
            StoreDamagedError: it is missing, or is not as it was written.
            StoreError: it is of another schema.
        """
        try:
            return cls.parse((folder / FILE).read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise damaged() from error

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read what :meth:`text` wrote.

        Raises: as :meth:`read`.
        """
        try:
            opened, _, seal = text.rpartition(_SEAL)
            found = json.loads(text)
            if found["schema"] != SCHEMA:
                raise StoreError("The index is of another version of newsbot; run `newsbot index --rebuild`.")
            if f"{zlib.crc32(opened.encode())}}}" != seal:
                raise damaged()
            return cls(
                embedding=found["embedding"],
                fingerprint=found["fingerprint"],
                scanned_ns=found["scanned_ns"],
                segments=found["segments"],
                seeds={source: SeedRecord(*each) for source, each in found["seeds"].items()},
                skipped={source: SkippedRecord(*each) for source, each in found["skipped"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise damaged() from error
