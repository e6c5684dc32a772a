"""FIS's experiment templates, and the event rules that tell of experiments."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, tag_list, upsert


def _request(properties: Properties) -> dict[str, Any]:
    logs = properties.get("logConfiguration") or {}
    options = properties.get("experimentOptions") or {}
    request: dict[str, Any] = {
        "description": properties["description"],
        "roleArn": properties["roleArn"],
        "actions": {held["name"]: _action(held) for held in properties["actions"]},
        "targets": {held["name"]: _target(held) for held in properties.get("targets") or []},
        "stopConditions": [_without_none(held) for held in properties["stopConditions"]],
        "experimentOptions": _without_none(options),
    }
    group = (logs.get("cloudwatchLogsConfiguration") or {}).get("logGroupArn")
    if group:
        request["logConfiguration"] = {
            "logSchemaVersion": logs["logSchemaVersion"],
            "cloudWatchLogsConfiguration": {"logGroupArn": group},
        }
    return request


def _action(held: Properties) -> dict[str, Any]:
    target = held.get("target")
    return _without_none(
        {
            "actionId": held["actionId"],
            "parameters": {pair["key"]: pair["value"] for pair in held.get("parameters") or []} or None,
            "targets": {target["key"]: target["value"]} if target else None,
            "startAfter": held.get("startAfters"),
        }
    )


def _target(held: Properties) -> dict[str, Any]:
    return _without_none(
        {
            "resourceType": held["resourceType"],
            "selectionMode": held["selectionMode"],
            "resourceArns": held.get("resourceArns"),
            "resourceTags": {pair["key"]: pair["value"] for pair in held.get("resourceTags") or []} or None,
            "filters": held.get("filters"),
            "parameters": held.get("parameters"),
        }
    )


def _without_none(held: Properties) -> dict[str, Any]:
    return {key: value for key, value in held.items() if value is not None}


def _create(endpoint: Endpoint, properties: Properties) -> Made:
    request, tags = _request(properties), properties.get("tags") or {}
    # Moto does not know tokens: a template of the same content and name is the one that a crash left.
    token = hashlib.sha256(json.dumps([request, tags], sort_keys=True).encode()).hexdigest()[:64]
    fis = endpoint.client("fis")
    for held in fis.list_experiment_templates()["experimentTemplates"]:
        if held.get("tags", {}) == tags and held.get("description") == request["description"]:
            return _update(endpoint, held["id"], properties)
    made = fis.create_experiment_template(clientToken=token, tags=tags, **request)["experimentTemplate"]
    return Made(made["id"], {"arn": made["arn"]})


def _update(endpoint: Endpoint, id_: str, properties: Properties) -> Made:
    request = _request(properties)
    # Whose accounts are targeted is decided when a template is made.
    request["experimentOptions"].pop("accountTargeting", None)
    changed = endpoint.client("fis").update_experiment_template(id=id_, **request)["experimentTemplate"]
    return Made(id_, {"arn": changed["arn"]})


def _delete(endpoint: Endpoint, id_: str, _: Properties) -> None:
    endpoint.client("fis").delete_experiment_template(id=id_)


def _put_rule(endpoint: Endpoint, properties: Properties) -> Made:
    given = {
        "Description": properties.get("description"),
        "EventPattern": properties.get("eventPattern"),
        "ScheduleExpression": properties.get("scheduleExpression"),
    }
    asked = _without_none(given)
    answer = endpoint.client("events").put_rule(Name=properties["name"], Tags=tag_list(properties), **asked)
    return Made(properties["name"], {"arn": answer["RuleArn"]})


def _delete_rule(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("events").delete_rule(Name=name)


def _put_target(endpoint: Endpoint, properties: Properties) -> Made:
    target = _without_none(
        {"Id": properties["targetId"], "Arn": properties["arn"], "RoleArn": properties.get("roleArn")}
    )
    endpoint.client("events").put_targets(Rule=properties["rule"], Targets=[target])
    return Made(f"{properties['rule']}-{properties['targetId']}")


def _delete_target(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("events").remove_targets(Rule=properties["rule"], Ids=[properties["targetId"]])


KINDS: dict[str, Kind] = {
    "aws:fis/experimentTemplate:ExperimentTemplate": Kind(
        create=_create, update=_update, delete=_delete, identity=("tags",)
    ),
    "aws:cloudwatch/eventRule:EventRule": upsert(_put_rule, _delete_rule, "name"),
    "aws:cloudwatch/eventTarget:EventTarget": upsert(_put_target, _delete_target, "rule", "targetId"),
}
