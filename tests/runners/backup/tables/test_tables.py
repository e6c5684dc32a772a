"""One contract for DynamoDB through boto3 and for the stand-in in memory."""

from __future__ import annotations

import json
import secrets
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.server import Running
from runners.aws.session import AwsClients
from runners.aws.tables import AwsTables
from runners.backup.tables.pace import Permit, Unpaced
from runners.backup.tables.parallel_scan import whole_items
from runners.backup.tables.sentinel import is_whole, marks, sentinel, sentinel_key
from runners.backup.tables.table_differences import differences
from runners.backup.tables.tables import Item, Tables
from runners.errors import AwsError
from runners.runs.clock import Clock, SystemClock, wait_for
from tests.runners.backup.fake_tables import FakeTables
from tests.runners.rehearsal import QuickClock


def set_knobs(cloud: Running, **knobs: Any) -> None:
    """Makes the local cloud's restores quick, or wrong."""
    request = urllib.request.Request(f"{cloud.endpoint.url}/ial/knobs", json.dumps(knobs).encode(), method="PUT")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
        pass


@dataclass
class Account:
    """Tables to try, whichever they are; `create` makes one with an index, and switches recovery on."""

    tables: Tables
    clock: Clock
    create: Callable[..., str]
    made: list[str] = field(default_factory=list)

    def ready(self, name: str) -> None:
        """Waits until a restored table can be used."""

        def active() -> bool | None:
            shape = self.tables.shape(name)
            return True if shape is not None and shape.status == "ACTIVE" and not shape.restoring else None

        wait_for(self.clock, name, active, within=timedelta(minutes=5), every=timedelta(seconds=0.1))

    def whole_second(self) -> datetime:
        """A moment after all writes so far and before all later ones, that can be restored."""
        at = datetime.fromtimestamp(int(self.clock.now().timestamp()) + 1, UTC)
        self.clock.sleep((at - self.clock.now()).total_seconds() + 0.05)
        return at


def create_real(clients: AwsClients, made: list[str], keys: tuple[tuple[str, str], ...], kinds: dict[str, str]) -> str:
    """A table in the local cloud."""
    client, name = clients.client("dynamodb"), f"tables-{secrets.token_hex(4)}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in kinds.items()],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "owner", "Value": "team"}],
    )
    made.append(name)
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"})
    client.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 14},
    )
    client.update_table(TableName=name, DeletionProtectionEnabled=True)
    return name


@pytest.fixture(params=["memory", pytest.param("cloud", marks=pytest.mark.cloud)])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "memory":
        clock = QuickClock()
        fake = FakeTables(clock, lag=timedelta(0), restore_takes=timedelta(seconds=1))

        def create(keys: tuple[tuple[str, str], ...] = (("id", "HASH"),), kinds: dict[str, str] | None = None) -> str:
            name = f"table-{len(fake.held)}"
            fake.create(name, keys, attributes=kinds or {"id": "S", "state": "S"})
            return name

        yield Account(fake, clock, create)
        return
    clients, cloud = request.getfixturevalue("clients"), request.getfixturevalue("cloud")
    set_knobs(cloud, latest_restorable_lag_seconds=0, restore_seconds=0.3)
    made: list[str] = []

    def create_in_cloud(
        keys: tuple[tuple[str, str], ...] = (("id", "HASH"),), kinds: dict[str, str] | None = None
    ) -> str:
        return create_real(clients, made, keys, kinds or {"id": "S", "state": "S"})

    found = Account(AwsTables(clients), SystemClock(), create_in_cloud)
    yield found
    client = clients.client("dynamodb")
    for name in made:
        client.update_table(TableName=name, DeletionProtectionEnabled=False)
    for name in (*made, *found.made):
        client.delete_table(TableName=name)


def read(account: Account, name: str, segments: int = 3) -> list[dict[str, Any]]:
    return [
        item
        for segment in range(segments)
        for page in account.tables.read(name, segment, segments, whole_items, Unpaced())
        for item in page.found
    ]


def put(account: Account, name: str, item: Item) -> bool:
    """Over an item that has the same state, or none."""
    return account.tables.put(name, item, key="id", over={"state": {"S": "paid"}})


def order(number: int, state: str = "paid") -> dict[str, Any]:
    return {"id": {"S": f"order-{number:03}"}, "state": {"S": state}, "total": {"N": str(number)}}


def test_what_a_table_is(account: Account) -> None:
    name = account.create()
    shape = account.tables.shape(name)
    assert shape is not None
    assert (shape.name, shape.status, shape.keys, shape.billing) == (
        name,
        "ACTIVE",
        (("id", "HASH"),),
        "PAY_PER_REQUEST",
    )
    assert shape.attributes == {"id": "S", "state": "S"}
    assert (shape.restored_from, shape.restoring) == (None, False)
    assert account.tables.shape("no-such-table") is None


def test_items_come_and_go(account: Account) -> None:
    name = account.create()
    for number in range(250):
        put(account, name, order(number))
    assert put(account, name, order(7, "shipped"))
    paid = {"state": {"S": "paid"}}
    assert account.tables.delete_item(name, {"id": {"S": "order-008"}}, only=paid)
    assert account.tables.delete_item(name, {"id": {"S": "order-999"}}, only=paid)
    # Somebody else's is neither overwritten nor deleted.
    assert not put(account, name, order(7, "lost"))
    assert not account.tables.delete_item(name, {"id": {"S": "order-007"}}, only=paid)
    found = {item["id"]["S"]: item["state"]["S"] for item in read(account, name)}
    assert len(found) == 249
    assert found["order-007"] == "shipped"
    assert account.tables.get(name, {"id": {"S": "order-007"}}) == order(7, "shipped")
    assert account.tables.get(name, {"id": {"S": "order-008"}}) is None


