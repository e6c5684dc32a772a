"""Which names are in use in an account, for each kind of thing that a creating call would overwrite or adopt.

`PutMetricFilter`, `PutDashboard`, `PutMetricAlarm`, `PutCompositeAlarm` and `PutRule` create or replace; `CreateTopic`
and `CreateCluster` answer with what exists; `PutQueryDefinition` without id adds a second one (AWS API references).
Documents, sampling rules and groups are refused by AWS as well; here they are told before anything is created.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

# Client of a service, the names asked about, a prefix that all of them have.
List = Callable[[Callable[[str], Any], Sequence[str], str], Iterable[str]]
Client = Callable[[str], Any]
SEPARATOR: Final = " of "


@dataclass(frozen=True)
class Kind:
    """A kind of name: the properties that hold it in the program, its word, and how to list what is there."""

    word: str
    properties: tuple[str, ...]
    listed: List


def _paged(client: Any, operation: str, key: str, name: str, **asked: Any) -> Iterable[str]:
    for page in client.get_paginator(operation).paginate(**asked):
        for found in page.get(key, []):
            yield str(found[name])


def _filters(client: Client, names: Sequence[str], prefix: str) -> Iterable[str]:
    logs = client("logs")
    for group in sorted({name.partition(SEPARATOR)[2] for name in names}):
        asked = {"logGroupName": group, "filterNamePrefix": prefix}
        try:
            for name in _paged(logs, "describe_metric_filters", "metricFilters", "filterName", **asked):
                yield f"{name}{SEPARATOR}{group}"
        except logs.exceptions.ResourceNotFoundException:
            # A log group that is yet to be created has no filters.
            continue


def _dashboards(client: Client, _: Sequence[str], prefix: str) -> Iterable[str]:
    watch = client("cloudwatch")
    return _paged(watch, "list_dashboards", "DashboardEntries", "DashboardName", DashboardNamePrefix=prefix)


def _alarms(client: Client, _: Sequence[str], prefix: str) -> Iterable[str]:
    asked = {"AlarmNamePrefix": prefix, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    for page in client("cloudwatch").get_paginator("describe_alarms").paginate(**asked):
        for found in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]:
            yield str(found["AlarmName"])


def _mute_rules(client: Client, _: Sequence[str], prefix: str) -> Iterable[str]:
    pages = client("cloudwatch").get_paginator("list_alarm_mute_rules").paginate()
    for page in pages:
        for found in page.get("AlarmMuteRuleSummaries", []):
            name = str(found["AlarmMuteRuleArn"]).rsplit(":", 1)[-1]
            if name.startswith(prefix):
                yield name


def _queries(client: Client, _: Sequence[str], prefix: str) -> Iterable[str]:
    asked: dict[str, Any] = {"queryDefinitionNamePrefix": prefix}
    while True:
        answer = client("logs").describe_query_definitions(**asked)
        yield from (str(found["name"]) for found in answer.get("queryDefinitions", []))
        if not answer.get("nextToken"):
            return
        asked["nextToken"] = answer["nextToken"]


def _rules(client: Client, _: Sequence[str], prefix: str) -> Iterable[str]:
    return _paged(client("events"), "list_rules", "Rules", "Name", NamePrefix=prefix)


def _topics(client: Client, _: Sequence[str], __: str) -> Iterable[str]:
    for arn in _paged(client("sns"), "list_topics", "Topics", "TopicArn"):
        yield arn.rsplit(":", 1)[-1]


def _documents(client: Client, _: Sequence[str], __: str) -> Iterable[str]:
    filters = [{"Key": "Owner", "Values": ["Self"]}]
    return _paged(client("ssm"), "list_documents", "DocumentIdentifiers", "Name", Filters=filters)


def _sampling_rules(client: Client, _: Sequence[str], __: str) -> Iterable[str]:
    for page in client("xray").get_paginator("get_sampling_rules").paginate():
        for found in page.get("SamplingRuleRecords", []):
            yield str(found["SamplingRule"]["RuleName"])


def _trace_groups(client: Client, _: Sequence[str], __: str) -> Iterable[str]:
    return _paged(client("xray"), "get_groups", "Groups", "GroupName")


def _resource_groups(client: Client, _: Sequence[str], __: str) -> Iterable[str]:
    for page in client("resource-groups").get_paginator("list_groups").paginate():
        yield from (str(found["GroupName"]) for found in page.get("GroupIdentifiers", []))


def _clusters(client: Client, names: Sequence[str], _: str) -> Iterable[str]:
    answer = client("ecs").describe_clusters(clusters=list(names))
    return [str(found["clusterName"]) for found in answer["clusters"] if found.get("status") != "INACTIVE"]


KINDS: Final[dict[str, Kind]] = {
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Kind("metric filter", ("name", "log_group_name"), _filters),
    "aws:cloudwatch/dashboard:Dashboard": Kind("dashboard", ("dashboard_name",), _dashboards),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Kind("alarm", ("name",), _alarms),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Kind("alarm", ("alarm_name",), _alarms),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Kind("mute rule", ("name",), _mute_rules),
    "aws:cloudwatch/queryDefinition:QueryDefinition": Kind("saved query", ("name",), _queries),
    "aws:cloudwatch/eventRule:EventRule": Kind("event rule", ("name",), _rules),
    "aws:sns/topic:Topic": Kind("topic", ("name",), _topics),
    "aws:ssm/document:Document": Kind("document", ("name",), _documents),
    "aws:xray/samplingRule:SamplingRule": Kind("sampling rule", ("rule_name",), _sampling_rules),
    "aws:xray/group:Group": Kind("trace group", ("group_name",), _trace_groups),
    "aws:resourcegroups/group:Group": Kind("resource group", ("name",), _resource_groups),
    "aws:ecs/cluster:Cluster": Kind("cluster", ("name",), _clusters),
}
LISTED: Final[dict[str, List]] = {kind.word: kind.listed for kind in KINDS.values()}
