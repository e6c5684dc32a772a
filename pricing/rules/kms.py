"""KMS: keys of one's own by the month, rotations kept, requests."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown

_PAGE = "https://aws.amazon.com/kms/pricing/"
_BILLED_ROTATIONS = Decimal(2)  # later ones are free
_SYMMETRIC = ("SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512")


@priced(
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    usage=[
        UsageKey(name="requests", unit="requests", meaning="API requests a month with the key", default="0"),
        UsageKey(
            name="rotations",
            unit="rotations",
            meaning="rotations of the key so far; the first two are billed",
            default="0",
        ),
    ],
)
def key(b: Billing) -> Iterator[LineItem]:
    """A key-month, one more for each of the first two rotations, and requests by kind of key."""
    rotations = (b.use("rotations") or Quantity.exact(0)).map(lambda value: min(value, _BILLED_ROTATIONS))
    formula = f"1 key + {shown(rotations)} rotation(s) kept"
    yield b.item("Customer-managed key", "kms.key", Quantity.exact(1) + rotations, formula)
    spec = b.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT", unknown="ECC_NIST_P256")
    price = "symmetric" if spec in _SYMMETRIC else "rsa_2048" if spec == "RSA_2048" else "asymmetric"
    yield b.usage_item("Key requests", f"kms.requests.{price}", "requests", divisor=10_000)


free(
    "aws:kms/alias:Alias",
    "aws:kms/ciphertext:Ciphertext",
    "aws:kms/grant:Grant",
    "aws:kms/keyPolicy:KeyPolicy",
    why="a name or a permission; requests are billed with the key",
    source=_PAGE,
)
