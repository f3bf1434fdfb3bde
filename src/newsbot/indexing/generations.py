"""Generations of the index on disk: which one serves, who may write, who still reads, and what may go.

    index/CURRENT             name of the generation that serves, replaced atomically
    index/lock                held by the one process that writes
    index/stamps.json         seeds that were touched but not changed; a cache
    index/<generation>/       what that generation added: chroma/ and lexical/, and the manifest of all that it serves

A generation is built beside the one that serves and published by replacing ``CURRENT``; a killed build leaves a folder
that nothing points to, which the next writer goes on from or removes. Readers hold a shared lock on the manifests of
the folders that they read, so that no writer removes those.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import portalocker

from newsbot.errors import StoreBusyError, StoreError
from newsbot.indexing.manifest import FILE, Manifest

_NAME = re.compile(r"[0-9]+-[0-9a-f]{6}")


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
        return name if _NAME.fullmatch(name) else ""

    def folder(self, name: str) -> Path:
        """Return the folder of a generation."""
        return self.root / name

    @contextmanager
    def writing(self, wait_seconds: float, *, anew: bool = False) -> Iterator[None]:  # noqa: ARG002
        """Hold the writer's lock; the operating system frees it when the process dies.

        Args:
            wait_seconds: how long to wait for another process that writes.
            anew: whether all is built anew, which also takes over a store that is shared.

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
        names = [self.current(), *(each.name for each in self.folders())]
        name = f"{max(_order(each)[0] for each in names) + 1:06d}-{secrets.token_hex(3)}"
        self.folder(name).mkdir(parents=True)
        return name

    def publish(self, name: str) -> None:
        """Let a complete generation serve from now on."""
        fresh = self.root / f"CURRENT.{name}"
        with fresh.open("w", encoding="ascii") as handle:
            handle.write(name + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self.root / "CURRENT")
        _sync_folder(self.root)

    def discard(self, name: str) -> None:
        """Remove a generation that was never published."""
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def lease(self, name: str) -> IO[str] | None:
        """Keep a generation's folder from being removed until the handle is closed; None where it is gone."""
        path = self.folder(name) / FILE
        try:
            handle = path.open()
        except OSError:
            return None
        if _locked(handle, portalocker.LOCK_SH) and path.exists():  # a writer moves a folder away before it removes it
            return handle
        handle.close()
        return None

    def unfinished(self) -> str:
        """Return the newest generation with a manifest that was never published: how far a killed build came; or ""."""
        current = self.current()
        newer = [each.name for each in self.folders() if _order(each.name) > _order(current)]
        return next((each for each in reversed(newer) if (self.folder(each) / FILE).is_file()), "")

    def unused(self, keep: Manifest | None = None) -> list[Path]:
        """Return the folders that neither the current generation, nor ``keep``, nor any reader uses."""
        return [each for each in self._idle(keep) if not _leased(each)]

    def sweep(self, keep: Manifest | None = None) -> None:
        """Remove what nobody uses, ``keep`` excepted; only the holder of the writer's lock may call this."""
        for each in self._idle(keep):
            gone = self.root / f"gone-{each.name}"
            with suppress(OSError), _exclusively(each) as alone:
                if alone:
                    each.rename(gone)
        for each in (*self.root.glob("gone-*"), *self.root.glob("CURRENT.*"), *self.root.glob("stamps.[0-9]*")):
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)

    def _idle(self, keep: Manifest | None) -> list[Path]:
        current = self.current()
        used = {current, *(keep.segments if keep else ())}
        with suppress(StoreError):
            used |= set(Manifest.read(self.folder(current)).segments) if current else set()
        return [each for each in self.folders() if each.name not in used]

    def folders(self) -> list[Path]:
        """Return the folders of all generations, oldest first."""
        if not self.root.is_dir():
            return []
        found = [each for each in self.root.iterdir() if _NAME.fullmatch(each.name) and each.is_dir()]
        return sorted(found, key=lambda each: _order(each.name))


def _order(name: str) -> tuple[int, str]:
    number = name.partition("-")[0]
    return (int(number) if number.isdecimal() else 0), name


def _locked(handle: IO[str], kind: portalocker.LockFlags) -> bool:
    try:
        portalocker.lock(handle, kind | portalocker.LOCK_NB)
    except portalocker.LockException:
        return False
    return True


@contextmanager
def _exclusively(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder's manifest; False where a reader has it, True where there is no manifest to read."""
    try:
        handle = (folder / FILE).open()
    except OSError:
        yield True
        return
    with handle:
        yield _locked(handle, portalocker.LOCK_EX)


def _leased(folder: Path) -> bool:
    with _exclusively(folder) as alone:
        return not alone


def _sync_folder(path: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
