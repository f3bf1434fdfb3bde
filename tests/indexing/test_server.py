"""A Chroma server that cannot serve says why, in one sentence and in time."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from newsbot.errors import StoreAwayError, StoreError
from newsbot.indexing import server as server_module
from newsbot.indexing.server import Address, ChromaServer, MissingError, TakenError

from ..chroma import ChromaProcess, Store, free_port, proxied


@contextmanager
def opened(url: str, **options: str) -> Iterator[ChromaServer]:
    server = ChromaServer(Address(url, **options))
    try:
        yield server
    finally:
        server.close()


def failed(url: str, **options: str) -> tuple[StoreError, float]:
    """The error of a first request and how long it took."""
    began = time.monotonic()
    with opened(url, **options) as server, pytest.raises(StoreError) as raised:
        server.collections()
    return raised.value, time.monotonic() - began


def test_collections_are_made_once_found_listed_and_removed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PAGE", 2)
    with opened(store.url, database=store.database) as server:
        assert server.version()
        made = [server.create(f"col-{number}", {"newsbot": "x", "n": number}) for number in range(5)]
        assert sorted(each.name for each in server.collections()) == [each.name for each in made]
        assert server.collection("col-3").metadata == {"newsbot": "x", "n": 3}
        with pytest.raises(TakenError):
            server.create("col-3", {"newsbot": "x"})
        server.remove("col-3")
        server.remove("col-3")
        with pytest.raises(MissingError):
            server.collection("col-3")


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    error, seconds = failed(url)
    assert isinstance(error, StoreAwayError)
    assert str(error) == f"The Chroma server at {url} cannot be reached; start it or correct NEWSBOT_CHROMA_URL."
    assert seconds < 2


@pytest.mark.slow
def test_a_server_that_hangs_is_given_up_in_time(chroma: ChromaProcess) -> None:
    with proxied(chroma.url, stall=6) as proxy:
        error, seconds = failed(proxy.url)
    assert isinstance(error, StoreAwayError)
    assert "does not answer" in str(error)
    assert seconds < 5


def test_a_name_that_takes_for_ever_to_look_up_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(server_module, "_CONNECT", 0.2)
    monkeypatch.setattr(server_module.socket, "getaddrinfo", lambda *_: over.wait(10))
    error, seconds = failed("http://chroma.example:8000")
    over.set()
    assert "The name chroma.example cannot be looked up" in str(error)
    assert seconds < 5


def test_a_wrong_token_is_refused_and_not_repeated(store: Store) -> None:
    with proxied(store.url, token="open-sesame") as proxy:
        with opened(proxy.url, database=store.database, token="open-sesame") as server:
            assert server.collections() == []
        for wrong in ("", "hush-hush"):
            error, _ = failed(proxy.url, token=wrong)
            assert not isinstance(error, StoreAwayError)
            assert str(error).endswith("does not let this newsbot in; correct NEWSBOT_CHROMA_TOKEN.")
            assert "hush" not in str(error)


def test_the_token_is_in_no_repr() -> None:
    assert "hush" not in repr(Address("http://c:1", token="hush"))


def test_an_unknown_database_is_named(chroma: ChromaProcess) -> None:
    error, _ = failed(chroma.url, database="elsewhere")
    assert "has no database elsewhere of the tenant default_tenant; create it" in str(error)


@pytest.mark.parametrize("page", ["<h1>It works!</h1>", '{"name": 1}', "[1]"])
def test_what_is_no_chroma_server_is_told_apart(page: str) -> None:
    with proxied("http://unused", page=page) as proxy:
        error, _ = failed(proxy.url)
    assert str(error) == f"What answers at {proxy.url} is no Chroma server; correct NEWSBOT_CHROMA_URL."


def test_an_overloaded_server_is_away_and_a_broken_one_is_not() -> None:
    with proxied("http://unused", status=503) as proxy:
        assert isinstance(failed(proxy.url)[0], StoreAwayError)
        proxy.status = 500
        error, _ = failed(proxy.url)
    assert not isinstance(error, StoreAwayError)
    assert "refused a request (HTTP 500)" in str(error)


def test_who_is_patient_waits_for_a_server_that_went_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PATIENCE", 0.3)
    monkeypatch.setattr(server_module, "_PAUSE", 0.05)
    with proxied(store.url, status=503) as proxy, opened(proxy.url, database=store.database) as server:
        with pytest.raises(StoreAwayError), server.patient():
            server.collections()
        assert len(proxy.seen) > 2
        back = threading.Timer(0.15, setattr, (proxy, "status", 0))
        back.start()
        with server.patient():
            assert server.collections() == []
        back.join()
        proxy.status = 503
        proxy.seen.clear()
        with pytest.raises(StoreAwayError):
            server.collections()
        assert len(proxy.seen) == 1


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, file = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return key, file


@pytest.fixture
def encrypted(certificate: tuple[Path, Path]) -> Iterator[str]:
    """Address of a server that says ``[]`` to everything, over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            return

    key, file = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_certificate_is_checked(encrypted: str, certificate: tuple[Path, Path]) -> None:
    error, _ = failed(encrypted)
    assert not isinstance(error, StoreAwayError)
    assert "is not trusted; name the file of its authority in NEWSBOT_CHROMA_CA_FILE" in str(error)
    with opened(encrypted, ca_file=str(certificate[1])) as server:
        assert server.collections() == []
    error, _ = failed(encrypted, ca_file="/no/such/file")
    assert "NEWSBOT_CHROMA_CA_FILE cannot be read" in str(error)
