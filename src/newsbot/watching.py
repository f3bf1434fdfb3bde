"""Changes below the seeds folder, as the operating system reports them, and looks at a store that others may change."""

from __future__ import annotations

import time
from collections.abc import Iterator

from newsbot.settings import Settings

_LOOK_SECONDS = 2
"""How often a shared store is looked at."""


def changes_of(settings: Settings) -> Iterator[None]:
    """Yield once for each burst of changes below the seeds folder, until interrupted.

    With a shared store, yield also every few seconds, since another machine may have changed it.
    """
    from watchfiles import watch

    shared = bool(settings.chroma_url)
    while shared and not settings.seeds_dir.is_dir():
        time.sleep(_LOOK_SECONDS)
        yield None
    pause = _LOOK_SECONDS * 1000 if shared else 5000
    folder = settings.seeds_dir
    for _ in watch(folder, debounce=300, step=50, rust_timeout=pause, yield_on_timeout=shared, raise_interrupt=True):
        yield None
