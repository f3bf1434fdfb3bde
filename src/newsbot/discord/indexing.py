"""Indexing in a process of its own, so that it takes neither memory nor breath from the bot that is answering.

Run as ``python -m newsbot.discord.indexing``, this brings the index in line with the seeds and prints what it did as
one line of JSON; :class:`Indexer` runs that and reads the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict, fields
from typing import Any

from newsbot.errors import DiscordError, NewsbotError
from newsbot.models import Changes, Skipped
from newsbot.settings import Settings, variable

_REBUILD = "--rebuild"
_CHROMA = ("chroma_url", "chroma_tenant", "chroma_database", "chroma_token", "chroma_ca_file")
_READ = ("seeds_dir", "index_dir", "embedding_model", *_CHROMA)
"""The settings that indexing reads; the process finds the others where the bot found them."""


class Indexer:
    """Brings the index in line with the seeds, one run at a time."""

    def __init__(self, settings: Settings) -> None:
        self._environment = environment(settings)
        self._lock = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._lock.locked()

    async def refresh(self, *, rebuild: bool = False) -> Changes:
        """Index what changed, after any run that is under way.

        Raises:
            DiscordError: the run failed; the message is its one sentence.
        """
        async with self._lock:
            arguments = [sys.executable, "-m", __name__, *([_REBUILD] if rebuild else [])]
            process = await asyncio.create_subprocess_exec(
                *arguments, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
            )
            try:
                output, _ = await process.communicate()
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        return _told(output.decode("utf-8", "replace"), process.returncode)


def _told(output: str, code: int | None) -> Changes:
    try:
        said: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise DiscordError(f"Indexing stopped with exit code {code}; run `newsbot index` to see why.") from None
    if "error" in said:
        raise DiscordError(said["error"])
    skipped = tuple(Skipped(**each) for each in said.pop("skipped"))
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Changes(skipped=skipped, **told)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process indexes as ``settings`` say; it does not get the bot's token."""
    names = {each.name: variable(each) for each in fields(Settings)}
    written = {names[name]: str(getattr(settings, name)) for name in _READ}
    return {**os.environ, **written, names["discord_token"]: ""}


def main() -> int:
    """Index, print the outcome as one line of JSON, and return the exit code."""
    from newsbot.api import Newsbot

    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    try:
        bot = Newsbot.open()
        changes = bot.refresh(rebuild=_REBUILD in sys.argv)
        bot.close()
    except NewsbotError as error:
        print(json.dumps({"error": str(error)}))  # noqa: T201
        return 1
    print(json.dumps(asdict(changes)))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
