from __future__ import annotations

from typing import Any

import pytest

from pricing.registry import Classification, all_rules

QUIET = [entry for entry in all_rules() if entry.rule is None]


@pytest.mark.parametrize(
    "token",
    [
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "random:index/randomId:RandomId",
        "random:index/randomPassword:RandomPassword",
        "tls:index/privateKey:PrivateKey",
    ],
)
def test_free_types_are_known(token: str, make: Any, charge: Any) -> None:
    bill = charge(make(token))

    assert bill.codes == []
    assert bill.priced.classification == "free"


@pytest.mark.parametrize("entry", QUIET, ids=[entry.type for entry in QUIET])
def test_what_bills_nothing_says_why_and_where(entry: Any) -> None:
    assert entry.classification in (Classification.FREE, Classification.BILLED_BY_PARENT)
    assert entry.why
    assert entry.source.startswith("https://")


@pytest.mark.parametrize(
    "token",
    [
        "pulumi-python:dynamic/other:Thing",
        "aws:cloudformation/stack:Stack",
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
        "aws:redshift/cluster:Cluster",
    ],
)
def test_other_types_are_unclassified(token: str, make: Any, charge: Any) -> None:
    assert charge(make(token)).codes == ["unclassified-type"]
