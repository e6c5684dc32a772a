"""The state of a metric alarm by CloudWatch's published rules: M of N, missing data, percentiles of few samples."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# CloudWatch asks for more points than it evaluates; its documentation shows five for three periods.
EXTRA_POINTS: Final = 2


class State(StrEnum):
    """The three states of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Missing(StrEnum):
    """What a period without data counts as."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True, kw_only=True)
class AlarmRule:
    """When an alarm fires: `datapoints` (M) of the newest `periods` (N) compare so to the threshold."""

    comparison: str
    threshold: float
    periods: int
    datapoints: int
    missing: Missing = Missing.MISSING

    @property
    def points(self) -> int:
        """How many points are asked for: the evaluation range."""
        return self.periods + EXTRA_POINTS

    def breached_by(self, value: float) -> bool:
        """Whether one point is beyond the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


def judged(points: Sequence[float | None], rule: AlarmRule, before: State) -> State:
    """The state after looking at the points of the evaluation range, oldest first; None is a missing one.

    Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", both tables, and
    "Avoiding premature transitions to alarm state".
    """
    points = list(points)[-rule.points :]
    real = [rule.breached_by(value) for value in points if value is not None]
    if len(real) >= rule.periods:
        # Enough was reported: what missing points count as does not matter.
        return _state(sum(real[-rule.periods :]), rule)
    breaching, filled = sum(real), rule.periods - len(real)
    if rule.missing is Missing.BREACHING:
        return _state(breaching + filled, rule)
    if rule.missing is Missing.NOT_BREACHING or breaching >= rule.datapoints or not all(real):
        return _state(breaching, rule)
    if rule.missing is Missing.IGNORE:
        return before
    return State.ALARM if _lasting(points, rule) else State.INSUFFICIENT_DATA


def too_few(samples: float, percentile: float) -> bool:
    """Whether a percentile (0 to 100) of so few samples says nothing: fewer than 10/(1-p), below the median 10/p."""
    share = percentile / 100
    rarer = min(share, 1 - share)
    return rarer > 0 and samples < 10 / rarer


def _state(breaching: int, rule: AlarmRule) -> State:
    return State.ALARM if breaching >= rule.datapoints else State.OK


def _lasting(points: list[float | None], rule: AlarmRule) -> bool:
    """Only breaching points and gaps since at least M periods: CloudWatch waits no longer for data."""
    oldest = next((number for number, value in enumerate(points) if value is not None), None)
    return oldest is not None and len(points) - oldest >= rule.datapoints
