"""`ial preview`: price and judge a change before anything is created."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.options import (
    AsOf,
    Config,
    EngineChoice,
    Json,
    Program,
    Stack,
    Target,
    TargetDependents,
    targets_of,
)
from runners.cli.terminal import Terminal, fault

if TYPE_CHECKING:
    from preview.report.model import PreviewReport
    from runners.gate.bases import Comparison
    from runners.gate.judging import Order

Against = Annotated[Path | None, typer.Option("--against", help="Report of the base, to show what the change adds.")]
AgainstState = Annotated[
    Path | None, typer.Option("--against-state", help="State export, to compare with what is deployed.")
]
MaxIncreaseText = Annotated[
    str | None, typer.Option("--max-increase", metavar="USD|PERCENT%", help="Refuse a change that adds more.")
]
StackReferences = Annotated[
    list[str] | None,
    typer.Option("--stack-reference", metavar="NAME=FILE", help="Outputs of another stack, for the local engine."),
]
RecordAnswers = Annotated[
    bool,
    typer.Option("--record-answers", help="Ask data sources with your credentials; keep Pulumi.STACK.answers.json."),
]
Commit = Annotated[
    str | None, typer.Option("--commit", metavar="ID", help="The commit that is judged; the report names it.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for report.json, .md, .sarif, junit.xml, estimate.json.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(preview)


def preview(
    stack: Stack,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    config: Config = None,
    against: Against = None,
    against_state: AgainstState = None,
    max_increase: MaxIncreaseText = None,
    stack_reference: StackReferences = None,
    record_answers: RecordAnswers = False,
    target: Target = None,
    target_dependents: TargetDependents = False,
    commit: Commit = None,
    out: Out = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Price a stack and judge it; create nothing.

    Exit codes: 0 within budget, 1 refused, 2 could not judge.
    """
    from preview.errors import PreviewError
    from pricing.errors import PricingError
    from runners.gate.bases import Comparison
    from runners.gate.judging import Order

    terminal = Terminal(json)
    comparison = Comparison.of(against, against_state, max_increase)
    order = Order.of(
        stack,
        program=program,
        config=config,
        as_of=as_of,
        engine=engine,
        stack_references=stack_reference,
        targets=targets_of(target, dependents=target_dependents),
        commit=commit,
        say=terminal.say,
    )
    try:
        if record_answers:
            from runners.gate.judging import record_stack_answers

            record_stack_answers(order)
        report = _judged(order, comparison)
    except (PreviewError, PricingError) as error:
        # Continuous integration needs the report of a preview that failed as much as any other.
        from runners.gate.reporting import failed_report, write_files

        report = failed_report(order, error)
        if out is not None:
            write_files(report, out)
        if json:
            terminal.document(report)
        raise
    _tell_holds(order)
    _finish(report, out, terminal)


def _tell_holds(order: Order) -> None:
    """A rollback by API is undone by the next update: who previews one is told, where AWS can be asked."""
    from preview.engines import chosen
    from preview.project import Project
    from runners.wiring.held import NOT_ASKED, rolls_back, tell_holds
    from runners.wiring.opening import Ground

    settings = Project.load(order.program, order.stack, order.settings).config
    if not rolls_back(settings):
        return
    engine = chosen(order.engine, lambda _: None)
    if engine is not Engine.PULUMI:
        order.say(NOT_ASKED)
        return
    tell_holds(lambda: Ground.of(order.stack, order.program, engine, overrides=order.settings), settings, order.say)


def _judged(order: Order, comparison: Comparison) -> PreviewReport:
    from runners.gate.bases import existing_in
    from runners.gate.judging import Case

    case = Case.open(order)
    base = comparison.open()
    judged = case.judge(existing_in(base))
    from runners.gate.reporting import judged_report  # late: the engine's processes start sooner

    estimate = judged.verdict.estimate
    delta = None if estimate is None or base is None else comparison.delta(case, estimate, base)
    return judged_report(case, judged, delta, comparison.most)


def _finish(report: PreviewReport, out: Path | None, terminal: Terminal) -> None:
    from preview.report.terminal import show_report
    from runners.gate.reporting import write_files

    if terminal.as_json:
        terminal.document(report)
    else:
        show_report(report, terminal.console)
    if out is not None:
        for path in write_files(report, out):
            terminal.say(f"wrote {path}")
    if report["exitCode"] == 2:
        fault(report["headline"])
    raise typer.Exit(report["exitCode"])
