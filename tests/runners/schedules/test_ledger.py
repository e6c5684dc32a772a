from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runners.runs.journal import Journal, closing
from runners.runs.run_folder import Runs
from runners.runs.steps import REFUSED, STARTED
from runners.schedules.due import Reservation
from runners.schedules.ledger import Ledger, last_drill
from tests.runners.rehearsal import MemoryRecords, QuickClock
from tests.runners.schedules.year import planned

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(MemoryRecords(), Runs(tmp_path, "dev"))


def put(ledger: Ledger, collection: str, run: str, verdict: str | None, **named: str) -> None:
    ledger.records.put(collection, run, {"run": run, "usd": "0", "verdict": verdict, **named})


def test_the_newest_start_counts_and_a_refused_one_is_none(ledger: Ledger) -> None:
    put(ledger, "chaos#2026-09", "20260901-100000-a1b2", "passed", experiment="slow")
    put(ledger, "chaos#2026-11", "20261103-100000-a1b2", "failed", experiment="gone")
    put(ledger, "chaos#2026-11", "20261110-100000-a1b2", "refused", experiment="gone")
    # One that has not ended may have injected.
    put(ledger, "chaos#2026-11", "20261120-100000-a1b2", None, experiment="now")
    found = ledger.started(["slow", "gone", "now", "never"], [], NOW).experiments
    assert found == {
        "slow": datetime(2026, 9, 1, 10, tzinfo=UTC),
        "gone": datetime(2026, 11, 3, 10, tzinfo=UTC),
        "now": datetime(2026, 11, 20, 10, tzinfo=UTC),
    }


@pytest.mark.parametrize(("last", "counts"), [(STARTED, True), (REFUSED, False)])
def test_a_journal_of_this_machine_counts_too(ledger: Ledger, last: str, counts: bool) -> None:
    run = "20261124-100000-a1b2"
    with closing(Journal.create(ledger.runs.journal(run), QuickClock())) as journal:
        journal.write(STARTED, run=run, experiment={"name": "slow"})
        if last != STARTED:
            journal.write(last, reasons=["halted"])
    ledger.runs.journal("20261124-110000-a1b2").write_text("no journal\n")
    assert ("slow" in ledger.started(["slow"], [], NOW).experiments) is counts


def test_a_recovery_test_began_when_its_last_part_did(ledger: Ledger) -> None:
    item = planned("recovery-test", "cron(0 6 1 * ? *)", drill=True)
    put(ledger, "drills#2026-11", "20261101-060000-a1b2", "passed", resource="orders")
    started = ledger.started([], ["orders", "assets"], NOW)
    assert ledger.known([item], started, ["orders", "assets"])[item.key].started is None
    put(ledger, "drills#2026-11", "20261102-060000-a1b2", "failed", resource="assets")
    started = ledger.started([], ["orders", "assets"], NOW)
    assert ledger.known([item], started, ["orders", "assets"])[item.key].started == datetime(2026, 11, 1, 6, tzinfo=UTC)


def test_what_is_kept_is_read_back(ledger: Ledger) -> None:
    item = planned("slow", "cron(0 10 ? * TUE *)")
    held = Reservation(schedule="x", since=NOW, planned=NOW - timedelta(days=1), attempts=1, at=NOW)
    ledger.keep(item.key, held)
    started = ledger.started([], [], NOW)
    assert ledger.known([item], started, [])[item.key].reservation == held


def test_a_drill_keeps_its_distance_from_its_end(ledger: Ledger) -> None:
    assert last_drill(ledger.records, "shop-db", NOW) is None
    put(ledger, "drills#2026-11", "20261125-100000-a1b2", None, resource="shop-db")
    put(ledger, "drills#2026-11", "20261125-113000-a1b2", "refused", resource="shop-db")
    assert last_drill(ledger.records, "shop-db", NOW) == datetime(2026, 11, 25, 10, tzinfo=UTC)
    ledger.records.put("20261125-100000-a1b2", "record", {"ended": "2026-11-25T11:10:00.000Z"})
    assert last_drill(ledger.records, "shop-db", NOW) == datetime(2026, 11, 25, 11, 10, tzinfo=UTC)
