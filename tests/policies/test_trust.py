"""Roles that nobody in particular is named for: refused in production, a word of warning elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.names import ROLE_TRUST
from policies import environments
from policies.trust import account_trusted, named
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer, made

ROLE = "aws:iam/role:Role"
ACCOUNT = "arn:aws:iam::123456789012:root"
ONE = "arn:aws:iam::123456789012:role/ci"
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
SUBJECT = "token.actions.githubusercontent.com:sub"
NAMING = ("StringEquals", "StringLike", "ArnLike", "ArnEquals")
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


GIT = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{GIT}"
HOW = "name roles or users; for the runner roles: ial:trusted in Pulumi.<stack>.yaml"
ANYBODY = f"role it can be taken on by anybody: its trust names `*`; {HOW}"
EVERYBODY = f"role it can be taken on by everybody whom {GIT} knows: its trust names no one `{GIT}:sub`; {HOW}"
UNREAD = f"role it has a trust that is unknown at preview, so that nobody knows who may take it on; {HOW}"


def whole(principal: str) -> str:
    return f"role it can be taken on by whoever its account lets: its trust names {principal}; {HOW}"


def by(operator: str, *subjects: str) -> dict[str, Any]:
    return {operator: {SUBJECT: list(subjects)}}


def arn_like(*arns: str, operator: str = "ArnLike") -> dict[str, Any]:
    return {operator: {"aws:PrincipalArn": list(arns)}}


# The document, and what is said of it in production, and elsewhere as a refusal and as a word.
SAID: list[tuple[Any, list[str], list[str], list[str]]] = [
    (trust({"AWS": ONE}), [], [], []),
    (trust({"AWS": ACCOUNT}), [whole(ACCOUNT)], [], [whole(ACCOUNT)]),
    (
        trust({"AWS": [ACCOUNT, ONE, "1" * 12]}),
        [whole(ACCOUNT), whole("1" * 12)],
        [],
        [whole(ACCOUNT), whole("1" * 12)],
    ),
    (trust({"AWS": "1" * 11}), [], [], []),
    (trust({"Service": ACCOUNT}), [], [], []),
    (trust({"AWS": ACCOUNT}, Effect="Deny"), [], [], []),
    (trust("*"), [ANYBODY], [ANYBODY], []),
    (trust("*", arn_like(ONE)), [], [], []),
    # What the world may do says more than what an account may.
    (trust({"AWS": ["*", ACCOUNT]}), [ANYBODY], [ANYBODY], [whole(ACCOUNT)]),
    (json.dumps({"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": ONE}}]}), [ANYBODY], [ANYBODY], []),
    *((text, [UNREAD], [], [UNREAD]) for text in (UNKNOWN_TEXT, "{", None, {"Statement": UNKNOWN_TEXT})),
    *((trust({"AWS": ACCOUNT}, arn_like(ONE, operator=operator)), [], [], []) for operator in NAMING),
    *(
        (trust({"AWS": ACCOUNT}, condition), [whole(ACCOUNT)], [], [whole(ACCOUNT)])
        for condition in (
            arn_like(ONE, operator="ArnNotLike"),
            arn_like(ONE, operator="ArnLikeIfExists"),
            arn_like(),
            arn_like(ONE, "arn:aws:iam::123456789012:role/*"),
            arn_like("arn:aws:iam::123456789012:role/?"),
            arn_like(ONE, ACCOUNT),
            {"ArnLike": {"aws:SourceArn": ONE}},
        )
    ),
    *(
        (trust({"Federated": PROVIDER}, by(operator, subject)), [], [], [])
        for operator in NAMING
        for subject in ("repo:team/shop:*", "repo:team/*", "repo:team/shop:environment:dev", "a-user", "a:b:*")
    ),
    *(
        (trust({"Federated": PROVIDER}, by("StringLike", "repo:team/shop:*", subject)), [EVERYBODY], [EVERYBODY], [])
        for subject in ("*", "?*", "repo:*", "repo:?eam/*", "repo:t*", "re*", "repo:*/shop", ":*")
    ),
    *(
        (trust({"Federated": PROVIDER}, condition), [EVERYBODY], [EVERYBODY], [])
        for condition in (None, by("StringNotLike", "repo:team/*"), {"StringEquals": {f"{GIT}:aud": "x"}})
    ),
    # Of another provider's people nothing is known here.
    (trust({"Federated": "cognito-identity.amazonaws.com"}), [], [], []),
    (trust({"Federated": "arn:aws:iam::123456789012:saml-provider/x"}), [], [], []),
    (trust({"Federated": PROVIDER}, Effect="Deny"), [], [], []),
]


@pytest.mark.parametrize(("document", "in_production", "refused", "warned"), SAID)
def test_what_is_said(
    surroundings: Path, document: Any, in_production: list[str], refused: list[str], warned: list[str]
) -> None:
    role = made(ROLE, {"assumeRolePolicy": document})

    def said(more: str) -> tuple[list[str], list[str]]:
        (surroundings / "dev.yaml").write_text(f"{ENVIRONMENT}\n{more}\n", encoding="utf-8")
        environments._terms.cache_clear()
        found = (check(role, lambda: environments.terms_of(role.urn)) for check in (named, account_trusted))
        first, second = map(list, found)
        return first, second

    assert said("production: true") == (in_production, [])
    assert said("production: false") == (refused, warned)
    # What is fine needs no terms, and so no environment.
    if not in_production:
        assert [*named(role, pytest.fail), *account_trusted(role, pytest.fail)] == []


def test_the_shipped_production_says_so() -> None:
    folder = Path(environments.__file__).parent / "environments"
    found = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["production"] for path in folder.glob("*.yaml")
    }
    assert found == {"dev": False, "prod": True}
