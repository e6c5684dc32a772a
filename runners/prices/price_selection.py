"""From a row of the price book to what identifies its product in AWS's price list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

NOT_SEEN: Final = "not seen"
# `USE1-`, `EU-`, `EUW2-` and the like lead most usage types outside us-east-1; KMS writes the region's code.
_REGION_PREFIX: Final = re.compile(r"(?:[A-Z]{2,4}\d?-|[a-z]{2}(?:-[a-z]+)+-\d-)")
_REGIONAL_LEAD: Final = re.compile(r"^(?:USE1-|us-east-1-)")
_KIND: Final = re.compile(r"\s*\((\w+)\)$")
_COUNT: Final = re.compile(r"^(\d+)([kKM])\s")
_THOUSANDS: Final = {"k": 1_000, "K": 1_000, "M": 1_000_000}

# Usage types that several products share are told apart by these attributes, for keys that start like this.
_ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "ec2.linux.": {
        "operatingSystem": "Linux",
        "preInstalledSw": "NA",
        "tenancy": "Shared",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
    },
    "rds.instance.mysql.": {"databaseEngine": "MySQL"},
    "rds.instance.postgres.": {"databaseEngine": "PostgreSQL"},
    "rds.instance.mariadb.": {"databaseEngine": "MariaDB"},
    "rds.storage.": {"databaseEngine": "MySQL"},
    "aurora.instance.": {"databaseEngine": "Aurora MySQL"},
    "elb.application.": {"operation": "LoadBalancing:Application"},
    "elb.network.": {"operation": "LoadBalancing:Network"},
    "elb.gateway.": {"operation": "LoadBalancing:Gateway"},
    "elb.classic.": {"operation": "LoadBalancing"},
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What to ask the price list for. `region` is None for what costs the same everywhere."""

    service: str
    usage_type: str
    region: str | None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def matches(self, usage_type: str) -> bool:
        """Whether a listed usage type is this one, whatever region's prefix leads it."""
        rest = usage_type.removesuffix(self.usage_type)
        return usage_type.endswith(self.usage_type) and (not rest or _REGION_PREFIX.fullmatch(rest) is not None)


def selection(key: str, service: str, usage_type: str, region: str | None) -> Selection | None:
    """The product of a row; None when the row's usage type was never seen, so that nothing can be asked for."""
    if usage_type == NOT_SEEN:
        return None
    plain = _REGIONAL_LEAD.sub("", _KIND.sub("", usage_type))
    attributes = next((values for start, values in _ATTRIBUTES.items() if key.startswith(start)), {})
    return Selection(service=service, usage_type=plain, region=region, attributes=attributes)


def without_region(usage_type: str) -> tuple[str, ...]:
    """A listed usage type as rows of the book may write it: as it is, and without the region that leads it."""
    lead = _REGION_PREFIX.match(usage_type)
    return (usage_type, usage_type[lead.end() :]) if lead else (usage_type,)


def units_in(unit: str) -> Decimal:
    """How many of the listed unit one unit of the price book holds: `1M requests` holds a million."""
    found = _COUNT.match(unit)
    return Decimal(int(found[1]) * _THOUSANDS[found[2]]) if found else Decimal(1)


def scale(unit: str, listed: str) -> Decimal:
    """What a listed price is multiplied by to be the price of the book's unit."""
    hours = Decimal(3600) if unit.endswith("-hour") and "second" in listed.lower() else Decimal(1)
    return units_in(unit) * hours
