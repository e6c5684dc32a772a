"""State machines of Step Functions. The local cloud holds them, and runs none."""

from __future__ import annotations

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, upsert

_MACHINE = "aws:sfn/stateMachine:StateMachine"


def _put(endpoint: Endpoint, properties: Properties) -> Made:
    client, name = endpoint.client("stepfunctions"), properties["name"]
    logging = properties.get("loggingConfiguration") or {}
    given = {
        "definition": properties["definition"],
        "roleArn": properties["roleArn"],
        "loggingConfiguration": {
            "level": logging.get("level") or "OFF",
            "includeExecutionData": bool(logging.get("includeExecutionData")),
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": logging["logDestination"]}}]
            if logging.get("logDestination")
            else [],
        },
    }
    tags = [{"key": key, "value": value} for key, value in sorted((properties.get("tags") or {}).items())]
    pages = client.get_paginator("list_state_machines").paginate()
    held = next((found for page in pages for found in page["stateMachines"] if found["name"] == name), None)
    if held is None:
        arn = client.create_state_machine(name=name, type=properties.get("type") or "STANDARD", tags=tags, **given)
        return Made(arn["stateMachineArn"], {"arn": arn["stateMachineArn"]})
    arn = held["stateMachineArn"]
    client.update_state_machine(stateMachineArn=arn, **given)
    client.tag_resource(resourceArn=arn, tags=tags)
    return Made(arn, {"arn": arn})


def _delete(endpoint: Endpoint, id_: str, _: Properties) -> None:
    endpoint.client("stepfunctions").delete_state_machine(stateMachineArn=id_)


KINDS: dict[str, Kind] = {_MACHINE: upsert(_put, _delete, "name", "type")}
