"""Generations of the index on disk: which one serves, who may write, who still reads, and what may go.

    index/CURRENT             name of the generation that serves, replaced atomically
    index/lock                held by the one process that writes
    index/<generation>/       what that generation added: chroma/ and lexical/, and the manifest of all that it serves

A generation is built beside the one that serves and published by replacing ``CURRENT``; a killed build leaves a folder
that nothing points to, which the next writer removes. Readers hold a shared lock on the manifests of the folders that
they read, so that no writer removes those.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import portalocker

from newsbot.errors import StoreBusyError, StoreError

SCHEMA = 1
_NAME = re.compile(r"\d+-[0-9a-f]{6}")
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class SeedRecord:
    """What the index knows of one seed; ``segment`` is the generation whose folder holds its passages."""

    digest: str
    size: int
    mtime_ns: int
    segment: str
    passages: int
    title: str
    language: str
    url: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that one generation serves.

    ``segments`` names the generations whose folders it reads, ``seeds`` is keyed by source, ``skipped`` gives
    the reason by source, and ``scanned_ns`` is when the seeds were looked at, in nanoseconds of the wall clock.
    """

    embedding: str
    fingerprint: str
    scanned_ns: int
    segments: tuple[str, ...] = ()
    seeds: dict[str, SeedRecord] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder, durably."""
        counts = {"articles": len(self.seeds), "passages": sum(each.passages for each in self.seeds.values())}
        _write(folder / _MANIFEST, json.dumps({**asdict(self), "counts": counts}, ensure_ascii=True))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a generation's folder.

        Raises:
            StoreError: it is missing, damaged, or of another schema.
        """
        try:
            found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            if found["schema"] != SCHEMA:
                raise StoreError("The index is of another version of newsbot; run `newsbot index --rebuild`.")
            return cls(
                embedding=found["embedding"],
                fingerprint=found["fingerprint"],
                scanned_ns=found["scanned_ns"],
                segments=tuple(found["segments"]),
                seeds={source: SeedRecord(**each) for source, each in found["seeds"].items()},
                skipped=dict(found["skipped"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError("The index is damaged; run `newsbot index --rebuild`.") from error


class Generations:
    """The index folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> str:
        """Return the name of the generation that serves, or an empty string when there is none."""
        try:
            name = (self.root / "CURRENT").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return name if name and Path(name).name == name else ""

    def folder(self, name: str) -> Path:
        """Return the folder of a generation."""
        return self.root / name

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[None]:
        """Hold the writer's lock; the operating system frees it when the process dies.

        Raises:
            StoreBusyError: another process still writes after ``wait_seconds``.
            StoreError: the index folder cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = (self.root / "lock").open("a")
        except OSError as error:
            raise StoreError(
                f"The index folder {self.root} cannot be written ({error.strerror}); make it writable or set "
                "NEWSBOT_INDEX_DIR to another folder."
            ) from error
        with handle:
            deadline = time.monotonic() + wait_seconds
            while not _locked(handle, portalocker.LOCK_EX):
                if time.monotonic() >= deadline:
                    raise StoreBusyError("Another newsbot is writing the index; try again when it is done.")
                time.sleep(0.05)
            yield

    def busy(self) -> bool:
        """Whether a process is writing; nothing is created to find out."""
        try:
            with (self.root / "lock").open() as handle:
                return not _locked(handle, portalocker.LOCK_SH)
        except OSError:
            return False

    def create(self) -> str:
        """Create the folder of a new generation and return its name, which sorts after all before it."""
        numbers = [int(each.name.split("-")[0]) for each in self.folders()]
        name = f"{max(numbers, default=0) + 1:06d}-{secrets.token_hex(3)}"
        self.folder(name).mkdir(parents=True)
        return name

    def publish(self, name: str) -> None:
        """Let a complete generation serve from now on."""
        fresh = self.root / f"CURRENT.{name}"
        _write(fresh, name + "\n")
        fresh.replace(self.root / "CURRENT")
        _sync_folder(self.root)

    def discard(self, name: str) -> None:
        """Remove a generation that was never published."""
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def lease(self, name: str) -> IO[str] | None:
        """Keep a generation's folder from being removed until the handle is closed; None where it is gone."""
        try:
            handle = (self.folder(name) / _MANIFEST).open()
        except OSError:
            return None
        if _locked(handle, portalocker.LOCK_SH):
            return handle
        handle.close()
        return None

    def unused(self) -> list[Path]:
        """Return the folders that neither the current generation nor any reader uses."""
        current = self.current()
        try:
            keep = {current, *Manifest.read(self.folder(current)).segments} if current else set()
        except StoreError:
            keep = {current}
        return [each for each in self.folders() if each.name not in keep and not _leased(each)]

    def sweep(self) -> None:
        """Remove what nobody uses; only the holder of the writer's lock may call this."""
        for each in self.unused():
            shutil.rmtree(each, ignore_errors=True)
        for each in self.root.glob("CURRENT.*"):
            each.unlink(missing_ok=True)

    def folders(self) -> list[Path]:
        """Return the folders of all generations, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(each for each in self.root.iterdir() if _NAME.fullmatch(each.name) and each.is_dir())


def _locked(handle: IO[str], kind: portalocker.LockFlags) -> bool:
    try:
        portalocker.lock(handle, kind | portalocker.LOCK_NB)
    except portalocker.LockException:
        return False
    return True


def _leased(folder: Path) -> bool:
    try:
        with (folder / _MANIFEST).open() as handle:
            return not _locked(handle, portalocker.LOCK_EX)
    except OSError:
        return False


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(path: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
