"""A real Chroma server on loopback, which can be killed, and a proxy before it that asks for a token or misbehaves."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from newsbot.settings import Settings

_NUMBERS = itertools.count()


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ChromaProcess:
    """``chroma run`` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it on the same folder and port as ever, and wait until it answers."""
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
        command += ["--path", str(self._folder), "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5)
                return
            except httpx.HTTPError:
                assert self._process.poll() is None and time.monotonic() < deadline, "the Chroma server does not start"
                time.sleep(0.05)

    def kill(self) -> None:
        """Kill it as ``kill -9`` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def store(self) -> Store:
        """A database of its own for one test."""
        name = f"test-{next(_NUMBERS)}"
        httpx.post(f"{self.url}/api/v2/tenants/default_tenant/databases", json={"name": name}).raise_for_status()
        return Store(self.url, name)


@dataclass
class Store:
    """A database on the server."""

    url: str
    database: str

    def settings(self, folder: Path, **others: Any) -> Settings:
        """The settings of a machine that shares the store; its seeds and index are in ``folder``."""
        given = {"chroma_url": self.url, "chroma_database": self.database, **others}
        return Settings(seeds_dir=folder / "seeds", index_dir=folder / "index", **given)

    @property
    def _path(self) -> str:
        return f"{self.url}/api/v2/tenants/default_tenant/databases/{self.database}/collections"

    def names(self) -> list[str]:
        """The names of all collections."""
        return sorted(each["name"] for each in httpx.get(self._path).json())

    def make(self, name: str) -> str:
        """Make a collection as somebody else would, with one record, and return its id."""
        found: str = httpx.post(self._path, json={"name": name}).json()["id"]
        record = {"ids": ["a"], "embeddings": [[1.0]], "documents": ["Not newsbot's."]}
        httpx.post(f"{self._path}/{found}/add", json=record).raise_for_status()
        return found

    def change(self, name: str, verb: str, body: dict[str, Any]) -> Any:
        """Do something to the records of a collection behind newsbot's back."""
        found = httpx.get(f"{self._path}/{name}").json()["id"]
        return httpx.post(f"{self._path}/{found}/{verb}", json=body).raise_for_status().json()


@dataclass
class Proxy:
    """Passes requests on to a server, unless told otherwise; ``seen`` holds what came.

    After ``most`` insertions the server seems to be down.
    """

    target: str
    token: str = ""
    stall: float = 0.0
    status: int = 0
    page: str = ""
    most: int | None = None
    seen: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def proxied(target: str, **options: Any) -> Iterator[Proxy]:
    """Run a proxy before ``target`` on loopback."""
    proxy = Proxy(target, **options)

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.seen.append(f"{self.command} {self.path}")
            time.sleep(proxy.stall)
            if proxy.token and self.headers.get("Authorization") != f"Bearer {proxy.token}":
                self._reply(401, b'{"error": "Unauthorized"}')
            elif proxy.most is not None and sum(each.endswith("/add") for each in proxy.seen) > proxy.most:
                self._reply(503, b"")
            elif proxy.status or proxy.page:
                self._reply(proxy.status or 200, proxy.page.encode())
            else:
                try:
                    answer = httpx.request(self.command, proxy.target + self.path, content=body, timeout=30)
                    self._reply(answer.status_code, answer.content)
                except httpx.HTTPError:
                    self._reply(502, b"")

        do_GET = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815

        def _reply(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has hung up

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
