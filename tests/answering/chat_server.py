"""A chat server on loopback that speaks the protocols of OpenAI, Anthropic and Ollama, scripted per case."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-SECRET-do-not-print-1234567890"


@dataclass
class Reply:
    """What the server does with one request.

    Attributes:
        text: what the model says; ``{name}`` stands for the id of the sentence called so.
        pieces: how many characters a streamed piece holds; 0 for all at once.
        end: why it stopped (``stop``, ``length``, ``content_filter``), or empty to break the stream off.
        status: an HTTP status other than 200 is answered with an error that repeats the key.
        headers: of an error.
        wait: seconds before the first byte.
        pause: seconds before each piece after the first.
        raw: bytes to send instead of a stream.
        hang: keep the connection open after the text without ending it.
    """

    text: str = ""
    pieces: int = 7
    end: str = "stop"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    pause: float = 0.0
    raw: bytes | None = None
    hang: bool = False
    tokens: tuple[int, int] = (120, 30)


class Server:
    """Replies in turn, the last one for good; keeps what it was asked."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self.sentences = sentences
        self.replies: list[Reply] = [Reply()]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.sent: list[float] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def script(self, *replies: Reply | str) -> None:
        self.replies = [Reply(each) if isinstance(each, str) else each for each in replies]
        self.requests.clear()
        self.headers.clear()
        self.sent.clear()

    def next(self, request: dict[str, Any], headers: dict[str, str]) -> Reply:
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            return self.replies[min(len(self.requests), len(self.replies)) - 1]

    @property
    def prompt(self) -> str:
        return prompt(self.requests[-1])

    def say(self, text: str, request: dict[str, Any]) -> str:
        """Put the ids of this request in the place of the names of sentences."""
        asked = prompt(request)

        def name(match: re.Match[str]) -> str:
            opening = self.sentences[match[1]][:40].translate(str.maketrans("[]<>", "()‹›"))
            found = re.search(rf"^\[(s\d+)\] {re.escape(opening)}", asked, re.MULTILINE)
            return found[1] if found else "s1"

        return re.sub(r"\{(\w+)\}", name, text)

    def start(self) -> None:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()


def prompt(request: dict[str, Any]) -> str:
    """Return all text of a request, whichever protocol it is of."""
    parts = [request.get("system") or "", *(message["content"] for message in request["messages"])]
    return "\n".join(part if isinstance(part, str) else "".join(block["text"] for block in part) for part in parts)


@contextmanager
def serving(sentences: dict[str, str]) -> Iterator[Server]:
    server = Server(sentences)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply = server.next(request, dict(self.headers))
            server.over.wait(reply.wait)
            try:
                self._reply(request, reply)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _reply(self, request: dict[str, Any], reply: Reply) -> None:
            if reply.status != 200:
                return self._error(reply)
            text = server.say(reply.text, request)
            frames = PROTOCOLS[self.path](_cut(text, reply.pieces), reply)
            self.close_connection = True
            self.send_response(200)
            ollama = self.path == "/api/chat"
            self.send_header("content-type", "application/x-ndjson" if ollama else "text/event-stream")
            self.end_headers()
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                return None
            for at, frame in enumerate(frames):
                if reply.pause and at > 1:
                    server.over.wait(reply.pause)
                server.sent.append(time.monotonic())
                self.wfile.write(frame)
                self.wfile.flush()
            if reply.hang:
                server.over.wait(20)
            return None

        def _error(self, reply: Reply) -> None:
            body = {"type": "error", "error": {"type": "oops", "message": f"bad key {KEY} for prompt ..."}}
            data = json.dumps(body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)] if size else [text]


def _openai(pieces: Sequence[str], reply: Reply) -> Iterator[bytes]:
    def frame(**more: Any) -> bytes:
        head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", **more}
        return b"data: " + json.dumps(head).encode() + b"\n\n"

    yield frame(choices=[{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
    for piece in pieces:
        yield frame(choices=[{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
    if not reply.end:
        return
    yield frame(choices=[{"index": 0, "delta": {}, "finish_reason": reply.end}])
    into, out = reply.tokens
    yield frame(choices=[], usage={"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out})
    yield b"data: [DONE]\n\n"


def _anthropic(pieces: Sequence[str], reply: Reply) -> Iterator[bytes]:
    def frame(kind: str, **more: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()

    into, out = reply.tokens
    message = {"id": "m1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
               "stop_sequence": None, "usage": {"input_tokens": into, "output_tokens": 0}}  # fmt: skip
    yield frame("message_start", message=message)
    yield frame("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for piece in pieces:
        yield frame("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    if not reply.end:
        return
    yield frame("content_block_stop", index=0)
    reason = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}[reply.end]
    yield frame("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": out})
    yield frame("message_stop")


def _ollama(pieces: Sequence[str], reply: Reply) -> Iterator[bytes]:
    def frame(text: str, **more: Any) -> bytes:
        head = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": text}}
        return json.dumps({**head, "done": False, **more}).encode() + b"\n"

    for piece in pieces:
        yield frame(piece)
    if reply.end:
        into, out = reply.tokens
        yield frame("", done=True, done_reason=reply.end, prompt_eval_count=into, eval_count=out)


PROTOCOLS: dict[str, Callable[[Sequence[str], Reply], Iterator[bytes]]] = {
    "/v1/chat/completions": _openai,
    "/v1/messages": _anthropic,
    "/api/chat": _ollama,
}
