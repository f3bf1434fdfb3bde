"""The command line; every error becomes one sentence on standard error here, and nowhere else."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import click

from newsbot.api import Newsbot
from newsbot.errors import NewsbotError, StoreError
from newsbot.jsonlines import answer_line, error_line, hits_line, questions
from newsbot.settings import Settings

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Lists commands in the order in which they are declared, the order in which people need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(cls=_Commands, context_settings=_HELP)
@click.version_option(package_name="newsbot", message="newsbot %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def newsbot(debug: bool) -> None:
    """Answer questions about the articles in seeds/ with the very sentences that the answer rests on."""
    del debug  # read from the arguments by main, which is where errors end


@newsbot.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on one line.")
@click.option("--input", "lines", type=click.File("rb"), help="Answer every line of a file, one JSON line for each.")
def ask(question: str | None, as_json: bool, lines: IO[bytes] | None) -> None:
    """Answer QUESTION with its passages.

    The index is built, or brought in line with the seeds, first. Without QUESTION it is read from standard input. The
    lines of --input are questions, or JSON objects {"question": …, "history": [["user", …], ["assistant", …]]}.
    """
    if lines is not None:
        if question is not None:
            raise click.UsageError("Give either QUESTION or --input, not both.")
        _ask_lines(lines)
        return
    if question is None:
        if sys.stdin.isatty():
            raise click.UsageError("Missing argument 'QUESTION'.")
        question = sys.stdin.read()
    from newsbot import terminal

    opened = _opened()
    answer = opened.ask(question)
    if as_json:
        click.echo(answer_line(answer))
    else:
        terminal.show_answer(terminal.console(), answer, opened.settings.seeds_dir)


def _ask_lines(lines: IO[bytes]) -> None:
    opened, failed = _opened(), 0
    for asked in questions(_decoded(lines)):
        try:
            if asked.problem:
                raise StoreError(asked.problem)
            line = answer_line(opened.ask(asked.question, asked.history))
        except NewsbotError as error:
            line, failed = error_line(asked.question, str(error)), failed + 1
        click.echo(line)
    if failed:
        raise NewsbotError(f"{failed} of the questions could not be answered; their lines say why.")


def _decoded(lines: IO[bytes]) -> Iterable[str]:
    for line in lines:
        yield line.decode("utf-8", "replace")


@newsbot.command()
def chat() -> None:
    """Hold a conversation at a prompt; it remembers what was said until you leave."""
    from newsbot.chat import converse

    converse(_opened())


@newsbot.command()
@click.option("--rebuild", is_flag=True, help="Build all of it anew.")
@click.option("--watch", is_flag=True, help="Stay, and follow every change of the seeds.")
def index(rebuild: bool, watch: bool) -> None:
    """Bring the index in line with the seeds."""
    from newsbot import terminal
    from newsbot.watching import look, watch_seeds

    opened, out, err = Newsbot.open(), terminal.console(), terminal.console(stderr=True)
    seen = look(opened.settings.seeds_dir) if watch else frozenset()
    with terminal.progress_bar(err) as tell:
        changes = opened.refresh(tell, rebuild=rebuild)
    terminal.show_changes(out, err, changes)
    if watch:
        watch_seeds(opened, seen, out, err)


@newsbot.command()
@click.argument("query")
@click.option("-k", "count", type=click.IntRange(1, 100), default=5, show_default=True, help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on one line.")
def search(query: str, count: int, as_json: bool) -> None:
    """Print the passages that fit QUERY best, without an answer."""
    from newsbot import terminal

    opened = _opened()
    hits = opened.search(query, count)
    if as_json:
        click.echo(hits_line(query, hits))
    else:
        terminal.show_hits(terminal.console(), hits, opened.settings.seeds_dir)


@newsbot.command()
def sources() -> None:
    """List the articles in the index."""
    from newsbot import terminal

    terminal.show_sources(terminal.console(), _opened().sources())


@newsbot.command()
def bot() -> None:
    """Run the Discord bot."""
    from newsbot.discord.running import run

    run(Settings.read())


@newsbot.command()
def doctor() -> None:
    """Check settings, seeds, index, models and Discord, and say what to do about each finding."""
    from newsbot import doctor, terminal

    found = doctor.findings()
    terminal.show_findings(terminal.console(), found)
    if not doctor.healthy(found):
        raise NewsbotError("Something is broken; the findings above say what to do.")


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_NEW_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@newsbot.command("eval")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--asked", type=_FILE, help="Ask in the words of this SQuAD file, which has the same ids.")
@click.option("--save", type=_NEW_FILE, help="Keep the run in a file, to compare another with.")
@click.option("--against", type=_FILE, help="Compare with a run that was kept.")
@click.option("--report", type=_NEW_FILE, help="Write a report in Markdown, with plots beside it.")
def evaluate(
    files: tuple[Path, ...], asked: Path | None, save: Path | None, against: Path | None, report: Path | None
) -> None:
    """Score the questions of FILE… against the index; the README gives the format, and SQuAD files will do."""
    from newsbot import evaluation, terminal

    before = evaluation.Evaluation.load(against) if against else None
    opened = _opened()
    with terminal.progress_bar(terminal.console(stderr=True)) as tell:
        run = evaluation.run(opened, files, asked=asked, progress=lambda done, total: tell("asking", done, total))
    click.echo(evaluation.text(run))
    if before is not None:
        click.echo(evaluation.comparison_text(evaluation.compare(before, run)))
    if save:
        run.save(save)
    if report:
        evaluation.write_report(run, report, before=before)


def _opened() -> Newsbot:
    """Open newsbot and bring its index in line; where that fails but an index serves, say so and go on with it."""
    from newsbot import terminal

    logging.getLogger("newsbot.model").setLevel(logging.ERROR)  # the answer itself says what a model did
    opened, err = Newsbot.open(), terminal.console(stderr=True)
    serving = opened.generation
    try:
        with terminal.progress_bar(err) as tell:
            changes = opened.refresh(tell, wait_seconds=0 if serving else 600)
    except StoreError as error:
        if not opened.generation:
            raise
        terminal.show_stale(err, f"newsbot: {error}")
        return opened
    if changes:
        terminal.show_changes(err, err, changes, quiet=True)
    return opened


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 for any answer, 1 for a failure told in one sentence, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        result: Any = newsbot.main(given, prog_name="newsbot", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(result if isinstance(result, int) else 0)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if "--debug" in given:
            raise
        sys.stderr.write(f"newsbot: {_sentence(error)}\n")
        sys.exit(1)


def _sentence(error: Exception) -> str:
    if isinstance(error, NewsbotError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {Path(os.fsdecode(error.filename)).name if error.filename else 'a file'}."
    return f"Something unforeseen went wrong ({type(error).__name__}); run `newsbot --debug …` to see where."
