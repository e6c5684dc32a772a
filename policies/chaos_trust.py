"""Who may take on a role of FIS: FIS itself, for experiments of this account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from policies.iam_document import Statement, allows, asked, services, statements, texts, trusts_anybody
from pricing.environment import Terms
from pricing.resource import Resource

FIS: Final = "fis.amazonaws.com"
# What holds only when the key is there and equal: no negation, no `IfExists`, no `ForAllValues`.
_EQUALS: Final = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})
_MATCHES: Final = frozenset({"arnlike", "arnequals", "stringlike", "stringequals"})
_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
_EXPERIMENT: Final = re.compile(r"arn:aws[a-z-]*:fis:[a-z0-9*-]+:(\d{12}):experiment/.+", re.ASCII)


def is_of_fis(role: Resource) -> bool:
    """Whether FIS may take the role on, as far as its trust is known."""
    return any(FIS in services(statement) for statement in statements(role.get("assumeRolePolicy")) or [])


def trusts_own_experiments(role: Resource, terms: Callable[[], Terms]) -> Iterator[str]:
    """FIS may take the role on for experiments of this account only, and nobody else may."""
    if not is_of_fis(role):
        return
    for statement in filter(allows, statements(role.get("assumeRolePolicy")) or []):
        if trusts_anybody(statement):
            yield f"role {role.name} can be taken on by anybody: its trust names `*`; name {FIS} alone"
        elif others := _others(statement):
            yield (
                f"role {role.name} can be taken on by others than FIS: its trust names {', '.join(others)}; name {FIS} "
                f"alone, and give others a role of their own"
            )
        if FIS in services(statement):
            missing = _missing(statement, terms().account)
            if missing:
                yield (
                    f"role {role.name} can be taken on for experiments of other accounts: its trust does not hold "
                    f"{' and '.join(missing)} to this account; add StringEquals aws:SourceAccount = ACCOUNT and "
                    f"ArnLike aws:SourceArn = arn:aws:fis:REGION:ACCOUNT:experiment/*"
                )


def _others(statement: Statement) -> list[str]:
    """Whom a statement trusts beside FIS; a principal of which nothing can be read is somebody else."""
    principal = statement.get("Principal")
    of_kind = principal if isinstance(principal, dict) else {"": principal}
    named = [(kind, name) for kind, value in of_kind.items() for name in texts(value)]
    others = [name for kind, name in named if kind != "Service" or name.lower() != FIS]
    return others if named else ["nobody that can be read"]


def _missing(statement: Statement, account: str | None) -> list[str]:
    accounts = set(asked(statement, "aws:SourceAccount", _EQUALS))
    sources = [_EXPERIMENT.fullmatch(arn) for arn in asked(statement, "aws:SourceArn", _MATCHES)]
    named = {
        "aws:SourceAccount": {found if _ACCOUNT.fullmatch(found) else "" for found in accounts},
        "aws:SourceArn": {found[1] if found else "" for found in sources},
    }
    # Without a known account, one that both name alike is this one.
    own = account or max(named["aws:SourceAccount"], default="")
    return [key for key, found in named.items() if not found or found != {own or max(found)} or "" in found]
