"""The rights that the bot needs in a server, and the link that invites it with exactly those."""

from __future__ import annotations

import discord

SCOPES = ("bot", "applications.commands")
NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    add_reactions=True,
)
_ESSENTIAL = ("view_channel", "send_messages", "read_message_history", "send_messages_in_threads")


def invite(application: int) -> str:
    """Return the address that adds the application to a server with the rights it needs."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=SCOPES)


def missing(held: discord.Permissions) -> list[str]:
    """Return the names of essential rights that are not among those ``held``, as Discord's settings show them."""
    if held.administrator:
        return []
    return [name.replace("_", " ").title() for name in _ESSENTIAL if not getattr(held, name)]
