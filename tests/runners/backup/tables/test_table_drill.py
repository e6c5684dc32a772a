"""The drill of a table, on a DynamoDB in memory in which an hour takes no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.names import SENTINEL_PREFIX
from pricing.price_book import PriceBook
from runners.backup.drill import DrillLimits
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.backup.life_cycle import DrillLifeCycle
from runners.backup.tables.reading import ReadLimits
from runners.backup.tables.table_cost import table_cost
from runners.backup.tables.table_drill import TableDrill
from runners.errors import InputError
from tests.runners.backup.drill_cycles import drill_cycle
from tests.runners.backup.fake_tables import FakeTables, refused
from tests.runners.journal_lines import assert_fits
from tests.runners.rehearsal import QuickClock

NAME = "orders"


@dataclass
class Site:
    """A table of two hundred orders, and what drills it."""

    tables: FakeTables
    drill: TableDrill
    cycle: DrillLifeCycle

    def source(self) -> dict[str, dict[str, Any]]:
        return self.tables.items(NAME)

    def run(self) -> DrillRecord:
        return self.cycle.run(self.drill)

    def put(self, number: int, state: str) -> None:
        self.tables.write(NAME, {"id": {"S": f"order-{number:03}"}, "state": {"S": state}})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    clock = QuickClock()
    tables = FakeTables(clock)
    tables.create(NAME)
    drill = TableDrill(
        resource=NAME,
        stack="dev",
        tables=tables,
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(),
    )
    cycle = drill_cycle(tmp_path, clock)
    found = Site(tables, drill, cycle)
    for number in range(200):
        found.put(number, "paid")
    return found


def later(site: Site, step: str, writes: Callable[[], None]) -> None:
    """Writes to the source in the moment in which a step begins."""
    said: list[str] = []

    def say(text: str) -> None:
        if text.startswith(step) and not said:
            said.append(text)
            writes()

    site.cycle = replace(site.cycle, say=say)


def untouched(site: Site, before: dict[str, Any]) -> None:
    """Nothing of the source changed, and nothing is left beside it."""
    assert site.source() == before
    assert list(site.tables.held) == [NAME]
    assert list(site.cycle.runs.folder.glob("*.before")) == []


def test_a_good_restore_passes_with_every_measure(site: Site) -> None:
    before = site.source()
    record = site.run()
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    assert_fits(site.cycle.runs.journal(record.run), "a drill of a table")
    assert {check.name for check in record.checks} == site.drill.required
    assert record.rto_seconds == pytest.approx(60, abs=10)
    # The local DynamoDB is five minutes behind, as AWS's is.
    assert record.rpo_seconds == pytest.approx(300, abs=6)
    assert record.restored_to is not None
    assert [phase.name for phase in record.phases] == [
        *("sentinel", "before", "moment", "after", "sentinel-changed"),
        *("restorable", "restore", "restored", "content", "lost"),
    ]
    assert [finding.what for finding in record.findings] == [
        "a restore loses point-in-time recovery (14 days)",
        "a restore loses the stream (NEW_IMAGE)",
        "a restore loses the tags (owner=team)",
        "a restore loses time to live (expires_at)",
        "a restore loses deletion protection (on)",
    ]
    untouched(site, before)


def test_what_was_broken_after_the_time_does_not_matter(site: Site) -> None:
    def writes() -> None:
        for number in range(50):
            site.put(number, "corrupted")
        for number in range(50, 70):
            site.tables.delete_item(NAME, {"id": {"S": f"order-{number:03}"}}, only={})
        for number in range(900, 910):
            site.put(number, "new")

    later(site, "reading orders again", writes)
    record = site.run()
    assert record.verdict is Verdict.PASSED
    content = next(check for check in record.checks if check.name == "content")
    assert content.observed == "exactly that"
    assert next(check for check in record.checks if check.name == "count").observed == "201 items"


@pytest.mark.parametrize(
    ("knob", "check", "told"),
    [
        ("change_item", "content", "order-"),
        ("drop_index", "indexes", "[by-state] is missing"),
    ],
)
def test_a_bad_restore_fails_and_says_which(site: Site, knob: str, check: str, told: str) -> None:
    before = site.source()
    setattr(site.tables, knob, True)
    record = site.run()
    assert record.verdict is Verdict.FAILED
    [reason] = record.reasons
    assert reason.startswith(f"{check}: ")
    assert told in reason
    untouched(site, before)


def test_a_restore_of_current_data_fails(site: Site) -> None:
    later(site, "restoring orders", lambda: site.put(7, "written after the time"))
    site.tables.current_data = True
    record = site.run()
    assert record.verdict is Verdict.FAILED
    assert any(reason.startswith("content: ") for reason in record.reasons)


def test_a_restore_of_a_quiet_table_that_ignores_the_time_fails(site: Site) -> None:
    """Nobody writes: only the sentinel that was changed after the time tells the two apart."""
    before = site.source()
    site.tables.current_data = True
    record = site.run()
    assert record.verdict is Verdict.FAILED
    assert [reason.split(":")[0] for reason in record.reasons] == ["content", "sentinel"]
    assert (
        f"{SENTINEL_PREFIX}{record.run} is changed" in record.reasons[0]
        or "what the table holds now" in record.reasons[0]
    )
    assert "found it, changed" in record.reasons[1]
    untouched(site, before)


def test_without_a_sentinel_nothing_is_written_and_what_is_not_proven_is_told(site: Site) -> None:
    before, writes = site.source(), len(site.tables.held[NAME].history._writes)
    site.drill = replace(site.drill, with_sentinel=False)
    record = site.run()
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    assert "sentinel" not in {check.name for check in record.checks}
    assert any(finding.what.startswith("not proven without a sentinel") for finding in record.findings)
    assert len(site.tables.held[NAME].history._writes) == writes
    untouched(site, before)


@pytest.mark.parametrize(("kind", "verdict"), [("S", Verdict.ERROR), ("N", Verdict.INCONCLUSIVE)])
def test_a_role_that_may_write_our_keys_only(
    site: Site, monkeypatch: pytest.MonkeyPatch, kind: str, verdict: Verdict
) -> None:
    """It can be bound to texts: refused there, it is set up wrongly. A number has no beginning to be bound to."""

    def put(name: str, *_: object, **__: object) -> bool:
        raise refused("PutItem", "AccessDeniedException")

    held = site.tables.held[NAME]
    held.shape = replace(held.shape, attributes={"id": kind, "state": "S"})
    monkeypatch.setattr(site.tables, "put", put)
    monkeypatch.setattr(site.tables, "delete_item", put)
    record = site.run()
    assert record.verdict is verdict
    assert "AccessDeniedException" in record.reasons[0]
    if kind == "N":
        assert record.exit_code == 5
        assert "set drills.sentinel to false" in record.reasons[0]


def test_an_item_that_is_not_the_drills_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number may be somebody's: it is neither overwritten nor deleted."""
    key = {"id": {"S": "order-007"}}
    monkeypatch.setattr("runners.backup.tables.table_sentinel.sentinel_key", lambda *_: key)
    monkeypatch.setattr("runners.backup.tables.sentinel.sentinel_key", lambda *_: key)
    before = site.source()
    record = site.run()
    assert record.verdict is Verdict.ERROR
    assert "has an item with the key of the sentinel that is not the drill's" in record.reasons[0]
    untouched(site, before)


