"""`ial demo`: the whole story on the local cloud, in under two minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.options import AsOf, Json, Program
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from contract.outputs import Outputs
    from preview.report.model import PreviewReport
    from runners.backup.drill_record import DrillRecord
    from runners.report.model import Report
    from runners.rollback.record import RollbackRecord
    from runners.suites.suite_record import SuiteRecord


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the local cloud running.")] = False,
    program: Program = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Price, judge, apply; prove restores; break things; catch a bad version and take it back; report what was found.

    Needs no AWS account and no Pulumi. Exit code 0 when every chapter went as it must, what is refused included.
    """
    from preview.engines import Engine
    from runners.cli.demonstrated_stack import DemonstratedStack
    from runners.cli.demonstration import STACK, Demonstration
    from runners.gate.judging import Order
    from runners.stack.local_cloud import DemonstrationCloud
    from runners.stack.locations import HOME

    terminal = Terminal(json)
    order = Order.of(STACK, program=program or HOME, config=None, as_of=as_of, engine=Engine.LOCAL, say=terminal.say)
    audience = _Silent() if json else _Told(terminal)
    document = Demonstration(order, DemonstrationCloud(order.program), audience, DemonstratedStack(order), keep).run()
    if json:
        terminal.document(document)
    else:
        terminal.line()
        terminal.line(
            f"Done in {document['seconds']:.0f} s: judged, applied, proven, disturbed, rolled back, and left alone.",
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

    def suite(self, record: SuiteRecord) -> None:
        from runners.cli.views.suites_view import show_record

        show_record(record, self._terminal)

    def rollback(self, record: RollbackRecord) -> None:
        from runners.cli.views.rollback_view import show_record

        show_record(record, self._terminal)

    def findings(self, report: Report) -> None:
        from runners.cli.views.analysis_view import show_analysis, show_score

        show_analysis(report.analysis, self._terminal)
        show_score(report.analysis.score, self._terminal)


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

    def suite(self, record: SuiteRecord) -> None:
        pass

    def rollback(self, record: RollbackRecord) -> None:
        pass

    def findings(self, report: Report) -> None:
        pass
