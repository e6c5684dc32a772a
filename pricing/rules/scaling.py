"""Scaling: what it may make of a capacity, as a range, and the alarms that its policies make."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unbounded
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN, Resource
from pricing.rules.arithmetic import shown
from pricing.rules.references import refers_to

_ALARMS = 2
# Two for the utilization above and below the target, two for the provisioned capacity.
_DYNAMODB_ALARMS = 4
_TARGET = "aws:appautoscaling/target:Target"


def scaled(b: Billing, declared: Quantity, kind: str, dimension: str) -> Quantity:
    """`declared` widened to the minimum and maximum of the scaling target of this resource, if the stack has one."""
    for target in b.graph.of_type(_TARGET):
        if target.get("scalableDimension") == dimension and _scales(target, b.resource, kind):
            minimum, maximum = target.get("minCapacity"), target.get("maxCapacity")
            if minimum is UNKNOWN or maximum is UNKNOWN:
                raise Unbounded(f"maxCapacity of scaling target {target.name}", None)
            low = Quantity.exact(str(minimum or 0)).minimum
            high = Quantity.exact(str(maximum or 0)).maximum
            return Quantity(low, min(max(declared.expected, low), high), high)
    return declared


def _scales(target: Resource, resource: Resource, kind: str) -> bool:
    where = target.get("resourceId")
    return refers_to(target, resource, "resourceId") and not (
        isinstance(where, str) and not where.startswith(f"{kind}/")
    )


@priced(
    "aws:appautoscaling/policy:Policy",
    "aws:autoscaling/policy:Policy",
    usage=[UsageKey(name="alarm_metrics", unit="metrics", meaning="metrics of the policy's alarms when it is unknown")],
)
def policy(b: Billing) -> Iterator[LineItem]:
    """Target tracking makes alarms of its own, which bill like any other; other policies make none."""
    if b.text("policyType", "", unknown="TargetTrackingScaling") != "TargetTrackingScaling":
        return
    alarms = _DYNAMODB_ALARMS if b.resource.get("serviceNamespace") == "dynamodb" else _ALARMS
    metrics = _tracked_metrics(b)
    yield b.item(
        "Alarms of target tracking",
        "cloudwatch.alarm.standard",
        metrics * alarms,
        f"{alarms} alarms x {shown(metrics)} metrics",
    )


def _tracked_metrics(b: Billing) -> Quantity:
    """Metrics that each alarm of the policy references: more than one only when it tracks metric math."""
    for path in ("targetTrackingScalingPolicyConfiguration", "targetTrackingConfiguration"):
        value = b.resource.get(f"{path}.customizedMetricSpecification.metrics")
        if value is UNKNOWN:
            declared = b.use("alarm_metrics")
            if declared is None:
                raise Unbounded(f"{path}.customizedMetricSpecification.metrics", "alarm_metrics")
            return declared
        if isinstance(value, list):
            stated = [m for m in value if not (isinstance(m, dict) and m.get("expression") is not None)]
            return Quantity.exact(max(1, len(stated)))
    return Quantity.exact(1)


free(
    _TARGET,
    "aws:appautoscaling/scheduledAction:ScheduledAction",
    why="scaling is free of charge; what it adds is priced with the scaled resource, up to the target's maximum",
    source="https://aws.amazon.com/autoscaling/pricing/",
)
