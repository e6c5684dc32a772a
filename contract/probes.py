"""What an experiment looks at and what it expects, as runners need it: probes, expectations, the hypothesis."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from contract.parts import Count, Part
from contract.probe_types import ProbeType

When = Literal["during", "throughout", "after"]
HypothesisKind = Literal["sustained", "recovery"]


class Series(Part, frozen=True, kw_only=True):
    """A metric as CloudWatch knows it.

    Attributes:
        namespace: Namespace.
        name: Name.
        dimensions: All its dimensions, values by name.
    """

    namespace: str
    name: str
    dimensions: dict[str, str]


class Metric(Series, frozen=True, kw_only=True):
    """What a probe sees of CloudWatch: the metric and those in `plus`, added up.

    Attributes:
        plus: Metrics that are added to it.
        stat: Statistic of a period: Sum, Average, p99, ...
        period_seconds: Length of one period.
        missing: What a period without data means, of each of them: a zero, or nothing known.
    """

    plus: tuple[Series, ...] = ()
    stat: str
    period_seconds: Annotated[int, Meta(ge=60)]
    missing: Literal["zero", "none"]


class Probe(Part, frozen=True, kw_only=True):
    """One look at the workload and the values that are fine.

    Attributes:
        name: Name, once in its experiment.
        type: What is looked at; `instances` counts those of the instances that were hit that are gone, and `replaced`
            those for which the group has launched another.
        target: An alarm, a target group's suffix, an Auto Scaling group, CLUSTER/SERVICE, an address or a path of the
            load balancer, a database; empty for metrics and for the instances that were hit.
        metric: What is seen of CloudWatch; null for the other types.
        at_least: Least value that is fine; null without one.
        at_most: Greatest value that is fine; null without one.
    """

    name: str
    type: ProbeType
    target: str
    metric: Metric | None
    at_least: float | None
    at_most: float | None


class Expectation(Probe, frozen=True, kw_only=True):
    """What is asked of a probe once the fault is over.

    Attributes:
        when: Of which values it is asked: one during the fault, all until the end, or the last.
    """

    when: When


class Hypothesis(Part, frozen=True, kw_only=True):
    """What is expected of the workload.

    Attributes:
        kind: To hold throughout (sustained), or to hold again within the objective (recovery).
        probes: What steady is.
        expectations: What the workload is expected to do about the fault, judged when it is over.
        rto_seconds: Objective of recovery.
        stability_seconds: How long it must hold before it counts.
    """

    kind: HypothesisKind
    probes: Annotated[tuple[Probe, ...], Meta(min_length=1)]
    expectations: tuple[Expectation, ...]
    rto_seconds: Count
    stability_seconds: Count
