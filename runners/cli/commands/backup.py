"""`ial backup`: what is protected, copies, and the proof that they can be brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.options import EngineChoice, Json, Probe, Program, Stack
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from runners.backup.recovery_test import RecoveryTest
    from runners.wiring.backup import Access
    from runners.wiring.drills import DrillPlan

group = typer.Typer(help="Backups that are proven by restoring them.", no_args_is_help=True, rich_markup_mode=None)
Names = Annotated[list[str] | None, typer.Argument(help="Tables, buckets, the database, or `configuration`.")]
AsRunner = Annotated[
    bool, typer.Option("--as-runner", help="Take on the stack's drill role first, as a pipeline does.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="backup")


@group.command()
def drill(
    stack: Stack,
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="The full recovery test: everything there is.")] = False,
    resume: Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run cut off.")] = None,
    probe: Probe = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show cost, reads and obstacles; do nothing.")] = False,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Restore beside the original, compare, measure, and clean up.

    Exit code 0 passed, 1 failed, 3 refused, 5 not proven or a part not tested, 6 a call to AWS failed,
    7 something was left behind.
    """
    from runners.backup.planned_drills import planned
    from runners.cli.views.drills_view import show_plan, show_test
    from runners.wiring.drills import DrillPlan

    terminal = Terminal(json)
    _one_of(names, everything, resume)
    _no_plan_of_a_run(resume if plan else None)
    access = _access(stack, program, engine, terminal, "drill" if as_runner else None)
    if plan:
        found = planned(stack, *DrillPlan(access, probe).chosen(names or []))
        terminal.document(found.document()) if json else show_plan(found, terminal)
        raise typer.Exit(found.exit_code)
    test = _drilled(DrillPlan(access, probe), names or [], resume)
    if json:
        terminal.document(test.document())
    else:
        show_test(test, terminal)
    raise typer.Exit(test.exit_code)


@group.command()
def status(
    stack: Stack,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Show what is protected and what is not, and when that was last proven.

    Exit code 1 when something is unprotected, 6 when something could not be looked at.
    """
    from decimal import Decimal

    from runners.cli.views.status_view import show_status

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal)
    drills = access.backup.drills
    budget, days = (Decimal(drills.monthly_budget_usd), drills.overdue_days) if drills else (Decimal(0), 0)
    found = access.status_reader().read(budget, days)
    terminal.document(found.document()) if json else show_status(found, terminal)
    raise typer.Exit(found.exit_code)


@group.command()
def run(
    stack: Stack,
    names: Names = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run cut off.")] = None,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Copy tables (and the database, if the plan has it) into the vault now, and wait.

    Exit code 1 when a copy failed, 5 when one is not over, 7 when somebody has to look what is under way.
    """
    from runners.cli.views.copies_view import show_copies

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal)
    copies = access.copies()
    result = copies.resume(resume) if resume else copies.run(access.copied(names or []))
    terminal.document(result.document()) if json else show_copies(result, terminal)
    raise typer.Exit(result.exit_code)


@group.command()
def verify(
    stack: Stack,
    names: Names = None,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Look whether the newest copy of each resource could be used: whole, recent, encrypted, readable, kept.

    Exit code 1 when one could not.
    """
    from runners.cli.views.copies_view import show_checks

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal)
    found = access.copies().verify(access.copied(names or []))
    terminal.document(found.document()) if json else show_checks(found, terminal)
    raise typer.Exit(found.exit_code)


@group.command()
def restore(
    stack: Stack,
    name: Annotated[str | None, typer.Argument(help="A table, a bucket, or the database.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Such as 2026-11-25T08:30:00Z.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="Name of the new table or database.")] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Roll a bucket back itself, deleting no data.")] = False,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="PREFIX", help="Where a bucket's objects go; default: ial-restored-TIME/."),
    ] = None,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="Do it; without it the plan is shown.")
    ] = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run cut off.")] = None,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Bring data back for real: show the plan, then, with --confirm STACK, do it and prove it.

    Nothing that exists is overwritten, except with --in-place, which deletes no data either. Exit code 3: only planned;
    7: somebody has to look what is there.
    """
    from runners.backup.restoring import prefix_of, time_of, where_to
    from runners.cli.views.restore_view import show_restored

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal)
    restoring = access.restoring()
    if resume is not None:
        plan = restoring.planned(resume)
        done = restoring.resume(access.restore_of(plan.source, prefix_of(plan)), resume)
    else:
        moment = time_of(name, at)
        where = where_to(in_place, into)
        chosen = access.restore_of(str(name), where)
        done = restoring.start(chosen, chosen.plan(moment, to), confirm)
    terminal.document(done.document()) if json else show_restored(done, terminal)
    raise typer.Exit(done.exit_code)


