"""A large table, changed after the time: exact as of the time, over HTTP, in many pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local.server import Running
from pricing.price_book import PriceBook
from runners.aws.session import AwsClients
from runners.aws.tables import AwsTables
from runners.backup.drill import DrillLimits
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.backup.tables.table_drill import TableDrill
from runners.runs.clock import SystemClock
from tests.runners.backup.drill_cycles import drill_cycle
from tests.runners.backup.tables.test_tables import create_real, set_knobs

pytestmark = pytest.mark.cloud
# More than one answer holds; a hundred thousand with `make test-all`.
ITEMS = 100_000 if os.environ.get("IAL_TEST_EVERY_LINE") else 30_000


def item(number: int, state: str = "paid") -> dict[str, Any]:
    return {"id": {"S": f"order-{number:06}"}, "state": {"S": state}, "total": {"N": str(number)}}


@pytest.fixture(scope="module")
def table(clients: AwsClients) -> Iterator[str]:
    client, made = clients.client("dynamodb"), list[str]()
    name = create_real(clients, made, (("id", "HASH"),), {"id": "S", "state": "S"})

    def load(first: int) -> None:
        requests = [{"PutRequest": {"Item": item(number)}} for number in range(first, first + 25)]
        client.batch_write_item(RequestItems={name: requests})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(0, ITEMS, 25)))
    yield name
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    client.delete_table(TableName=name)


def drilled(clients: AwsClients, table: str, folder: Path, meanwhile: Callable[[str], object]) -> DrillRecord:
    drill = TableDrill(
        resource=table,
        stack="dev",
        tables=AwsTables(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(every=timedelta(seconds=0.2)),
    )
    cycle = drill_cycle(folder, SystemClock(), monthly_usd=Decimal(1), say=meanwhile)
    return cycle.run(replace(drill))


def test_fifty_corrupted_twenty_deleted_ten_added_after_the_time(
    clients: AwsClients, cloud: Running, table: str, tmp_path: Path
) -> None:
    set_knobs(cloud, latest_restorable_lag_seconds=0.0, restore_seconds=0.1)
    client = clients.client("dynamodb")

    def meanwhile(told: str) -> None:
        if told.startswith("restoring"):
            for number in range(50):
                client.put_item(TableName=table, Item=item(number, "corrupted"))
            for number in range(50, 70):
                client.delete_item(TableName=table, Key={"id": {"S": f"order-{number:06}"}})
            for number in range(ITEMS, ITEMS + 10):
                client.put_item(TableName=table, Item=item(number))

    record = drilled(clients, table, tmp_path, meanwhile)
    assert (record.verdict, record.reasons) == (Verdict.PASSED, ())
    checks = {check.name: check.observed for check in record.checks}
    assert checks["content"] == "exactly that"
    # With the sentinel, and without what came later.
    assert checks["count"] == f"{ITEMS + 1} items"


def test_one_silently_changed_item_among_them_is_found_and_named(
    clients: AwsClients, cloud: Running, table: str, tmp_path: Path
) -> None:
    set_knobs(cloud, latest_restorable_lag_seconds=0.0, restore_seconds=0.1, change_restored_item=True)
    try:
        record = drilled(clients, table, tmp_path, lambda _: None)
    finally:
        set_knobs(cloud, change_restored_item=False)
    assert record.verdict is Verdict.FAILED
    [reason] = record.reasons
    assert reason.startswith("content: expected every item as of the time, found 1 buckets differ: order-")
    assert reason.endswith(" is changed")
