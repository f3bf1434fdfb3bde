"""A conversation at a prompt."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from newsbot import terminal
from newsbot.api import Newsbot
from newsbot.errors import NewsbotError, StoreError
from newsbot.models import Turn

if TYPE_CHECKING:
    from rich.console import Console

_REMEMBERED = 12
_HELP = """Ask in your own words; newsbot answers with the sentences that its answer rests on.
/sources  the articles it knows
/forget   forget what was said
/help     this text
/quit     leave (or Ctrl-D)"""


def converse(bot: Newsbot) -> None:
    """Answer line after line until the person leaves; an error is told and the conversation goes on."""
    out, read = terminal.console(), _reader()
    turns: list[Turn] = []
    if sys.stdin.isatty():
        out.print("Ask about the articles; /help lists what else you can type.", style="dim")
    while True:
        try:
            line = read().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line in ("/quit", "/exit"):
            return
        try:
            _answer(bot, line, turns)
        except NewsbotError as error:
            out.print(str(error), style="red")
        except KeyboardInterrupt:
            out.print("Stopped.", style="dim")


def _answer(bot: Newsbot, line: str, turns: list[Turn]) -> None:
    out = terminal.console()
    if not line:
        return
    if line == "/help":
        out.print(_HELP)
    elif line == "/sources":
        terminal.show_sources(out, bot.sources())
    elif line == "/forget":
        turns.clear()
        out.print("Forgotten.")
    elif line.startswith("/"):
        out.print(f"There is no command {terminal.safe(line.split(maxsplit=1)[0])}; /help lists them.")
    else:
        _refresh(bot, out)
        answer = bot.ask(line, turns)
        terminal.show_answer(out, answer, bot.settings.seeds_dir)
        out.print()
        turns += [Turn("user", line), Turn("assistant", answer.text)]
        del turns[:-_REMEMBERED]


def _refresh(bot: Newsbot, out: Console) -> None:
    """Bring the index in line; where that fails but an index serves, say so and go on with it."""
    try:
        bot.refresh(wait_seconds=0)
    except StoreError as error:
        if not bot.generation:
            raise
        terminal.show_stale(out, str(error))


def _reader() -> Callable[[], str]:
    if not sys.stdin.isatty():
        return input
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    return lambda: session.prompt("› ")
