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
_EXTERNAL = "aws:kms/externalKey:ExternalKey"
_SYMMETRIC = ("SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512")


@priced(
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    _EXTERNAL,
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    usage=[
        UsageKey(name="requests", unit="requests", meaning="API requests a month with the key", default="0"),
        UsageKey(
            name="rotations",
            unit="rotations",
            meaning="rotations of the key so far, if not both that are billed where it rotates by itself",
        ),
    ],
)
def key(b: Billing) -> Iterator[LineItem]:
    """A key-month, one more for each of the first two rotations, and requests by kind of key."""
    rotations = _rotations(b).map(lambda value: min(value, _BILLED_ROTATIONS))
    formula = f"1 key + {shown(rotations)} rotation(s) kept"
    yield b.item("Customer-managed key", "kms.key", Quantity.exact(1) + rotations, formula)
    spec = b.text(_spec(b), "SYMMETRIC_DEFAULT", unknown="ECC_NIST_P256")
    price = "symmetric" if spec in _SYMMETRIC else "rsa_2048" if spec == "RSA_2048" else "asymmetric"
    yield b.usage_item("Key requests", f"kms.requests.{price}", "requests", divisor=10_000)


def _spec(b: Billing) -> str:
    return "keySpec" if b.resource.type == _EXTERNAL else "customerMasterKeySpec"


def _rotations(b: Billing) -> Quantity:
    """Versions kept of earlier rotations: as declared; a key that rotates by itself comes to both that are billed."""
    declared = b.use("rotations")
    if declared is not None:
        return declared
    rotating = b.flag("enableKeyRotation", unknown=True)
    return Quantity(Decimal(0), _BILLED_ROTATIONS, _BILLED_ROTATIONS) if rotating else Quantity.exact(0)


free(
    "aws:kms/alias:Alias",
    "aws:kms/ciphertext:Ciphertext",
    "aws:kms/grant:Grant",
    "aws:kms/keyPolicy:KeyPolicy",
    why="a name or a permission; requests are billed with the key",
    source=_PAGE,
)
