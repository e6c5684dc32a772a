"""What exists already under the names that an update would write to: AWS's calls for these create or overwrite.

Others refuse a name that is taken (CreateRole, CreateTable, CreateLogGroup, CreateSchedule, CreateBudget, ...), or make
another thing each time (PutQueryDefinition without an id, CreateExperimentTemplate), so nothing of others is at stake.
Sources, each in AWS's API reference: PutMetricAlarm, PutCompositeAlarm, PutDashboard, PutAlarmMuteRule, PutRule and
PutMetricFilter ("creates or updates"), CreateTopic and CreateCluster (an existing one of that name is returned).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.aws.session import Clients, call
from runners.errors import AwsError

# The most that DescribeAlarms and DescribeClusters take at once.
_AT_ONCE: Final = 100
_ALARMS: Final = "alarm"
_ABSENT: Final = ("ResourceNotFound", "ResourceNotFoundException", "NotFound", "NotFoundException")
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": (_ALARMS, "name"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (_ALARMS, "alarmName"),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboard", "dashboardName"),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": ("alarm mute rule", "name"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("metric filter", "name"),
    "aws:cloudwatch/eventRule:EventRule": ("event rule", "name"),
    "aws:ecs/cluster:Cluster": ("cluster", "name"),
    "aws:sns/topic:Topic": ("topic", "name"),
}
OVERWRITTEN: Final = frozenset(_KINDS)


@dataclass(frozen=True, order=True)
class Name:
    """What AWS tells things apart by: the kind, its name, and where it is (a filter's log group, else empty)."""

    kind: str
    name: str
    within: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" of {self.within}" if self.within else "")

    @classmethod
    def of(cls, type_token: str, properties: Mapping[str, Any]) -> Name | None:
        """The name of a resource that would overwrite; None for other types, and where the name is not known yet."""
        kind, key = _KINDS.get(type_token, ("", ""))
        name, within = properties.get(key), properties.get("logGroupName") if kind == "metric filter" else ""
        return cls(kind, name, within) if kind and isinstance(name, str) and isinstance(within, str) else None


def existing(clients: Clients, names: Iterable[Name], topic_arn: Callable[[str], str]) -> list[Name]:
    """Those of the names that something has, whoever owns it.

    Raises:
        AwsError: AWS could not be asked.
    """
    wanted = sorted(set(names))
    found: set[Name] = set()
    for kind, look in _looks(clients, topic_arn).items():
        asked = [name for name in wanted if name.kind == kind]
        if asked:
            found |= look(asked)
    return [name for name in wanted if name in found]


_Look = Callable[[Sequence[Name]], set[Name]]


def _looks(clients: Clients, topic_arn: Callable[[str], str]) -> Mapping[str, _Look]:
    def one_by_one(ask: Callable[[Name], object]) -> _Look:
        return lambda names: {name for name in names if _there(ask, name)}

    events, sns, cloudwatch = clients.client("events"), clients.client("sns"), clients.client("cloudwatch")
    return {
        _ALARMS: lambda names: _alarms(cloudwatch, names),
        "dashboard": lambda names: _dashboards(cloudwatch, names),
        "metric filter": lambda names: _filters(clients.client("logs"), names),
        "cluster": lambda names: _clusters(clients.client("ecs"), names),
        "alarm mute rule": one_by_one(
            lambda name: call(
                "cloudwatch:GetAlarmMuteRule", name.name, cloudwatch.get_alarm_mute_rule, AlarmMuteRuleName=name.name
            )
        ),
        "event rule": one_by_one(
            lambda name: call("events:DescribeRule", name.name, events.describe_rule, Name=name.name)
        ),
        "topic": one_by_one(
            lambda name: call(
                "sns:GetTopicAttributes", name.name, sns.get_topic_attributes, TopicArn=topic_arn(name.name)
            )
        ),
    }


def _there(ask: Callable[[Name], object], name: Name) -> bool:
    try:
        ask(name)
    except AwsError as error:
        if error.code in _ABSENT:
            return False
        raise
    return True


def _alarms(client: Any, names: Sequence[Name]) -> set[Name]:
    found = set()
    for start in range(0, len(names), _AT_ONCE):
        asked = [name.name for name in names[start : start + _AT_ONCE]]
        answer = call(
            "cloudwatch:DescribeAlarms",
            asked[0],
            client.describe_alarms,
            AlarmNames=asked,
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            MaxRecords=_AT_ONCE,
        )
        found |= {held["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for held in answer.get(kind) or ()}
    return {name for name in names if name.name in found}


def _dashboards(client: Any, names: Sequence[Name]) -> set[Name]:
    pages = call("cloudwatch:ListDashboards", "*", lambda: list(client.get_paginator("list_dashboards").paginate()))
    found = {entry["DashboardName"] for page in pages for entry in page["DashboardEntries"]}
    return {name for name in names if name.name in found}


def _filters(client: Any, names: Sequence[Name]) -> set[Name]:
    found = set()
    for group in sorted({name.within for name in names}):
        try:
            found |= {Name("metric filter", held, group) for held in _filters_of(client, group)}
        except AwsError as error:
            # A log group that the same update creates.
            if error.code not in _ABSENT:
                raise
    return found & set(names)


def _filters_of(client: Any, group: str) -> list[str]:
    pages = client.get_paginator("describe_metric_filters").paginate(logGroupName=group)
    read = call("logs:DescribeMetricFilters", group, lambda: list(pages))
    return [held["filterName"] for page in read for held in page["metricFilters"]]


def _clusters(client: Any, names: Sequence[Name]) -> set[Name]:
    asked = [name.name for name in names]
    answer = call("ecs:DescribeClusters", asked[0], client.describe_clusters, clusters=asked[:_AT_ONCE])
    found = {held["clusterName"] for held in answer["clusters"] if held["status"] != "INACTIVE"}
    return {name for name in names if name.name in found}
