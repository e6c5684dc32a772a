"""Rollbacks for people: plans, runs, holds, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

if TYPE_CHECKING:
    from runners.cli.terminal import Terminal
    from runners.rollback.plan import RollbackPlan
    from runners.rollback.record import RollbackRecord
    from runners.rollback.verification import Verified

_STYLES: Final = {"rolled-back": "bold green", "kept": "bold yellow", "rollback-failed": "bold red"}
_ACTIONS: Final = {
    "roll-back": ("would be rolled back", "green"),
    "re-run": ("the experiment would be run once more first", "green"),
    "page": ("nothing would be rolled back; a person must look", "bold yellow"),
    "leave": ("nothing would be rolled back", "bold yellow"),
}


def show_plan(found: RollbackPlan, terminal: Terminal) -> None:
    """What a rollback would do."""
    plan = found.document()
    cause, answer = plan["cause"], plan["answer"]
    terminal.line(f"{cause['experiment']} {cause['verdict']} in run {cause['run']}", "bold")
    for part in plan["parts"]:
        terminal.line(f"  {part['kind']} {part['name']}: {_compared(part)}")
        for lost in part["lost"]:
            terminal.line(f"    does not come back: {lost}")
        for obstacle in part["obstacles"]:
            terminal.line(f"    AGAINST IT: {obstacle}", "bold red")
    if plan["unread"]:
        terminal.line(f"  could not be read: {plan['unread']}", "bold red")
    told, style = _ACTIONS[answer["action"]]
    terminal.line(f"{told}: {answer['sentence']} ({answer['code']})", style)


def show_record(record: RollbackRecord, terminal: Terminal) -> None:
    """What was done, and what follows."""
    style = _STYLES.get(record.verdict, "bold yellow")
    terminal.line(f"{record.verdict.upper()}  after {record.cause['experiment']}  run {record.run}", style)
    for reason in record.reasons:
        terminal.line(f"  {reason}")
    for part in record.parts:
        done = "runs" if part["arrived"] else "is NOT known to run"
        terminal.line(f"  {part['kind']} {part['name']}: {part['to']} {done}, instead of {part['from']}")
        terminal.line(f"    held until {part['heldUntil']}; `ial rollback hold --release` ends that")
        for lost in part["lost"]:
            terminal.line(f"    does not come back: {lost}")
    if record.validation is not None:
        said = record.validation["verdict"] or f"not run again: {record.validation['why']}"
        terminal.line(f"  the experiment on the older version: {said}")
    if record.paged:
        terminal.line("  a person was called")
    for left in record.left:
        terminal.line(f"  LOOK AT IT: {left}", "bold red")


def show_verified(found: Verified, terminal: Terminal) -> None:
    """Whether the last rollback still stands."""
    terminal.line(f"rollback {found.run}", "bold")
    for part in found.parts:
        good = part.back is True
        said = "runs" if good else f"does not run: {part.running or part.unread} does"
        held = f"held until {part.held_until}" if part.held_until else "not held any more"
        terminal.line(f"  {part.kind} {part.name}: {part.wanted} {said}; {held}", "green" if good else "bold red")


def show_history(found: dict[str, Any], stack: str, terminal: Terminal) -> None:
    """A line for each rollback."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("run", "experiment", "for run", "verdict"):
        table.add_column(name, overflow="fold")
    for held in found["runs"]:
        cut_off = f"cut off: ial rollback run --resume {held['run']} --stack {stack}"
        table.add_row(
            held["run"],
            held["experiment"],
            held["cause"],
            held["verdict"] or (cut_off if held["here"] else "not over, elsewhere"),
        )
    terminal.console.print(table) if found["runs"] else terminal.line("no rollback yet")


def show_holds(document: dict[str, Any], terminal: Terminal) -> None:
    """What is held back."""
    for hold in document["holds"]:
        state = "released" if document["released"] else "held" if hold["active"] else "over"
        terminal.line(f"{state}: {hold['kind']} {hold['name']} at {hold['good']} until {hold['until']}")
        terminal.line(f"  {hold['held']} was rolled back in run {hold['run']} by {hold['operator']}: {hold['reason']}")
    if not document["holds"]:
        terminal.line("nothing is held")


def _compared(part: dict[str, Any]) -> str:
    now, good = part["now"]["running"], part["good"] and part["good"]["running"]
    if part["difference"] == "same":
        return f"{now}, which last passed"
    if part["difference"] == "other":
        off = "" if part["switchedOn"] else "; its rollback is not switched on"
        return f"{now}; {good} last passed{off}"
    why = part["now"]["unread"] or "another version failed, or none is known to have passed"
    return f"{now or 'not known'}: {why}"
