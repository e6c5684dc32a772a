"""CloudWatch's alarms through boto3: metric alarms and composites, their data, and their history."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.chaos.before.alarm_limit import AlarmLimit
from runners.chaos.before.mute_rule import MuteRule, MuteRuleError
from runners.chaos.before.preflight import FRESH_DATA
from runners.chaos.before.situation import AlarmSituation
from runners.chaos.judging.alert_accuracy import StateChange
from runners.errors import AwsError
from runners.runs.clock import Clock

# CloudWatch takes a minute or so to take a metric in.
_LAG: Final = timedelta(minutes=2)
# An alarm that takes silence for good news says so itself: that it has no data is no blindness.
_SILENT: Final = frozenset({"notBreaching", "ignore"})
_MINUTE: Final = 60
_GET_MUTE: Final = "cloudwatch:GetAlarmMuteRule"
_NO_MUTE: Final = frozenset({"ResourceNotFoundException", "ResourceNotFound"})
# `m1`, `FILL(m1, 0)`, and sums of these.
_TERM: Final = r"(?:(\w+)|FILL\(\s*(\w+)\s*,\s*0\s*\))"
_SUM: Final = re.compile(rf"\s*{_TERM}(?:\s*\+\s*{_TERM})*\s*")


def limit_of(alarm: Mapping[str, Any]) -> AlarmLimit | None:
    """Beyond which value a metric alarm rings; None for ranges, for other expressions, and for mixed statistics."""
    comparison, queries = alarm.get("ComparisonOperator", ""), alarm.get("Metrics", [])
    found = re.fullmatch("(Greater|Less)Than(OrEqualTo)?Threshold", comparison)
    measured = {_measure(query["MetricStat"]) for query in queries if query.get("MetricStat")}
    if not queries and "Period" in alarm:
        measured = {(alarm.get("Statistic") or alarm.get("ExtendedStatistic", ""), alarm["Period"])}
    expressions = [query["Expression"] for query in queries if query.get("Expression")]
    summed = all(_SUM.fullmatch(expression) for expression in expressions) and len(expressions) <= 1
    if found is None or len(measured) != 1 or not summed:
        return None
    [(stat, period)] = measured
    return AlarmLimit(
        value=alarm["Threshold"],
        upwards=found[1] == "Greater",
        included=found[2] is not None,
        stat=stat,
        period_seconds=period,
    )


def _watched(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The metrics that an alarm names. One of Metrics Insights or PromQL names none: its query finds them."""
    if alarm.get("MetricName"):
        return [alarm]
    return [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if query.get("MetricStat")]


def _measure(seen: Mapping[str, Any]) -> tuple[str, int]:
    return seen["Stat"], seen["Period"]


