"""Votes on answers: one anonymous line each, in a file that the owner can read.

A line is a JSON object ``{"time", "generation", "vote", "question"}`` where ``question`` is a keyed hash: equal for
equal questions of this installation, and of no use to anyone who does not hold the bot's token.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Vote = Literal["up", "down"]
_MOST_VOTERS = 5_000


def mark(question: str, token: str) -> str:
    """Return 16 hexadecimal digits that stand for ``question``, keyed by the bot's ``token``."""
    key = hashlib.sha256(b"newsbot votes\0" + token.encode()).digest()
    return hmac.new(key, " ".join(question.casefold().split()).encode(), hashlib.sha256).hexdigest()[:16]


class Feedback:
    """The file of votes; one vote for each person on each answer, remembered in memory only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._voters: OrderedDict[tuple[int, int], None] = OrderedDict()

    @property
    def wanted(self) -> bool:
        """Whether votes are collected at all."""
        return self._path is not None

    def first(self, message: int, person: int) -> bool:
        """Return whether this is the first vote of ``person`` on ``message``, and remember it."""
        if (message, person) in self._voters:
            return False
        self._voters[message, person] = None
        if len(self._voters) > _MOST_VOTERS:
            self._voters.popitem(last=False)
        return True

    def take_back(self, message: int, person: int) -> None:
        """Forget a vote that could not be written."""
        self._voters.pop((message, person), None)

    def write(self, vote: Vote, generation: str, question: str) -> None:
        """Add a line to the file.

        Raises:
            OSError: the file cannot be written.
        """
        if self._path is None:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"time": now, "generation": generation, "vote": vote, "question": question})
        with self._lock:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(file, line.encode() + b"\n")
            finally:
                os.close(file)


def file_of(setting: str) -> Path | None:
    """Return the file that the setting names, or nothing when votes are switched off."""
    return None if setting.lower() == "off" else Path(setting)
