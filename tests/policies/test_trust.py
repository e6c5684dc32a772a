"""Roles that nobody in particular is named for: refused in production, a word of warning elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.names import ROLE_TRUST
from policies import environments
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer

ROLE = "aws:iam/role:Role"
ACCOUNT = "arn:aws:iam::123456789012:root"
ONE = "arn:aws:iam::123456789012:role/ci"
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
SUBJECT = "token.actions.githubusercontent.com:sub"
WAIVER = f"id: W, policy: {ROLE_TRUST}, scope: it, reason: r, owner: o, expires: 2026-12-31"


def trust(principal: Any, condition: dict[str, Any] | None = None, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Statement": [statement if condition is None else {**statement, "Condition": condition}]})


def judged(pack: Servicer, folder: Path, document: str, more: str = "") -> tuple[list[str], list[str]]:
    """What is refused, and what is only said."""
    (folder / "dev.yaml").write_text(f"{ENVIRONMENT}\n{more}\n", encoding="utf-8")
    environments._terms.cache_clear()
    said = pack.resource(Declared(ROLE, inputs={"assumeRolePolicy": document}))
    refused = [found.message for found in said if found.policy == ROLE_TRUST and found.level == 1]
    return refused, [found.message for found in said if found.policy == "role-trusts-account" and found.level == 0]


ASKED = {"ArnLike": {"aws:PrincipalArn": ONE}}
NAMED = [
    trust({"AWS": ONE}),
    trust({"AWS": [ONE, "arn:aws:iam::123456789012:user/ana"]}),
    trust({"AWS": ACCOUNT}, ASKED),
    trust({"Service": "fis.amazonaws.com"}),
    trust({"Federated": GITHUB}, {"StringEquals": {SUBJECT: "repo:team/shop:environment:dev-deploy"}}),
    trust("*", Effect="Deny"),
    trust("*", ASKED),
]
WHOLE_ACCOUNTS = [
    trust({"AWS": ACCOUNT}),
    trust({"AWS": "123456789012"}),
    trust({"AWS": [ONE, "arn:aws-cn:iam::210987654321:root"]}),
    trust({"AWS": ACCOUNT}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    trust({"AWS": ACCOUNT}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}),
    trust({"AWS": ACCOUNT}, {"ArnNotLike": {"aws:PrincipalArn": ONE}}),
    UNKNOWN_TEXT,
]
WORLD = [
    trust("*"),
    trust({"AWS": "*"}),
    trust({"Federated": GITHUB}),
    trust({"Federated": GITHUB}, {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
    trust({"Federated": GITHUB}, {"StringLike": {SUBJECT: "*"}}),
]


@pytest.mark.parametrize("document", NAMED)
@pytest.mark.parametrize("more", ["production: true", "production: false", ""])
def test_named_principals_pass(pack: Servicer, surroundings: Path, document: str, more: str) -> None:
    assert judged(pack, surroundings, document, more) == ([], [])


@pytest.mark.parametrize("document", WHOLE_ACCOUNTS)
def test_a_whole_account_is_refused_in_production_only(pack: Servicer, surroundings: Path, document: str) -> None:
    refused, warned = judged(pack, surroundings, document, "production: true")
    assert (len(refused), len(warned)) == (1, 0)
    assert "ial:trusted" in refused[0]
    for more in ("production: false", ""):
        refused, warned = judged(pack, surroundings, document, more)
        assert (len(refused), len(warned)) == (0, 1)


@pytest.mark.parametrize("document", WORLD)
def test_the_world_is_refused_everywhere(pack: Servicer, surroundings: Path, document: str) -> None:
    refused, _ = judged(pack, surroundings, document)
    assert len(refused) == 1
    assert "by anybody" in refused[0] or "by everybody" in refused[0]


@pytest.mark.parametrize(
    ("waiver", "refused"),
    [(WAIVER, 0), (WAIVER.replace("scope: it", "scope: other"), 1), (WAIVER.replace("12-31", "11-24"), 1)],
)
def test_a_role_can_be_waived(pack: Servicer, surroundings: Path, waiver: str, refused: int) -> None:
    more = f"production: true\nwaivers: [{{{waiver}}}]"
    assert len(judged(pack, surroundings, trust({"AWS": ACCOUNT}), more)[0]) == refused


def test_the_shipped_production_says_so() -> None:
    folder = Path(environments.__file__).parent / "environments"
    found = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["production"] for path in folder.glob("*.yaml")
    }
    assert found == {"dev": False, "prod": True}
