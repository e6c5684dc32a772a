"""The analysis for people: what is to be told first, then goals, changes, alarms, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.analysis.model import Analysis, Kpi
    from runners.analysis.published import Range
    from runners.analysis.score_model import Score
    from runners.cli.terminal import Terminal

_ANSWERS: Final = {
    "met": ("met", "green"),
    "missed": ("MISSED", "bold red"),
    "not-enough-runs": ("not enough yet", "yellow"),
}
_SEVERITY: Final = {"high": "bold red", "medium": "yellow", "low": "dim"}
_MOST_LOST: Final = 10


def show_analysis(found: Analysis, terminal: Terminal) -> None:
    """Everything, in the order in which it is asked."""
    counted = found.counted
    terminal.line(f"{found.stack}: {counted.read} runs, {found.since[:10]} to {found.now[:10]}", "bold")
    for said in found.said:
        terminal.line(f"  {said}")
    for held in counted.unreadable:
        terminal.line(f"  could not be read: {held.place or 'a document'}: {held.why}", "yellow")
    terminal.line()
    terminal.console.print(_goals(found))
    terminal.line(found.error_budget.said, "dim")
    _show_trends(found, terminal)
    _show_alarms(found, terminal)
    _show_advice(found, terminal)


def show_score(score: Score, terminal: Terminal) -> None:
    """The score, its tests, and where points are lost."""
    terminal.line(score.said, "bold")
    table = _table("experiment", "category", "newest run", "verdict", "age", "worth", "brings")
    for test in score.tests:
        table.add_row(
            test.experiment,
            test.category,
            test.run or "never",
            test.verdict or "",
            "" if test.age_days is None else f"{test.age_days:.0f} days",
            "" if test.run is None else f"{test.test:.0f} of 100",
            f"{test.points:.1f} of {test.most:.1f}",
        )
    if score.tests:
        terminal.console.print(table)
    for lost in score.lost[:_MOST_LOST]:
        terminal.line(f"  -{lost.points:.1f}: {lost.experiment}: {lost.why}")
    if len(score.lost) > _MOST_LOST:
        terminal.line(f"  and {len(score.lost) - _MOST_LOST} more; --json has them all", "dim")
    for held in score.excluded:
        terminal.line(f"  not counted: {held.what}, {held.runs} runs: {held.why.replace('-', ' ')}", "dim")
    terminal.line(f"weights version {score.weights.version}", "dim")


def _goals(found: Analysis) -> Table:
    table = _table("goal", "wanted", "seen", "95 %", "runs", "answer")
    for kpi in found.kpis:
        answer, style = _ANSWERS[kpi.answer]
        table.add_row(
            kpi.title,
            f"{'at least' if kpi.better == 'more' else 'at most'} {kpi.goal:g} {_unit(kpi)}",
            _seen(kpi),
            _range(kpi.interval),
            _runs(kpi),
            Text(answer, style=style),
        )
    return table


def _unit(kpi: Kpi) -> str:
    return "%" if kpi.unit == "percent" else "USD"


def _seen(kpi: Kpi) -> str:
    """The measure; of few runs the interval alone."""
    from runners.analysis.kpis.answers import FEWEST_FOR_PERCENT

    if kpi.value is None:
        return "nothing yet"
    few = kpi.unit == "percent" and kpi.count < FEWEST_FOR_PERCENT
    return "too few to say" if few else f"{kpi.value:.4g} {_unit(kpi)}"


def _runs(kpi: Kpi) -> str:
    return f"{kpi.count} of {kpi.needed}" if kpi.answer == "not-enough-runs" and kpi.needed else str(kpi.count)


def _range(interval: Range | None) -> str:
    if interval is None or interval.low is None or interval.high is None:
        return ""
    return f"{interval.low:.4g} - {interval.high:.4g}"


def _show_trends(found: Analysis, terminal: Terminal) -> None:
    changed = [trend for trend in found.trends if trend.verdict is not None]
    quiet = sum(trend.kind == "none" for trend in found.trends)
    waiting = [trend for trend in found.trends if trend.kind == "not-enough"]
    terminal.line()
    for trend in changed:
        terminal.line(trend.said, "bold red" if trend.verdict == "worse" else "green")
    terminal.line(f"{quiet} measures without a change that is shown", "dim")
    _show_week(found, terminal)
    for trend in waiting:
        terminal.line(trend.said, "dim")


def _show_week(found: Analysis, terminal: Terminal) -> None:
    """Of how many measures it was asked whether the newest weeks are worse, and why not of the others."""
    asked = [trend.weekly for trend in found.trends if trend.weekly is not None]
    if not asked:
        return
    told = Counter(weekly.answer for weekly in asked)
    terminal.line(
        f"newest whole weeks against those before: {told['worse']} worse, {told['not-shown']} not shown to be, "
        f"{told['not-enough']} not enough yet",
        "dim",
    )


def _show_alarms(found: Analysis, terminal: Terminal) -> None:
    if not found.alerts:
        return
    terminal.line()
    table = _table("alarm", "rang rightly", "missed", "wrongly", "quiet rightly", "told after", "quiet after")
    for alarm in found.alerts:
        table.add_row(
            alarm.alarm,
            str(alarm.right),
            str(alarm.missed),
            str(alarm.wrong),
            str(alarm.quiet),
            _seconds(alarm.detection_seconds),
            _seconds(alarm.reset_seconds),
        )
    terminal.console.print(table)


def _show_advice(found: Analysis, terminal: Terminal) -> None:
    for advice in found.recommendations:
        price = "" if advice.usd_per_month is None else f" ({advice.usd_per_month} USD)"
        terminal.line()
        terminal.line(f"{advice.severity}: {advice.title}", _SEVERITY[advice.severity])
        terminal.line(f"  seen: {advice.observed}; wanted: {advice.threshold}; confidence: {advice.confidence}")
        terminal.line(f"  {advice.action}{price}")


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} s"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, header_style="dim", overflow="fold")
    return table
