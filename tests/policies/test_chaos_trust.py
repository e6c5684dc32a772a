"""Who may take a role of FIS on, word for word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.chaos_trust import is_of_fis, trusts_own_experiments
from pricing.environment import Terms
from tests.policies.conftest import UNKNOWN_TEXT, made

ROLE = "aws:iam/role:Role"
FIS = {"Service": "fis.amazonaws.com"}
OWN, OTHER = "123456789012", "999999999999"
ANYBODY = "role it can be taken on by anybody: its trust names `*`; name fis.amazonaws.com alone"


def source(account: str, region: str = "us-east-1", partition: str = "aws") -> str:
    return f"arn:{partition}:fis:{region}:{account}:experiment/*"


OWN_SOURCE = source(OWN)


def held(account: Any = OWN, arn: Any = OWN_SOURCE, equals: str = "StringEquals", like: str = "ArnLike") -> Any:
    given: dict[str, dict[str, Any]] = {}
    given.setdefault(equals, {})["aws:SourceAccount"] = account
    given.setdefault(like, {})["aws:SourceArn"] = arn
    return given


def trust(principal: Any = FIS, condition: Any = None, **more: Any) -> dict[str, Any]:
    asked = {"Condition": held() if condition is None else condition}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **asked, **more}


def said(*statements: Any, account: str | None = OWN) -> list[str]:
    role = made(ROLE, {"assumeRolePolicy": json.dumps({"Statement": list(statements)})})
    terms = Terms.__new__(Terms)
    object.__setattr__(terms, "account", account)
    return list(trusts_own_experiments(role, lambda: terms))


def missing(*keys: str) -> list[str]:
    return [
        f"role it can be taken on for experiments of other accounts: its trust does not hold {' and '.join(keys)} to "
        "this account; add StringEquals aws:SourceAccount = ACCOUNT and ArnLike aws:SourceArn = "
        "arn:aws:fis:REGION:ACCOUNT:experiment/*"
    ]


def others(*names: str) -> list[str]:
    return [
        f"role it can be taken on by others than FIS: its trust names {', '.join(names)}; name fis.amazonaws.com alone,"
        " and give others a role of their own"
    ]


ACCOUNT, ARN = "aws:SourceAccount", "aws:SourceArn"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        *((held(equals=operator), []) for operator in ("StringEquals", "StringEqualsIgnoreCase", "StringLike")),
        *((held(like=operator), []) for operator in ("ArnLike", "ArnEquals", "StringLike", "StringEquals")),
        (held(equals="ArnLike"), missing(ACCOUNT)),
        (held(like="StringEqualsIgnoreCase"), missing(ARN)),
        (held(equals="StringEqualsIfExists"), missing(ACCOUNT)),
        (held(account=OTHER), missing(ACCOUNT)),
        (held(account=[OWN, OTHER]), missing(ACCOUNT)),
        (held(account=[OWN, "*"]), missing(ACCOUNT)),
        (held(account=OWN + "1"), missing(ACCOUNT)),
        (held(account=[]), missing(ACCOUNT)),
        (held(arn=source(OWN, "*")), []),
        (held(arn=source(OWN, partition="aws-cn")), []),
        (held(arn=[source(OWN), source(OWN, "eu-west-1")]), []),
        (held(arn=[source(OWN), source(OTHER)]), missing(ARN)),
        (held(arn=[source(OWN), "*"]), missing(ARN)),
        (held(arn=source(OTHER)), missing(ARN)),
        (held(arn=source("*")), missing(ARN)),
        (held(arn=source(OWN).replace(":fis:", ":ssm:")), missing(ARN)),
        (held(OTHER, source(OTHER)), missing(ACCOUNT, ARN)),
        ({}, missing(ACCOUNT, ARN)),
    ],
)
def test_experiments_of_this_account(condition: Any, found: list[str]) -> None:
    assert said(trust(condition=condition)) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (held(), []),
        (held(OTHER, source(OTHER)), []),
        (held(OTHER), missing(ARN)),
        (held([OWN, "*"]), missing(ACCOUNT)),
        (held([OWN, "*"], source(OTHER)), missing(ACCOUNT, ARN)),
        # Of two accounts the higher is taken for this one, and that they are two refuses.
        (held([OWN, OTHER], source(OTHER)), missing(ACCOUNT)),
        (held([OWN, OTHER], source(OWN)), missing(ACCOUNT, ARN)),
        (held("*"), missing(ACCOUNT)),
        (held(arn="*"), missing(ARN)),
        ({}, missing(ACCOUNT, ARN)),
        ({"ArnLike": {ARN: source(OWN)}}, missing(ACCOUNT)),
        ({"StringEquals": {ACCOUNT: OWN}}, missing(ARN)),
    ],
)
def test_without_a_known_account_both_name_the_same(condition: Any, found: list[str]) -> None:
    assert said(trust(condition=condition), account=None) == found


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        (FIS, []),
        ({"Service": ["FIS.amazonaws.com"]}, []),
        ("*", [ANYBODY]),
        ({"AWS": ["a", "*"]}, [ANYBODY]),
        ({"AWS": ["a", "b"]}, others("a", "b")),
        ({"AWS": "fis.amazonaws.com"}, others("fis.amazonaws.com")),
        ({"Service": ["fis.amazonaws.com", "Ec2.amazonaws.com"]}, others("Ec2.amazonaws.com")),
        ({"Federated": "x"}, others("x")),
        ("root", others("root")),
        ({}, others("nobody that can be read")),
        ({"Service": []}, others("nobody that can be read")),
        (None, others("nobody that can be read")),
    ],
)
def test_nobody_beside_fis(principal: Any, found: list[str]) -> None:
    assert said(trust(), trust(principal)) == found
    assert said(trust(principal), trust()) == found
    assert said(trust(), trust(principal, Effect="Deny")) == []
    if found:
        assert said(trust(principal, condition={}), trust()) == found + (
            missing(ACCOUNT, ARN) if "fis" in str(principal) and "Service" in principal else []
        )


def test_a_trust_that_excludes_somebody_lets_the_rest_in() -> None:
    other = {key: value for key, value in trust().items() if key != "Principal"} | {"NotPrincipal": {"AWS": "x"}}
    assert said(trust(), other) == [ANYBODY]


@pytest.mark.parametrize(
    ("policy", "of_fis"),
    [
        ({"Statement": trust()}, True),
        ({"Statement": [trust({"Service": "ec2.amazonaws.com"}), trust()]}, True),
        ({"Statement": trust({"Service": "ec2.amazonaws.com"})}, False),
        ({"Statement": trust({"AWS": "fis.amazonaws.com"})}, False),
        ({"Statement": []}, False),
        (UNKNOWN_TEXT, False),
        (None, False),
    ],
)
def test_a_role_of_fis(policy: Any, of_fis: bool) -> None:
    role = made(ROLE, {"assumeRolePolicy": json.dumps(policy) if isinstance(policy, dict) else policy})
    assert is_of_fis(role) is of_fis


def test_a_role_of_others_is_nobody_s_business_here() -> None:
    assert said(trust({"Service": "ec2.amazonaws.com"}, {}), trust("*")) == []
