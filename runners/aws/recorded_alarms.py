"""Alarms as they are, with what they looked at in the past, for other designs to be tried on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contract.alarms.evaluation import COMPARISONS, AlarmRule, Missing
from contract.alarms.metric_math import MetricMathError, evaluated
from contract.probes import Metric
from runners.analysis.alerts.designs import Recorded
from runners.aws.metrics import AwsMetrics
from runners.aws.session import Clients, calling

_NOT_ONE_METRIC: Final = "it is no alarm on a metric or on metric math, which alone can be replayed"
# What an alarm of these is evaluated by is gone after fifteen days.
FINEST: Final = 60


@dataclass(frozen=True)
class NotReplayable:
    """An alarm that cannot be replayed, and why."""

    alarm: str
    why: str


@dataclass(frozen=True)
class AwsRecordedAlarms:
    """The alarms of one account and region. `requests` makes a share of errors, if there is a load balancer."""

    clients: Clients
    metrics: AwsMetrics
    requests: Metric | None

    def recorded(self, names: Sequence[str], begin: datetime, end: datetime) -> Iterator[Recorded | NotReplayable]:
        """Each of these alarms with its past, in the order of the names.

        Raises:
            AwsError: an alarm or its metrics could not be read.
        """
        found = self._described(names)
        for name in names:
            alarm = found.get(name)
            if alarm is None:
                yield NotReplayable(name, "CloudWatch has no such alarm")
                continue
            yield self._recorded(alarm, begin, end)

    def _described(self, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(names), 100):
            part = list(names[start : start + 100])
            with calling("cloudwatch:DescribeAlarms", ", ".join(part)):
                answer = self.clients.client("cloudwatch").describe_alarms(
                    AlarmNames=part, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
                )
            for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())):
                found[alarm["AlarmName"]] = alarm
        return found

    def _recorded(self, alarm: Mapping[str, Any], begin: datetime, end: datetime) -> Recorded | NotReplayable:
        name, asked = alarm["AlarmName"], _metrics(alarm)
        if not asked or alarm.get("ComparisonOperator") not in COMPARISONS or "Threshold" not in alarm:
            return NotReplayable(name, _NOT_ONE_METRIC)
        periods = {metric.period_seconds for metric in asked.values()}
        if len(periods) != 1 or (period := periods.pop()) % FINEST:
            return NotReplayable(name, "its metrics have different periods, or one of less than a minute")
        counts = self.requests is not None and period == FINEST and _counts_errors(asked)
        wanted = [*asked.values(), *([self.requests] if self.requests is not None and counts else [])]
        series = [[value for _, value in held] for held in self.metrics.series(wanted, begin, end)]
        try:
            points = _points(alarm, dict(zip(asked, series, strict=False)))
        except MetricMathError as error:
            return NotReplayable(name, str(error))
        return Recorded(
            alarm=name,
            rule=_rule(alarm),
            period_seconds=period,
            metrics=len(asked),
            points=points,
            requests=series[-1] if counts else None,
        )


def _metrics(alarm: Mapping[str, Any]) -> dict[str, Metric]:
    """The metrics that it looks at, by id; empty where it looks at something else."""
    if alarm.get("MetricName"):
        stat = alarm.get("Statistic") or alarm.get("ExtendedStatistic", "")
        return {"m1": _metric(alarm, stat, alarm["Period"])}
    queries = alarm.get("Metrics", [])
    if any("Period" in query and not query.get("MetricStat") for query in queries):
        return {}
    return {
        query["Id"]: _metric(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], query["MetricStat"]["Period"])
        for query in queries
        if query.get("MetricStat")
    }


def _metric(seen: Mapping[str, Any], stat: str, period: int) -> Metric:
    dimensions = {held["Name"]: held["Value"] for held in seen.get("Dimensions", ())}
    name = seen["MetricName"]
    return Metric(
        namespace=seen["Namespace"],
        name=name,
        dimensions=dimensions,
        stat=stat,
        period_seconds=max(period, FINEST),
        missing="none",
    )


def _points(alarm: Mapping[str, Any], series: Mapping[str, Sequence[float | None]]) -> Sequence[float | None]:
    if alarm.get("MetricName"):
        return series["m1"]
    returned = next((query for query in alarm["Metrics"] if query.get("ReturnData", True)), None)
    if returned is None or not (returned.get("Expression") or returned["Id"] in series):
        msg = "no query of it returns data"
        raise MetricMathError(msg)
    if returned["Id"] in series:
        return series[returned["Id"]]
    return evaluated(returned["Expression"], series)


def _counts_errors(asked: Mapping[str, Metric]) -> bool:
    return all("5XX" in metric.name and metric.stat == "Sum" for metric in asked.values())


def _rule(alarm: Mapping[str, Any]) -> AlarmRule:
    return AlarmRule(
        comparison=alarm["ComparisonOperator"],
        threshold=float(alarm["Threshold"]),
        periods=int(alarm["EvaluationPeriods"]),
        datapoints=int(alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]),
        missing=Missing(alarm.get("TreatMissingData") or Missing.MISSING),
    )
