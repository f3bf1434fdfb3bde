"""Ends gateway connections that look alive but are not.

Discord's rule is to give a connection up when a heartbeat was not acknowledged before the next. discord.py waits for
60 seconds of full silence, and then for a farewell that a dead peer never sends; this ends the connection at once, and
discord.py resumes the session on a new one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from newsbot.discord.logs import note

if TYPE_CHECKING:
    import discord

_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
_RESUME_SECONDS = 60.0


async def end_dead_connections(client: discord.Client) -> None:
    """Watch the gateway connections of ``client`` until cancelled."""
    closed_since: dict[int, float] = {}
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        for shard, socket in enumerate(_sockets(client)):
            since = closed_since.setdefault(shard, time.monotonic())
            if socket.open:
                closed_since[shard] = time.monotonic()
            elif time.monotonic() - since > _RESUME_SECONDS:
                socket.gateway = socket.DEFAULT_GATEWAY  # the address to resume at may be gone for good
            if _is_dead(socket):
                note("the gateway stopped answering; connecting again", level=logging.WARNING)
                _end(socket)


def _sockets(client: Any) -> list[Any]:
    shards = getattr(client, "shards", None)
    if shards:
        return [shard._parent.ws for shard in shards.values()]
    return [client.ws] if client.ws is not None else []


def _is_dead(socket: Any) -> bool:
    """Return whether two heartbeats went by without an acknowledgement; discord.py keeps the times in private."""
    beat = getattr(socket, "_keep_alive", None)
    interval, sent, acknowledged = (getattr(beat, name, None) for name in ("interval", "_last_send", "_last_ack"))
    if interval is None or sent is None or acknowledged is None or not socket.open:
        return False
    return bool(time.perf_counter() - acknowledged > 2 * interval + _PATIENCE_SECONDS and sent > acknowledged)


def _end(socket: Any) -> None:
    transport = socket.socket.get_extra_info("socket") and socket.socket._response.connection
    keep_alive, socket._keep_alive, socket._close_code = socket._keep_alive, None, 4000
    keep_alive.stop()
    if transport is not None and transport.transport is not None:
        transport.transport.abort()
