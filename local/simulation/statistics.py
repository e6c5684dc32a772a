"""CloudWatch's statistics over the observations of a period."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_PLAIN: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "Sum": math.fsum,
    "Average": lambda values: math.fsum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
    "SampleCount": lambda values: float(len(values)),
}


def statistic(name: str, values: Sequence[float]) -> float | None:
    """The statistic (Sum, Average, Minimum, Maximum, SampleCount, p50, p99.9); None without values or if unknown."""
    if not values:
        return None
    if name in _PLAIN:
        return float(_PLAIN[name](values))
    share = percentile(name)
    if share is None:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def percentile(name: str) -> float | None:
    """The percentile that a statistic's name asks for, None if it is no percentile."""
    found = _PERCENTILE.fullmatch(name)
    return float(found[1]) if found else None


def teach_moto_percentiles() -> None:
    """Moto answers nothing for percentiles; with this it computes them from single observations."""
    from moto.cloudwatch.models import Statistics
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult

    plain = Statistics.get_statistics_for_type
    without = CloudWatchResponse.get_metric_statistics

    def with_percentiles(held: Statistics, stat: str) -> object:
        return statistic(stat, held.metric_single_values_list) if percentile(stat) is not None else plain(held, stat)

    def extended(response: CloudWatchResponse) -> ActionResult:
        answer = without(response)
        found: Any = answer.result
        names = response._get_param("ExtendedStatistics") or []
        for held in found["Datapoints"] if names else ():
            values = {name: statistic(name, held.metric_single_values_list) for name in names}
            held.extended_statistics = {name: value for name, value in values.items() if value is not None}
        return answer

    Statistics.get_statistics_for_type = with_percentiles  # type: ignore[method-assign,assignment]
    CloudWatchResponse.get_metric_statistics = extended  # type: ignore[method-assign,assignment]
