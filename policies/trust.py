"""Who may take a role on: named roles and users, and not whoever an account, or the world, lets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from pulumi_policy import EnforcementLevel, Policy, Severity

from contract.names import ROLE_TRUST
from policies.edge import About, judged_policy
from policies.iam_document import Statement, allows, asked, is_wide, statements, texts, trusts_anybody
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.resource import Resource

ROLE: Final = "aws:iam/role:Role"
# An account's root, or its number, stands for all of its principals.
_ACCOUNT: Final = re.compile(r"(arn:aws[a-z-]*:iam::)?\d{12}(:root)?", re.ASCII)
_NAMES: Final = frozenset({"stringequals", "arnequals", "arnlike", "stringlike"})
_PRINCIPAL: Final = "aws:PrincipalArn"
_OIDC: Final = re.compile(r".*:oidc-provider/(.+)")
# A wildcard in the first name behind its kind, as in `repo:*`: GitHub knows everybody's repositories.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
_ANYBODYS: Final = re.compile(r"[^:*?]*:?[^:/*?]*[*?].*")
_HOW: Final = "name roles or users; for the runner roles: ial:trusted in Pulumi.<stack>.yaml"


def named(role: Resource, terms_of: Callable[[], Terms]) -> Iterator[str]:
    """In production a role names whom it trusts; the whole world may take a role on nowhere. Both can be waived."""
    found = [*_open_to_all(role)]
    if found or (whole := [*_of_whole_accounts(role)]):
        terms = terms_of()
        found += whole if not found and terms.production else []
        if not terms.budget.is_waived(ROLE_TRUST, role.name, judged_on()):
            yield from (f"role {role.name} {fault}; {_HOW}" for fault in found)


def account_trusted(role: Resource, terms_of: Callable[[], Terms]) -> Iterator[str]:
    """Outside production: the same as a word."""
    found = [*_of_whole_accounts(role)]
    if found and not terms_of().production:
        yield from (f"role {role.name} {fault}; {_HOW}" for fault in found)


def _open_to_all(role: Resource) -> Iterator[str]:
    for statement in _allowing(role):
        if trusts_anybody(statement) and not _names_principals(statement):
            yield "can be taken on by anybody: its trust names `*`"
        for provider in _principals(statement, "Federated"):
            issuer = _OIDC.fullmatch(provider)
            subjects = asked(statement, f"{issuer[1]}:sub", _NAMES) if issuer else []
            if issuer and (not subjects or any(map(_ANYBODYS.fullmatch, subjects))):
                yield f"can be taken on by everybody whom {issuer[1]} knows: its trust names no one `{issuer[1]}:sub`"


def _of_whole_accounts(role: Resource) -> Iterator[str]:
    if statements(role.get("assumeRolePolicy")) is None:
        yield "has a trust that is unknown at preview, so that nobody knows who may take it on"
        return
    for statement in _allowing(role):
        for principal in _principals(statement, "AWS"):
            if _ACCOUNT.fullmatch(principal) and not _names_principals(statement):
                yield f"can be taken on by whoever its account lets: its trust names {principal}"


def _allowing(role: Resource) -> list[Statement]:
    return [held for held in statements(role.get("assumeRolePolicy")) or [] if allows(held)]


def _principals(statement: Statement, kind: str) -> list[str]:
    principal = statement.get("Principal")
    return texts(principal.get(kind)) if isinstance(principal, dict) else []


def _names_principals(statement: Statement) -> bool:
    """Whether a condition names them instead; IAM fills such a condition in for every request."""
    given = asked(statement, _PRINCIPAL, _NAMES)
    return bool(given) and not any(is_wide(arn) or _ACCOUNT.fullmatch(arn) for arn in given)


def policies() -> list[Policy]:
    """The policies of this group."""
    return [
        judged_policy(
            About(
                name=ROLE_TRUST,
                description="Roles trust named principals: the world nowhere, in production no whole account.",
                remedy="Name roles or users in the trust, or have the role waived in the environment file.",
                severity=Severity.CRITICAL,
            ),
            named,
            frozenset({ROLE}),
        ),
        judged_policy(
            About(
                name="role-trusts-account",
                description="A role that trusts a whole account can be taken on by whoever may assume roles there.",
                remedy="Name roles or users in the trust: production refuses it.",
                severity=Severity.MEDIUM,
                level=EnforcementLevel.ADVISORY,
            ),
            account_trusted,
            frozenset({ROLE}),
        ),
    ]
