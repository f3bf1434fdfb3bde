"""Checks of the seeds folder and the index folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from newsbot import articles
from newsbot.doctor.telling import broken, ok, warning
from newsbot.errors import SeedError, StoreError
from newsbot.indexing.differences import difference
from newsbot.indexing.embedding import fingerprint
from newsbot.indexing.generations import Generations
from newsbot.indexing.manifest import Manifest
from newsbot.models import Finding, Skipped
from newsbot.settings import Settings

_SHOWN = 10
_ROOM = 200_000_000
"""Bytes that should be free: a build of some thousand articles needs them beside the index that serves."""


def seeds(settings: Settings) -> Iterator[Finding]:
    """Check the seeds folder: what it holds, and what of it cannot be read as an article."""
    if settings.chroma_url and not articles.present(settings.seeds_dir):
        yield ok("seeds", "There are no articles here, so this machine only reads the shared store.")
        return
    files, passed = articles.scan(settings.seeds_dir)
    manifest = _served(settings)
    known = manifest.skipped if manifest else {}
    fresh = {each.source for each in difference(settings.seeds_dir, manifest, settings.index_dir / "stamps.json").fresh}
    unreadable = [Skipped(each.source, known[each.source].reason) for each in files if each.source in known]
    for each in files:
        if each.source in fresh and each.source not in known:
            try:
                articles.read(each)
            except SeedError as error:
                unreadable.append(Skipped(each.source, str(error)))
    readable = len(files) - len(unreadable)
    if readable:
        yield ok("seeds", f"{_counted(readable, 'article')} in {settings.seeds_dir}.")
    else:
        remedy = f"Put an article (.txt, .md or .html) into {settings.seeds_dir}."
        yield broken("seeds", f"There is no article in {settings.seeds_dir}.", remedy)
    left_out = [*unreadable, *passed]
    for skipped in left_out[:_SHOWN]:
        yield warning("seeds", f"{skipped.source} is not indexed. {skipped.reason}")
    if len(left_out) > _SHOWN:
        yield warning(
            "seeds", f"{len(left_out) - _SHOWN:,} more files are not indexed.", "Run `newsbot index` to see all."
        )


def index(settings: Settings) -> Iterator[Finding]:
    """Check the index folder: the generation that serves, its age, the others, the lock, and room on the disk."""
    generations = Generations(settings.index_dir)
    yield from _folder(generations)
    name = generations.current()
    if not name:
        yield warning("index", "There is no index yet.", "Run `newsbot index`, or ask something: it is built then.")
        return
    manifest = Manifest.read(generations.folder(name))
    count = sum(each.passages for each in manifest.seeds.values())
    yield ok(
        "index", f"Generation {name} serves {_counted(len(manifest.seeds), 'article')} in {_counted(count, 'passage')}."
    )
    yield from _age(settings, manifest)
    yield from _others(generations, name, manifest)
    yield from _opens(generations, name)


def _served(settings: Settings) -> Manifest | None:
    generations = Generations(settings.index_dir)
    try:
        return Manifest.read(generations.folder(name)) if (name := generations.current()) else None
    except StoreError:
        return None


def _folder(generations: Generations) -> Iterator[Finding]:
    root = generations.root
    there = next(each for each in (root, *root.absolute().parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        remedy = "Make it writable, or set NEWSBOT_INDEX_DIR to another folder."
        yield broken("index", f"The index folder {root} cannot be written.", remedy)
        return
    free = shutil.disk_usage(there).free
    if free < _ROOM:
        yield warning("index", f"The disk that holds {root} has {_megabytes(free)} left.", "Make room on it.")
    if generations.busy():
        yield warning("index", "Another newsbot is writing the index now.", "Wait until it is done.")


def _age(settings: Settings, manifest: Manifest) -> Iterator[Finding]:
    if manifest.fingerprint != fingerprint(settings.embedding_model):
        made = f"with the embedding model {manifest.embedding}, as it was then"
        yield warning(
            "index", f"It was made {made}, not with {settings.embedding_model} as it is.", "Run `newsbot index`."
        )
    if settings.chroma_url and not articles.present(settings.seeds_dir):
        return
    try:
        found = difference(settings.seeds_dir, manifest, settings.index_dir / "stamps.json")
    except SeedError:
        return  # told by the check of the seeds
    if found:
        text = f"It is behind the seeds: {len(found.fresh):,} new or changed, {len(found.removed):,} removed."
        yield warning("index", text, "Run `newsbot index`.")
    else:
        yield ok("index", "It is in line with the seeds.")


def _opens(generations: Generations, name: str) -> Iterator[Finding]:
    from newsbot.indexing.snapshot import Snapshot

    try:
        snapshot = Snapshot(generations, name)
    except FileNotFoundError:
        text = f"A folder that generation {name} reads is gone."
        yield broken("index", text, "Run `newsbot index --rebuild`.")
        return
    try:
        snapshot.check()
    finally:
        snapshot.close()
    yield ok("index", "Every file of it can be read.")


def _others(generations: Generations, current: str, manifest: Manifest) -> Iterator[Finding]:
    started = _started(generations)
    unused, freed = {each.name for each in generations.unused(keep=started)}, 0
    for folder in generations.folders():
        size = _size(folder)
        if folder.name == current:
            role = "serves"
        elif folder.name in manifest.segments:
            role = "part of what serves"
        elif started and folder.name in started.segments:
            role = "of a build that was stopped; the next one goes on from it"
        elif folder.name in unused:
            role, freed = "unused", freed + size
        else:
            role = "still read by a running newsbot"
        yield ok("index", f"Generation {folder.name}: {_megabytes(size)}, {role}.")
    if freed:
        yield warning(
            "index", f"{_megabytes(freed)} belong to unused generations.", "Run `newsbot index`; it frees them."
        )


def _started(generations: Generations) -> Manifest | None:
    """Return how far a build came that was killed."""
    try:
        return Manifest.read(generations.folder(name)) if (name := generations.unfinished()) else None
    except StoreError:
        return None


def _size(folder: Path) -> int:
    total = 0
    for each in folder.rglob("*"):
        try:
            total += each.stat().st_size if each.is_file() else 0
        except OSError:
            continue  # removed meanwhile
    return total


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
