"""Changes below the seeds folder, as the operating system reports them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def changes_of(folder: Path) -> Iterator[None]:
    """Yield once for each burst of changes below ``folder``, until interrupted."""
    from watchfiles import watch

    for _ in watch(folder, debounce=300, step=50, raise_interrupt=True):
        yield None
