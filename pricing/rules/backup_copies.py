"""The copies that plans keep in a vault: runs of each schedule x the days that a copy is kept x the size of a copy.

DynamoDB copies are full ones. The copies of other services hold what has changed since the one before, at most all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pricing.billing import Billing, Unpriceable
from pricing.quantity import DAYS_PER_MONTH, Quantity, total
from pricing.registry import UsageKey
from pricing.resource import Resource
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import expression_runs

PLAN: Final = "aws:backup/plan:Plan"
_VAULT: Final = "aws:backup/vault:Vault"
_FULL: Final = "dynamodb"
_COPIED: Final = {
    "dynamodb_gb": ("dynamodb", "DynamoDB tables"),
    "s3_gb": ("s3", "S3 buckets"),
    "ebs_gb": ("ebs", "EBS volumes"),
    "rds_gb": ("rds", "RDS databases"),
    "aurora_gb": ("aurora", "Aurora clusters"),
    "efs_gb": ("efs", "EFS file systems"),
}
_TOLERANCE: Final = Decimal("0.01")


def copies_usage() -> Iterator[UsageKey]:
    """What must be declared of the sources: their size and, where copies are incremental, what changes between two."""
    for kind, name in _COPIED.values():
        yield UsageKey(
            name=f"{kind}_source_gb", unit="GB", meaning=f"size of all {name} that plans copy into the vault"
        )
        if kind != _FULL:
            meaning = f"data of {name} that changes between two copies; all of it, if not declared"
            yield UsageKey(name=f"{kind}_changed_gb", unit="GB", meaning=meaning)


@dataclass(frozen=True)
class Kept:
    """Copies of a plan's rules that a vault holds on average, and the sum in words."""

    copies: Quantity
    text: str


def kept_in(b: Billing) -> Kept | None:
    """The copies that the plans of the stack keep in this vault; None when no schedule of theirs copies there.

    Raises:
        Unpriceable: a rule keeps its copies for ever.
    """
    return _sum(kept for plan in b.graph.of_type(PLAN) for kept in _kept(replace(b, resource=plan), b.resource))


def kept_elsewhere(b: Billing) -> Kept | None:
    """The copies that this plan keeps in vaults that are not in the stack; None when there are none.

    Raises:
        Unpriceable: a rule keeps its copies for ever.
    """
    return _sum(_kept(b, None))


def _sum(found: Iterable[Kept]) -> Kept | None:
    listed = list(found)
    if not listed:
        return None
    return Kept(total(kept.copies for kept in listed), " + ".join(kept.text for kept in listed))


def _kept(b: Billing, vault: Resource | None) -> Iterator[Kept]:
    """What each rule of a plan keeps in the vault, or in none of the stack."""
    for index, _ in enumerate(b.items_of("rules")):
        path = f"rules.{index}"
        if b.resource.get(f"{path}.schedule") is None or _vault_of(b, path) != vault:
            continue
        if b.resource.get(f"{path}.lifecycle.deleteAfter") is None:
            msg = (
                f"plan {b.resource.name!r} keeps all copies for ever, so what a vault holds has no end; "
                f"set `{path}.lifecycle.deleteAfter`"
            )
            raise Unpriceable(msg)
        runs = expression_runs(b, b.resource, f"{path}.schedule")
        days = b.number(f"{path}.lifecycle.deleteAfter")
        # A copy that is gone before the next one is made is billed in part; one at least is taken for whole.
        copies = (runs * days / DAYS_PER_MONTH).map(lambda value: max(value, Decimal(1)))
        text = f"{shown(copies)} copies ({shown(runs)} runs a month, kept {shown(days)} days)"
        yield Kept(copies, text)


def _vault_of(b: Billing, path: str) -> Resource | None:
    """The vault of the stack that a rule copies into."""
    name, vaults = b.resource.get(f"{path}.targetVaultName"), b.graph.of_type(_VAULT)
    if isinstance(name, str):
        return next((vault for vault in vaults if name in (vault.get("name"), vault.name)), None)
    depended = [vault for vault in vaults if vault.urn in b.resource.dependencies]
    return next(iter(depended or vaults), None)


def held(b: Billing, key: str, kept: Kept | None) -> tuple[Quantity | None, str, str]:
    """GB that the vault holds of one kind, the formula, and the usage that it rests on.

    What plans keep is derived; a declaration of all that the vault holds may only add to it, such as copies by hand.

    Raises:
        Unpriceable: less is declared than the plans keep.
    """
    declared = b.use(key)
    if kept is None or key not in _COPIED:
        return declared, f"{key} {shown(declared)}", key
    kind = _COPIED[key][0]
    size = b.use(f"{kind}_source_gb")
    if size is None:
        return None, f"{kept.text} x {kind}_source_gb (not declared)", f"{kind}_source_gb"
    derived, formula = _derived(b, kind, size, kept)
    if declared is None:
        return derived, formula, f"{kind}_source_gb"
    if declared.maximum + _TOLERANCE < derived.maximum:
        msg = (
            f"usage `{key}` is at most {shown(declared.maximum)} GB, but its plans keep {shown(derived.maximum)} GB: "
            f"{formula}; declare that much, or keep fewer copies"
        )
        raise Unpriceable(msg)
    more = Quantity(
        max(declared.minimum, derived.minimum),
        max(declared.expected, derived.expected),
        max(declared.maximum, derived.maximum),
    )
    return more, f"the more of {shown(declared)} declared and {formula}", key


def _derived(b: Billing, kind: str, size: Quantity, kept: Kept) -> tuple[Quantity, str]:
    changed = None if kind == _FULL else b.use(f"{kind}_changed_gb")
    if changed is None:
        return kept.copies * size, f"{kept.text} x {kind}_source_gb {shown(size)}"
    later = kept.copies.map(lambda value: value - 1)  # one at least is kept
    formula = f"{kind}_source_gb {shown(size)} + ({kept.text} - 1) x {kind}_changed_gb {shown(changed)}"
    return size + later * changed, formula
