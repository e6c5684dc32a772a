"""One contract for the stack's table and for the stand-in that other tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from contract.run_table import KEPT
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.aws.stack_records import StackRecords
from runners.errors import AwsError
from runners.runs.records import Records
from tests.runners.aws.run_tables import run_table
from tests.runners.rehearsal import MemoryRecords, QuickClock


@pytest.fixture(params=["memory", pytest.param("table", marks=pytest.mark.cloud)])
def records(request: pytest.FixtureRequest) -> Iterator[Records]:
    if request.param == "memory":
        yield MemoryRecords()
        return
    clients: AwsClients = request.getfixturevalue("clients")
    for table in _table(clients):
        yield StackRecords(table.clients, table.table, table.clock, MemoryRecords())


@pytest.fixture
def table(clients: AwsClients) -> Iterator[TableRecords]:
    yield from _table(clients)


def _table(clients: AwsClients) -> Iterator[TableRecords]:
    with run_table(clients, "records") as name:
        yield TableRecords(clients, name, QuickClock())


def test_what_was_put_is_read(records: Records) -> None:
    document = {"verdict": "passed", "rtoSeconds": 41.5, "left": [], "ended": None, "ü": {"a": [1, True]}}
    records.put("20261125-083000-a1b2", "record", document)
    assert records.get("20261125-083000-a1b2", "record") == document
    assert records.get("20261125-083000-a1b2", "other") is None
    assert records.get("other", "record") is None


def test_a_put_replaces(records: Records) -> None:
    records.put("r", "s", {"n": 1})
    records.put("r", "s", {"n": 2})
    assert records.all("r") == {"s": {"n": 2}}


def test_all_of_a_collection_in_order_and_nothing_else(records: Records) -> None:
    for step in ("b", "a", "c"):
        records.put("drills#2026-11", step, {"step": step})
    records.put("drills#2026-12", "d", {})
    assert list(records.all("drills#2026-11").items()) == [(step, {"step": step}) for step in "abc"]
    assert records.all("drills#2025-01") == {}


@pytest.mark.cloud
def test_more_than_a_page(table: TableRecords) -> None:
    filler = "x" * 300_000
    for number in range(5):
        table.put("r", f"{number}", {"filler": filler, "number": number})
    assert [found["number"] for found in table.all("r").values()] == list(range(5))


@pytest.mark.cloud
def test_items_expire_after_a_year_and_a_month(table: TableRecords, clients: AwsClients) -> None:
    table.put("r", "s", {})
    [item] = clients.client("dynamodb").scan(TableName=table.table)["Items"]
    expires = float(item["expires_at"]["N"])
    assert expires == pytest.approx((table.clock.now() + KEPT).timestamp(), abs=2)


@pytest.mark.cloud
@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "Query"])
def test_a_missing_table_is_named(clients: AwsClients, operation: str) -> None:
    gone = TableRecords(clients, "gone", QuickClock())
    calls: dict[str, Callable[[], object]] = {
        "PutItem": lambda: gone.put("r", "s", {}),
        "GetItem": lambda: gone.get("r", "s"),
        "Query": lambda: gone.all("r"),
    }
    with pytest.raises(AwsError, match=f"dynamodb:{operation} on gone: ResourceNotFoundException"):
        calls[operation]()
