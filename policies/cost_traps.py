"""Resources and settings that cost more than they seem: each may be waived by name, none passes unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from contract import borrowed_types
from contract.names import COST_TRAPS
from policies.resource_cost import alone
from pricing.budget import usd
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.resource import UNKNOWN, Resource
from pricing.rules.cloudwatch_dashboards import count_metrics

DASHBOARD_METRICS: Final = 50
_HIGH_RESOLUTION_SECONDS: Final = 60
# Stands for the retention of a log group that others own; programs set it through the configuration.
_BORROWED_LOGS: Final = borrowed_types.LOG_RETENTION
_UNKNOWN_HINT: Final = "it is unknown at preview, so set it to a known value"

Trap = Callable[[Resource], str | None]


def trap(resource: Resource, terms_of: Callable[[], Terms]) -> list[str]:
    """The sentence for a resource that is a trap and has no waiver."""
    found = _TRAPS[resource.type](resource)
    if found is None:
        return []
    terms = terms_of()
    granted = terms.budget.waived(COST_TRAPS, resource.name, judged_on())
    if granted:
        cost = alone(resource, terms)
        amount = terms.budget.amount(cost.cost) if cost else None
        if amount is not None and amount <= granted:
            return []
        found += f" (its waiver covers {usd(granted)} a month, which is not enough or cannot be compared)"
    return [f"{resource.name} ({resource.type}) {found}"]


def _always(sentence: str) -> Trap:
    return lambda _: sentence


def _endpoint(resource: Resource) -> str | None:
    kind = resource.get("vpcEndpointType", "Gateway")
    if kind == "Gateway":
        return None
    what = _UNKNOWN_HINT if kind is UNKNOWN else "it is billed by the hour in every zone; use a Gateway endpoint"
    return f"is not known to be a gateway endpoint: {what}"


def _flagged(path: str, sentence: str, *, default: bool = False) -> Trap:
    def check(resource: Resource) -> str | None:
        value = resource.get(path, default)
        if value is False or value == "false":
            return None
        return f"{sentence}; set `{path}` to false" + (f" ({_UNKNOWN_HINT})" if value is UNKNOWN else "")

    return check


def _report(resource: Resource) -> str | None:
    if resource.get("experimentReportConfiguration") is None:
        return None
    return "asks FIS for a report at 5.00 USD a run; remove `experimentReportConfiguration`, `ial report` makes one"


def _retention(resource: Resource) -> str | None:
    if resource.get("logGroupClass") == "DELIVERY":
        # AWS keeps this class for two days, whatever it is told.
        return None
    days = resource.get("retentionInDays")
    if isinstance(days, Decimal) and days > 0:
        return None
    if days is UNKNOWN:
        return f"has a retention that decides what it costs and {_UNKNOWN_HINT}: `retentionInDays`"
    setting = "`retentionDays` of the group in ial:workload" if resource.type == _BORROWED_LOGS else "`retentionInDays`"
    return f"keeps its logs for ever; set {setting} (14 is enough for most)"


def _resolution(resource: Resource) -> str | None:
    periods = [resource.get("period")]
    queries = resource.get("metricQueries")
    for query in queries if isinstance(queries, list) else [queries]:
        if isinstance(query, dict):
            metric = query.get("metric")
            periods += [query.get("period"), metric.get("period") if isinstance(metric, dict) else metric]
        else:
            periods.append(query)
    for period in periods:
        if period is UNKNOWN:
            return f"may be a high-resolution alarm at three times the price: {_UNKNOWN_HINT}: `period`"
        if isinstance(period, Decimal) and period < _HIGH_RESOLUTION_SECONDS:
            return f"has a period of {period} seconds, at three times the price; use 60 or more"
    return None


def _cluster(resource: Resource) -> str | None:
    settings = resource.get("settings")
    sentence = "has Container Insights always on; disable it and set `ial:containerInsights` to gameday"
    for setting in settings if isinstance(settings, list) else [settings]:
        if setting is UNKNOWN:
            return f"{sentence} ({_UNKNOWN_HINT}: `settings`)"
        if isinstance(setting, dict) and setting.get("name") in ("containerInsights", UNKNOWN):
            value = setting.get("value")
            if value != "disabled":
                return sentence
    return None


def _account_setting(resource: Resource) -> str | None:
    name, value = resource.get("name"), resource.get("value")
    if name not in ("containerInsights", UNKNOWN) or value == "disabled":
        return None
    return "turns Container Insights on for every new cluster of the account; set it to disabled"


def _insights_mode(resource: Resource) -> str | None:
    mode = resource.get("mode")
    if mode in ("off", "gameday"):
        return None
    return "has Container Insights always on; set `ial:containerInsights` to gameday or off"


def _dashboard(resource: Resource) -> str | None:
    body = resource.get("dashboardBody")
    count = count_metrics(body) if isinstance(body, str) else None
    if count is None:
        # Without a body to read, pricing asks for a declared count and refuses without one.
        return None
    if count <= DASHBOARD_METRICS:
        return None
    return f"shows {count} metrics and leaves AWS's free tier above {DASHBOARD_METRICS}; split it or remove some"


def _workgroup(resource: Resource) -> str | None:
    fix = "set `configuration.bytesScannedCutoffPerQuery` (1 GB is 0.005 USD), and enforce it"
    cutoff = resource.get("configuration.bytesScannedCutoffPerQuery")
    enforced = resource.get("configuration.enforceWorkgroupConfiguration", True)
    if UNKNOWN in (cutoff, enforced):
        return f"may let a query read without limit, which it is billed by, and {_UNKNOWN_HINT}: {fix}"
    if not isinstance(cutoff, Decimal) or enforced in (False, "false"):
        return f"lets a query read without limit, which it is billed by; {fix}"
    return None


_KEY: Final = "is a key of its own at 1.00 USD a month and more; use the AWS managed key of the service"
_HUB: Final = "makes Resilience Hub assess an application at 15.00 USD a month; use `ial score`"
_DETAILED: Final = "has detailed monitoring, which is billed by the metric"
_TRAPS: Final[dict[str, Trap]] = {
    "aws:ec2/natGateway:NatGateway": _always(
        "is a NAT gateway at 32.85 USD a month and more; use public subnets, a Gateway endpoint or a NAT instance"
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:kms/key:Key": _always(_KEY),
    "aws:kms/externalKey:ExternalKey": _always(_KEY),
    "aws:kms/replicaKey:ReplicaKey": _always(_KEY),
    "aws:kms/replicaExternalKey:ReplicaExternalKey": _always(_KEY),
    "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy": _always(_HUB),
    "aws:ec2/instance:Instance": _flagged("monitoring", _DETAILED),
    "aws:ec2/launchTemplate:LaunchTemplate": _flagged("monitoring.enabled", _DETAILED),
    "aws:ec2/launchConfiguration:LaunchConfiguration": _flagged("enableMonitoring", _DETAILED, default=True),
    "aws:fis/experimentTemplate:ExperimentTemplate": _report,
    "aws:cloudwatch/logGroup:LogGroup": _retention,
    _BORROWED_LOGS: _retention,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _resolution,
    "aws:ecs/cluster:Cluster": _cluster,
    "aws:ecs/accountSettingDefault:AccountSettingDefault": _account_setting,
    borrowed_types.CLUSTER_INSIGHTS: _insights_mode,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:athena/workgroup:Workgroup": _workgroup,
}
TRAPPED: Final = frozenset(_TRAPS)
