"""Writes the parts of README.md and .env.example that the code knows: help, settings and the transcript.

``make readme`` writes them; a test holds them equal to the code.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import click
from rich.console import Console

from newsbot import Newsbot, Settings
from newsbot.cli import newsbot
from newsbot.settings import table
from newsbot.terminal import show_answer

ROOT = Path(__file__).parents[1]
QUESTION = "wie gaan dat nieuwe team van meta leiden?"


def help_block() -> str:
    """Return what ``newsbot --help`` prints."""
    context = click.Context(newsbot, info_name="newsbot", terminal_width=100, max_content_width=100)
    return newsbot.get_help(context)


def settings_rows() -> str:
    """Return the rows of the settings table."""
    return "\n".join(f"| `{name}` | {f'`{default}`' if default else ''} | {text} |" for name, default, text in table())


def transcript() -> str:
    """Return the question of the README and what is answered to it from the seeds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(seeds_dir=ROOT / "seeds", index_dir=Path(folder) / "index")
        out = io.StringIO()
        with Newsbot.open(settings) as bot:
            bot.refresh()
            show_answer(
                Console(file=out, width=110, emoji=False, force_terminal=True, color_system=None),
                bot.ask(QUESTION),
                settings.seeds_dir,
            )
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return f'$ newsbot ask "{QUESTION}"\n' + "\n".join(lines)


def example() -> str:
    """Return the text of ``.env.example``."""
    head = "# Copy to .env and set what you need; every setting is optional. The README explains them.\n"
    return head + "".join(f"\n# {text}\n# {name}={default}\n" for name, default, text in table())


def filled(readme: str) -> str:
    """Return the README with the parts that the code knows as the code knows them now."""
    readme = re.sub(r"(?s)(```console\n).*?(\n```)", lambda found: found[1] + transcript() + found[2], readme, count=1)
    readme = re.sub(r"(?s)(```\n)Usage: newsbot.*?(\n```)", lambda found: found[1] + help_block() + found[2], readme)
    return re.sub(
        r"(?s)(\| setting \| default \| what it is \|\n\|---\|---\|---\|\n).*?\n\n",
        lambda found: f"{found[1]}{settings_rows()}\n\n",
        readme,
    )


if __name__ == "__main__":
    page = ROOT / "README.md"
    page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")
