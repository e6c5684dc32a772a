from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from preview.data_sources.computed import Where, computed
from preview.data_sources.policy_document import policy_document
from pricing.resource import UNKNOWN

DEV = Where("eu-west-1", "123456789012")
NOWHERE = Where(None, None)
REGION, ZONES = "aws:index/getRegion:getRegion", "aws:index/getAvailabilityZones:getAvailabilityZones"
CALLER, ARN = "aws:index/getCallerIdentity:getCallerIdentity", "aws:index/getArn:getArn"


@pytest.mark.parametrize(
    ("token", "args", "where", "some"),
    [
        (REGION, {}, DEV, {"region": "eu-west-1", "endpoint": "ec2.eu-west-1.amazonaws.com", "description": UNKNOWN}),
        (REGION, {"region": "cn-north-1"}, DEV, {"name": "cn-north-1", "endpoint": "ec2.cn-north-1.amazonaws.com.cn"}),
        (
            "aws:index/getPartition:getPartition",
            {},
            Where("us-gov-west-1", None),
            {"partition": "aws-us-gov", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"},
        ),
        (CALLER, {}, DEV, {"accountId": "123456789012", "arn": UNKNOWN, "userId": UNKNOWN}),
        (ZONES, {"state": "available"}, DEV, {"names": ["eu-west-1a", "eu-west-1b", "eu-west-1c"], "zoneIds": UNKNOWN}),
        (ZONES, {"region": "ap-northeast-1"}, DEV, {"names": [f"ap-northeast-1{zone}" for zone in "acd"]}),
        (
            ARN,
            {"arn": "arn:aws:rds:eu-west-1:123456789012:db:mysql-db"},
            NOWHERE,
            {"service": "rds", "account": "123456789012", "resource": "db:mysql-db"},
        ),
    ],
)
def test_what_follows_from_region_account_and_arguments(
    token: str, args: Mapping[str, Any], where: Where, some: Mapping[str, Any]
) -> None:
    found = computed(token, args, where)
    assert found is not None
    assert {key: found[key] for key in some} == some


@pytest.mark.parametrize(
    ("token", "args", "where"),
    [
        (REGION, {}, NOWHERE),
        (CALLER, {}, Where("eu-west-1", None)),
        (ZONES, {}, NOWHERE),
        (ZONES, {}, Where("mars-north-1", None)),
        (ZONES, {"filters": [{"name": "zone-type", "values": ["local-zone"]}]}, DEV),
        (ZONES, {"state": "unavailable"}, DEV),
        ("aws:ec2/getAmi:getAmi", {}, DEV),
    ],
)
def test_what_does_not_follow_is_not_guessed(token: str, args: Mapping[str, Any], where: Where) -> None:
    assert computed(token, args, where) is None


def test_what_is_no_arn_is_refused() -> None:
    with pytest.raises(ValueError, match="'shop' is not an ARN"):
        computed(ARN, {"arn": "shop"}, DEV)


def document(**args: Any) -> Any:
    found = policy_document(args)
    assert json.loads(str(found["minifiedJson"])) == json.loads(str(found["json"]))
    return json.loads(str(found["json"]))


def test_a_policy_document_from_statements() -> None:
    statement = {
        "sid": "Read",
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::a/*"],
        "principals": [
            {"type": "AWS", "identifiers": ["1", "2"]},
            {"type": "Service", "identifiers": ["ec2.amazonaws.com"]},
        ],
        "conditions": [
            {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
            {"test": "StringEquals", "variable": "aws:SourceArn", "values": ["a", "b"]},
        ],
    }
    assert document(policyId="p", statements=[statement, {"effect": "Deny", "notActions": ["sts:*"]}]) == {
        "Version": "2012-10-17",
        "Id": "p",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": "arn:aws:s3:::a/*",
                "Principal": {"AWS": ["1", "2"], "Service": "ec2.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "1", "aws:SourceArn": ["a", "b"]}},
            },
            {"Effect": "Deny", "NotAction": "sts:*"},
        ],
    }


def test_everybody_is_a_star() -> None:
    made = document(statements=[{"principals": [{"type": "*", "identifiers": ["*"]}]}])
    assert made["Statement"][0]["Principal"] == "*"


def test_sources_come_first_and_overrides_take_the_place_of_their_sid() -> None:
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow"}, {"Sid": "B", "Effect": "Allow"}]})
    override = json.dumps({"Statement": {"Sid": "C", "Effect": "Deny"}})
    made = document(
        sourcePolicyDocuments=[source],
        statements=[{"sid": "B", "effect": "Deny"}, {"sid": "C"}],
        overridePolicyDocuments=[override],
    )
    assert [(entry["Sid"], entry["Effect"]) for entry in made["Statement"]] == [
        ("A", "Allow"),
        ("B", "Deny"),
        ("C", "Deny"),
    ]


def test_two_statements_of_one_sid_are_refused() -> None:
    with pytest.raises(ValueError, match="'A'"):
        policy_document({"statements": [{"sid": "A"}, {"sid": "A"}]})
