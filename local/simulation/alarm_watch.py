"""Moves the local cloud's alarms as CloudWatch would, minute by minute, and remembers when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from contract.alarms.composite_rule import CompositeRuleError, holds
from contract.alarms.evaluation import COMPARISONS, AlarmRule, Missing, State, judged, too_few
from contract.alarms.metric_math import MetricMathError, evaluated
from local.simulation.metric_store import MetricStore
from local.simulation.statistics import percentile

if TYPE_CHECKING:
    from moto.cloudwatch.models import Alarm, CloudWatchBackend

_DYNAMODB: Final = "AWS/DynamoDB"


@dataclass(frozen=True)
class Change:
    """A change of state, in seconds since 1970."""

    alarm: str
    at: float
    before: State
    after: State


class AlarmWatch:
    """Evaluates every alarm that the backend has."""

    def __init__(self, backend: CloudWatchBackend, store: MetricStore) -> None:
        self._backend, self._store = backend, store
        self.history: list[Change] = []

    def states(self) -> dict[str, State]:
        """Every alarm's state."""
        return {name: State(alarm.state_value) for name, alarm in self._backend.alarms.items()}

    def evaluate(self, at: float) -> None:
        """Looks at all data before `at`: metric alarms first, then composites until they are settled."""
        for alarm in list(self._backend.alarms.values()):
            if not alarm.rule:
                state = self._metric_state(alarm, at)
                if state is not None:
                    self.set_state(alarm.name, state, at)
        for _ in range(len(self._backend.alarms)):
            if not self._evaluate_composites(at):
                return

    def set_state(self, name: str, state: State, at: float) -> None:
        """Moves one alarm, if it isn't there already."""
        alarm = self._backend.alarms.get(name)
        if alarm is None or alarm.state_value == state:
            return
        self.history.append(Change(name, at, State(alarm.state_value), state))
        alarm.update_state(f"evaluated as {state}", "{}", state)
        alarm.state_updated_timestamp = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)

    def _evaluate_composites(self, at: float) -> bool:
        before = len(self.history)
        for alarm in list(self._backend.alarms.values()):
            if alarm.rule:
                try:
                    state = State.ALARM if holds(alarm.rule, self.states()) else State.OK
                except CompositeRuleError:
                    state = State.INSUFFICIENT_DATA
                self.set_state(alarm.name, state, at)
        return len(self.history) > before

    def _metric_state(self, alarm: Alarm, at: float) -> State | None:
        if alarm.threshold is None or alarm.comparison_operator not in COMPARISONS:
            # A band of anomaly detection, which nobody learns here.
            return State.INSUFFICIENT_DATA
        rule = _rule(alarm)
        before = State(alarm.state_value)
        if alarm.metric_data_queries:
            points = self._math(alarm, rule, at)
            return State.INSUFFICIENT_DATA if points is None else judged(points, rule, before)
        stat = alarm.extended_statistic or alarm.statistic
        dimensions = {str(d.name): str(d.value) for d in alarm.dimensions}
        metric = (alarm.namespace, alarm.metric_name, dimensions)
        if self._says_nothing(alarm, metric, stat, at):
            return None
        points = self._store.points(*metric, stat, int(alarm.period), at, rule.points)
        return judged(points, rule, before)

    def _says_nothing(self, alarm: Alarm, metric: tuple[str, str, Mapping[str, str]], stat: str, at: float) -> bool:
        share = percentile(stat)
        if share is None or alarm.evaluate_low_sample_count_percentile != "ignore":
            return False
        counted = self._store.points(*metric, "SampleCount", int(alarm.period), at, int(alarm.evaluation_periods))
        return too_few(sum(count or 0 for count in counted), share)

    def _math(self, alarm: Alarm, rule: AlarmRule, at: float) -> list[float | None] | None:
        series: dict[str, list[float | None]] = {}
        expressions: dict[str, str] = {}
        returned = ""
        for query in alarm.metric_data_queries:
            if str(query.return_data).lower() != "false":
                returned = query.id
            if query.metric_stat is None:
                expressions[query.id] = str(query.expression)
                continue
            stat: Any = query.metric_stat
            dimensions = {str(d.name): str(d.value) for d in stat.metric.dimensions}
            metric = (stat.metric.namespace, stat.metric.metric_name, dimensions)
            series[query.id] = self._store.points(*metric, stat.stat, int(stat.period), at, rule.points)
        try:
            return series[returned] if returned in series else evaluated(expressions[returned], series)
        except (MetricMathError, KeyError):
            return None


def _rule(alarm: Alarm) -> AlarmRule:
    missing = Missing(alarm.treat_missing_data or Missing.MISSING)
    return AlarmRule(
        comparison=alarm.comparison_operator,
        threshold=float(alarm.threshold),
        periods=int(alarm.evaluation_periods),
        datapoints=int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
        # DynamoDB's own metrics are said to ignore gaps whatever an alarm asks for: the harsher reading is built here.
        missing=Missing.IGNORE if alarm.namespace == _DYNAMODB else missing,
    )
