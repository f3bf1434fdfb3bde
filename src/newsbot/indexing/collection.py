"""A collection of records on a Chroma server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from newsbot.errors import StoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARK = "newsbot"
"""Key in the metadata of every collection that newsbot made; one without it is somebody else's."""
QUICK, LONG = 3.0, 60.0
"""Seconds that the answer to a small request and to a large one may take."""


class Server(Protocol):
    """What a collection needs of its server."""

    def call(self, method: str, path: str, body: Any = None, *, params: Any = None, seconds: float = QUICK) -> Any:
        """Send one request about the database and return what the server says, JSON decoded."""
        ...


@dataclass(frozen=True)
class Collection:
    """A collection on a server, as it was when it was looked up; its methods raise what those of the server do."""

    server: Server
    name: str
    id: str
    metadata: dict[str, Any]

    def add(
        self,
        ids: Sequence[str],
        vectors: NDArray[Any],
        metadatas: Sequence[Mapping[str, str | int | float]],
        documents: Sequence[str] | None = None,
    ) -> None:
        """Insert records; one whose id is there already stays as it is. All come, or none."""
        body = {"ids": ids, "embeddings": vectors.tolist(), "metadatas": metadatas, "documents": documents}
        self._call("add", body)

    def update(self, name: str, metadata: Mapping[str, str | int | float]) -> None:
        """Set some metadata of one record, in one step; nothing happens if it is not there."""
        self._call("update", {"ids": [name], "metadatas": [metadata]}, QUICK)

    def read(self, ids: Sequence[str] | None = None, *, whole: bool = False) -> dict[str, Any]:
        """Return the columns ``ids`` and ``metadatas`` of some records, or of all.

        With ``whole`` also ``documents`` and ``embeddings``. They come in any order, without those that are not there.
        """
        include = ["metadatas", *(("documents", "embeddings") if whole else ())]
        found: dict[str, Any] = self._call("get", {"ids": ids, "include": include}, LONG if ids else QUICK)
        return found

    def delete(self, ids: Sequence[str]) -> None:
        """Remove records."""
        self._call("delete", {"ids": ids})

    def mark(self, metadata: Mapping[str, str | int]) -> None:
        """Replace the metadata of the collection itself."""
        self.server.call("PUT", f"/collections/{self.id}", {"new_metadata": metadata})

    def __len__(self) -> int:
        return int(self.server.call("GET", f"/collections/{self.id}/count"))

    def _call(self, verb: str, body: Any, seconds: float = LONG) -> Any:
        return self.server.call("POST", f"/collections/{self.id}/{verb}", body, seconds=seconds)


def foreign(name: str) -> StoreError:
    """Return the error for a collection that somebody else made under a name that newsbot uses."""
    return StoreError(
        f"The Chroma server holds a collection {name} that is not newsbot's; set NEWSBOT_CHROMA_DATABASE to another."
    )
