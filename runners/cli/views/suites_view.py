"""Suites, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from contract.experiments import StateMachine
from contract.suites import Suite
from runners.cli.terminal import Terminal
from runners.suites.suite_record import SuiteRecord

_STYLES: Final = {"passed": "bold green", "failed": "bold red", "aborted": "bold red", "error": "bold red"}


def show_suites(suites: Sequence[Suite], machines: Sequence[StateMachine], terminal: Terminal) -> None:
    """A line for each, and what its state machine leaves out."""
    named = {machine.suite: machine for machine in machines}
    for suite in suites:
        terminal.line(f"{suite.name}: {suite.description}", "bold")
        terminal.line(f"  {', '.join(step.name for step in suite.steps)}; at most {suite.max_usd} USD")
        machine = named.get(suite.name)
        if machine is not None:
            left = ", ".join(held.step for held in machine.left_out) or "nothing"
            terminal.line(f"  also the state machine {machine.name}, which leaves out {left}")
    if not suites:
        terminal.line("no suite; write experiments/suites.yaml and apply the stack again")


def show_plan(plan: dict[str, Any], terminal: Terminal) -> None:
    """What it would run here, and what stands against it."""
    terminal.line(f"{plan['suite']}: {plan['description']}", "bold")
    table = _table("step", "kind", "needs", "on failure", "cost")
    skipped = {held["id"]: held["reason"] for held in plan["skipped"]}
    for step in plan["steps"]:
        cost = "skipped" if step["id"] in skipped else f"{step['usd']} USD" if step["usd"] is not None else "-"
        kind = step["kind"] if step["minutes"] is None else f"{step['kind']}, {step['minutes']} min"
        table.add_row(step["id"], kind, ", ".join(step["needs"]), step["onFailure"], cost)
    terminal.console.print(table)
    for held in plan["leftOut"]:
        terminal.line(f"  {held['step']} is left out: {held['reason']}")
    for name, why in skipped.items():
        terminal.line(f"  {name} will be skipped: {why}", "yellow")
    cost, degraded = plan["cost"], plan["maxDegradedSeconds"]
    usd = "an unknown amount" if cost["usd"] is None else f"up to {cost['usd']} USD"
    terminal.line(f"  costs {usd} of {cost['limit']}; {plan['coolDownMinutes']} min between faults")
    if degraded is not None:
        terminal.line(f"  ends when the workload was degraded for {degraded} s")
    for why in plan["obstacles"]:
        terminal.line(f"  REFUSED {why}", "bold red")
    if not plan["refused"]:
        terminal.line("nothing stands against it; each step has a preflight of its own", "green")


def show_record(record: SuiteRecord, terminal: Terminal) -> None:
    """The verdict, each step, and what was spent."""
    style = _STYLES.get(record.verdict, "bold yellow")
    terminal.line(f"{record.verdict.upper()}  {record.plan.suite.name}  run {record.run}", style)
    table = _table("step", "became", "run", "degraded", "cost")
    for step in record.steps:
        degraded = "" if step.degraded_seconds is None else f"{step.degraded_seconds:.0f} s"
        cost = "" if step.usd is None else f"{step.usd} USD"
        table.add_row(step.id, step.verdict or step.status, step.run or "", degraded, cost)
    terminal.console.print(table)
    for reason in record.reasons:
        terminal.line(f"  {reason}")
    suite = record.plan.suite
    limit = "" if suite.max_degraded_seconds is None else f" of {suite.max_degraded_seconds}"
    spent = f"degraded for {record.degraded_seconds:.0f}{limit} s, at most {record.usd} of {suite.max_usd} USD"
    terminal.line(f"  {spent}")
    for left in record.left:
        terminal.line(f"  LOOK AT IT: {left}", "bold red")


def show_history(found: dict[str, Any], stack: str, terminal: Terminal) -> None:
    """A line for each run of a suite."""
    table = _table("run", "suite", "verdict", "cost")
    for held in found["runs"]:
        cut_off = f"cut off: ial suite resume {held['run']} --stack {stack}" if held["here"] else "not over, elsewhere"
        table.add_row(held["run"], held["suite"], held["verdict"] or cut_off, _usd(held["usd"]))
    terminal.console.print(table) if found["runs"] else terminal.line("no suite has run yet")


def _usd(usd: str | None) -> str:
    return "see its runs" if usd is None else f"{usd} USD"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    return table
