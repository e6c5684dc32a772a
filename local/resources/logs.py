"""Log groups, metric filters and saved queries."""

from __future__ import annotations

import contextlib

from local.endpoint import ACCOUNT, REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, upsert


def _create_group(endpoint: Endpoint, properties: Properties) -> Made:
    logs, name = endpoint.client("logs"), properties["name"]
    try:
        logs.create_log_group(logGroupName=name, tags=properties.get("tags") or {})
    except logs.exceptions.ResourceAlreadyExistsException:
        logs.tag_log_group(logGroupName=name, tags=properties.get("tags") or {})
    days = properties.get("retentionInDays") or 0
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)
    return Made(name, {"arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"})


def _delete_group(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("logs").delete_log_group(logGroupName=name)


def _group_there(endpoint: Endpoint, name: str) -> bool:
    found = endpoint.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return any(group["logGroupName"] == name for group in found)


def _put_filter(endpoint: Endpoint, properties: Properties) -> Made:
    target = properties["metricTransformation"]
    transformation = {
        "metricName": target["name"], "metricNamespace": target["namespace"], "metricValue": str(target["value"]),
    }  # fmt: skip
    if target.get("unit"):
        transformation["unit"] = target["unit"]
    if target.get("defaultValue") is not None:
        transformation["defaultValue"] = float(target["defaultValue"])
    if target.get("dimensions"):
        transformation["dimensions"] = target["dimensions"]
    logs = endpoint.client("logs")
    # moto adds a second filter of the same name where AWS replaces the first.
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_metric_filter(logGroupName=properties["logGroupName"], filterName=properties["name"])
    logs.put_metric_filter(
        logGroupName=properties["logGroupName"],
        filterName=properties["name"],
        filterPattern=properties["pattern"],
        metricTransformations=[transformation],
    )
    return Made(properties["name"])


def _delete_filter(endpoint: Endpoint, name: str, properties: Properties) -> None:
    endpoint.client("logs").delete_metric_filter(logGroupName=properties["logGroupName"], filterName=name)


def _put_query(endpoint: Endpoint, properties: Properties) -> Made:
    logs, name = endpoint.client("logs"), properties["name"]
    request = {"name": name, "queryString": properties["queryString"]}
    if properties.get("logGroupNames"):
        request["logGroupNames"] = properties["logGroupNames"]
    # Without the id, every request would save one more query of the same name.
    for query in logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]:
        if query["name"] == name:
            request["queryDefinitionId"] = query["queryDefinitionId"]
    id_ = logs.put_query_definition(**request)["queryDefinitionId"]
    return Made(id_, {"queryDefinitionId": id_})


def _delete_query(endpoint: Endpoint, id_: str, _: Properties) -> None:
    endpoint.client("logs").delete_query_definition(queryDefinitionId=id_)


KINDS: dict[str, Kind] = {
    "aws:cloudwatch/logGroup:LogGroup": upsert(_create_group, _delete_group, "name", there=_group_there),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": upsert(_put_filter, _delete_filter, "name", "logGroupName"),
    "aws:cloudwatch/queryDefinition:QueryDefinition": upsert(_put_query, _delete_query, "name"),
}
