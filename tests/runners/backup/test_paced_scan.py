"""A provisioned table of ten read units, scanned as a drill does it: counted at the answers, by the pacer's clock."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.server import Running
from pricing.price_book import PriceBook
from runners.aws.session import AwsClients
from runners.aws.tables import AwsTables
from runners.backup.drill import DrillLimits, DrillRun
from runners.backup.tables.lines import Scanned, ScannedAgain
from runners.backup.tables.table_drill import TableDrill
from runners.runs.journal import Journal, closing
from tests.runners.rehearsal import QuickClock

pytestmark = pytest.mark.cloud
ITEMS = 150


@pytest.fixture
def table(clients: AwsClients) -> Iterator[str]:
    client, name = clients.client("dynamodb"), f"paced-{secrets.token_hex(4)}"
    client.create_table(
        TableName=name,
        BillingMode="PROVISIONED",
        ProvisionedThroughput={"ReadCapacityUnits": 10, "WriteCapacityUnits": 5},
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    for first in range(0, ITEMS, 25):
        items = [{"id": {"S": f"order-{n}"}, "text": {"S": "x" * 900}} for n in range(first, first + 25)]
        client.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": item}} for item in items]})
    yield name
    client.delete_table(TableName=name)


def test_a_drill_stays_under_its_share(cloud: Running, table: str, tmp_path: Path) -> None:
    clients, clock = AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None)), QuickClock()
    taken: list[tuple[float, float]] = []

    def count(parsed: dict[str, Any], **_: Any) -> None:
        units = json.loads(parsed["Body"])["ConsumedCapacity"]["CapacityUnits"]
        taken.append((clock.time.timestamp(), units))

    clients.whole_pages().meta.events.register("after-call.dynamodb.Scan", count)
    drill = TableDrill(
        resource=table,
        stack="dev",
        tables=AwsTables(clients),
        prices=PriceBook.load(),
        region="us-east-1",
        limits=DrillLimits(),
    )
    with closing(Journal.create(tmp_path / "run.jsonl", clock)) as journal:
        run = DrillRun("20261125-083000-a1b2", journal, clock, lambda _: None)
        scans = [drill._scan(run, table, line) for line in (Scanned, ScannedAgain)]
    assert [scan.items for scan in scans] == [ITEMS] * 2
    assert scans[0].digest == scans[1].digest
    assert [scan.units_per_second for scan in scans] == [2.0] * 2
    # A fifth of ten, in any second, whenever it begins; the first and the second scan together too.
    assert max(sum(units for at, units in taken if first <= at < first + 1) for first, _ in taken) <= 2.0
    assert sum(units for _, units in taken) == sum(scan.read_units for scan in scans) >= 2 * ITEMS * 900 / 4096
    # What the plan told of it is not half of what it took, nor twice.
    told = drill.cost().reads["source"].seconds
    assert told is not None
    assert told / 2 < (clock.time - QuickClock().time).total_seconds() < 2 * told
