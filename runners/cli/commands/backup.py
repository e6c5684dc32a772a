"""`ial backup`: what is protected, copies, and the proof that they can be brought back."""

from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.commands.options import DoIt, Probe, Resumed

if TYPE_CHECKING:
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
@on_stack
def drill(
    on: OnStack,
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="The full recovery test: everything there is.")] = False,
    resume: Resumed = None,
    probe: Probe = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show cost, reads and obstacles; do nothing.")] = False,
    as_runner: AsRunner = False,
) -> None:
    """Restore beside the original, compare, measure, and clean up.

    Exit code 0 passed, 1 failed, 3 refused, 5 not proven or a part not tested, 6 a call to AWS failed,
    7 something was left behind.
    """
    from runners.backup.planned_drills import planned
    from runners.cli.views.drills_view import show_plan, show_test
    from runners.wiring.drills import DrillPlan

    _one_of(names, everything, resume)
    _no_plan_of_a_run(resume if plan else None)
    access = _access(on, "drill" if as_runner else None)
    if plan:
        found = planned(on.stack, *DrillPlan(access, probe).chosen(names or []))
        on.end(found, show_plan)
    test = _drilled(DrillPlan(access, probe), names or [], resume)
    on.end(test, show_test)


@group.command()
@on_stack
def status(on: OnStack) -> None:
    """Show what is protected and what is not, and when that was last proven.

    Exit code 1 when something is unprotected, 6 when something could not be looked at.
    """
    from decimal import Decimal

    from runners.cli.views.status_view import show_status

    access = _access(on)
    drills = access.backup.drills
    budget, days = (Decimal(drills.monthly_budget_usd), drills.overdue_days) if drills else (Decimal(0), 0)
    found = access.status_reader().read(budget, days)
    on.end(found, show_status)


@group.command()
@on_stack
def run(
    on: OnStack,
    names: Names = None,
    resume: Resumed = None,
) -> None:
    """Copy tables (and the database, if the plan has it) into the vault now, and wait.

    Exit code 1 when a copy failed, 5 when one is not over, 7 when somebody has to look what is under way.
    """
    from runners.cli.views.copies_view import show_copies

    access = _access(on)
    copies = access.copies()
    result = copies.resume(resume) if resume else copies.run(access.copied(names or []))
    on.end(result, show_copies)


@group.command()
@on_stack
def verify(on: OnStack, names: Names = None) -> None:
    """Look whether the newest copy of each resource could be used: whole, recent, encrypted, readable, kept.

    Exit code 1 when one could not.
    """
    from runners.cli.views.copies_view import show_checks

    access = _access(on)
    found = access.copies().verify(access.copied(names or []))
    on.end(found, show_checks)


@group.command()
@on_stack
def restore(
    on: OnStack,
    name: Annotated[str | None, typer.Argument(help="A table, a bucket, or the database.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Such as 2026-11-25T08:30:00Z.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="Name of the new table or database.")] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Roll a bucket back itself, deleting no data.")] = False,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="PREFIX", help="Where a bucket's objects go; default: ial-restored-TIME/."),
    ] = None,
    confirm: DoIt = None,
    resume: Resumed = None,
) -> None:
    """Bring data back for real: show the plan, then, with --confirm STACK, do it and prove it.

    Nothing that exists is overwritten, except with --in-place, which deletes no data either. Exit code 3: only planned;
    7: somebody has to look what is there.
    """
    from runners.backup.restoring import prefix_of, time_of, where_to
    from runners.cli.views.restore_view import show_restored
    from runners.wiring.restores import restore_of

    access = _access(on)
    restoring = access.restoring()
    if resume is not None:
        plan = restoring.planned(resume)
        done = restoring.resume(restore_of(access, plan.source, prefix_of(plan)), resume)
    else:
        moment = time_of(name, at)
        where = where_to(in_place, into)
        chosen = restore_of(access, str(name), where)
        done = restoring.start(chosen, chosen.plan(moment, to), confirm)
    on.end(done, show_restored)


@group.command()
@on_stack
def reap(
    on: OnStack,
    older_than: Annotated[
        float, typer.Option("--older-than", metavar="HOURS", help="Leave younger ones alone.", min=0)
    ] = 6,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them; without it they are only listed.")] = False,
) -> None:
    """List what drills left behind that were cut off, and remove it with --yes.

    Exit code 7 when something could not be removed.
    """
    from datetime import timedelta

    from runners.cli.views.reap_view import show_reaped

    access = _access(on)
    found = access.reaper().reap(timedelta(hours=older_than), remove=yes)
    on.end(found, show_reaped)


@group.command()
@on_stack
def config(
    on: OnStack,
    verify: Annotated[bool, typer.Option("--verify", help="Read the newest copy back instead of taking one.")] = False,
    as_runner: AsRunner = False,
) -> None:
    """Copy state, outputs, program, dashboards, alarms and templates to the stack's versioned bucket.

    What cannot be had is named, and the rest is copied. Exit code 1 when something is missing, or a copy cannot be
    read back as it was written.
    """
    from runners.aws.objects import AwsObjects
    from runners.backup.configuration.configuration import take_copy, verify_latest
    from runners.cli.views.configuration_view import show_copied, show_verified
    from runners.wiring.configuration_sources import sources

    access = _access(on, "drill" if as_runner else None)
    objects, bucket = AwsObjects(access.clients), access.backup.configuration_bucket
    if verify:
        found = verify_latest(objects, bucket)
        on.end(found, show_verified)
    copied = take_copy(objects, bucket, sources(access), access.clock)
    on.end(copied, show_copied)


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


def _drilled(plan: "DrillPlan", names: list[str], resume: str | None) -> "RecoveryTest":
    from runners.backup.drill_record import record_from
    from runners.backup.recovery_test import RecoveryTest
    from runners.runs.journal import read_entries

    if resume is not None:
        begun = record_from(read_entries(plan.access.runs.journal(resume)))
        record = plan.life_cycle().resume(plan.drill(begun.kind, begun.resource), resume)
        return RecoveryTest(stack=plan.access.stack, full=False, records=(record,))
    return plan.test(names)


def _access(on: OnStack, assume: str | None = None) -> "Access":
    from runners.wiring.backup import Access

    return Access.open(*on.given, assume=assume)
