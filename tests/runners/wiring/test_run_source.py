"""Runs are read once, from the archive where it has them, and from the table and journals where it has not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.writing.errors import WritingError
from runners.errors import AwsError
from runners.runs.run_folder import Runs
from runners.wiring.run_source import StackRuns
from tests.runners.rehearsal import MemoryRecords, QuickClock

SINCE = datetime(2026, 10, 1, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"202611{day}-083000-a1b2" for day in (20, 21, 22))
GONE = AwsError("s3:ListObjectsV2 on x: NoSuchBucket", operation="s3:ListObjectsV2", code="NoSuchBucket")


class Archive:
    """Has some runs, and may fail after them."""

    def __init__(self, *runs: str, fault: Exception | None = None) -> None:
        self.runs, self.fault = runs, fault

    def documents(self, since: datetime) -> Iterator[tuple[str, bytes]]:
        yield from ((run, b'{"of":"archive"}') for run in self.runs)
        if self.fault is not None:
            raise self.fault


class CountedRecords(MemoryRecords):
    """Counts which records are read."""

    def __init__(self, *runs: str) -> None:
        super().__init__()
        self.read: list[str] = []
        for run in runs:
            self.put(run, "record", {"of": "table"})
            self.put("chaos#2026-11", run, {"run": run, "verdict": "passed", "usd": "0"})

    def get(self, run: str, step: str) -> object:  # type: ignore[override]
        self.read.append(run)
        return super().get(run, step)


def source(folder: Path, records: MemoryRecords, archive: Archive | None, told: list[str]) -> StackRuns:
    return StackRuns(Runs(folder, "dev"), records, QuickClock(), archive, told.append)


def test_what_the_archive_has_is_not_asked_of_the_table(tmp_path: Path) -> None:
    records, told = CountedRecords(FIRST, SECOND, THIRD), list[str]()
    found = dict(source(tmp_path, records, Archive(FIRST, SECOND), told).documents(SINCE))
    assert found == {FIRST: b'{"of":"archive"}', SECOND: b'{"of":"archive"}', THIRD: {"of": "table"}}
    assert (records.read, told) == ([THIRD], [])


def test_a_run_comes_once(tmp_path: Path) -> None:
    found = list(source(tmp_path, CountedRecords(FIRST), Archive(FIRST, FIRST), []).documents(SINCE))
    assert [run for run, _ in found] == [FIRST]


@pytest.mark.parametrize("fault", [GONE, WritingError("/x: No space left on device")])
def test_an_archive_that_cannot_be_read_costs_no_run(tmp_path: Path, fault: Exception) -> None:
    told: list[str] = []
    records = CountedRecords(FIRST, SECOND)
    found = dict(source(tmp_path, records, Archive(FIRST, fault=fault), told).documents(SINCE))
    assert (set(found), records.read) == ({FIRST, SECOND}, [SECOND])
    assert told == [f"the archive of runs could not be read, and the table is asked instead: {fault}"]


def test_without_an_archive_the_table_has_them(tmp_path: Path) -> None:
    assert set(dict(source(tmp_path, CountedRecords(FIRST), None, []).documents(SINCE))) == {FIRST}
