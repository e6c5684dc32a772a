"""Units of declared usage: that of its key, or one that converts to it. Everything else means nothing, and is refused.

AWS's GB is 2^30 bytes, and its TB 1024 of these: https://aws.amazon.com/s3/faqs/ (section Billing) reckons 10 TB as
10,995,116,277,760 bytes, and the price list's tier of 50 TB ends at 51,200 GB.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_K: Final = Decimal(1024)
_SIZES: Final = {"B": _K**-3, "KB": _K**-2, "MB": 1 / _K, "GB": Decimal(1), "TB": _K, "PB": _K**2}
_TIMES: Final[Mapping[str, Decimal | int]] = {
    "ms": Decimal("0.001"),
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86400,
}
_FAMILIES: Final[tuple[Mapping[str, Decimal | int], ...]] = (
    {**_SIZES, **{f"{unit[0]}iB": size for unit, size in _SIZES.items() if len(unit) == 2}},
    {**_TIMES, **{unit.removesuffix("s"): size for unit, size in _TIMES.items() if len(unit) > 2}},
)
_COUNTS: Final = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def factor(given: str, wanted: str) -> Decimal | None:
    """By how much an amount in the unit `given` is multiplied to be one in `wanted`; None where it cannot be."""
    if given == wanted or given == wanted.removesuffix("s"):
        return Decimal(1)
    for family in _FAMILIES:
        if wanted in family:
            return Decimal(family[given]) / Decimal(family[wanted]) if given in family else None
    many, _, unit = given.partition(" ")
    return Decimal(_COUNTS[many]) if many in _COUNTS and unit == wanted and wanted.endswith("s") else None


def accepted(wanted: str) -> str:
    """The units that convert to `wanted`, for people."""
    for family in _FAMILIES:
        if wanted in family:
            return ", ".join(family)
    return ", ".join([wanted, *(f"{many} {wanted}" for many in _COUNTS if wanted.endswith("s") and "/" not in wanted)])
