"""At what rate a table is read, how many read units that takes, and how long. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from runners.backup.drill_plan_document import ReadingDocument
from runners.backup.tables.pace import UNIT_BYTES, steady
from runners.backup.tables.tables import TableShape

ON_DEMAND: Final = "PAY_PER_REQUEST"
# TableSizeBytes is up to six hours old.
GROWTH: Final = Decimal("1.1")
# Before the moment and right after it; a third time only to name what differs.
SOURCE_SCANS: Final = 2


@dataclass(frozen=True, kw_only=True)
class ReadLimits:
    """How drills may read a table that others use.

    `share` of the read units of a provisioned table; `on_demand_units` a second of an on-demand table. One partition
    gives 3,000 read units a second (DynamoDB guide, partition key design): the default is a fifth of that.
    """

    share: float = 0.2
    on_demand_units: int = 600
    within: timedelta = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One table's scans: the units of all of them, and the units a second; None is as fast as it goes."""

    scans: int
    units: int
    rate: float | None

    @property
    def seconds(self) -> int | None:
        """How long it takes at least, None if nothing holds it back."""
        return None if self.rate is None else math.ceil(self.units / steady(self.rate))

    def told(self) -> ReadingDocument:
        """For machines."""
        return ReadingDocument(
            scans=self.scans, read_units=self.units, units_per_second=self.rate, seconds=self.seconds
        )

    def __str__(self) -> str:
        """For people."""
        times = {1: "once", 2: "twice"}.get(self.scans, f"{self.scans} times")
        if self.rate is None or self.seconds is None:
            return f"{times}, {self.units} read units, unpaced"
        return f"{times}, {self.units} read units at most {self.rate:g} a second, about {duration(self.seconds)}"


def source_rate(shape: TableShape, limits: ReadLimits) -> float:
    """The read units a second that a drill takes of a table that others use, of the units in force now."""
    if shape.billing != ON_DEMAND:
        return limits.share * max(1, shape.capacity[0])
    most = shape.most_read_units
    return float(limits.on_demand_units) if most is None else min(limits.on_demand_units, limits.share * most)


def copy_rate(shape: TableShape) -> float | None:
    """Those of a restored table, which nobody else uses: all that a provisioned one has, more would be refused."""
    if shape.billing != ON_DEMAND:
        return float(max(1, shape.capacity[0]))
    return None if shape.most_read_units is None else float(shape.most_read_units)


def scan_units(shape: TableShape) -> int:
    """The read units of one scan of everything, by the size that AWS last counted."""
    return math.ceil(Decimal(shape.size_bytes) * GROWTH / UNIT_BYTES) + 1


def source_reading(shape: TableShape, limits: ReadLimits) -> Reading:
    """What a drill reads of the table itself."""
    return Reading(scans=SOURCE_SCANS, units=SOURCE_SCANS * scan_units(shape), rate=source_rate(shape, limits))


def copy_reading(shape: TableShape) -> Reading:
    """What is read of the restored table."""
    return Reading(scans=1, units=scan_units(shape), rate=copy_rate(shape))


def item_bytes(shape: TableShape) -> float | None:
    """What an item takes on the average, None if AWS has not counted yet."""
    return shape.size_bytes / shape.items if shape.size_bytes and shape.items else None


def duration(seconds: int) -> str:
    """`45 s`, `12 min`, `3 h 20 min`."""
    if seconds < 120:
        return f"{seconds} s"
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
