"""The lists of function words that bm25s carries, without what importing bm25s would bring along."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def _lists() -> ModuleType:
    """Load ``bm25s.stopwords`` alone: the package imports scipy, a fifth of a second of every start."""
    package = find_spec("bm25s")
    assert package is not None
    assert package.origin is not None
    spec = spec_from_file_location(f"{__name__}.lists", Path(package.origin).with_name("stopwords.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


stopwords = _lists()
"""Tuples of words: ``STOPWORDS_DUTCH``, ``STOPWORDS_EN_PLUS``, and more."""
