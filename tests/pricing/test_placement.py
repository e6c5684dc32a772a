from __future__ import annotations

import pytest

from pricing.placement import placed
from pricing.resource import UNKNOWN, Plain, Resource

URN = "urn:pulumi:dev::ial::"
OWN, DEFAULT = f"{URN}pulumi:providers:aws::own", f"{URN}pulumi:providers:aws::default_7_51_1"


def volume(**properties: Plain) -> Resource:
    return Resource(urn=f"{URN}aws:ebs/volume:Volume::v", type="aws:ebs/volume:Volume", name="v", properties=properties)


@pytest.mark.parametrize(
    ("provider", "settings", "properties", "region"),
    [
        (OWN, {"region": "eu-west-1"}, {}, "eu-west-1"),
        (OWN, {"region": "eu-west-1"}, {"region": "us-east-1"}, "us-east-1"),
        (OWN, {"region": "eu-west-1"}, {"region": UNKNOWN}, UNKNOWN),
        (OWN, {"region": UNKNOWN}, {}, UNKNOWN),
        (OWN, {"profile": "prod"}, {}, UNKNOWN),
        (OWN, {"region": ""}, {}, UNKNOWN),
        (OWN, None, {}, UNKNOWN),
        (DEFAULT, {"region": "eu-west-1"}, {}, "eu-west-1"),
        (DEFAULT, {}, {}, None),
        (DEFAULT, None, {}, None),
        (f"{URN}pulumi:providers:aws::default", {}, {}, None),
        (f"{URN}pulumi:providers:aws::default-eu", {}, {}, UNKNOWN),
        (f"{URN}pulumi:providers:random::own", {}, {}, None),
    ],
)
def test_an_unknown_region_is_never_the_stack_s(
    provider: str, settings: dict[str, Plain] | None, properties: dict[str, Plain], region: Plain
) -> None:
    assert placed(volume(**properties), provider, settings).region == region


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        ({"assumeRoles": '[{"roleArn": "arn:aws:iam::111111111111:role/a"}]'}, "111111111111"),
        ({"assumeRoles": [{"roleArn": "arn:aws-cn:iam::111111111111:role/a"}]}, "111111111111"),
        ({"assumeRoles": UNKNOWN}, UNKNOWN),
        ({"assumeRoles": "[{}]"}, UNKNOWN),
        ({"assumeRoles": "not JSON"}, UNKNOWN),
        ({"allowedAccountIds": '["222222222222"]'}, "222222222222"),
        ({"allowedAccountIds": '["222222222222", "3"]'}, UNKNOWN),
        ({}, None),
    ],
)
def test_the_account_is_that_of_the_last_role_or_the_only_one_allowed(
    settings: dict[str, Plain], account: Plain
) -> None:
    assert placed(volume(), OWN, {"region": "us-east-1", **settings}).account == account


@pytest.mark.parametrize(
    ("given", "own", "tags"),
    [
        ('{"tags": {"a": "1", "b": "1"}}', {"b": "2"}, {"a": "1", "b": "2"}),
        ({"tags": {"a": "1"}}, None, {"a": "1"}),
        (UNKNOWN, None, UNKNOWN),
        (UNKNOWN, {"b": "2"}, {"b": "2"}),
        ({"tags": {"a": "1"}}, UNKNOWN, UNKNOWN),
        (None, {"b": "2"}, {"b": "2"}),
        ("{}", None, None),
    ],
)
def test_default_tags_lie_under_the_resource_s_own(given: Plain, own: Plain, tags: Plain) -> None:
    assert placed(volume(tags=own), OWN, {"region": "r", "defaultTags": given}).tags == tags
