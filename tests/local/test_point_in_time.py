"""Restores at a time, over HTTP: the data of that time, and what AWS loses."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.endpoint import Endpoint

pytestmark = pytest.mark.cloud


def ask(endpoint: Endpoint, method: str, document: dict[str, Any] | None = None) -> Any:
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(f"{endpoint.url}/ial/knobs", data, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        return json.loads(answer.read())


@pytest.fixture(autouse=True)
def quick(endpoint: Endpoint) -> Iterator[None]:
    ask(endpoint, "PUT", {"latest_restorable_lag_seconds": 0, "restore_seconds": 0})
    yield
    ask(endpoint, "DELETE")


@dataclass
class Kept:
    """A table with history, and what restores of it are called."""

    client: Any
    name: str
    made: list[str]

    def put(self, **items: str) -> None:
        for key, value in items.items():
            self.client.put_item(TableName=self.name, Item={"id": {"S": key}, "value": {"S": value}})

    def delete(self, key: str) -> None:
        self.client.delete_item(TableName=self.name, Key={"id": {"S": key}})

    def restore(self, at: datetime | None = None, **options: Any) -> str:
        target = f"{self.name}-restored-{len(self.made)}"
        when: dict[str, Any] = {"UseLatestRestorableTime": True} if at is None else {"RestoreDateTime": at}
        self.client.restore_table_to_point_in_time(SourceTableName=self.name, TargetTableName=target, **when, **options)
        self.made.append(target)
        return target

    def items(self, name: str | None = None) -> dict[str, str]:
        found = self.client.scan(TableName=name or self.name)["Items"]
        return {item["id"]["S"]: item["value"]["S"] for item in found}

    def describe(self, name: str) -> Any:
        return self.client.describe_table(TableName=name)["Table"]


def switch(client: Any, name: str, on: bool, **options: Any) -> None:
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on, **options}
    )


@pytest.fixture
def table(endpoint: Endpoint) -> Iterator[Kept]:
    client, name = endpoint.client("dynamodb"), f"history-{secrets.token_hex(4)}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("id", "value")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-value",
                "KeySchema": [{"AttributeName": "value", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        Tags=[{"Key": "owner", "Value": "team"}],
        DeletionProtectionEnabled=True,
    )
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"})
    kept = Kept(client, name, [])
    kept.put(before="1")
    switch(client, name, True)
    yield kept
    ask(endpoint, "DELETE")
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    for made in (name, *kept.made):
        client.delete_table(TableName=made)


def next_second() -> datetime:
    """The whole second that follows, once it has passed: requests carry whole seconds only."""
    at = int(time.time()) + 1
    time.sleep(max(0.0, at + 0.02 - time.time()))
    return datetime.fromtimestamp(at, UTC)


def test_a_restore_has_the_data_of_its_time(table: Kept) -> None:
    table.put(a="1", b="2")
    at = next_second()
    table.put(a="changed", c="new")
    table.delete("b")
    table.client.update_item(
        TableName=table.name,
        Key={"id": {"S": "before"}},
        UpdateExpression="SET #v = :v",
        ExpressionAttributeNames={"#v": "value"},
        ExpressionAttributeValues={":v": {"S": "updated"}},
    )
    table.client.transact_write_items(
        TransactItems=[{"Put": {"TableName": table.name, "Item": {"id": {"S": "d"}, "value": {"S": "4"}}}}]
    )
    assert table.items(table.restore(at)) == {"before": "1", "a": "1", "b": "2"}
    assert table.items(table.restore()) == {"before": "updated", "a": "changed", "c": "new", "d": "4"}
    assert table.items() == {"before": "updated", "a": "changed", "c": "new", "d": "4"}


def test_writes_of_one_moment_are_kept_in_the_order_in_which_they_were_done(table: Kept) -> None:
    """Of one item, by several at once: the history ends with what the table holds."""

    def write(number: int) -> None:
        item = {"id": {"S": "busy"}, "value": {"S": f"{number}"}}
        table.client.batch_write_item(RequestItems={table.name: [{"PutRequest": {"Item": item}}]})

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(16)))
        assert table.items(table.restore())["busy"] == table.items()["busy"]


def test_a_transaction_that_failed_leaves_no_trace(table: Kept) -> None:
    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": table.name, "Item": {"id": {"S": "x"}, "value": {"S": "1"}}}},
                {
                    "Put": {
                        "TableName": table.name,
                        "Item": {"id": {"S": "before"}, "value": {"S": "2"}},
                        "ConditionExpression": "attribute_not_exists(id)",
                    }
                },
            ]
        )
    assert table.items(table.restore()) == {"before": "1"}


def test_what_a_restore_keeps_and_what_it_loses(table: Kept) -> None:
    name = table.restore()
    found = table.describe(name)
    source = table.describe(table.name)
    assert found["KeySchema"] == source["KeySchema"]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["SSEDescription"]["SSEType"] == "KMS"
    assert [index["IndexName"] for index in found["GlobalSecondaryIndexes"]] == ["by-value"]
    assert found["RestoreSummary"]["SourceTableArn"] == source["TableArn"]
    assert "LatestStreamArn" not in found
    assert found["DeletionProtectionEnabled"] is False
    client = table.client
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    assert client.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"] == []
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_a_table_that_is_restored_is_not_there_yet(table: Kept, endpoint: Endpoint) -> None:
    ask(endpoint, "PUT", {"restore_seconds": 0.5})
    name = table.restore()
    found = table.describe(name)
    assert (found["TableStatus"], found["RestoreSummary"]["RestoreInProgress"]) == ("CREATING", True)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        table.items(name)
    with pytest.raises(ClientError, match="ResourceInUseException"):
        table.client.delete_table(TableName=name)
    time.sleep(0.6)
    found = table.describe(name)
    assert (found["TableStatus"], found["RestoreSummary"]["RestoreInProgress"]) == ("ACTIVE", False)
    assert table.items(name) == {"before": "1"}


def test_the_window(table: Kept, endpoint: Endpoint) -> None:
    ask(endpoint, "PUT", {"latest_restorable_lag_seconds": 100})
    switch(table.client, table.name, True, RecoveryPeriodInDays=7)
    found = table.client.describe_continuous_backups(TableName=table.name)["ContinuousBackupsDescription"]
    about = found["PointInTimeRecoveryDescription"]
    assert about["RecoveryPeriodInDays"] == 7
    assert about["EarliestRestorableDateTime"] <= about["LatestRestorableDateTime"] <= datetime.now(UTC)
    for at in (datetime.now(UTC), datetime.now(UTC) - timedelta(days=1)):
        with pytest.raises(ClientError, match="InvalidRestoreTimeException"):
            table.restore(at)


def test_off_and_on_again_forgets(table: Kept) -> None:
    table.put(a="1")
    at = next_second()
    switch(table.client, table.name, False)
    with pytest.raises(ClientError, match="PointInTimeRecoveryUnavailableException"):
        table.restore(at)
    time.sleep(1.1)
    switch(table.client, table.name, True)
    with pytest.raises(ClientError, match="InvalidRestoreTimeException"):
        table.restore(at)
    assert table.items(table.restore()) == {"before": "1", "a": "1"}


def test_names_must_fit(table: Kept) -> None:
    with pytest.raises(ClientError, match="TableAlreadyExistsException"):
        table.client.restore_table_to_point_in_time(
            SourceTableName=table.name, TargetTableName=table.name, UseLatestRestorableTime=True
        )
    with pytest.raises(ClientError, match="TableNotFoundException"):
        table.client.restore_table_to_point_in_time(
            SourceTableName="no-such-table", TargetTableName="x-y-z", UseLatestRestorableTime=True
        )


@pytest.mark.parametrize("knob", ["restore_current_data", "change_restored_item", "drop_restored_index"])
def test_knobs_break_what_they_say(table: Kept, endpoint: Endpoint, knob: str) -> None:
    table.put(a="1", b="2")
    at = next_second()
    table.put(a="changed")
    ask(endpoint, "PUT", {knob: True})
    name = table.restore(at)
    good = {"before": "1", "a": "1", "b": "2"}
    found = table.items(name)
    assert (found == good) == (knob == "drop_restored_index")
    assert sum(found[key] != good[key] for key in good) == (0 if knob == "drop_restored_index" else 1)
    indexes = table.describe(name).get("GlobalSecondaryIndexes", [])
    assert bool(indexes) == (knob != "drop_restored_index")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"oops": 1}, "unknown knob 'oops'; accepted: latest_restorable_lag_seconds"),
        ({"restore_seconds": "1"}, "knob restore_seconds is '1'; accepted: a float"),
        ({"restore_seconds": -1}, "knob restore_seconds is -1"),
        ({"restore_current_data": 1}, "knob restore_current_data is 1; accepted: a bool"),
    ],
)
def test_a_knob_that_does_not_exist(endpoint: Endpoint, document: dict[str, Any], said: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        ask(endpoint, "PUT", document)
    assert said in json.loads(raised.value.read())["message"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.integers(1, 300))
def test_segments_are_disjoint_and_complete(table: Kept, total: int, count: int) -> None:
    for first in range(0, count, 25):
        requests = [
            {"PutRequest": {"Item": {"id": {"S": f"k{n}"}, "text": {"S": "v" * 5000}}}}
            for n in range(first, min(first + 25, count))
        ]
        table.client.batch_write_item(RequestItems={table.name: requests})
    seen: list[str] = []
    for segment in range(total):
        pages = table.client.get_paginator("scan").paginate(TableName=table.name, Segment=segment, TotalSegments=total)
        for page in pages:
            assert sum(len(item["text"]["S"]) for item in page["Items"] if "text" in item) <= 1_000_000
            seen += [item["id"]["S"] for item in page["Items"]]
    assert sorted(seen) == sorted(table_keys(table))


def table_keys(table: Kept) -> list[str]:
    pages = table.client.get_paginator("scan").paginate(TableName=table.name)
    return [item["id"]["S"] for page in pages for item in page["Items"]]


def test_a_page_is_as_long_as_asked_for(table: Kept) -> None:
    table.put(**{f"k{n}": "v" for n in range(7)})
    first = table.client.scan(TableName=table.name, Limit=3)
    assert len(first["Items"]) == 3
    second = table.client.scan(TableName=table.name, Limit=3, ExclusiveStartKey=first["LastEvaluatedKey"])
    both = {item["id"]["S"] for page in (first, second) for item in page["Items"]}
    assert len(both) == 6