def test_a_table_of_ten_units_gives_two_of_them_a_second(site: Site) -> None:
    held = site.tables.held[NAME]
    held.shape = replace(held.shape, billing="PROVISIONED", capacity=(10, 5))
    for number in range(200):
        site.tables.write(NAME, {"id": {"S": f"order-{number:03}"}, "state": {"S": "x" * 1000}})
    record = site.run()
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    for table, most in ((NAME, 2.0), (f"{NAME}-drill-{record.run}", 10.0)):
        reads = [(at.timestamp(), units) for name, at, units in site.tables.reads if name == table]
        assert sum(units for _, units in reads) > 40
        assert max(sum(units for at, units in reads if first <= at < first + 1) for first, _ in reads) <= most


def test_a_table_that_takes_too_long_to_read_is_refused_and_says_so(site: Site) -> None:
    held = site.tables.held[NAME]
    held.shape = replace(held.shape, billing="PROVISIONED", capacity=(10, 5), size_bytes=10**9, items=10**6)
    record = site.run()
    assert record.verdict is Verdict.REFUSED
    assert record.reasons[0].startswith(
        "read-too-slow: reading table orders twice, 537112 read units at most 2 a second, about 74 h 36 min: each scan "
        "may take 4 h 0 min; raise ial:backup drills.readSharePercent"
    )
    assert site.tables.restores == []
    reading = site.drill.cost().reads["source"]
    assert (reading.units, reading.seconds) == (537_112, 268_556)
    # With more of the units, or more time, it goes.
    for reads in (ReadLimits(share=1.0, within=timedelta(hours=8)), ReadLimits(within=timedelta(hours=48))):
        assert replace(site.drill, reads=reads).obstacles() == []


