"""What is kept of many runs is what is newest of all of them, in whatever order they come."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from runners.analysis.kpis.answers import MOST_POINTS, Series
from runners.analysis.recent import Newest
from tests.runners.analysis.records_for_tests import chaos

MANY = 2500
NAMES = [f"20261101-{number // 60 % 60:02}{number % 60:02}00-{number:04x}" for number in range(MANY)]


def mixed(seed: int) -> list[str]:
    return Random(seed).sample(NAMES, MANY)


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], mixed(1), mixed(2)], ids=["oldest-first", "newest-first", 1, 2])
def test_the_newest_of_all_are_kept(names: list[str]) -> None:
    held, series = Newest(400), Series()
    run = chaos()
    for name in names:
        held.add(replace(run, run=name))
        series.add(name, "x", 1.0, None, 2.0)
    newest = sorted(NAMES)[::-1]
    assert [record.run for record in held.newest()] == newest[:400]
    assert [point.run for point in series.newest] == newest[:MOST_POINTS][::-1]
    assert len(series.values) == MANY
