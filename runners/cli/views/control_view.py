"""A control run, for people."""

from __future__ import annotations

from typing import Final

from runners.chaos.control.control_record import ControlRecord
from runners.cli.terminal import Terminal

_STYLES: Final = {"passed": "bold green", "failed": "bold red"}


def show_control(record: ControlRecord, terminal: Terminal) -> None:
    """The verdict, what did not hold, and what rang."""
    style = _STYLES.get(record.verdict, "bold yellow")
    terminal.line(f"{record.verdict.upper()}  control run of {record.minutes} min  run {record.run}", style)
    for reason in record.reasons:
        terminal.line(f"  {reason}")
    for probe in record.steady.probes if record.steady else ():
        share = "no data" if probe.ok_ratio is None else f"{probe.ok_ratio:.0%} of {len(probe.samples)} looks fine"
        terminal.line(f"  {probe.name}: {share} ({probe.tolerance})")
    if record.alerts is not None:
        rang = ", ".join(record.alerts.unexpected) or "none"
        terminal.line(f"  false alarms: {rang}, of {len(record.alerts.watched)} alarms watched")
    for left in record.left:
        terminal.line(f"  LOOK AT IT: {left}", "bold red")
