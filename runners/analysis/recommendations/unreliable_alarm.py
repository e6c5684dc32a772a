"""An alarm that does not ring when it should, or rings when it should not."""

from __future__ import annotations

from collections.abc import Iterator

from runners.analysis.alerts.model import AlarmAccuracy
from runners.analysis.model import Recommendation
from runners.analysis.published import Range
from runners.analysis.recommendations.rule import Findings, command, rule, sure


@rule
def unreliable_alarm(found: Findings) -> Iterator[Recommendation]:
    """Its whole interval is below the goal."""
    goals = found.inputs.goals
    for alarm in found.alerts:
        rang, expected = alarm.right + alarm.wrong, alarm.right + alarm.missed
        if _below(alarm.recall_interval, goals.alert_recall_percent):
            observed, goal = f"rang at {alarm.right} of {expected} faults", goals.alert_recall_percent
            yield _advice(found, alarm, "misses faults", observed, goal, expected)
        if _below(alarm.precision_interval, goals.alert_precision_percent):
            observed, goal = f"{alarm.wrong} of {rang} alarms had no reason", goals.alert_precision_percent
            yield _advice(found, alarm, "rings without a reason", observed, goal, rang)


def _below(interval: Range | None, goal: str) -> bool:
    return interval is not None and interval.high is not None and interval.high < float(goal)


def _advice(found: Findings, alarm: AlarmAccuracy, what: str, observed: str, goal: str, count: int) -> Recommendation:
    return Recommendation(
        id=f"unreliable-alarm:{alarm.alarm}:{what.replace(' ', '-')}",
        rule="unreliable-alarm",
        severity="medium",
        title=f"{alarm.alarm} {what}",
        runs=(),
        observed=observed,
        threshold=f"{goal} % right",
        action=command("alarms", "compare", "--alarm", alarm.alarm, "--stack", found.stack),
        usd_per_month=None,
        confidence=sure(count),
    )
