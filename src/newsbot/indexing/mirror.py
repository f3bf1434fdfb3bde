"""Segments and manifests between the index folder and a Chroma server.

    newsbot-<kind>-<generation>             passages and vectors of a segment, one record for each, its row as the id;
                                            number and digest of them in the collection's metadata once all are there
    newsbot-<kind>-<generation>-manifest    the manifest, packed and cut into records

What a killed run has sent is not sent again, and a segment that the folder holds is not fetched again.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from newsbot.errors import StoreDamagedError, StoreError
from newsbot.indexing import records
from newsbot.indexing.collection import MARK, Collection, foreign
from newsbot.indexing.manifest import Manifest
from newsbot.indexing.segments import Segment, SegmentWriter
from newsbot.indexing.server import ChromaServer, MissingError, TakenError

Done = Callable[[int], None]
"""Called with how many passages of a segment are done."""

MANIFEST = "-manifest"
_BATCH = 300
"""Records in one request; Chroma's cloud takes no more."""
_PART = 4000
"""Characters of a manifest in one record's metadata; Chroma's cloud takes no more than 4,096 bytes."""


class Mirror:
    """The collections of one kind of store: made by one version of newsbot with one embedding model."""

    def __init__(self, server: ChromaServer, prefix: str) -> None:
        """Use the collections whose names begin with ``prefix``."""
        self._server = server
        self._prefix = prefix

    def send_segment(self, segment: Segment, done: Done) -> int:
        """Put a segment on the server, as far as it is not there, and return its digest.

        Raises:
            StoreAwayError: the server went away; another call goes on from there.
            StoreError: the server refuses it.
        """
        found, count = self._made(segment.name, "segment"), len(segment.ids)
        if "digest" in found.metadata:
            return int(found.metadata["digest"])
        row = len(found)
        for passages, vectors in segment.batches(np.arange(row, count)):
            for start in range(0, len(passages), _BATCH):
                part = passages[start : start + _BATCH]
                metadatas = [{**records.metadata(each), "passage": each.id} for each in part]
                texts = [each.text for each in part]
                found.add(_ids(row, row + len(part)), vectors[start : start + _BATCH], metadatas, texts)
                row += len(part)
                done(row)
        if len(found) != count:
            self._server.remove(found.name)
            raise StoreError("The Chroma server does not keep what it is given; its log may say why.")
        digest = segment.digest
        found.mark({MARK: "segment", "rows": count, "digest": digest})
        return digest

    def send_manifest(self, name: str, manifest: Manifest) -> int:
        """Put the manifest of a generation on the server and return its checksum.

        Raises: as :meth:`send_segment`.
        """
        text = manifest.text().encode()
        packed = base64.b64encode(zlib.compress(text)).decode()
        parts = [{"part": packed[start : start + _PART]} for start in range(0, len(packed), _PART)]
        self._discard(name + MANIFEST, "manifest")
        found = self._made(name + MANIFEST, "manifest")
        for start in range(0, len(parts), _BATCH):
            some = parts[start : start + _BATCH]
            found.add(_ids(start, start + len(some)), np.zeros((len(some), 1)), some)
        found.mark({MARK: "manifest", "rows": len(parts)})
        return zlib.crc32(text)

    def fetch_manifest(self, name: str, checksum: int) -> Manifest:
        """Return the manifest of a generation, whose segments stand with their digests.

        Raises:
            StoreAwayError: the server went away.
            StoreError: it is not there, or is not as it was sent.
        """
        text = "".join(str(each["part"]) for rows in self._records(name + MANIFEST, "manifest") for each in rows[0])
        try:
            unpacked = zlib.decompress(base64.b64decode(text))
            if zlib.crc32(unpacked) != checksum:
                raise _spoilt()
            return Manifest.parse(unpacked.decode("ascii"))
        except (zlib.error, ValueError, StoreDamagedError) as error:
            raise _spoilt() from error

    def fetch_segment(self, name: str, digest: int, folder: Path, done: Done) -> int:
        """Make the segment ``name`` in ``folder`` of what the server holds, and return its checksum.

        Raises: as :meth:`fetch_manifest`.
        """
        with closing(SegmentWriter(folder)) as writer:
            for metadatas, texts, vectors in self._records(name, "segment"):
                try:
                    pairs = zip(metadatas, texts, strict=True)
                    passages = [records.passage(each["passage"], text, each) for each, text in pairs]
                except (StoreDamagedError, KeyError, TypeError) as error:
                    raise _spoilt() from error
                writer.add(passages, np.array(vectors, np.float32))
                done(len(writer))
            if writer.digest != digest:
                raise _spoilt()
            return writer.finish()

    def names(self) -> list[str]:
        """Return the names, without the prefix, of all segments and manifests that the server holds."""
        start = f"{self._prefix}-"
        found = [each for each in self._server.collections() if each.name.startswith(start) and MARK in each.metadata]
        return sorted(each.name.removeprefix(start) for each in found)

    def remove(self, name: str) -> None:
        """Remove a segment or a manifest by its name; what is not newsbot's is left alone."""
        self._discard(name, "manifest" if name.endswith(MANIFEST) else "segment")

    def _records(self, name: str, kind: str) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
        """Yield metadata, documents and vectors of a collection in the order of their rows, some hundreds at a time."""
        try:
            found = self._own(name, kind)
            count = int(found.metadata["rows"])
            for start in range(0, count, _BATCH):
                wanted = _ids(start, min(start + _BATCH, count))
                rows = found.read(wanted, whole=kind == "segment")
                places = {each: place for place, each in enumerate(rows["ids"])}
                order = [places[each] for each in wanted]
                columns = (rows["metadatas"], rows["documents"] or order, rows["embeddings"] or order)
                yield tuple([column[place] for place in order] for column in columns)  # type: ignore[misc]
        except (MissingError, KeyError, IndexError, TypeError, ValueError) as error:
            raise _spoilt() from error

    def _made(self, name: str, kind: str) -> Collection:
        try:
            return self._server.create(f"{self._prefix}-{name}", {MARK: kind})
        except TakenError:
            return self._own(name, kind)

    def _own(self, name: str, kind: str) -> Collection:
        found = self._server.collection(f"{self._prefix}-{name}")
        if found.metadata.get(MARK) != kind:
            raise foreign(found.name)
        return found

    def _discard(self, name: str, kind: str) -> None:
        try:
            self._server.remove(self._own(name, kind).name)
        except MissingError:
            return


def _ids(start: int, end: int) -> list[str]:
    return [f"{row:08d}" for row in range(start, end)]


def _spoilt() -> StoreError:
    return StoreError(
        "What the Chroma server holds is not what was put there; run `newsbot index --rebuild` where the articles are."
    )
