"""Alarms that can alarm: a window that CloudWatch accepts, a metric that exists, silence decided, somebody told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pulumi_policy import Policy

from policies.edge import About, resource_policy, stack_policy
from policies.memory import Finding
from policies.stack import Stack
from pricing.resource import UNKNOWN, Graph, Plain, Resource

METRIC_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
EXPERIMENT: Final = "aws:fis/experimentTemplate:ExperimentTemplate"
_DAY: Final = 86400
_HOUR: Final = 3600
_SHORT_PERIODS: Final = (1, 5, 10, 20, 30)
# Dimensions without which the metrics of a namespace have no data; one set of each list must be there.
_LOAD_BALANCER: Final = (frozenset({"LoadBalancer"}),)
_DIMENSIONS: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "AWS/ApplicationELB": _LOAD_BALANCER,
    "AWS/NetworkELB": _LOAD_BALANCER,
    "AWS/DynamoDB": (frozenset({"TableName"}),),
    "AWS/ECS": (frozenset({"ClusterName"}),),
    "ECS/ContainerInsights": (frozenset({"ClusterName"}),),
    "AWS/EC2": tuple(frozenset({name}) for name in ("InstanceId", "AutoScalingGroupName", "InstanceType", "ImageId")),
    "AWS/AutoScaling": (frozenset({"AutoScalingGroupName"}),),
    "AWS/RDS": tuple(
        frozenset({name}) for name in ("DBInstanceIdentifier", "DBClusterIdentifier", "DatabaseClass", "EngineName")
    ),
    "AWS/S3": (frozenset({"BucketName", "StorageType"}), frozenset({"BucketName", "FilterId"})),
    "AWS/SQS": (frozenset({"QueueName"}),),
    "AWS/SNS": (frozenset({"TopicName"}),),
    "AWS/Lambda": (frozenset({"FunctionName"}),),
    "AWS/States": (frozenset({"StateMachineArn"}),),
}
_HOST_COUNTS: Final = ("HealthyHostCount", "UnHealthyHostCount")
_ACCOUNT_WIDE: Final = ("UserErrors", "AccountMaxReads", "AccountMaxWrites", "ConcurrentExecutions")
_SUFFIXED: Final = ("LoadBalancer", "TargetGroup")


def window(alarm: Resource) -> Iterator[str]:
    """The evaluation window as CloudWatch accepts it."""
    evaluations, datapoints = alarm.get("evaluationPeriods"), alarm.get("datapointsToAlarm")
    if alarm.get("evaluationCriteria") is not None:
        # A PromQL alarm has neither periods nor datapoints.
        return
    if not isinstance(evaluations, Decimal):
        yield _said(alarm, "has no known `evaluationPeriods`; set it to a number known at preview")
        return
    if datapoints is not None and not (isinstance(datapoints, Decimal) and datapoints <= evaluations):
        shown = str(datapoints) if isinstance(datapoints, Decimal) else "an unknown number of"
        yield _said(
            alarm, f"waits for {shown} datapoints in {evaluations} periods; set `datapointsToAlarm` to that or less"
        )
    for period in dict.fromkeys(_periods(alarm)):
        yield from _period(alarm, period, evaluations)


def _period(alarm: Resource, period: Plain, evaluations: Decimal) -> Iterator[str]:
    if not isinstance(period, Decimal):
        yield _said(alarm, "has no known `period`; set it to a number of seconds known at preview")
        return
    if period % 60 and period not in _SHORT_PERIODS:
        yield _said(alarm, f"has a period of {period} seconds; use 10, 20, 30 or a multiple of 60")
    seconds, most = period * evaluations, _DAY if period < _HOUR else 7 * _DAY
    if seconds > most:
        yield _said(
            alarm,
            f"looks at {seconds} seconds ({evaluations} periods of {period}); "
            f"CloudWatch accepts {most}: lower `evaluationPeriods`",
        )


def dimensions(alarm: Resource) -> Iterator[str]:
    """Dimensions without which the alarm would watch a metric that has no data."""
    for metric in _metrics(alarm):
        namespace, name, given = metric.get("namespace"), metric.get("metricName"), metric.get("dimensions")
        wanted = _DIMENSIONS.get(namespace) if isinstance(namespace, str) else None
        if wanted is None or name in _ACCOUNT_WIDE:
            continue
        if name in _HOST_COUNTS:
            wanted = (frozenset({"LoadBalancer", "TargetGroup"}),)
        have = given if isinstance(given, dict) else {}
        if not any(names <= have.keys() for names in wanted):
            accepted = " or ".join(" and ".join(sorted(names)) for names in wanted)
            yield _said(alarm, f"watches {namespace} without all dimensions, so it sees no data; give {accepted}")
        for key in _SUFFIXED:
            if str(have.get(key)).startswith("arn:"):
                yield _said(alarm, f"has a whole ARN as dimension {key}, so it sees no data; give the part after `:`")


def missing_data(alarm: Resource) -> Iterator[str]:
    """What silence means has been decided."""
    if alarm.get("evaluationCriteria") is None and alarm.get("treatMissingData") is None:
        yield _said(alarm, "does not say what missing data means; set `treatMissingData`")


def actions(stack: Stack) -> Iterator[Finding]:
    """Each alarm tells somebody when it fires and when it recovers, or serves one that does."""
    for alarm in stack.graph.of_type(METRIC_ALARM, COMPOSITE_ALARM):
        if not _acts(alarm):
            if not _serves(alarm, stack.graph):
                text = "tells nobody; set `alarmActions`, or use it in a composite alarm or as a stop condition"
                yield Finding(_said(alarm, text), alarm.urn)
        elif _empty(alarm.get("okActions")):
            yield Finding(_said(alarm, "does not tell when it is over; set `okActions`"), alarm.urn)


def _acts(alarm: Resource) -> bool:
    return alarm.get("actionsEnabled", True) in (True, "true") and not _empty(alarm.get("alarmActions"))


def _empty(value: Plain) -> bool:
    return value is None or value == []


def _serves(alarm: Resource, graph: Graph) -> bool:
    composites = (other for other in graph.of_type(COMPOSITE_ALARM) if other.urn != alarm.urn)
    return any(_uses(other, other.get("alarmRule"), alarm) for other in composites) or any(
        _stops(template, alarm) for template in graph.of_type(EXPERIMENT)
    )


def _stops(template: Resource, alarm: Resource) -> bool:
    conditions = template.get("stopConditions")
    return isinstance(conditions, list) and any(
        _uses(template, condition.get("value"), alarm) for condition in conditions if isinstance(condition, dict)
    )


def _uses(user: Resource, reference: Plain, alarm: Resource) -> bool:
    """Whether a rule or an ARN names the alarm; while it is unknown, dependencies tell."""
    if reference is UNKNOWN:
        return alarm.urn in user.dependencies
    name = alarm.get("alarmName") or alarm.get("name")
    if not isinstance(reference, str) or not isinstance(name, str):
        return False
    quoted = (f'"{name}"', f"'{name}'", f"({name})", f':alarm:{name}"', f":alarm:{name})")
    return any(form in reference for form in quoted) or reference.endswith(f":alarm:{name}")


def _metrics(alarm: Resource) -> Iterator[dict[str, Plain]]:
    if alarm.get("namespace") is not None:
        yield dict(alarm.properties)
    for query in _queries(alarm):
        metric = query.get("metric")
        if isinstance(metric, dict):
            yield metric


def _queries(alarm: Resource) -> Iterator[dict[str, Plain]]:
    queries = alarm.get("metricQueries")
    for query in queries if isinstance(queries, list) else []:
        if isinstance(query, dict):
            yield query


def _periods(alarm: Resource) -> Iterator[Plain]:
    queries = list(_queries(alarm))
    if not queries:
        yield alarm.get("period")
    for query in queries:
        metric = query.get("metric")
        if isinstance(metric, dict):
            yield metric.get("period")
        elif query.get("period") is not None:
            yield query.get("period")


def _said(alarm: Resource, text: str) -> str:
    return f"alarm {alarm.name} {text}"


def policies() -> list[Policy]:
    """The policies of this group."""
    metric = frozenset({METRIC_ALARM})
    return [
        resource_policy(
            About(
                name="alarm-window-valid",
                description="CloudWatch accepts the alarm's evaluation window.",
                remedy="Keep period x evaluationPeriods within 1 day (7 days from a period of 1 hour), M within N.",
            ),
            window,
            metric,
        ),
        resource_policy(
            About(
                name="alarm-dimensions-complete",
                description="The alarm names every dimension without which its metric has no data.",
                remedy="Add the dimensions that the message names; load balancers are named by their ARN's suffix.",
            ),
            dimensions,
            metric,
        ),
        resource_policy(
            About(
                name="alarm-missing-data-decided",
                description="The alarm says what missing data means.",
                remedy="Set treatMissingData: breaching for what always reports, notBreaching for counts of events.",
            ),
            missing_data,
            metric,
        ),
        stack_policy(
            About(
                name="alarm-tells-somebody",
                description="Every alarm notifies when it fires and when it recovers, or serves one that does.",
                remedy="Set alarmActions and okActions, or use the alarm in a composite alarm or a stop condition.",
            ),
            actions,
        ),
    ]