def test_a_restore_without_the_newest_item_fails(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    restore = site.tables.restore

    def older(source: str, target: str, at: Any) -> None:
        restore(source, target, at - timedelta(seconds=5))

    monkeypatch.setattr(site.tables, "restore", older)
    record = site.run()
    assert record.verdict is Verdict.FAILED
    assert [reason.split(":")[0] for reason in record.reasons] == ["count", "content", "sentinel"]
    assert f"{SENTINEL_PREFIX}{record.run} is missing" in record.reasons[1]


def test_a_late_restore_fails(site: Site) -> None:
    site.tables.restore_takes = timedelta(minutes=16)
    record = site.run()
    assert record.verdict is Verdict.FAILED
    assert record.reasons[0].startswith("recovery-time: expected at most 900 s")


def test_a_busy_table_is_inconclusive(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items change before, around and after the time: what was read last is neither."""

    def write(state: str) -> None:
        for number in range(20):
            site.put(number, state)

    moment = TableDrill._moment

    def busy(drill: TableDrill, run: Any) -> Any:
        write("between")
        found = moment(drill, run)
        write("after")
        return found

    monkeypatch.setattr(TableDrill, "_moment", busy)
    record = site.run()
    assert record.verdict is Verdict.INCONCLUSIVE
    assert "the table is too busy to be judged" in record.reasons[-1]


def test_a_table_that_never_comes_is_told_and_left_for_the_reaper(site: Site) -> None:
    site.tables.never_ready = True
    record = site.run()
    assert record.verdict is Verdict.ERROR
    assert "did not come about within 7200 s" in record.reasons[0]
    assert record.left == (f"table orders-drill-{record.run}",)
    assert record.exit_code == 7


def test_a_time_that_never_can_be_restored(site: Site) -> None:
    before = site.source()
    site.tables.lag = timedelta(days=1)
    record = site.run()
    assert record.verdict is Verdict.ERROR
    assert record.reasons == ("a time of table orders that can be restored did not come about within 900 s",)
    untouched(site, before)


def test_recovery_off_refuses(site: Site) -> None:
    before = site.source()
    site.tables.held[NAME].recovery = False
    record = site.run()
    assert record.verdict is Verdict.REFUSED
    assert record.reasons[0].startswith("recovery-off: point-in-time recovery of table orders is off; ")
    assert record.codes == ("recovery-off",)
    assert site.tables.restores == []
    untouched(site, before)


def test_a_name_that_is_too_long_refuses(site: Site) -> None:
    name = "o" * 240
    site.tables.create(name)
    record = site.cycle.run(replace(site.drill, resource=name))
    assert (record.verdict, record.codes) == (Verdict.REFUSED, ("name-too-long",))


def test_a_table_that_changes_right_now_refuses(site: Site) -> None:
    held = site.tables.held[NAME]
    held.shape = replace(held.shape, status="UPDATING")
    [found] = site.drill.obstacles()
    assert str(found) == "table-not-active: table orders is UPDATING; wait until it is ACTIVE"


def test_a_missing_table_is_an_error_before_anything(site: Site) -> None:
    with pytest.raises(InputError, match="table-missing: table gone does not exist"):
        site.cycle.run(replace(site.drill, resource="gone"))


def test_what_a_drill_costs(site: Site) -> None:
    shape = replace(site.tables.held[NAME].shape, size_bytes=1024**3)
    cost = table_cost(shape, PriceBook.load(), "us-east-1")
    # 1.1 GB x 0.15, three scans of 1.1 GB at 0.125 a million units of 4 KB, storage for two hours.
    assert cost.usd == pytest.approx(Decimal("0.2740"), abs=Decimal("0.0005"))
    assert cost.lines[0] == "1.1000 GB restored at 0.15 USD a GB restored = 0.165000"
    empty = table_cost(replace(shape, size_bytes=0), PriceBook.load(), "us-east-1")
    assert empty.usd is not None
    assert Decimal(0) < empty.usd < Decimal("0.001")


def test_a_drill_whose_price_is_unknown_is_refused(site: Site) -> None:
    record = site.cycle.run(replace(site.drill, region="mars-1"))
    assert record.verdict is Verdict.REFUSED
    assert record.reasons[0].startswith(
        "cost-unknown: the price of GB restored is unknown (dynamodb.restore in mars-1)"
    )
    assert site.tables.restores == []


def test_a_dear_drill_is_refused_before_it_begins(site: Site) -> None:
    held = site.tables.held[NAME]
    held.shape = replace(held.shape, size_bytes=3 * 1024**3)
    record = site.run()
    assert record.verdict is Verdict.REFUSED
    assert "0.50 USD are taken" in record.reasons[0]
    assert site.tables.restores == []
