"""EventBridge Scheduler schedules; the local cloud holds them and starts nothing."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, upsert

_GROUP = "default"


def _request(properties: Properties) -> dict[str, Any]:
    given = ("name", "description", "scheduleExpression", "scheduleExpressionTimezone", "state")
    request: dict[str, Any] = pascal({key: properties[key] for key in given if properties.get(key) is not None})
    window, target = properties["flexibleTimeWindow"], properties["target"]
    request["FlexibleTimeWindow"] = pascal(window)
    request["Target"] = pascal({key: value for key, value in target.items() if value is not None})
    return request | {"GroupName": properties.get("groupName") or _GROUP}


def _put(endpoint: Endpoint, properties: Properties) -> Made:
    client, request = endpoint.client("scheduler"), _request(properties)
    try:
        arn = client.create_schedule(**request)["ScheduleArn"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        held = client.get_schedule(Name=request["Name"], GroupName=request["GroupName"])
        # Runners move the start; an update that doesn't name it would take it away.
        kept = {"StartDate": held["StartDate"]} if held.get("StartDate") else {}
        arn = client.update_schedule(**request, **kept)["ScheduleArn"]
    return Made(f"{request['GroupName']}/{request['Name']}", {"arn": arn})


def _delete(endpoint: Endpoint, id_: str, _: Properties) -> None:
    group, name = id_.split("/")
    client = endpoint.client("scheduler")
    try:
        client.delete_schedule(Name=name, GroupName=group)
    except client.exceptions.ResourceNotFoundException:
        return


KINDS: dict[str, Kind] = {"aws:scheduler/schedule:Schedule": upsert(_put, _delete, "name", "groupName")}
