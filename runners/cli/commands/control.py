"""`ial chaos control`: the stack is watched without a fault, so that false alarms are known for what they are."""

from typing import Annotated

import typer

from runners.cli.commands.chaos import AsRunner, Rehearsed, group
from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.commands.options import Resumed


def add_to_chaos() -> None:
    """Adds the command to those of chaos."""
    group.command()(control)


@on_stack
def control(
    on: OnStack,
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=24 * 60, help="How long to watch.")] = 30,
    experiment: Annotated[
        list[str] | None, typer.Option("--experiment", help="Whose steady state; again for more; default: all.")
    ] = None,
    resume: Resumed = None,
    rehearsal: Rehearsed = None,
    as_runner: AsRunner = False,
) -> None:
    """Watch the experiments' steady state and the alarms, without a fault: what rings then is a false alarm.

    Exit code 0 all steady and nothing rang, 1 something did not hold or rang, 3 refused, 5 too little was seen,
    6 a call to AWS failed.
    """
    from runners.chaos.control.watched_probes import watched_probes
    from runners.cli.views.control_view import show_control
    from runners.wiring.chaos import ChaosAccess

    role = "runner" if as_runner else None
    with ChaosAccess.open(*on.given, assume=role, rehearsal=rehearsal, alone=True) as access:
        cycle = access.control()
        if resume is not None:
            access.runs.require(resume)
            record = cycle.resume(resume)
        else:
            chosen = [access.experiment(name) for name in experiment or ()] or access.chaos.experiments
            record = cycle.run(watched_probes(chosen), minutes)
    on.end(record, show_control)
