"""`ial chaos`: experiments that are run with evidence, the kill switch, and the catalogue by which they are judged."""

from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.commands.options import AsOf, Json
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from runners.chaos.action_refresh import ActionRefresh

group = typer.Typer(help="Chaos experiments on AWS FIS.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Name of the experiment.", metavar="NAME")]
Confirm = Annotated[str | None, typer.Option("--confirm", metavar="STACK", help="A yes, where the stack asks for one.")]
AsRunner = Annotated[bool, typer.Option("--as-runner", help="Take on the stack's role first, as a pipeline does.")]
Rehearsed = Annotated[
    list[str] | None,
    typer.Option(
        "--rehearsal",
        metavar="KEY=VALUE",
        help="Local cloud: begin anew with design.KEY or faults.KEY, such as design.capacity=35.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="chaos")


@group.callback()
def about() -> None:
    """Chaos experiments on AWS FIS."""


@group.command("list")
@on_stack
def list_experiments(on: OnStack) -> None:
    """List the stack's experiments with their schedule and price."""
    from runners.chaos.before.plan_document import listed
    from runners.cli.views.experiments_view import show_experiments
    from runners.stack.stack_outputs import chaos_part, read_outputs

    _, outputs = read_outputs(*on.given)
    chaos = chaos_part(outputs)
    on.show(listed(chaos), lambda terminal: show_experiments(chaos, terminal))


@group.command()
@on_stack
def plan(
    on: OnStack,
    name: Name,
    confirm: Confirm = None,
) -> None:
    """Show what a run would hit, what it costs, how it ends, and what stands against it. Changes nothing.

    Exit code 3 when something does.
    """
    from runners.chaos.before.plan_document import planned
    from runners.cli.views.experiments_view import show_plan
    from runners.wiring.chaos import ChaosAccess

    access = ChaosAccess.open(*on.given)
    experiment, cycle = access.experiment(name), access.life_cycle()
    situation = cycle.reader.read(experiment, confirm)
    document = planned(experiment, situation)
    on.show(document, lambda terminal: show_plan(experiment, document, terminal))
    raise typer.Exit(3 if document["refused"] else 0)


@group.command()
@on_stack
def run(
    on: OnStack,
    name: Name,
    confirm: Confirm = None,
    rehearsal: Rehearsed = None,
    as_runner: AsRunner = False,
) -> None:
    """Run one experiment: preflight, fault, watch, recovery, verdict.

    Exit code 0 passed, 1 failed, 3 refused, 4 aborted, 5 not proven, 6 a call to AWS failed, 7 look at it yourself.
    """
    from runners.cli.views.experiments_view import show_record
    from runners.wiring.chaos import ChaosAccess

    role = "runner" if as_runner else None
    access = ChaosAccess.open(*on.given, assume=role, rehearsal=rehearsal, alone=True)
    with access:
        record = access.life_cycle().run(access.experiment(name), confirm)
    on.end(record, show_record)


@group.command()
@on_stack
def resume(
    on: OnStack,
    run: Annotated[str, typer.Argument(help="Name of the run that was cut off.", metavar="RUN")],
    as_runner: AsRunner = False,
) -> None:
    """Go on with a run that was cut off, or clean up after it. The fault is never injected a second time."""
    from runners.cli.views.experiments_view import show_record
    from runners.wiring.chaos import ChaosAccess

    role = "runner" if as_runner else None
    with ChaosAccess.open(*on.given, assume=role, alone=True) as access:
        access.runs.require(run)
        record = access.life_cycle().resume(run)
    on.end(record, show_record)


@group.command()
@on_stack
def halt(
    on: OnStack,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the halt.")] = "halted by hand",
    lever: Annotated[bool, typer.Option("--lever", help="Engage FIS's safety lever: the whole account stops.")] = False,
    release: Annotated[bool, typer.Option("--release", help="Let experiments of this stack start again.")] = False,
    as_halter: Annotated[bool, typer.Option("--as-halter", help="Take on the stack's halt role first.")] = False,
) -> None:
    """Stop every experiment of the stack, and start no new one until --release.

    Schedules of EventBridge Scheduler that start experiments are disabled, and enabled again by --release. Exit code 7
    when something could not be stopped or switched.
    """
    from msgspec.structs import replace

    from runners.cli.views.experiments_view import show_halted
    from runners.wiring.chaos import ChaosAccess, operator

    access = ChaosAccess.open(*on.given, assume="halt" if as_halter else None)
    halting, starts = access.halting(), access.scheduled_starts()
    if release:
        done = halting.release(operator())
        left = starts.switch(on=True)
    else:
        # First, so that none of them starts an experiment behind the stops.
        left = starts.switch(on=False)
        done = halting.halt(reason, operator(), lever=lever)
    done = replace(done, left=(*left, *done.left))
    on.end(done, show_halted)


@group.command()
@on_stack
def history(on: OnStack) -> None:
    """List the runs that this month's records and this machine's journals know."""
    from runners.chaos.record.history import history_of
    from runners.cli.views.experiments_view import show_history
    from runners.wiring.chaos import ChaosAccess

    access = ChaosAccess.open(*on.given)
    found = history_of(access.runs, access.access.records, access.clock, on.terminal.say)
    on.show(found, lambda terminal: show_history(found, on.stack, terminal))


@group.command()
@on_stack
def export(on: OnStack, name: Name) -> None:
    """Write an experiment in Chaos Toolkit's format to stdout, and what that format cannot carry to stderr.

    The format is JSON, with and without --json.
    """
    from runners.chaos.record.toolkit_export import left_out, toolkit_experiment
    from runners.stack.stack_outputs import experiment_named, read_outputs

    _, outputs = read_outputs(*on.given)
    experiment = experiment_named(outputs, name)
    on.terminal.document(toolkit_experiment(experiment, outputs.region))
    for lost in left_out(experiment):
        on.terminal.say(f"left out: {lost}")


@group.command("refresh-actions")
def refresh_actions(
    region: Annotated[str, typer.Option("--region", help="Region whose actions are listed.")] = "us-east-1",
    write: Annotated[bool, typer.Option("--write", help="Write what was found into the pack's catalogue.")] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Compare the pack's catalogue of FIS actions with AWS's list.

    Needs credentials that allow fis:ListActions and fis:GetAction. Nothing is written without --write.
    """
    from runners.aws.fis_actions import FisActions
    from runners.aws.session import AwsClients
    from runners.chaos import action_refresh
    from runners.stack.locations import FIS_ACTIONS, judged_on

    terminal = Terminal(json)
    source = FisActions(AwsClients(region))
    done = action_refresh.refresh_actions(source, FIS_ACTIONS, judged_on(as_of), write=write)
    if json:
        terminal.document(done.document())
    else:
        _show(done, terminal)


def _show(done: "ActionRefresh", terminal: Terminal) -> None:
    for what, names in (("new", done.added), ("changed", done.changed), ("not in this region, kept", done.missing)):
        for name in names:
            terminal.line(f"{name}  {what}")
    if not (done.added or done.changed):
        terminal.line("the catalogue is up to date")
    elif not done.written:
        terminal.say("nothing was written; give --write")
