"""EventBridge Scheduler schedules. The local cloud holds them, and starts only what AWS starts at once.

"If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking the target immediately."
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import ClientError

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, upsert

_GROUP = "default"
# Targets that name a call of AWS's API: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
_CALL: Final = ":aws-sdk:"


def _request(properties: Properties) -> dict[str, Any]:
    given = ("name", "description", "scheduleExpression", "scheduleExpressionTimezone", "state", "startDate")
    request: dict[str, Any] = pascal({key: properties[key] for key in given if properties.get(key) is not None})
    window, target = properties["flexibleTimeWindow"], properties["target"]
    request["FlexibleTimeWindow"] = pascal(window)
    request["Target"] = pascal({key: value for key, value in target.items() if value is not None})
    return request | {"GroupName": properties.get("groupName") or _GROUP}


def _put(endpoint: Endpoint, properties: Properties) -> Made:
    client, request = endpoint.client("scheduler"), _request(properties)
    try:
        arn = client.create_schedule(**request)["ScheduleArn"]
        if request["ScheduleExpression"].startswith("rate(") and "StartDate" not in request:
            _start(endpoint, request["Target"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        held = client.get_schedule(Name=request["Name"], GroupName=request["GroupName"])
        # Runners move the start, which the program's updates leave alone.
        kept = {"StartDate": held["StartDate"]} if held.get("StartDate") else {}
        arn = client.update_schedule(**request | kept)["ScheduleArn"]
    return Made(f"{request['GroupName']}/{request['Name']}", {"arn": arn})


def _start(endpoint: Endpoint, target: dict[str, Any]) -> None:
    if _CALL in target["Arn"]:
        service, call = target["Arn"].split(_CALL)[1].split(":")
        getattr(endpoint.client(service), xform_name(call))(**json.loads(target["Input"]))


def _delete(endpoint: Endpoint, id_: str, _: Properties) -> None:
    group, name = id_.split("/")
    client = endpoint.client("scheduler")
    try:
        client.delete_schedule(Name=name, GroupName=group)
    except client.exceptions.ResourceNotFoundException:
        return


KINDS: dict[str, Kind] = {"aws:scheduler/schedule:Schedule": upsert(_put, _delete, "name", "groupName")}
