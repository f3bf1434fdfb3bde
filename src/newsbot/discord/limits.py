"""How much may be asked: a pace for each person and each server, and a queue with an end."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_KEYS = 10_000


@dataclass(slots=True)
class _Level:
    tokens: float
    at: float


class Pace:
    """A token bucket for each key: a minute's worth at once, refilled evenly; the least recent keys are let go."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._clock = clock
        self._levels: OrderedDict[int, _Level] = OrderedDict()

    def wait(self, key: int) -> int:
        """Return 0 when ``key`` may ask now, else after how many whole seconds; takes nothing."""
        if not self._most:
            return 0
        missing = 1.0 - self._level(key).tokens
        return max(1, math.ceil(missing * 60.0 / self._most)) if missing > 1e-9 else 0

    def take(self, key: int) -> None:
        """Count one question of ``key``."""
        if self._most:
            self._level(key).tokens -= 1.0

    def _level(self, key: int) -> _Level:
        now = self._clock()
        level = self._levels.setdefault(key, _Level(float(self._most), now))
        level.tokens = min(float(self._most), level.tokens + (now - level.at) * self._most / 60.0)
        level.at = now
        self._levels.move_to_end(key)
        if len(self._levels) > _MOST_KEYS:
            self._levels.popitem(last=False)
        return level


class Sparing:
    """Lets something through once in a while for each key, so that a refusal cannot itself become a flood."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._last: OrderedDict[int, float] = OrderedDict()

    def allows(self, key: int) -> bool:
        """Return whether the last time for ``key`` is long enough ago, and if so count this as the last time."""
        now = self._clock()
        if now - self._last.get(key, -math.inf) < self._seconds:
            return False
        self._last[key] = now
        self._last.move_to_end(key)
        if len(self._last) > _MOST_KEYS:
            self._last.popitem(last=False)
        return True
