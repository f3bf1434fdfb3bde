"""A Chroma server, spoken to over its HTTP API (version 2).

chromadb's own client knows no time-outs, so that a server which hangs would hang whoever asks; and it takes a second to
import, which a look for a new generation is not worth.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsbot.errors import StoreAwayError, StoreError
from newsbot.indexing.collection import LONG, QUICK, Collection

if TYPE_CHECKING:
    import httpx

    from newsbot.settings import Settings

_CONNECT = 2.0
"""Seconds that a connection may take."""
_PATIENCE, _PAUSE = 20.0, 0.5
"""Seconds that a server which went away is waited for, where it is waited for, and between two attempts."""
_PAGE = 100
_WAITING = frozenset({429, 502, 503, 504})


class MissingError(StoreError):
    """The server does not hold what was asked for."""


class TakenError(StoreError):
    """The server holds something of that name already."""


@dataclass(frozen=True)
class Address:
    """Where a store is, and what opens it; the token is left out of the repr."""

    url: str
    tenant: str = "default_tenant"
    database: str = "default_database"
    token: str = field(default="", repr=False)
    ca_file: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Address:
        """Return the address that the settings name."""
        return cls(
            settings.chroma_url,
            settings.chroma_tenant,
            settings.chroma_database,
            settings.chroma_token,
            settings.chroma_ca_file,
        )


class ChromaServer:
    """One database of one server; safe to share between threads, and nothing is sent before something is asked.

    Every method raises :class:`StoreAwayError` within 5 seconds where the server cannot be reached, and
    :class:`StoreError` where it refuses the token, does not know the database, or is no Chroma server.
    """

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self._address = address
        self._known = False
        self._patience = 0.0
        self._lock = threading.Lock()

    def version(self) -> str:
        """Return the version that the server says it has."""
        return str(self._request("GET", "/version"))

    def collections(self) -> list[Collection]:
        """Return all collections of the database, whosoever they are."""
        found: list[Collection] = []
        while True:
            page = self.call("GET", "/collections", params={"limit": _PAGE, "offset": len(found)})
            found += [self._collection(each) for each in page]
            if len(page) < _PAGE:
                return found

    def collection(self, name: str) -> Collection:
        """Return a collection.

        Raises:
            MissingError: there is none of that name.
        """
        return self._collection(self.call("GET", f"/collections/{name}"))

    def create(self, name: str, metadata: Mapping[str, str | int]) -> Collection:
        """Create a collection for vectors that are compared by cosine; of many who try at once, one succeeds.

        Raises:
            TakenError: there is one of that name.
        """
        configuration = {"hnsw": {"space": "cosine"}}
        body = {"name": name, "metadata": dict(metadata), "configuration": configuration}
        return self._collection(self.call("POST", "/collections", body, seconds=LONG))

    def remove(self, name: str) -> None:
        """Remove a collection, if it is there."""
        try:
            self.call("DELETE", f"/collections/{name}", seconds=LONG)
        except MissingError:
            return

    def call(self, method: str, path: str, body: Any = None, *, params: Any = None, seconds: float = QUICK) -> Any:
        """Send one request about the database and return what the server says, JSON decoded."""
        base = f"/tenants/{self._address.tenant}/databases/{self._address.database}"
        deadline = 0.0
        while True:
            try:
                with self._lock:
                    if not self._known:
                        self._look(base)
                        self._known = True
                return self._request(method, base + path, body, params, seconds)
            except StoreAwayError:
                deadline = deadline or time.monotonic() + self._patience
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_PAUSE)

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Meanwhile, wait for a server that goes away and ask again; whatever is asked must bear being asked twice."""
        self._patience = _PATIENCE
        try:
            yield
        finally:
            self._patience = 0.0

    def close(self) -> None:
        """Close the connections."""
        if "_http" in self.__dict__:
            self._http.close()

    def _look(self, base: str) -> None:
        _resolve(self.url)
        try:
            self._request("GET", base)
        except MissingError:
            where = f"database {self._address.database} of the tenant {self._address.tenant}"
            raise StoreError(
                f"The Chroma server at {self.url} has no {where}; create it, or correct NEWSBOT_CHROMA_URL, "
                "NEWSBOT_CHROMA_TENANT and NEWSBOT_CHROMA_DATABASE."
            ) from None

    def _request(self, method: str, path: str, body: Any = None, params: Any = None, seconds: float = QUICK) -> Any:
        import httpx

        limits = httpx.Timeout(seconds, connect=_CONNECT)
        try:
            response = self._http.request(method, f"/api/v2{path}", json=body, params=params, timeout=limits)
        except httpx.HTTPError as error:
            raise self._away(error) from error
        if response.is_success:
            try:
                return response.json()
            except ValueError as error:
                raise StoreError(
                    f"What answers at {self.url} is no Chroma server; correct NEWSBOT_CHROMA_URL."
                ) from error
        raise self._refused(response)

    @cached_property
    def _http(self) -> httpx.Client:
        import httpx

        token, file = self._address.token, self._address.ca_file
        headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        try:
            trusted = ssl.create_default_context(cafile=file) if file else True
        except OSError as error:
            raise StoreError(f"NEWSBOT_CHROMA_CA_FILE cannot be read as certificates: {error.strerror}.") from error
        return httpx.Client(base_url=self.url, headers=headers, verify=trusted)

    def _away(self, error: Exception) -> StoreError:
        import httpx

        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return StoreError(
                f"The certificate of the Chroma server at {self.url} is not trusted; name the file of its authority in "
                "NEWSBOT_CHROMA_CA_FILE."
            )
        problem = "does not answer" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
        return StoreAwayError(f"The Chroma server at {self.url} {problem}; start it or correct NEWSBOT_CHROMA_URL.")

    def _refused(self, response: httpx.Response) -> StoreError:
        status, who = response.status_code, f"The Chroma server at {self.url}"
        if status in (401, 403):
            return StoreError(f"{who} does not let this newsbot in; correct NEWSBOT_CHROMA_TOKEN.")
        if status == 404:  # what it means is told by whoever asked
            return MissingError(f"{who} does not hold what was asked for.")
        if status == 409:
            return TakenError(f"{who} holds something of that name already.")
        if status in _WAITING:
            return StoreAwayError(f"{who} is overloaded or starting (HTTP {status}); try again in a minute.")
        return StoreError(f"{who} refused a request (HTTP {status}); its log says why.")

    def _collection(self, found: Any) -> Collection:
        try:
            return Collection(self, str(found["name"]), str(found["id"]), dict(found.get("metadata") or {}))
        except (TypeError, KeyError, ValueError) as error:
            raise StoreError(f"What answers at {self.url} is no Chroma server; correct NEWSBOT_CHROMA_URL.") from error


def _resolve(url: str) -> None:
    """Look the host's name up, which no time-out of a connection covers.

    Raises:
        StoreAwayError: no answer came in time; that there is no such name is found out by connecting.
    """
    host = urlsplit(url).hostname
    looked = threading.Thread(target=_looked_up, args=(host,), daemon=True)
    looked.start()
    looked.join(_CONNECT)
    if looked.is_alive():
        raise StoreAwayError(f"The name {host} cannot be looked up; check the network or correct NEWSBOT_CHROMA_URL.")


def _looked_up(host: str) -> None:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return
