"""The gateway: sessions, heartbeats, compression, and what can go wrong with them."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from .world import user

if TYPE_CHECKING:
    from .loopback import Loopback

JSON = dict[str, Any]


class Packer:
    def __init__(self, kind: str) -> None:
        self.kind = kind
        if kind == "zlib-stream":
            self._zlib = zlib.compressobj()
        elif kind == "zstd-stream":
            import zstandard

            self._zstd = zstandard.ZstdCompressor().compressobj()

    def pack(self, text: str) -> bytes:
        if self.kind == "zlib-stream":
            return self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        import zstandard

        return self._zstd.compress(text.encode()) + self._zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


class Session:
    def __init__(self, id_: str) -> None:
        self.id = id_
        self.sequence = 0
        self.sent: list[JSON] = []
        self.socket: Socket | None = None
        self.shard = [0, 1]


class Socket:
    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws, self.request = ws, request
        kind = request.query.get("compress", "")
        self.packer = Packer(kind) if kind else None
        self.session: Session | None = None

    async def send(self, payload: JSON) -> None:
        text = json.dumps(payload)
        if self.packer:
            await self.ws.send_bytes(self.packer.pack(text))
        else:
            await self.ws.send_str(text)


class Gateway:
    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.interval_ms = 41_250
        self.refuse_with = 0
        self.frozen = False
        self.sessions: dict[str, Session] = {}
        self.sockets: list[Socket] = []
        self.heard: list[tuple[float, int, Any]] = []
        self._count = 0

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=1 << 22)
        await ws.prepare(request)
        socket = Socket(ws, request)
        self.sockets.append(socket)
        await socket.send({"op": 10, "d": {"heartbeat_interval": self.interval_ms}, "s": None, "t": None})
        async for message in ws:
            if message.type is not WSMsgType.TEXT or self.frozen:
                continue
            payload = json.loads(message.data)
            self.heard.append((time.monotonic(), payload["op"], payload["d"]))
            await self._hear(socket, payload["op"], payload["d"])
            self.server.changed()
        if socket in self.sockets:
            self.sockets.remove(socket)
        return ws

    async def _hear(self, socket: Socket, op: int, data: Any) -> None:
        if op == 1:
            await socket.send({"op": 11, "d": None, "s": None, "t": None})
        elif op == 2:
            if self.refuse_with or data["token"] != self.server.token:
                await socket.ws.close(code=self.refuse_with or 4004)
                return
            self._count += 1
            session = Session(f"session-{self._count}")
            session.socket, socket.session = socket, session
            session.shard = data.get("shard", [0, 1])
            self.sessions[session.id] = session
            await self._send(session, "READY", self._ready(session))
            await self._send(session, "GUILD_CREATE", self.server.world.guild())
        elif op == 6:
            session_ = self.sessions.get(data["session_id"])
            if session_ is None:
                await socket.send({"op": 9, "d": False, "s": None, "t": None})
                return
            session_.socket, socket.session = socket, session_
            for payload in [each for each in session_.sent if each["s"] > (data["seq"] or 0)]:
                await socket.send(payload)
            await self._send(session_, "RESUMED", {})

    def _ready(self, session: Session) -> JSON:
        bot = self.server.bot
        return {
            "v": 10, "user": user(bot) | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0},
            "guilds": [{"id": self.server.world.guild()["id"], "unavailable": True}], "session_id": session.id,
            "shard": session.shard,
            "resume_gateway_url": self.server.gateway_url, "application": {"id": str(bot), "flags": 0},
            "private_channels": [], "relationships": [], "presences": [],
        }  # fmt: skip

    async def _send(self, session: Session, event: str, data: JSON) -> None:
        session.sequence += 1
        payload = {"op": 0, "t": event, "s": session.sequence, "d": data}
        session.sent = [*session.sent[-200:], payload]
        socket = session.socket
        if socket and not socket.ws.closed and not self.frozen:
            try:
                await socket.send(payload)
            except (ConnectionError, RuntimeError):
                session.socket = None

    async def dispatch(self, event: str, data: JSON) -> None:
        for session in list(self.sessions.values()):
            await self._send(session, event, data)

    @property
    def connected(self) -> int:
        return sum(bool(each.session) and not each.ws.closed for each in self.sockets)

    def ops(self, op: int) -> list[Any]:
        return [data for _, kind, data in self.heard if kind == op]

    def kill(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self.sockets):
            transport = socket.request.transport
            if transport:
                transport.abort()

    async def close_with(self, code: int) -> None:
        await asyncio.gather(*(socket.ws.close(code=code) for socket in list(self.sockets)))

    def forget_sessions(self) -> None:
        self.sessions.clear()