@dataclass(frozen=True)
class AwsAlarms:
    """The alarms of one account and region."""

    clients: Clients
    clock: Clock

    def situations(self, names: Collection[str]) -> Mapping[str, AlarmSituation | None]:
        """Each alarm as it is now; None for one that does not exist."""
        found = {alarm["AlarmName"]: self._situation(alarm) for alarm in self._described(names)}
        return {name: found.get(name) for name in names}

    def states(self, names: Collection[str]) -> Mapping[str, str]:
        """Each alarm's state; those that do not exist are not in it."""
        return {alarm["AlarmName"]: alarm["StateValue"] for alarm in self._described(names)}

    def changes(self, names: Collection[str], first: datetime, last: datetime) -> list[StateChange]:
        """What changed its state in that time, oldest first; what was updated before it only has no history in it."""
        moved = [
            alarm["AlarmName"] for alarm in self._described(names) if alarm.get("StateUpdatedTimestamp", first) >= first
        ]
        # The newest comes first: of two changes in one instant the later one would seem the earlier.
        found = [change for name in moved for change in [*self._history(name, first, last)][::-1]]
        return sorted(found, key=lambda change: (change.at, change.alarm))

    def _described(self, names: Collection[str]) -> Iterator[Mapping[str, Any]]:
        ordered = sorted(set(names))
        for start in range(0, len(ordered), 100):
            asked = {"AlarmNames": ordered[start : start + 100], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
            with calling("cloudwatch:DescribeAlarms", ", ".join(asked["AlarmNames"])):
                answer = self._cloudwatch.describe_alarms(**asked)
            yield from answer.get("MetricAlarms", [])
            yield from answer.get("CompositeAlarms", [])

    def mute_rule(self, name: str) -> MuteRule | None:
        """When it holds back the notifications of which alarms; None when there is none, or it has expired."""
        try:
            with calling(_GET_MUTE, name):
                answer = self._cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
        except AwsError as error:
            if error.code in _NO_MUTE:
                return None
            raise
        if answer.get("Status") == "EXPIRED":
            return None
        schedule, targets = answer["Rule"]["Schedule"], answer.get("MuteTargets", {})
        try:
            return MuteRule.read(
                targets.get("AlarmNames", []),
                schedule["Expression"],
                schedule["Duration"],
                schedule.get("Timezone", "UTC"),
            )
        except MuteRuleError as error:
            msg = f"mute rule {name}: {error}"
            raise AwsError(msg, operation=_GET_MUTE, code="NotUnderstood") from error

    def _history(self, name: str, first: datetime, last: datetime) -> Iterator[StateChange]:
        asked: dict[str, Any] = {
            "AlarmName": name,
            "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            "HistoryItemType": "StateUpdate",
            "StartDate": first,
            "EndDate": last,
        }
        while True:
            with calling("cloudwatch:DescribeAlarmHistory", name):
                page = self._cloudwatch.describe_alarm_history(**asked)
            for item in page["AlarmHistoryItems"]:
                state = json.loads(item["HistoryData"])["newState"]["stateValue"]
                yield StateChange(item["AlarmName"], item["Timestamp"].astimezone(UTC), state)
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def _situation(self, alarm: Mapping[str, Any]) -> AlarmSituation:
        if "AlarmRule" in alarm:
            return AlarmSituation(state=alarm["StateValue"], recent_data=None)
        names = tuple(f"{metric['Namespace']}/{metric['MetricName']}" for metric in _watched(alarm))
        silent = alarm.get("TreatMissingData") in _SILENT
        recent = None if silent else self._recent(alarm)
        return AlarmSituation(state=alarm["StateValue"], recent_data=recent, metrics=names, limit=limit_of(alarm))

    def _recent(self, alarm: Mapping[str, Any]) -> int:
        """For how many periods there is a value; 0 for an alarm of a kind that cannot be asked, which is as blind."""
        if alarm.get("Metrics"):
            return self._recent_results(alarm)
        return self._recent_data(alarm) if alarm.get("MetricName") else 0

    def _recent_results(self, alarm: Mapping[str, Any]) -> int:
        """Of metric math: how many periods the expression has a value for, whatever its metrics lack."""
        queries = alarm["Metrics"]
        # A query of Metrics Insights has its period itself, and no metric.
        periods = (query.get("MetricStat", query).get("Period") for query in queries)
        seconds = next((period for period in periods if period), _MINUTE)
        until = self.clock.now() - _LAG
        # The answer begins at the time that is asked for.
        until -= timedelta(seconds=until.timestamp() % seconds)
        with calling("cloudwatch:GetMetricData", alarm["AlarmName"]):
            answer = self._cloudwatch.get_metric_data(
                MetricDataQueries=queries,
                StartTime=until - timedelta(seconds=seconds) * (FRESH_DATA + 1),
                EndTime=until,
            )
        # One result comes back, that of the expression; none is no data.
        counts = [len(found["Values"]) for found in answer["MetricDataResults"]]
        return min(FRESH_DATA, *counts) if counts else 0

    def _recent_data(self, alarm: Mapping[str, Any]) -> int:
        period = timedelta(seconds=alarm["Period"])
        until = self.clock.now() - _LAG
        with calling("cloudwatch:GetMetricStatistics", alarm["AlarmName"]):
            answer = self._cloudwatch.get_metric_statistics(
                Namespace=alarm["Namespace"],
                MetricName=alarm["MetricName"],
                Dimensions=alarm.get("Dimensions", []),
                StartTime=until - period * (FRESH_DATA + 1),
                EndTime=until,
                Period=alarm["Period"],
                Statistics=["SampleCount"],
            )
        return min(FRESH_DATA, len(answer["Datapoints"]))

    @property
    def _cloudwatch(self) -> Any:
        return self.clients.client("cloudwatch")
