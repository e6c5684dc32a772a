"""Scaling: what it may make of a capacity, as a range, and the alarms that its policies make."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing, Unbounded
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN, Resource
from pricing.rules.arithmetic import shown
from pricing.rules.references import is_named, refers_to

_ALARMS = 2
# Two for the utilization above and below the target, two for the provisioned capacity.
_DYNAMODB_ALARMS = 4
_TARGET = "aws:appautoscaling/target:Target"
_ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"


def scaled(b: Billing, declared: Quantity, kind: str, dimension: str, *, index: str = "") -> Quantity:
    """`declared` widened to the minimum and maximum of the scaling target of this resource, if the stack has one.

    Scheduled actions may set other limits, so the widest count. `index` names an index of the resource that is scaled.
    """
    for target in b.graph.of_type(_TARGET):
        if target.get("scalableDimension") == dimension and _scales(target, b.resource, kind, index):
            actions = [a for a in b.graph.of_type(_ACTION) if _sets_limits_of(a, target)]
            low = min(_limit(r, path) for r, path in _limits(target, actions, "minCapacity"))
            high = max(_limit(r, path) for r, path in _limits(target, actions, "maxCapacity", "minCapacity"))
            return Quantity(low, min(max(declared.expected, low), high), high)
    return declared


def _limits(target: Resource, actions: list[Resource], *names: str) -> list[tuple[Resource, str]]:
    own = [(target, name) for name in names]
    set_later = [(a, f"scalableTargetAction.{name}") for a in actions for name in names]
    return own + [(a, path) for a, path in set_later if a.get(path) is not None]


def _limit(resource: Resource, path: str) -> Decimal:
    value = resource.get(path)
    if value is UNKNOWN:
        raise Unbounded(f"{path} of {resource.name}", None)
    return Quantity.exact(str(value or 0)).maximum


def _sets_limits_of(action: Resource, target: Resource) -> bool:
    if target.urn in action.dependencies:
        return True
    return all(
        isinstance(action.get(key), str) and action.get(key) == target.get(key)
        for key in ("resourceId", "scalableDimension")
    )


def _scales(target: Resource, resource: Resource, kind: str, index: str) -> bool:
    """`table/orders/index/by-date` is an index of a table; `*` is an index whose name is unknown."""
    where = target.get("resourceId")
    if not isinstance(where, str):
        return refers_to(target, resource, "resourceId")
    whole, _, named = where.partition("/index/")
    if not whole.startswith(f"{kind}/") or (named != index and not (named and index == "*")):
        return False
    return resource.urn in target.dependencies or is_named(resource, whole)


@priced(
    "aws:appautoscaling/policy:Policy",
    "aws:autoscaling/policy:Policy",
    usage=[UsageKey(name="alarm_metrics", unit="metrics", meaning="metrics of the policy's alarms when it is unknown")],
)
def policy(b: Billing) -> Iterator[LineItem]:
    """Target tracking makes alarms of its own, which bill like any other; other policies make none."""
    if b.text("policyType", "", unknown="TargetTrackingScaling") != "TargetTrackingScaling":
        return
    of_table = b.text("serviceNamespace", "", unknown="dynamodb") == "dynamodb"
    alarms = _DYNAMODB_ALARMS if of_table else _ALARMS
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
    _ACTION,
    why="scaling is free of charge; what it adds is priced with the scaled resource, up to the target's maximum",
    source="https://aws.amazon.com/autoscaling/pricing/",
)
