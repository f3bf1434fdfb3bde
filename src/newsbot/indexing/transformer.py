"""Any sentence-transformers model, by name or as a local folder; safetensors only, never remote code."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from newsbot.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbot.indexing.embedding import Advance

_REACH_SECONDS = 3.0
_BATCH = 32


class TransformerEmbedding:
    """A sentence-transformers model with the query and passage prompts that it was trained with."""

    def __init__(self, name: str) -> None:
        """Load the model from a folder, from the local cache, or from the model hub when it can be reached.

        Raises:
            ModelError: the folder is no model, the hub cannot be reached, or the weights are not safetensors.
        """
        self.name = name
        folder = _folder(name)
        try:
            with _quiet():
                self._model = _loaded(name, folder)
        except ModelError:
            raise
        except Exception as error:  # the libraries below raise anything from KeyError to OSError for a bad model
            raise ModelError(
                f"The embedding model {name} cannot be loaded ({type(error).__name__}); check that it is a "
                "sentence-transformers model with safetensors weights, or set NEWSBOT_EMBEDDING_MODEL=builtin."
            ) from error
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._query, self._passage = _prompts(name, dict(self._model.prompts or {}))

    def passages(self, texts: Sequence[str], advance: Advance | None = None) -> NDArray[np.float32]:
        """Return one unit row for each text, embedded in batches."""
        parts = []
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            parts.append(self._encoded(batch, self._passage))
            if advance:
                advance(len(batch))
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def question(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector."""
        row: NDArray[np.float32] = self._encoded([text], self._query)[0]
        return row

    def _encoded(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        rows = self._model.encode(texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)


def _folder(name: str) -> Path | None:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name.startswith((".", "/", "~")) or len(folder.parts) > 2:
        raise ModelError(f"There is no model folder {name}; correct NEWSBOT_EMBEDDING_MODEL or set it to builtin.")
    return None


def _loaded(name: str, folder: Path | None) -> Any:
    local = folder is not None or _cached(name)
    if folder is not None and not any(folder.rglob("*.safetensors")):
        raise ModelError(f"The model folder {name} holds no .safetensors weights; newsbot loads no other kind.")
    if not local:
        _reach(name)
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(folder or name),
        device="cpu",
        trust_remote_code=False,
        local_files_only=local,
        model_kwargs={"use_safetensors": True},
    )


def present(name: str) -> bool:
    """Whether a model is a folder or in the local cache.

    Raises:
        ModelError: it is neither, and the model hub cannot be reached.
    """
    if _folder(name) is not None or _cached(name):
        return True
    _reach(name)
    return False


def _cached(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    names = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    return any(isinstance(try_to_load_from_cache(each, "modules.json"), str) for each in names)


def _reach(name: str) -> None:
    """Fail early where the hub cannot be reached: its client would retry for more than a minute."""
    remedy = "connect once to download it, give a local folder, or set NEWSBOT_EMBEDDING_MODEL=builtin."
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}:
        raise ModelError(f"The embedding model {name} is not on this machine and HF_HUB_OFFLINE is set; {remedy}")
    hub = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    target = urlsplit(proxy) if proxy else hub
    try:
        port = target.port or (80 if target.scheme == "http" else 443)
        socket.create_connection((target.hostname or "", port), timeout=_REACH_SECONDS).close()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The embedding model {name} is not on this machine and the model hub cannot be reached; {remedy}"
        ) from error


def _prompts(name: str, known: dict[str, str]) -> tuple[str, str]:
    """Return the prompts for questions and passages; the e5 family needs its own where a model states none.

    Source: the model cards of intfloat/multilingual-e5-*, "query: " and "passage: ".
    """
    query = known.get("query") or ""
    passage = known.get("passage") or known.get("document") or ""
    if not query and not passage and "e5" in Path(name).name.lower().replace("_", "-").split("-"):
        return "query: ", "passage: "
    return query, passage


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' own progress bars and advice out of the terminal while a model loads."""
    import transformers.utils.logging

    transformers_logging: Any = transformers.utils.logging
    before = transformers_logging.get_verbosity()
    logger = logging.getLogger("sentence_transformers")
    level = logger.level
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        transformers_logging.set_verbosity(before)
        logger.setLevel(level)
