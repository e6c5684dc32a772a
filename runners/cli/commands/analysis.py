"""`ial analyze`, `ial score` and `ial alarms`: what runs say together. They read, and change nothing in the stack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.options import EngineChoice, Json, Program, Stack
from runners.cli.terminal import Terminal

alarms = typer.Typer(help="How alarms serve, and how they could.", no_args_is_help=True, rich_markup_mode=None)
WEEKS = timedelta(weeks=8)

AsReader = Annotated[bool, typer.Option("--as-reader", help="Take on the stack's reader role first.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Runs from this day on; default: eight weeks.")
]
Estimate = Annotated[
    Path | None,
    typer.Option("--estimate", metavar="FILE", help="What `ial preview --json` or `ial cost estimate --json` said."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("analyze")(analyze)
    app.command("score")(score)
    app.add_typer(alarms, name="alarms")


@alarms.callback()
def about() -> None:
    """How alarms serve, and how they could."""


def analyze(
    stack: Stack,
    since: Since = None,
    estimate: Estimate = None,
    changed: Annotated[
        str | None,
        typer.Option("--changed", metavar="YYYY-MM-DD", help="Compare before and from this day, instead of searching."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 when a goal is missed, 5 when one is not shown.")
    ] = False,
    as_reader: AsReader = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Say what the runs show: goals, trends, alarms, the score, and what to do.

    Nothing is said of too few runs. Exit code 0, unless --check asks for more.
    """
    from msgspec import to_builtins

    from runners.cli.views.analysis_view import show_analysis
    from runners.exit_codes import ExitCode
    from runners.wiring.analysis import AnalysisAccess
    from runners.wiring.month_cost import estimated_month, month_of

    terminal = Terminal(json)
    access = AnalysisAccess.open(stack, program, engine, terminal.say, assume="reader" if as_reader else None)
    goals = access.access.outputs.goals
    cost = estimated_month(estimate, goals)
    if goals.bill_is_workload:
        cost = month_of(cost, access.bill, goals)
    day = None if changed is None else _day("--changed", changed).date()
    found = access.analysis(begin_of(since, access.now - WEEKS), cost, day)
    terminal.document(to_builtins(found)) if json else show_analysis(found, terminal)
    answers = {kpi.answer for kpi in found.kpis} if check else set()
    if "missed" in answers:
        raise typer.Exit(ExitCode.REFUSED)
    raise typer.Exit(ExitCode.NOT_PROVEN if "not-enough-runs" in answers else ExitCode.OK)


def score(
    stack: Stack,
    at_least: Annotated[
        float | None, typer.Option("--at-least", metavar="POINTS", help="Exit 1 below this score, 5 without one.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it as the metric that its alarm watches.")
    ] = False,
    if_watched: Annotated[
        bool, typer.Option("--if-watched", help="Publish it only where an alarm watches it, and go on elsewhere.")
    ] = False,
    as_runner: Annotated[
        bool, typer.Option("--as-runner", help="Take on the role of those who run experiments, which may publish.")
    ] = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Show the resilience score, and why each point is lost.

    Exit code 0, with --at-least 1 when the score is lower and 5 when there is none yet.
    """
    from msgspec import to_builtins

    from runners.cli.views.analysis_view import show_score
    from runners.exit_codes import ExitCode
    from runners.wiring.analysis import AnalysisAccess

    terminal = Terminal(json)
    access = AnalysisAccess.open(stack, program, engine, terminal.say, assume="chaos-runner" if as_runner else None)
    found = access.score()
    if publish and not (if_watched and access.access.outputs.goals.score_below is None):
        terminal.say("the score is published" if access.publish(found) else "there is no score yet to be published")
    terminal.document(to_builtins(found)) if json else show_score(found, terminal)
    if at_least is None or (found.score is not None and found.score >= at_least):
        raise typer.Exit(ExitCode.OK)
    raise typer.Exit(ExitCode.NOT_PROVEN if found.score is None else ExitCode.REFUSED)


@alarms.command()
def compare(
    stack: Stack,
    alarm: Annotated[
        list[str] | None,
        typer.Option("--alarm", metavar="NAME", help="A signal such as errors, or an alarm; again for more."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=15, help="How far back; CloudWatch keeps no more.")] = 15,
    as_reader: AsReader = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Replay what alarms looked at, and say which design would have served better and what it costs.

    The same faults, the same quiet days: the alarm as it is, a single threshold, M of N, burn rate, composite.
    """
    from msgspec import to_builtins

    from runners.cli.views.alarms_view import show_comparison
    from runners.wiring.analysis import AnalysisAccess

    terminal = Terminal(json)
    access = AnalysisAccess.open(stack, program, engine, terminal.say, assume="reader" if as_reader else None)
    found = access.comparison(alarm or [], days)
    terminal.document(to_builtins(found)) if json else show_comparison(found, terminal)


def begin_of(text: str | None, default: datetime) -> datetime:
    """The day that `--since` names.

    Raises:
        InputError: it is none.
    """
    return default if text is None else _day("--since", text)


def _day(option: str, text: str) -> datetime:
    from runners.errors import InputError

    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        msg = f"{option} {text!r}; accepted: a day such as 2026-11-25"
        raise InputError(msg) from None
