"""Alarms, mute rules and dashboards."""

from __future__ import annotations

from typing import Any

from local.endpoint import ACCOUNT, REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, tag_list, upsert

_SAME_NAME = (
    "actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator", "datapointsToAlarm",
    "evaluationPeriods", "extendedStatistic", "insufficientDataActions", "metricName", "namespace",
    "period", "statistic", "threshold", "thresholdMetricId", "treatMissingData", "unit",
)  # fmt: skip


def _dimensions(values: Properties) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def _query(query: Properties) -> dict[str, Any]:
    found: dict[str, Any] = pascal({key: value for key, value in query.items() if key != "metric"})
    metric = query.get("metric")
    if metric:
        named = {
            "Namespace": metric["namespace"],
            "MetricName": metric["metricName"],
            "Dimensions": _dimensions(metric.get("dimensions", {})),
        }
        found["MetricStat"] = {"Metric": named, "Period": metric["period"], "Stat": metric["stat"]}
    return found


def _put_alarm(endpoint: Endpoint, properties: Properties) -> Made:
    name = properties["name"]
    request = pascal({key: properties[key] for key in _SAME_NAME if properties.get(key) is not None})
    if properties.get("okActions"):
        request["OKActions"] = properties["okActions"]
    if properties.get("dimensions"):
        request["Dimensions"] = _dimensions(properties["dimensions"])
    if properties.get("metricQueries"):
        request["Metrics"] = [_query(query) for query in properties["metricQueries"]]
    if properties.get("evaluateLowSampleCountPercentiles"):
        request["EvaluateLowSampleCountPercentile"] = properties["evaluateLowSampleCountPercentiles"]
    endpoint.client("cloudwatch").put_metric_alarm(AlarmName=name, Tags=tag_list(properties), **request)
    return Made(name, {"arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"})


def _put_composite(endpoint: Endpoint, properties: Properties) -> Made:
    name = properties["alarmName"]
    kept = ("actionsEnabled", "alarmActions", "alarmDescription", "alarmRule", "insufficientDataActions")
    request = pascal({key: properties[key] for key in kept if properties.get(key) is not None})
    if properties.get("okActions"):
        request["OKActions"] = properties["okActions"]
    suppressor = properties.get("actionsSuppressor")
    if suppressor:
        request |= {
            "ActionsSuppressor": suppressor["alarm"],
            "ActionsSuppressorWaitPeriod": suppressor["waitPeriod"],
            "ActionsSuppressorExtensionPeriod": suppressor["extensionPeriod"],
        }
    endpoint.client("cloudwatch").put_composite_alarm(AlarmName=name, Tags=tag_list(properties), **request)
    return Made(name, {"arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"})


def _delete_alarm(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("cloudwatch").delete_alarms(AlarmNames=[name])


def _put_mute_rule(endpoint: Endpoint, properties: Properties) -> Made:
    name = properties["name"]
    kept = ("name", "description", "rule", "muteTargets", "startDate", "expireDate")
    request = pascal({key: properties[key] for key in kept if properties.get(key) is not None})
    client = endpoint.client("cloudwatch")
    client.put_alarm_mute_rule(Tags=tag_list(properties), **request)
    made = client.get_alarm_mute_rule(AlarmMuteRuleName=name)
    return Made(name, {"arn": made["AlarmMuteRuleArn"], "muteType": made["MuteType"], "status": made["Status"]})


def _delete_mute_rule(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("cloudwatch").delete_alarm_mute_rule(AlarmMuteRuleName=name)


def _put_dashboard(endpoint: Endpoint, properties: Properties) -> Made:
    name = properties["dashboardName"]
    endpoint.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=properties["dashboardBody"])
    return Made(name, {"dashboardArn": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{name}"})


def _delete_dashboard(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("cloudwatch").delete_dashboards(DashboardNames=[name])


KINDS: dict[str, Kind] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": upsert(_put_alarm, _delete_alarm, "name"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": upsert(_put_composite, _delete_alarm, "alarmName"),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": upsert(_put_mute_rule, _delete_mute_rule, "name"),
    "aws:cloudwatch/dashboard:Dashboard": upsert(_put_dashboard, _delete_dashboard, "dashboardName"),
}
