"""What an alarm watches, as plain values: the alarm, the dashboard's threshold line and the outputs come from it."""

from dataclasses import dataclass, field
from typing import Literal

# Of two metrics, each with its own silence: that one of them has no point must not hide the other.
SUM_OF_TWO = "FILL(m1, 0) + FILL(m2, 0)"
Missing = Literal["breaching", "notBreaching", "ignore", "missing"]
Comparison = Literal[
    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
]


@dataclass(frozen=True, kw_only=True)
class MetricRef:
    """One metric with all its dimensions: CloudWatch accepts an alarm with fewer, and it then sees no data."""

    namespace: str
    name: str
    stat: str
    dimensions: dict[str, str] = field(default_factory=dict)

    @property
    def is_percentile(self) -> bool:
        """Whether the statistic is a percentile such as p99."""
        return self.stat.startswith("p")


def metric(namespace: str, name: str, stat: str, **dimensions: str) -> MetricRef:
    """A metric with these dimensions."""
    return MetricRef(namespace=namespace, name=name, stat=stat, dimensions=dimensions)


@dataclass(frozen=True, kw_only=True)
class AlarmSpec:
    """An alarm on one metric, or on an expression over several (`m1`, `m2`, ...)."""

    signal: str
    summary: str
    metrics: tuple[MetricRef, ...]
    threshold: float
    missing: Missing
    expression: str | None = None
    comparison: Comparison = "GreaterThanOrEqualToThreshold"
    period: int = 60
    datapoints: int = 3
    evaluations: int = 5

    def __post_init__(self) -> None:
        if self.datapoints > self.evaluations:
            msg = f"alarm {self.signal}: {self.datapoints} datapoints of {self.evaluations} can never be reached"
            raise ValueError(msg)
        if (len(self.metrics) == 1) == (self.expression is not None) and self.expression is None:
            msg = f"alarm {self.signal}: several metrics need an expression"
            raise ValueError(msg)
