from __future__ import annotations

from pathlib import Path

import pytest

from runners.chaos.record.history import history_of
from runners.runs.journal import Journal, closing
from runners.runs.run_folder import Runs
from tests.runners.rehearsal import MemoryRecords, QuickClock

RUN = "20261125-083000-a1b2"
KNOWN = {"experiment": "network-latency", "verdict": "passed", "usd": "0.10"}


@pytest.mark.parametrize(
    "damage",
    [
        b"nonsense\n",
        b'{"version":1,"number":7,"at":"","step":"started","data":{}}\n',
        b'{"version":1,"number":1,"at":"","step":"started","data":{"experiment":{"name":7}}}\n',
        b'{"version":1,"number":1,"at":"x","step":"sample","data":{"experiment":null}}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_damaged_journal_costs_its_own_run(tmp_path: Path, damage: bytes) -> None:
    clock, records, said = QuickClock(), MemoryRecords(), list[str]()
    runs = Runs(tmp_path, "dev")
    records.put("chaos#2026-11", "20261101-000000-0001", KNOWN)
    records.put("chaos#2026-11", RUN, KNOWN)
    runs.folder.mkdir(parents=True)
    runs.journal(RUN).write_bytes(damage)
    found = history_of(runs, records, clock, said.append)
    assert [held["run"] for held in found["runs"]] == [RUN, "20261101-000000-0001"]
    assert len(said) == 1
    assert said[0].startswith(f"run {RUN} is left out, its journal is damaged: ")


def test_a_drills_journal_and_one_without_a_line_are_no_damage(tmp_path: Path) -> None:
    runs, said = Runs(tmp_path, "dev"), list[str]()
    with closing(Journal.create(runs.journal(RUN), QuickClock())) as journal:
        assert history_of(runs, MemoryRecords(), QuickClock(), said.append)["runs"] == []
        journal.write("started", run=RUN, kind="table", resource="orders")
    assert history_of(runs, MemoryRecords(), QuickClock(), said.append)["runs"] == []
    assert said == []
