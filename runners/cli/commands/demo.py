"""`ial demo`: the main job on the local cloud, in under a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.options import AsOf, Json, Program
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from contract.outputs import Outputs
    from preview.report.model import PreviewReport
    from runners.backup.drill_record import DrillRecord
    from runners.chaos.record.chaos_record import ChaosRecord


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the local cloud running.")] = False,
    program: Program = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Price, judge, apply, read outputs, prove a restore, run an experiment, then see a refusal.

    Needs no AWS account and no Pulumi. Exit code 0 when every step went as it must, the refusal included.
    """
    from preview.engines import Engine
    from runners.cli.demonstration import STACK, Demonstration
    from runners.gate.judging import Order
    from runners.stack.local_cloud import DemonstrationCloud
    from runners.stack.locations import HOME

    terminal = Terminal(json)
    order = Order.of(STACK, program=program or HOME, config=None, as_of=as_of, engine=Engine.LOCAL, say=terminal.say)
    audience = _Silent() if json else _Told(terminal)
    document = Demonstration(order, DemonstrationCloud(order.program), audience, keep).run()
    if json:
        terminal.document(document)
    else:
        terminal.line()
        terminal.line(
            f"Done in {document['seconds']:.0f} s: priced, judged, applied, read, proven, disturbed, and refused.",
            "bold green",
        )


class _Told:
    """Tells the steps on stdout."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._number = 0

    def step(self, title: str, command: str) -> None:
        self._number += 1
        self._terminal.line()
        self._terminal.line(f"{self._number}. {title}", "bold")
        self._terminal.line(f"   $ {command}", "dim")
        self._terminal.line()

    def report(self, report: PreviewReport) -> None:
        from preview.report.terminal import show_report

        show_report(report, self._terminal.console)

    def note(self, text: str) -> None:
        self._terminal.line(text)

    def outputs(self, outputs: Outputs) -> None:
        from runners.cli.views.outputs_view import show_outputs

        show_outputs(outputs, self._terminal)

    def drill(self, record: DrillRecord) -> None:
        from runners.cli.views.drills_view import show_record

        show_record(record, self._terminal)

    def experiment(self, record: ChaosRecord) -> None:
        from runners.cli.views.experiments_view import show_record

        show_record(record, self._terminal)


class _Silent:
    """Leaves stdout to the JSON document."""

    def step(self, title: str, command: str) -> None:
        pass

    def report(self, report: PreviewReport) -> None:
        pass

    def note(self, text: str) -> None:
        pass

    def outputs(self, outputs: Outputs) -> None:
        pass

    def drill(self, record: DrillRecord) -> None:
        pass

    def experiment(self, record: ChaosRecord) -> None:
        pass
