"""DynamoDB tables."""

from __future__ import annotations

from typing import Any

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, tag_list, upsert


def _create(endpoint: Endpoint, properties: Properties) -> Made:
    dynamodb, name = endpoint.client("dynamodb"), properties["name"]
    try:
        dynamodb.create_table(**_definition(properties))
    except dynamodb.exceptions.ResourceInUseException:
        protected = bool(properties.get("deletionProtectionEnabled"))
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=protected)
    table = dynamodb.describe_table(TableName=name)["Table"]
    _recovery(dynamodb, name, properties.get("pointInTimeRecovery") or {})
    _expiry(dynamodb, name, properties.get("ttl") or {})
    return Made(name, {"arn": table["TableArn"], "streamArn": table.get("LatestStreamArn")})


def _definition(properties: Properties) -> dict[str, Any]:
    keys = [{"AttributeName": properties["hashKey"], "KeyType": "HASH"}]
    if properties.get("rangeKey"):
        keys.append({"AttributeName": properties["rangeKey"], "KeyType": "RANGE"})
    request: dict[str, Any] = {
        "TableName": properties["name"],
        "BillingMode": properties.get("billingMode") or "PROVISIONED",
        "KeySchema": keys,
        "AttributeDefinitions": [
            {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
            for attribute in properties["attributes"]
        ],
        "DeletionProtectionEnabled": bool(properties.get("deletionProtectionEnabled")),
        "Tags": tag_list(properties),
    }
    if request["BillingMode"] == "PROVISIONED":
        capacity = {"ReadCapacityUnits": properties["readCapacity"], "WriteCapacityUnits": properties["writeCapacity"]}
        request["ProvisionedThroughput"] = capacity
    return request


def _recovery(dynamodb: Any, name: str, setting: Properties) -> None:
    wanted: dict[str, Any] = {"PointInTimeRecoveryEnabled": bool(setting.get("enabled"))}
    if wanted["PointInTimeRecoveryEnabled"] and setting.get("recoveryPeriodInDays"):
        wanted["RecoveryPeriodInDays"] = setting["recoveryPeriodInDays"]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


def _expiry(dynamodb: Any, name: str, setting: Properties) -> None:
    if not setting:
        return
    now = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if (now == "ENABLED") != bool(setting.get("enabled")):
        wanted = {"Enabled": bool(setting.get("enabled")), "AttributeName": setting["attributeName"]}
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def _delete(endpoint: Endpoint, name: str, _: Properties) -> None:
    dynamodb = endpoint.client("dynamodb")
    # The provider lifts no protection here: it calls DeleteTable, and AWS refuses that.
    dynamodb.delete_table(TableName=name)


def _there(endpoint: Endpoint, name: str) -> bool:
    dynamodb = endpoint.client("dynamodb")
    try:
        dynamodb.describe_table(TableName=name)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    return True


KINDS: dict[str, Kind] = {
    "aws:dynamodb/table:Table": upsert(_create, _delete, "name", "hashKey", "rangeKey", "attributes", there=_there)
}
