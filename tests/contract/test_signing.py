"""The `aws:` settings of a stack: what they mean, and what is refused with its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.provider_keys import PROVIDER_KEYS, Treatment
from contract.signing import AssumedRole, Signing, SigningError

ROLE = "arn:aws:iam::210987654321:role/deploy"


def read(**settings: Any) -> Signing:
    texts = {key: held if isinstance(held, str) else json.dumps(held) for key, held in settings.items()}
    return Signing.read({"ial:owner": "me", **{f"aws:{key}": text for key, text in texts.items()}})


def test_nothing_is_asked_for_by_an_empty_configuration() -> None:
    assert read() == Signing()


def test_all_that_is_honoured() -> None:
    found = read(
        region="eu-west-1",
        profile="shop",
        accessKey="AKIA",
        secretKey="hush",
        token="also",
        assumeRoles=[{"roleArn": ROLE}, {"roleArn": f"{ROLE}2", "sessionName": "s", "externalId": "x"}],
        endpoints=[{"dynamodb": "http://localhost:1", "cloudwatchlogs": "http://localhost:2", "lambda": "http://x"}],
        stsRegion="us-east-1",
        sharedConfigFiles=["~/aws/config"],
        sharedCredentialsFiles=["/aws/credentials"],
        customCaBundle="/etc/ca.pem",
        s3UsePathStyle="true",
        useDualstackEndpoint=True,
        useFipsEndpoint="true",
        allowedAccountIds=["210987654321"],
        forbiddenAccountIds=["123456789012"],
    )
    second = AssumedRole(role_arn=f"{ROLE}2", session_name="s", external_id="x")
    assert found == Signing(
        region="eu-west-1",
        profile="shop",
        access_key="AKIA",
        secret_key="hush",
        token="also",
        roles=(AssumedRole(role_arn=ROLE, session_name="ial"), second),
        endpoints={"dynamodb": "http://localhost:1", "logs": "http://localhost:2"},
        sts_region="us-east-1",
        config_file=str(Path.home() / "aws" / "config"),
        credentials_file="/aws/credentials",
        ca_bundle="/etc/ca.pem",
        path_style=True,
        dual_stack=True,
        fips=True,
        allowed_accounts=("210987654321",),
        forbidden_accounts=("123456789012",),
    )
    assert "hush" not in repr(found)
    assert "also" not in repr(found)


def test_a_role_is_taken_on_with_all_that_was_written() -> None:
    [role] = read(
        assumeRoles=[
            {
                "roleArn": ROLE,
                "sessionName": "deploy",
                "externalId": "x",
                "duration": "1h30m",
                "policy": "{}",
                "policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                "sourceIdentity": "me",
                "tags": {"team": "shop"},
                "transitiveTagKeys": ["team"],
            }
        ]
    ).roles
    assert role.request() == {
        "RoleArn": ROLE,
        "RoleSessionName": "deploy",
        "ExternalId": "x",
        "DurationSeconds": 5400,
        "Policy": "{}",
        "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        "SourceIdentity": "me",
        "Tags": [{"Key": "team", "Value": "shop"}],
        "TransitiveTagKeys": ["team"],
    }
    assert AssumedRole(role_arn=ROLE).request() == {"RoleArn": ROLE, "RoleSessionName": "ial"}


REFUSED = [key for key, held in PROVIDER_KEYS.items() if held.treatment is Treatment.REFUSED]


@pytest.mark.parametrize("key", REFUSED)
def test_what_would_reach_the_provider_alone_is_refused_by_name(key: str) -> None:
    with pytest.raises(SigningError, match=f"^aws:{key} would reach the provider alone, .*; "):
        read(**{key: "true"})
    assert read(**{key: "false"}) == read(**{key: ""}) == Signing()


@pytest.mark.parametrize("key", [key for key, held in PROVIDER_KEYS.items() if held.treatment is Treatment.HARMLESS])
def test_what_is_harmless_changes_nothing(key: str) -> None:
    assert read(**{key: "true"}) == Signing()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"assumeRole": {"roleArn": ROLE}}, "aws:assumeRole is no setting .*; write aws:assumeRoles"),
        ({"profil": "shop"}, "aws:profil is no setting"),
        ({"accessKey": "AKIA"}, "aws:accessKey and aws:secretKey: only one"),
        ({"secretKey": "hush"}, "aws:accessKey and aws:secretKey: only one"),
        ({"assumeRoles": {"roleArn": ROLE}}, "aws:assumeRoles cannot be read: .*accepted: a list"),
        ({"assumeRoles": [{"role": ROLE}]}, "aws:assumeRoles cannot be read"),
        ({"assumeRoles": [{"roleArn": ROLE, "durationSeconds": 900}]}, "aws:assumeRoles cannot be read"),
        ({"assumeRoles": [{"roleArn": ROLE, "duration": "an hour"}]}, "the duration 'an hour'; accepted: such as 1h"),
        ({"allowedAccountIds": [210987654321]}, "aws:allowedAccountIds cannot be read: .* in quotes"),
        ({"allowedAccountIds": ["2109"]}, "aws:allowedAccountIds has '2109'"),
        ({"forbiddenAccountIds": "210987654321"}, "aws:forbiddenAccountIds cannot be read"),
        ({"sharedConfigFiles": ["/a", "/b"]}, "aws:sharedConfigFiles names 2 files"),
        ({"sharedCredentialsFiles": ["credentials"]}, "aws:sharedCredentialsFiles is 'credentials', which depends"),
        ({"customCaBundle": "ca.pem"}, "aws:customCaBundle is 'ca.pem'"),
        ({"s3UsePathStyle": "yes"}, "aws:s3UsePathStyle cannot be read: .*true or false"),
        ({"endpoints": [{"logs": "http://a", "cloudwatchlogs": "http://b"}]}, "two addresses for logs: http://a, http"),
    ],
)
def test_what_cannot_be_used_is_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(SigningError, match=said) as raised:
        read(**settings)
    assert "hush" not in str(raised.value)


def test_accounts_that_the_settings_rule_out() -> None:
    assert read().refusal("1") is None
    allowed = read(allowedAccountIds=["210987654321"])
    assert allowed.refusal("210987654321") is None
    assert allowed.refusal("123456789012") == "aws:allowedAccountIds has 210987654321 and not 123456789012"
    forbidden = read(forbiddenAccountIds=["123456789012"])
    assert forbidden.refusal("210987654321") is None
    assert forbidden.refusal("123456789012") == "aws:forbiddenAccountIds has 123456789012"
