"""One contract for the stack's table and for the stand-in that other tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from contract.run_table import KEPT
from local.server import Running
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
def own(cloud: Running) -> AwsClients:
    """Clients of one test, which may listen to them."""
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None))


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
@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "Query", "Scan"])
def test_a_missing_table_is_named(clients: AwsClients, operation: str) -> None:
    gone = TableRecords(clients, "gone", QuickClock())
    calls: dict[str, Callable[[], object]] = {
        "PutItem": lambda: gone.put("r", "s", {}),
        "GetItem": lambda: gone.get("r", "s"),
        "Query": lambda: gone.all("r"),
        "Scan": gone.snapshot,
    }
    with pytest.raises(AwsError, match=f"dynamodb:{operation} on gone: ResourceNotFoundException"):
        calls[operation]()


def test_a_snapshot_has_all_that_was_put_before(records: Records) -> None:
    for step in ("b", "a", "c"):
        records.put("drills#2026-11", step, {"step": step})
        records.put(step, "record", {"of": step})
    kept = records.snapshot()
    assert list(kept.all("drills#2026-11").items()) == [(step, {"step": step}) for step in "abc"]
    assert (kept.get("a", "record"), kept.get("a", "other"), kept.get("z", "record")) == ({"of": "a"}, None, None)
    assert kept.all("drills#2025-01") == {}


@pytest.mark.cloud
@pytest.mark.parametrize(("most", "scans"), [(16, 2), (2, 2), (1, 1)])
def test_a_table_is_read_at_once_up_to_so_many_pages(
    table: TableRecords, own: AwsClients, monkeypatch: pytest.MonkeyPatch, most: int, scans: int
) -> None:
    table = TableRecords(own, table.table, table.clock)
    filler, asked = "x" * 300_000, list[str]()
    for number in range(5):
        table.put("r", f"{number}", {"filler": filler, "number": number})
    monkeypatch.setattr("runners.aws.run_records._MOST_PAGES", most)
    own.client("dynamodb").meta.events.register("before-call.dynamodb.*", lambda model, **_: asked.append(model.name))
    kept = table.snapshot()
    assert (asked, kept is table) == (["Scan"] * scans, most < 2)
    assert [found["number"] for found in kept.all("r").values()] == list(range(5))


@pytest.mark.cloud
@pytest.mark.parametrize("denied", [True, False])
def test_who_may_query_alone_reads_the_same(table: TableRecords, own: AwsClients, denied: bool) -> None:
    table = TableRecords(own, table.table, table.clock)
    table.put("r", "s", {"n": 1})
    answer = {"Code": "AccessDeniedException" if denied else "InternalServerError", "Message": "no"}

    def refuse(**_: object) -> None:
        raise ClientError({"Error": answer}, "Scan")  # type: ignore[typeddict-item]

    own.client("dynamodb").meta.events.register("before-call.dynamodb.Scan", refuse)
    if not denied:
        with pytest.raises(AwsError, match=r"dynamodb:Scan on .*: InternalServerError"):
            table.snapshot()
        return
    assert table.snapshot().all("r") == {"s": {"n": 1}}