@group.command()
def reap(
    stack: Stack,
    older_than: Annotated[
        float, typer.Option("--older-than", metavar="HOURS", help="Leave younger ones alone.", min=0)
    ] = 6,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them; without it they are only listed.")] = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """List what drills left behind that were cut off, and remove it with --yes.

    Exit code 7 when something could not be removed.
    """
    from datetime import timedelta

    from runners.cli.views.reap_view import show_reaped

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal)
    found = access.reaper().reap(timedelta(hours=older_than), remove=yes)
    terminal.document(found.document()) if json else show_reaped(found, terminal)
    raise typer.Exit(found.exit_code)


@group.command()
def config(
    stack: Stack,
    verify: Annotated[bool, typer.Option("--verify", help="Read the newest copy back instead of taking one.")] = False,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Copy state, outputs, program, dashboards, alarms and templates to the stack's versioned bucket.

    What cannot be had is named, and the rest is copied. Exit code 1 when something is missing, or a copy cannot be
    read back as it was written.
    """
    from runners.aws.objects import AwsObjects
    from runners.backup.configuration.configuration import take_copy, verify_latest
    from runners.cli.views.configuration_view import show_copied, show_verified
    from runners.wiring.configuration_sources import sources

    terminal = Terminal(json)
    access = _access(stack, program, engine, terminal, "drill" if as_runner else None)
    objects, bucket = AwsObjects(access.clients), access.backup.configuration_bucket
    if verify:
        found = verify_latest(objects, bucket)
        terminal.document(found.document()) if json else show_verified(found, terminal)
        raise typer.Exit(found.exit_code)
    copied = take_copy(objects, bucket, sources(access), access.clock)
    terminal.document(copied.document()) if json else show_copied(copied, terminal)
    raise typer.Exit(copied.exit_code)


def _one_of(names: list[str] | None, everything: bool, resume: str | None) -> None:
    from runners.errors import InputError

    if sum(map(bool, (names, everything, resume))) != 1:
        msg = "say what to drill: names, or --all, or --resume RUN; exactly one of them"
        raise InputError(msg)


def _no_plan_of_a_run(resume: str | None) -> None:
    from runners.errors import InputError

    if resume is not None:
        msg = f"--plan shows what has not begun, and run {resume} has; leave one of --plan and --resume out"
        raise InputError(msg)


def _drilled(plan: DrillPlan, names: list[str], resume: str | None) -> RecoveryTest:
    from runners.backup.drill_record import record_from
    from runners.backup.recovery_test import RecoveryTest
    from runners.runs.journal import read_entries

    if resume is not None:
        begun = record_from(read_entries(plan.access.runs.journal(resume)))
        record = plan.life_cycle().resume(plan.drill(begun.kind, begun.resource), resume)
        return RecoveryTest(stack=plan.access.stack, full=False, records=(record,))
    return plan.test(names)


def _access(stack: str, program: Path | None, engine: Engine, terminal: Terminal, assume: str | None = None) -> Access:
    from runners.wiring.backup import Access

    return Access.open(stack, program, engine, terminal.say, assume=assume)
