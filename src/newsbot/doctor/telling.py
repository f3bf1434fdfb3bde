"""Findings in the making."""

from __future__ import annotations

from newsbot.errors import NewsbotError
from newsbot.models import Finding


def ok(subject: str, text: str) -> Finding:
    """Return a finding with nothing to do."""
    return Finding("ok", subject, text)


def warning(subject: str, text: str, remedy: str = "") -> Finding:
    """Return a finding that newsbot can live with."""
    return Finding("warning", subject, text, remedy)


def broken(subject: str, text: str, remedy: str = "") -> Finding:
    """Return a finding that keeps newsbot from doing what was asked of it."""
    return Finding("broken", subject, text, remedy)


def told(subject: str, error: NewsbotError) -> Finding:
    """Return an error as a broken finding; what its sentence says after the last semicolon is the remedy."""
    problem, _, remedy = str(error).rpartition("; ")
    if not problem:
        return broken(subject, remedy)
    return broken(subject, f"{problem}.", remedy[:1].upper() + remedy[1:])
