"""The slash commands and the message menu, in English and Dutch."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import app_commands
from discord.app_commands import locale_str

from newsbot.discord import layout, questions
from newsbot.discord.conversation import question_of
from newsbot.discord.delivery import LOST, tell
from newsbot.discord.desk import Way
from newsbot.discord.guard import Verdict, place_ids, role_ids
from newsbot.discord.logs import new_reference, note, reference, request, trouble
from newsbot.discord.rendering import escape, one_line
from newsbot.discord.surfaces import InteractionSurface
from newsbot.discord.words import COMMANDS, say
from newsbot.errors import NewsbotError

if TYPE_CHECKING:
    from newsbot.discord.client import NewsbotClient

Asked = discord.Interaction[Any]
_LONGEST_OPTION = 6000
_MOST_SKIPPED = 10


class Dutch(app_commands.Translator):
    """Translates names and descriptions to Dutch by :data:`newsbot.discord.words.COMMANDS`."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, _context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the Dutch for ``string``, or nothing for another language."""
        return COMMANDS.get(string.message) if locale is discord.Locale.dutch else None


class Tree(app_commands.CommandTree[Any]):
    """The commands of the bot; an error in one is logged, and told to its user in one sentence."""

    async def on_error(self, interaction: Asked, error: app_commands.AppCommandError, /) -> None:
        """Log the error and say a word."""
        with request(reference() or new_reference()):
            cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
            trouble("a command failed", cause)
            words = say("trouble", str(interaction.locale), reference=reference())
            with contextlib.suppress(*LOST, discord.InteractionResponded):
                if interaction.response.is_done():
                    await InteractionSurface(interaction, private=True).finish([words])
                else:
                    await tell(interaction, words)


