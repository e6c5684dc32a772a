from __future__ import annotations

import pytest

from pricing.placement import placed, placed_all, provider_urn
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


def test_each_is_placed_by_its_own_provider() -> None:
    token = "pulumi:providers:aws"
    provider = Resource(urn=OWN, type=token, name="own", properties={"region": "eu-west-1"})
    mine, bare, lost = volume(), volume(size="1"), volume(size="2")
    placed_ones = placed_all([(provider, ""), (mine, f"{OWN}::id"), (bare, ""), (lost, f"{DEFAULT}::id")])
    assert placed_ones[0] is provider
    assert [one.region for one in placed_ones[1:]] == ["eu-west-1", None, None]
    assert provider_urn(f"{OWN}::id::with") == f"{OWN}::id"


@pytest.mark.parametrize(
    ("roles", "account"),
    [
        ([{"role_arn": "arn:aws:iam::111111111111:role/a"}], "111111111111"),
        ([{"roleArn": "arn:aws:iam::1:role/a"}, {"roleArn": "arn:aws:iam::222222222222:role/b"}], "222222222222"),
        (["x"], UNKNOWN),
        ([{"roleArn": UNKNOWN}], UNKNOWN),
        ([{"roleArn": "arn:aws:iam::12:role/a"}], UNKNOWN),
        ([], "333333333333"),
        ("x", UNKNOWN),
        (None, "333333333333"),
    ],
)
def test_the_last_role_goes_before_the_allowed_account(roles: Plain, account: Plain) -> None:
    settings: dict[str, Plain] = {"assumeRoles": roles, "allowedAccountIds": ["333333333333"]}
    assert placed(volume(), OWN, settings).account == account


def test_what_is_not_of_aws_is_placed_nowhere() -> None:
    other = Resource(urn="u", type="random:index/x:X", name="x")
    assert placed(other, OWN, {"region": "eu-west-1"}) is other
    assert placed(volume(), OWN, {"allowedAccountIds": UNKNOWN}).account is UNKNOWN
    assert placed(volume(region=""), OWN, {"region": "eu-west-1"}).region == "eu-west-1"


@pytest.mark.parametrize(("given", "tags"), [({"tags": UNKNOWN}, UNKNOWN), ({"tags": "x"}, None), ("[]", [])])
def test_default_tags_that_are_odd(given: Plain, tags: Plain) -> None:
    assert placed(volume(), OWN, {"defaultTags": given}).default_tags == tags
