"""Fleets, for people."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from runners.cli.terminal import Terminal
from runners.fleet.model import FleetPlan, FleetReport, Shown


def show_plan(plan: FleetPlan, terminal: Terminal) -> None:
    """The state machines, a row each."""
    terminal.line(f"{plan.fleet}: suite {plan.suite}, from account {plan.account}", "bold")
    table = _table("region", "state machine", "stacks by account", "at once", "transitions", "USD a time")
    for held in plan.machines:
        accounts = ", ".join(f"{account}: {count}" for account, count in held.accounts.items())
        row = (held.region, held.name, accounts, str(held.at_once), str(held.transitions), held.usd or "not known")
        table.add_row(*row)
    terminal.console.print(table)
    often = "how often it is started is not said" if plan.runs_per_month is None else f"{plan.runs_per_month} times"
    limit = "no limit" if plan.limit_usd is None else f"limit {plan.limit_usd} USD"
    month = "not known" if plan.month_usd is None else f"{plan.month_usd} USD"
    terminal.line(f"a month: {month} ({often}; {limit})", "bold")
    for why in plan.unknown:
        terminal.line(f"price not known: {why}", "bold red")
    terminal.line("transitions of the suites, and FIS, are the stacks' own and priced with them")


def show_report(report: FleetReport, terminal: Terminal) -> None:
    """All of it, and a row for each stack."""
    terminal.line(f"{report.fleet}, since {report.since}", "bold")
    terminal.line(f"experiments: {_share(report.experiments)}")
    terminal.line(f"drills: {_share(report.drills)}")
    terminal.line(f"executions that nobody judged: {_counts(report.executions)}")
    table = _table("stack", "account", "region", "experiments", "drills", "executions", "last run")
    for held in report.stacks:
        counted = (_counts(held.experiments), _counts(held.drills), _counts(held.executions), held.last or "-")
        rest = counted if held.unread is None else (f"not read: {held.unread}", "", "", "")
        table.add_row(held.stack, held.account, held.region, *rest)
    terminal.console.print(table)
    for text, names in (("without a run", report.silent), ("not read", report.unread)):
        if names:
            terminal.line(f"{text}: {', '.join(names)}", "bold red" if text == "not read" else "bold")


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in found.items()) or "none"


def _share(shown: Shown) -> str:
    if shown.low is None or shown.high is None:
        return "none that says something"
    return f"{shown.passed} of {shown.of} passed, 95 %: {shown.low:.0%} to {shown.high:.0%}"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    return table
