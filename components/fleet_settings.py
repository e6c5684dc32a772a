"""Queries over the runs of many stacks: whether there are any, and what each may read."""

from dataclasses import dataclass
from typing import Final

from components.reading import Reader

_ENVIRONMENTS: Final = (r"[a-z][a-z0-9-]{0,19}", "a list of environments of this account: 1 to 20 of a-z, 0-9 and `-`")
# Athena's least: "BytesScannedCutoffPerQuery: Minimum value of 10000000" (API reference, WorkGroupConfiguration).
_LEAST_MEGABYTES: Final = 10
_MOST_MEGABYTES: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FleetSettings:
    """From `ial:fleetRecords`. `environments` are those whose runs are read; the stack's own always is."""

    enabled: bool
    environments: tuple[str, ...]
    scan_limit_megabytes: int
    result_days: int

    @classmethod
    def read(cls, reader: Reader, environment: str) -> "FleetSettings":
        """Reads the section; nothing is made unless it is switched on."""
        given = reader.texts("environments", *_ENVIRONMENTS)
        return cls(
            enabled=reader.flag("enabled", default=False),
            environments=tuple(sorted({environment, *given})),
            scan_limit_megabytes=reader.whole("scanLimitMegabytes", _LEAST_MEGABYTES, _MOST_MEGABYTES, 1000),
            result_days=reader.whole("resultDays", 1, 365, 7),
        )
