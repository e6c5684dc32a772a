"""Each record reaches each taker of its kind once, whether it says something or not."""

from __future__ import annotations

from typing import ClassVar

import pytest
from msgspec.structs import replace

from runners.analysis.records import KINDS, ChaosRecord, ControlRecord, DrillRecord, Record
from runners.analysis.taker import Taker, hand_out, some_at_a_time
from tests.runners.analysis.records_for_tests import chaos, control, drill


class All(Taker[Record]):
    """Keeps what it is given."""

    kinds: ClassVar[frozenset[type[Record]]] = KINDS

    def __init__(self) -> None:
        self.told: list[Record] = []
        self.silent: list[Record] = []

    def add(self, record: Record) -> None:
        self.told.append(record)

    def leave_out(self, record: Record) -> None:
        self.silent.append(record)


class Drills(All):
    """Of drills alone."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({DrillRecord})


TELLING: list[Record] = [chaos(), chaos(verdict="failed"), drill(), drill(rto=None), control(), control(rang=True)]
SILENT: list[Record] = [
    chaos(scored=False),
    chaos(verdict="invalid"),
    drill(verdict="refused"),
    replace(control(), alerts=None),
]


def test_each_goes_to_those_of_its_kind() -> None:
    everything, drills = All(), Drills()
    hand_out([*SILENT, *TELLING], [everything, drills])
    for kind in (ChaosRecord, DrillRecord, ControlRecord):
        assert [held for held in everything.told if type(held) is kind] == [h for h in TELLING if type(h) is kind]
        assert [held for held in everything.silent if type(held) is kind] == [h for h in SILENT if type(h) is kind]
    assert drills.told == [held for held in TELLING if isinstance(held, DrillRecord)]
    assert drills.silent == [held for held in SILENT if isinstance(held, DrillRecord)]


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 1024])
def test_none_is_lost_where_a_part_ends(count: int) -> None:
    given: list[Record] = [chaos(token=number) for number in range(count)]
    parts = list(some_at_a_time(iter(given)))
    assert [record for part in parts for record in part] == given
    assert all(parts)