def test_a_restore_has_the_items_of_its_time_and_lost_its_settings(account: Account) -> None:
    name = account.create()
    put(account, name, order(1))
    at = account.whole_second()
    put(account, name, order(1, "changed"))
    put(account, name, order(2))
    target = f"{name}-drill-20261125-083000-a1b2"
    account.tables.restore(name, target, at)
    account.made.append(target)
    account.ready(target)
    assert read(account, target) == [order(1)]
    shape, source = account.tables.shape(target), account.tables.shape(name)
    assert shape is not None
    assert source is not None
    assert shape.restored_from == source.arn
    found = differences(account.tables.describe(name), account.tables.describe(target))
    assert {held.part.name: (held.source, held.copy) for held in found.parts if not held.same} == {
        "point-in-time-recovery": ("14 days", ""),
        "stream": ("NEW_IMAGE", ""),
        "tags": ("owner=team", ""),
        "time-to-live": ("expires_at", ""),
        "deletion-protection": ("on", ""),
    }
    account.tables.tag(shape.arn, {"ial:drill-run": "r"})
    [tag] = account.tables.describe(target).answers["Tags"]
    assert tag == {"Key": "ial:drill-run", "Value": "r"}


def test_what_is_being_restored_cannot_be_deleted_yet(account: Account) -> None:
    name = account.create()
    target = f"{name}-drill-20261125-083000-a1b2"
    account.tables.restore(name, target, account.whole_second())
    shape = account.tables.shape(target)
    assert shape is not None
    assert (shape.status, shape.restoring) == ("CREATING", True)
    assert account.tables.delete(target) is False
    account.ready(target)
    assert account.tables.delete(target) is True
    assert account.tables.shape(target) is None
    assert account.tables.delete(target) is True


def test_the_window(account: Account) -> None:
    name = account.create()
    window = account.tables.window(name)
    assert (window.enabled, window.days) == (True, 14)
    assert window.earliest is not None
    assert window.latest is not None
    assert window.earliest <= window.latest
    with pytest.raises(AwsError) as raised:
        account.tables.restore(name, f"{name}-x", account.clock.now() + timedelta(days=1))
    assert raised.value.code == "InvalidRestoreTimeException"


@pytest.mark.parametrize("kind", ["S", "N", "B"])
def test_a_sentinel_fits_any_key(account: Account, kind: str) -> None:
    keys = (("id", "HASH"), ("at", "RANGE"))
    name = account.create(keys, {"id": kind, "at": "S", "state": "S"})
    shape = account.tables.shape(name)
    assert shape is not None
    item = sentinel(shape, "20261125-083000-a1b2", "2026-11-25T08:30:00.000Z")
    assert account.tables.put(name, item, key="id", over=marks("20261125-083000-a1b2"))
    key = sentinel_key(shape, "20261125-083000-a1b2")
    assert is_whole(account.tables.get(name, key), "20261125-083000-a1b2")
    assert len(read(account, name)) == 1
    assert account.tables.delete_item(name, key, only=marks("20261125-083000-a1b2"))
    assert read(account, name) == []


def test_a_missing_table_is_an_error(account: Account) -> None:
    for call in (
        lambda: put(account, "no-such-table", order(1)),
        lambda: read(account, "no-such-table"),
        lambda: account.tables.describe("no-such-table"),
    ):
        with pytest.raises(AwsError):
            call()


class Few(Unpaced):
    """Three items a page."""

    def permit(self) -> Permit:
        return Permit(limit=3, at=0.0, units=0.0)


@pytest.mark.parametrize("kind", ["S", "N", "B"])
def test_a_scan_of_many_pages_has_each_item_once(account: Account, kind: str) -> None:
    """The key after which it goes on is of any kind: a binary one stands in the answer as text."""
    name = account.create((("id", "HASH"),), {"id": kind, "state": "S"})
    for number in range(20):
        held = {"S": f"order-{number}", "N": str(number), "B": bytes([number, 255])}[kind]
        assert put(account, name, {"id": {kind: held}, "state": {"S": "paid"}})
    pages = list(account.tables.read(name, 0, 1, whole_items, Few()))
    assert [page.items for page in pages] == [3] * 6 + [2]
    assert len({json.dumps(item) for page in pages for item in page.found}) == 20
    assert all(page.units in (1.0, None) for page in pages)


@pytest.mark.cloud
def test_every_kind_of_value_survives_the_short_way(account: Account) -> None:
    name = account.create()
    values = {
        "id": {"S": "x"},
        "state": {"S": "ü"},
        "n": {"N": "1.50"},
        "m": {"M": {"a": {"L": [{"S": "b"}, {"N": "2"}, {"BOOL": True}, {"NULL": True}]}}},
        "ss": {"SS": ["b", "a"]},
        "ns": {"NS": ["2", "1"]},
    }
    put(account, name, values)
    time.sleep(0)
    [found] = read(account, name)
    assert found.keys() == values.keys()
    assert found["m"] == values["m"]
    assert sorted(found["ss"]["SS"]) == ["a", "b"]
