"""Drills for people: the verdict first, then what was seen, how long it took, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from runners.backup.evidence import Verdict

if TYPE_CHECKING:
    from runners.backup.drill_record import DrillRecord
    from runners.backup.planned_drills import PlannedDrills
    from runners.backup.recovery_test import RecoveryTest
    from runners.cli.terminal import Terminal

_STYLES: Final = {
    Verdict.PASSED: "bold green",
    Verdict.FAILED: "bold red",
    Verdict.ERROR: "bold red",
    Verdict.INCONCLUSIVE: "bold yellow",
    Verdict.REFUSED: "bold yellow",
    Verdict.INTERRUPTED: "bold yellow",
}
_MARKS: Final = {True: ("yes", "green"), False: ("NO", "bold red"), None: ("unknown", "yellow")}


def show_test(test: RecoveryTest, terminal: Terminal) -> None:
    """Every drill, and one line that sums them up."""
    for record in test.records:
        show_record(record, terminal)
        terminal.line()
    for resource, reason in test.left_out:
        terminal.line(f"NOT TESTED: {resource}: {reason}", "bold yellow")
    passed = sum(record.verdict is Verdict.PASSED for record in test.records)
    kind = "full recovery test" if test.full else "drills"
    parts = len(test.records) + len(test.left_out)
    terminal.line(f"{kind}: {passed} of {parts} passed{_what_follows(test)}", "bold")


def _what_follows(test: RecoveryTest) -> str:
    if not test.full or test.passed:
        return ""
    return "; recovery is not proven, so success is not published and the next test is not postponed"


def show_plan(plan: PlannedDrills, terminal: Terminal) -> None:
    """What each drill would cost and read, and what stands against it."""
    for drill in plan.drills:
        terminal.line(f"{'REFUSED' if drill.obstacles else 'PLANNED'}  {drill.kind} {drill.resource}", "bold")
        for obstacle in drill.obstacles:
            terminal.line(f"  {obstacle}", "yellow")
        usd = None if drill.cost.usd is None else f"at most {drill.cost.usd:.4f} USD"
        terminal.line(f"  costs {usd or 'an unknown sum: ' + '; '.join(drill.cost.unknown)}")
        for line in drill.cost.lines:
            terminal.line(f"    {line}", "dim")
        for of, reading in drill.cost.reads.items():
            what = drill.resource if of == "source" else "the restored one"
            terminal.line(f"  reads {what} {reading}")
    for resource, reason in plan.left_out:
        terminal.line(f"left out: {resource}: {reason}", "yellow")
    terminal.line("nothing was done; the same command without --plan drills", "bold yellow")


def show_record(record: DrillRecord, terminal: Terminal) -> None:
    """One drill."""
    headline = f"{record.verdict.upper()}  {record.kind} {record.resource}  run {record.run}"
    terminal.line(headline, _STYLES[record.verdict])
    for reason in record.reasons:
        terminal.line(f"  {reason}")
    terminal.line(f"  {_measures(record)}")
    if record.checks:
        terminal.console.print(_checks(record))
    if record.phases:
        terminal.line("  phases: " + ", ".join(f"{phase.name} {_short(phase.seconds)}" for phase in record.phases))
    for finding in record.findings:
        terminal.line(f"  note: {finding.what}; {finding.advice}")
    for left in record.left:
        terminal.line(f"  LEFT BEHIND: {left}; run `ial backup reap --stack {record.stack} --yes`", "bold red")


def _measures(record: DrillRecord) -> str:
    rto = "unknown" if record.rto_seconds is None else _short(record.rto_seconds)
    rpo = "unknown" if record.rpo_seconds is None else _short(record.rpo_seconds)
    cost = "at an unknown price" if record.cost_usd is None else f"at most {record.cost_usd:.4f} USD"
    return f"recovery time {rto} of {record.objective_minutes} min, recovery point {rpo} behind, {cost}"


def _checks(record: DrillRecord) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(min_width=2)
    for _ in range(2):
        table.add_column()
    table.add_column(overflow="fold")
    for check in record.checks:
        mark, style = _MARKS[check.ok]
        shown = check.observed if check.ok else f"{check.observed}, expected {check.expected}"
        table.add_row("", Text(check.name), Text(mark, style=style), Text(shown))
    return table


def _short(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
