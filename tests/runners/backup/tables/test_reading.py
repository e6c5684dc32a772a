from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.parts import plain
from runners.backup.tables.parallel_scan import segments_for
from runners.backup.tables.reading import (
    Reading,
    ReadLimits,
    copy_rate,
    copy_reading,
    duration,
    item_bytes,
    scan_units,
    source_rate,
    source_reading,
)
from tests.runners.backup.tables.test_sentinel import SOURCE

ON_DEMAND = replace(SOURCE, billing="PAY_PER_REQUEST", capacity=(0, 0))


@pytest.mark.parametrize(
    ("change", "limits", "rate"),
    [
        ({"capacity": (10, 5)}, {}, 2.0),
        ({"capacity": (1, 1)}, {}, 0.2),
        ({"capacity": (10, 5)}, {"share": 0.5}, 5.0),
        ({"billing": "PAY_PER_REQUEST", "capacity": (0, 0)}, {}, 600.0),
        ({"billing": "PAY_PER_REQUEST", "capacity": (0, 0)}, {"on_demand_units": 50}, 50.0),
        # The owner's own limit is shared as units are.
        ({"billing": "PAY_PER_REQUEST", "most_read_units": 100}, {}, 20.0),
        ({"billing": "PAY_PER_REQUEST", "most_read_units": 100_000}, {}, 600.0),
    ],
)
def test_a_table_that_others_use_gives_a_share(change: dict[str, Any], limits: dict[str, Any], rate: float) -> None:
    assert source_rate(replace(SOURCE, **change), ReadLimits(**limits)) == pytest.approx(rate)


def test_a_copy_gives_all_that_it_has() -> None:
    assert copy_rate(SOURCE) == 5.0
    assert copy_rate(ON_DEMAND) is None
    assert copy_rate(replace(ON_DEMAND, most_read_units=100)) == 100.0


def test_the_plan_has_units_and_time() -> None:
    table = replace(SOURCE, capacity=(10, 5), size_bytes=40_960_000, items=10_000)
    # 11,000 units for a tenth more than 40.96 MB, and one that is begun.
    assert scan_units(table) == 11_001
    reading = source_reading(table, ReadLimits())
    assert reading == Reading(scans=2, units=22_002, rate=2.0)
    assert reading.seconds == 11_001
    assert str(reading) == "twice, 22002 read units at most 2 a second, about 3 h 4 min"
    assert plain(reading.told()) == {"scans": 2, "readUnits": 22_002, "unitsPerSecond": 2.0, "seconds": 11_001}
    assert str(copy_reading(table)) == "once, 11001 read units at most 10 a second, about 19 min"
    assert str(copy_reading(replace(ON_DEMAND, size_bytes=0))) == "once, 1 read units, unpaced"
    assert item_bytes(table) == 4096
    assert item_bytes(SOURCE) is None


@pytest.mark.parametrize(("seconds", "shown"), [(1, "1 s"), (119, "119 s"), (121, "3 min"), (3600, "1 h 0 min")])
def test_times_for_people(seconds: int, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("size", "rate", "segments"),
    [(0, None, 4), (10**9, None, 16), (10**9, 2.0, 1), (10**9, 600.0, 9), (0, 600.0, 4), (10**9, 1e9, 16)],
)
def test_slow_scans_have_few_segments(size: int, rate: float | None, segments: int) -> None:
    assert segments_for(replace(SOURCE, size_bytes=size), rate) == segments
