"""Secrets Manager: secrets and their replicas by the month, requests."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced

_PAGE = "https://aws.amazon.com/secrets-manager/pricing/"


@priced(
    "aws:secretsmanager/secret:Secret",
    usage=[UsageKey(name="requests", unit="requests", meaning="API requests a month", default="0")],
)
def secret(b: Billing) -> Iterator[LineItem]:
    """A secret-month, one more for each replica, and requests."""
    replicas = len(b.items_of("replicas"))
    yield b.item("Secret", "secretsmanager.secret", 1 + replicas, f"1 secret + {replicas} replica(s)")
    yield b.usage_item("Secret requests", "secretsmanager.requests", "requests", divisor=10_000)


free(
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:secretsmanager/secretRotation:SecretRotation",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:secretsmanager/tag:Tag",
    why="versions and settings are included in the secret; a rotation function is billed by itself",
    source=_PAGE,
)
