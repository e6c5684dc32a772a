"""Experiments for people: lists, plans, and records with the verdict first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from runners.chaos.judging.verdict import Verdict

if TYPE_CHECKING:
    from contract.experiments import Chaos, Experiment
    from runners.chaos.record.chaos_record import ChaosRecord
    from runners.chaos.running.halting import Halted
    from runners.cli.terminal import Terminal

_GOOD: Final = frozenset({Verdict.PASSED})
_BAD: Final = frozenset({Verdict.FAILED, Verdict.ERROR, Verdict.ABORTED_BY_ALARM, Verdict.ABORTED_BY_RUNNER})
_MARKS: Final = {True: ("yes", "green"), False: ("NO", "bold red"), None: ("unknown", "yellow")}


def show_experiments(chaos: Chaos, terminal: Terminal) -> None:
    """A line for each experiment."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("experiment", "kind", "schedule", "a run"):
        table.add_column(name, overflow="fold")
    for held in chaos.experiments:
        table.add_row(held.name, held.kind, held.schedule or "by hand", f"{held.usd_per_run} USD")
    terminal.console.print(table)
    terminal.line(f"at most {chaos.monthly_budget_usd} USD a month; started by: {chaos.starter}")


def show_plan(experiment: Experiment, plan: dict[str, Any], terminal: Terminal) -> None:
    """What a run would do, and what stands against it."""
    targets, cost = plan["targets"], plan["cost"]
    candidates = "could not be listed" if targets["candidates"] is None else ", ".join(targets["candidates"]) or "none"
    terminal.line(f"{experiment.name}: {experiment.description}", "bold")
    terminal.line(f"  hits      {targets['wanted']} of: {candidates}")
    if targets["group"] is not None:
        terminal.line(f"  group     {targets['group']}, {_healthy(targets)}")
    spent = "an unknown amount" if cost["spentUsd"] is None else cost["spentUsd"]
    terminal.line(f"  costs     {cost['usd']} USD; {spent} of {cost['budgetUsd']} USD are spent this month")
    stops = ", ".join(plan["stopAlarms"]) or "no alarm"
    terminal.line(f"  lasts     {plan['durationSeconds']} s; stopped by {stops}")
    if plan["mute"] is not None:
        terminal.line(f"  mutes     {_mute_text(plan['mute'])}")
    terminal.line(f"  undo      {plan['undo']}")
    for held in plan["obstacles"]:
        style = "yellow" if held["warning"] else "bold red"
        terminal.line(f"  {'warning' if held['warning'] else 'REFUSED'} {held['code']}: {held['message']}", style)
    if not plan["refused"]:
        terminal.line("nothing stands against it", "green")


def _healthy(targets: dict[str, Any]) -> str:
    if targets["healthy"] is None or targets["groupSize"] is None:
        return "whose state is not known"
    return f"{targets['healthy']} of {targets['groupSize']} healthy"


def _mute_text(mute: dict[str, Any]) -> str:
    if mute["from"] is None:
        return f"by rule {mute['rule']}, whose times are not known"
    return f"notifications of {', '.join(mute['alarms'])} from {mute['from']} to {mute['until']} (rule {mute['rule']})"


def show_record(record: ChaosRecord, terminal: Terminal) -> None:
    """One run."""
    verdict = record.judgement.verdict
    style = "bold green" if verdict in _GOOD else "bold red" if verdict in _BAD else "bold yellow"
    terminal.line(f"{verdict.upper()}  {record.experiment.name}  run {record.run}", style)
    for reason in record.judgement.reasons:
        terminal.line(f"  {reason}")
    begun = record.times["started"] is not None
    terminal.line(f"  {_measures(record)}" if begun else "  no fault was started; it costs nothing")
    if record.samples or record.shown:
        terminal.console.print(_seen(record))
    for left in record.left:
        terminal.line(f"  LOOK AT IT: {left}", "bold red")


def show_halted(done: Halted, terminal: Terminal) -> None:
    """What a halt did."""
    terminal.line("chaos is halted" if done.halted else "experiments may start again", "bold")
    if done.halted:
        terminal.line("  nothing new starts before `ial chaos halt --release`")
    if done.lever_engaged:
        terminal.line("the safety lever is engaged: nothing of FIS runs in this account and region")
    for stopped in done.stopped:
        terminal.line(f"  stopped {stopped}")
    for left in done.left:
        terminal.line(f"  LOOK AT IT: {left}", "bold red")


def show_history(found: dict[str, Any], stack: str, terminal: Terminal) -> None:
    """A line for each run of the stack."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("run", "experiment", "verdict", "cost"):
        table.add_column(name, overflow="fold")
    for held in found["runs"]:
        cut_off = f"cut off: ial chaos resume {held['run']} --stack {stack}" if held["here"] else "not over, elsewhere"
        table.add_row(held["run"], held["experiment"], held["verdict"] or cut_off, f"{held['usd']} USD")
    terminal.console.print(table) if found["runs"] else terminal.line("no run yet")


def _measures(record: ChaosRecord) -> str:
    seen = record.outcome
    recovered = None if seen is None else seen.recovered_after
    parts = [f"detected after {_seconds(record.detected_after)}", f"recovered after {_seconds(recovered)}"]
    if seen is not None:
        parts.append(f"degraded for {seen.degraded_seconds:.0f} s")
    if record.replaced_after is not None:
        parts.append(f"replaced after {record.replaced_after:.0f} s")
    return f"{', '.join(parts)}, at most {record.usd:.2f} USD"


def _seen(record: ChaosRecord) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for name, ok, told in _looks(record):
        mark, style = _MARKS[ok]
        table.add_row("", Text(name), Text(mark, style=style), Text(told))
    return table


def _looks(record: ChaosRecord) -> Iterator[tuple[str, bool | None, str]]:
    """Probes, expectations and evidence: what each is called, whether it is as it had to be, and what was seen."""
    for probe in record.experiment.hypothesis.probes:
        yield probe.name, *_steadiness(record, probe.name)
    for met in record.expectations:
        value = "no data" if met.seen is None else f"{met.seen:g}"
        yield met.name, met.ok, f"{value}; expected {met.when}: {met.expected}"
    for held in record.shown:
        yield f"the fault: {held['name']}", held["ok"], "nothing" if held["seen"] is None else f"{held['seen']:g}"


def _steadiness(record: ChaosRecord, name: str) -> tuple[bool | None, str]:
    """Whether one probe was as it had to be: always, or again in time; and the values that it saw."""
    own = [sample for sample in record.samples if sample.probe == name]
    values = [sample.value for sample in own if sample.value is not None]
    if not values:
        return None, "no data"
    low, high = min(values), max(values)
    span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    bad = sum(sample.ok is False for sample in own)
    if not bad:
        return True, span
    hypothesis, recovered = record.experiment.hypothesis, record.recovered.get(name)
    in_time = hypothesis.kind == "recovery" and recovered is not None and recovered <= hypothesis.rto_seconds
    again = "not fine again" if recovered is None else f"fine again after {recovered:.0f} s"
    return in_time, f"{span}; {bad} of {len(own)} out of tolerance, {again}"


def _seconds(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0f} s"
