"""X-Ray groups and sampling rules."""

from __future__ import annotations

from typing import Any

from local.endpoint import ACCOUNT, REGION, Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, upsert


def _put_group(endpoint: Endpoint, properties: Properties) -> Made:
    request = {"GroupName": properties["groupName"], "FilterExpression": properties["filterExpression"]}
    group = endpoint.client("xray").create_group(**request)["Group"]
    return Made(group["GroupARN"], {"arn": group["GroupARN"]})


def _delete_group(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("xray").delete_group(GroupName=properties["groupName"])


def _put_rule(endpoint: Endpoint, properties: Properties) -> Made:
    rule: dict[str, Any] = pascal(
        {
            key: value
            for key, value in properties.items()
            if key not in ("tags", "region", "httpMethod", "urlPath", "resourceArn")
        }
    )
    rule |= {
        "HTTPMethod": properties["httpMethod"],
        "URLPath": properties["urlPath"],
        "ResourceARN": properties["resourceArn"],
    }
    rule["FixedRate"] = float(rule["FixedRate"])
    endpoint.client("xray").create_sampling_rule(SamplingRule=rule)
    name = properties["ruleName"]
    return Made(name, {"arn": f"arn:aws:xray:{REGION}:{ACCOUNT}:sampling-rule/{name}"})


def _delete_rule(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("xray").delete_sampling_rule(RuleName=name)


KINDS: dict[str, Kind] = {
    "aws:xray/group:Group": upsert(_put_group, _delete_group, "groupName"),
    "aws:xray/samplingRule:SamplingRule": upsert(_put_rule, _delete_rule, "ruleName"),
}
