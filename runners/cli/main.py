"""The `ial` command: reads the command line, runs one command, and turns every error into one line and a code."""

from __future__ import annotations

import gc
import itertools
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from runners.cli.commands import (
    analysis,
    backup,
    chaos,
    control,
    cost,
    demo,
    doctor,
    due,
    fleet,
    gate,
    inspect,
    local,
    pipeline,
    preview,
    report,
    rollback,
    stack,
    suite,
)
from runners.cli.commands.options import LogLevel
from runners.cli.explaining import explained
from runners.cli.redacted_streams import redacted_streams
from runners.cli.terminal import fault
from runners.exit_codes import ExitCode
from runners.runs.interruption import interruptible

DEBUG = "--debug"
LOG_LEVEL = "--log-level"
OBJECTS_BETWEEN_COLLECTIONS = 50_000

# Plain help: with rich's, `ial --help` takes more than twice as long.
app = typer.Typer(
    name="ial",
    help="Observability, backups and chaos for a small AWS workload, inside a monthly budget.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"ial {version('ial')}")
        raise typer.Exit


def _log_from(level: LogLevel | None) -> None:
    from runners.cli.terminal_log import log_from

    log_from(level)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option(DEBUG, help="Show tracebacks; may stand anywhere.")] = False,
    log_level: Annotated[
        LogLevel | None,
        typer.Option(LOG_LEVEL, help="Log to stderr from this level on; may stand anywhere.", callback=_log_from),
    ] = None,
) -> None:
    """Observability, backups and chaos for a small AWS workload, inside a monthly budget."""


preview.add_to(app)
stack.add_to(app)
inspect.add_to(app)
cost.add_to(app)
gate.add_to(app)
backup.add_to(app)
chaos.add_to(app)
analysis.add_to(app)
report.add_to(app)
due.add_to_chaos()
control.add_to_chaos()
rollback.add_to(app)
suite.add_to(app)
pipeline.add_to(app)
fleet.add_to(app)
local.add_to(app)
demo.add_to(app)
doctor.add_to(app)


@cache
def command() -> Any:
    """All commands with their options. To read them off the functions' signatures takes 50 ms, once a process."""
    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line; the return value is the exit code."""
    # A command loads much and leaves little garbage, in which Python would look again and again.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    given = list(sys.argv[1:] if arguments is None else arguments)
    with redacted_streams(), interruptible():
        return _run(given)


def _run(given: list[str]) -> int:
    debug = DEBUG in given
    try:
        code = command()(args=_ordered(given), prog_name="ial", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        if _is_of_stdout(error):
            return _unread()
        if debug:
            import traceback

            traceback.print_exception(error)
            print(getattr(error, "detail", ""), file=sys.stderr)
        return explained(error, DEBUG)
    if code == ExitCode.INTERRUPTED:
        # Typer turns an interrupt into a code, and says nothing.
        fault("interrupted")
    return code if isinstance(code, int) else int(ExitCode.OK)


def _ordered(given: list[str]) -> list[str]:
    """The command line with the options first that may stand anywhere.

    >>> _ordered(["chaos", "plan", "--log-level", "debug", "--debug", "x"])
    ['--log-level', 'debug', 'chaos', 'plan', 'x']
    """
    first: list[str] = []
    rest: list[str] = []
    words = iter(text for text in given if text != DEBUG)
    for word in words:
        if word == LOG_LEVEL:
            first += [word, *itertools.islice(words, 1)]
        else:
            (first if word.startswith(f"{LOG_LEVEL}=") else rest).append(word)
    return first + rest


def _is_of_stdout(error: BaseException) -> bool:
    """Whether whoever read the results went away; notes on stderr that nobody reads disturb nothing."""
    return isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError)


def _unread() -> int:
    """The reader went away (`ial ... | head`); without this, the flush at exit would fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(ExitCode.NOT_READ)
