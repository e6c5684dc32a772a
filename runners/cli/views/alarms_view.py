"""Alarm designs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from runners.analysis.alerts.comparison_model import AlarmComparison, AlarmDesigns
    from runners.cli.terminal import Terminal


def show_comparison(found: AlarmComparison, terminal: Terminal) -> None:
    """Each alarm with its designs, the answer first."""
    terminal.line(
        f"{found.stack}: {found.faults} faults and {found.quiet_days:g} quiet days, "
        f"{found.since[:10]} to {found.until[:10]}",
        "bold",
    )
    for alarm in found.alarms:
        terminal.line()
        terminal.line(alarm.said, "green" if alarm.better else "")
        terminal.console.print(_designs(alarm))
    for held in found.left_out:
        terminal.line(f"left out: {held.alarm}: {held.why}", "yellow")


def _designs(alarm: AlarmDesigns) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("design", "told", "after", "false alarms", "a week", "USD a month"):
        table.add_column(name, header_style="dim", overflow="fold")
    for held in alarm.designs:
        table.add_row(
            held.design,
            f"{held.detected} of {held.faults}",
            "" if held.detection_seconds is None else f"{held.detection_seconds:.0f} s",
            str(held.false_alarms),
            "too few days" if held.false_alarms_a_week is None else f"{held.false_alarms_a_week:.2f}",
            held.usd_per_month,
        )
    return table