def build(client: NewsbotClient) -> Tree:
    """Return the command tree of ``client``."""
    tree = Tree(
        client,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for each in (*_questions(), *_others()):
        tree.add_command(each)
    return tree


def _questions() -> list[app_commands.Command[Any, Any, Any] | app_commands.ContextMenu]:
    @app_commands.command(name=locale_str("ask"), description=locale_str("Ask a question about the articles"))
    @app_commands.rename(question=locale_str("question"), private=locale_str("private"))
    @app_commands.describe(
        question=locale_str("What you want to know"), private=locale_str("Show the answer to you alone")
    )
    async def ask(
        interaction: Asked, question: app_commands.Range[str, 1, _LONGEST_OPTION], private: bool = False
    ) -> None:
        await _take(interaction, question, "ask", private=private)

    @app_commands.command(name=locale_str("search"), description=locale_str("Search the articles for passages"))
    @app_commands.rename(query=locale_str("query"))
    @app_commands.describe(query=locale_str("What to search for"))
    async def search(interaction: Asked, query: app_commands.Range[str, 1, _LONGEST_OPTION]) -> None:
        await _take(interaction, query, "search", private=True)

    @app_commands.context_menu(name=locale_str("Ask newsbot about this"))
    async def menu(interaction: Asked, message: discord.Message) -> None:
        client = cast("NewsbotClient", interaction.client)
        await _take(interaction, question_of(message, client.me), "menu", private=True)

    return [ask, search, menu]


def _others() -> list[app_commands.Command[Any, Any, Any]]:
    @app_commands.command(name=locale_str("sources"), description=locale_str("The articles that the answers come from"))
    async def sources(interaction: Asked) -> None:
        client = cast("NewsbotClient", interaction.client)
        if await _allowed(interaction):
            surface = InteractionSurface(interaction, private=True)
            await surface.open()
            known = await client.thinker.run(client.bot.sources)
            await surface.finish(layout.source_messages(known, str(interaction.locale)))

    @app_commands.command(name=locale_str("forget"), description=locale_str("Forget what you asked before"))
    async def forget(interaction: Asked) -> None:
        client = cast("NewsbotClient", interaction.client)
        client.memory.forget(interaction.user.id, interaction.id)
        await tell(interaction, say("forgotten", str(interaction.locale)))

    @app_commands.command(name=locale_str("help"), description=locale_str("What this bot does and how to ask"))
    async def help_(interaction: Asked) -> None:
        await tell(interaction, say("help", str(interaction.locale)))

    @app_commands.command(
        name=locale_str("reindex"), description=locale_str("Bring the index in line with the articles")
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def reindex(interaction: Asked) -> None:
        if not interaction.guild_id or not interaction.permissions.manage_guild:
            await tell(interaction, say("managers_only", str(interaction.locale)))
        elif await _allowed(interaction):
            await _reindex(interaction)

    return [sources, forget, help_, reindex]


async def _take(interaction: Asked, question: str, way: Way, *, private: bool) -> None:
    client = cast("NewsbotClient", interaction.client)
    if not await _allowed(interaction):
        return
    ask = questions.of_interaction(client, interaction, question, way, private=private)
    if way == "menu" and not question:
        await tell(interaction, say("unreadable", ask.language))
    elif words := client.desk.refusal(ask.person, ask.guild, question, ask.language):
        note("refused", way=way, guild=ask.guild)
        await tell(interaction, words)
    else:
        client.desk.take(ask)


async def _allowed(interaction: Asked) -> bool:
    client = cast("NewsbotClient", interaction.client)
    verdict: Verdict
    if interaction.guild_id is None:
        verdict = await client.guard.in_private(client, interaction.user.id)
    else:
        channels = [*place_ids(interaction.channel), interaction.channel_id or 0]
        verdict = client.guard.in_server(interaction.guild_id, channels, role_ids(interaction.user))
    if verdict != "yes":
        note("refused", reason=verdict, guild=interaction.guild_id or 0)
        await tell(interaction, say(verdict, str(interaction.locale)))
    return verdict == "yes"


async def _reindex(interaction: Asked) -> None:
    client = cast("NewsbotClient", interaction.client)
    language = str(interaction.locale)
    if client.indexer.busy:
        await tell(interaction, say("reindex_busy", language))
        return
    with request(new_reference()):
        surface = InteractionSurface(interaction, private=True)
        await surface.open()
        try:
            changes = await client.indexer.refresh()
        except NewsbotError as error:
            trouble("the articles could not be indexed", error)
            await surface.finish([say("reindex_failed", language, reference=reference())])
            return
        counts = {name: len(getattr(changes, name)) for name in ("added", "changed", "removed")}
        lines = [say("reindexed", language, **counts, unchanged=changes.unchanged)]
        if changes.skipped:
            lines.append(say("skipped", language))
        for each in changes.skipped[:_MOST_SKIPPED]:
            lines.append(f"• {escape(one_line(each.source, 80))}: {escape(one_line(each.reason, 200))}")
        note("articles indexed on request", **counts, unchanged=changes.unchanged, generation=changes.generation)
        await surface.finish(layout.lines(lines))


async def sync(client: NewsbotClient, tree: Tree) -> None:
    """Tell Discord of the commands when they are not what it has; trouble is logged, mentions work all the same."""
    try:
        wanted = [await each.get_translated_payload(tree, Dutch()) for each in tree.get_commands()]
        if _same(await _present(client), wanted):
            note("commands are up to date", count=len(wanted))
            return
        await client.http.bulk_upsert_global_commands(client.application_id or client.me, payload=wanted)
        note("commands told to Discord", count=len(wanted))
    except (*LOST, app_commands.AppCommandError, discord.DiscordException) as error:
        trouble("the commands could not be told to Discord; mentions and messages work", error)


async def _present(client: NewsbotClient) -> list[dict[str, Any]]:
    route = discord.http.Route(
        "GET",
        "/applications/{application_id}/commands?with_localizations=true",
        application_id=client.application_id,
    )
    try:
        found: Any = await client.http.request(route)
    except discord.HTTPException as error:
        trouble("the commands that Discord has could not be read", error, level=logging.WARNING)
        return []
    return found if isinstance(found, list) else []


_COMPARED = (
    "name", "description", "type", "required", "min_length", "max_length", "name_localizations",
    "description_localizations", "default_member_permissions", "contexts", "integration_types", "nsfw",
)  # fmt: skip


def _same(present: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    def key(each: dict[str, Any]) -> str:
        return repr(_essence(each))

    return sorted(map(key, present)) == sorted(map(key, wanted))


def _essence(command: dict[str, Any]) -> dict[str, Any]:
    """Return what matters of a command, however Discord spells defaults."""
    told: dict[str, Any] = {}
    for name in _COMPARED:
        value = command.get(name)
        if isinstance(value, dict):
            value = dict(sorted(value.items()))
        if isinstance(value, list):
            value = sorted(value)
        if value not in (None, False, "", {}, []):
            told[name] = str(value) if name == "default_member_permissions" else value
    if command.get("options"):
        told["options"] = [_essence(option) for option in command["options"]]
    return told
