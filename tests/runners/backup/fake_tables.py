"""DynamoDB in memory, with history; it passes the contract tests of the real adapter."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from local.table_history import TableHistory
from runners.backup.tables.pace import Pace
from runners.backup.tables.reading import ON_DEMAND
from runners.backup.tables.table_description import TableDescription
from runners.backup.tables.tables import Item, PageReader, Read, RestoreWindow, T, TableShape
from runners.errors import AwsError
from runners.runs.clock import Clock

BY_STATE = {
    "IndexName": "by-state",
    "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/"


def refused(operation: str, code: str) -> AwsError:
    return AwsError(f"dynamodb:{operation}: {code}", operation=f"dynamodb:{operation}", code=code)


@dataclass
class Held:
    """One table: what it is, its history, and since when it is ready."""

    shape: TableShape
    history: TableHistory
    answers: dict[str, Any]
    recovery: bool = True
    ready: datetime | None = None


@dataclass
class FakeTables:
    """Knobs make restores go wrong as the local cloud's do. `writes` are done to the source when something is read."""

    clock: Clock
    held: dict[str, Held] = field(default_factory=dict)
    lag: timedelta = timedelta(seconds=300)
    restore_takes: timedelta = timedelta(seconds=60)
    current_data: bool = False
    change_item: bool = False
    drop_index: bool = False
    never_ready: bool = False
    restores: list[str] = field(default_factory=list)
    # What was read of which table, when, in read units.
    reads: list[tuple[str, datetime, float]] = field(default_factory=list)

    def create(self, name: str, keys: tuple[tuple[str, str], ...] = (("id", "HASH"),), **change: Any) -> None:
        """A table as the contract tests want it."""
        attributes = {key: "S" for key, _ in keys} | {"state": "S"}
        shape = TableShape(
            name=name,
            arn=ARN + name,
            status="ACTIVE",
            keys=keys,
            attributes=change.pop("attributes", attributes),
            billing="PAY_PER_REQUEST",
            capacity=(0, 0),
            deletion_protection=True,
            size_bytes=0,
            created=self.clock.now(),
        )
        answers = {
            "TimeToLive": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"},
            "Tags": [{"Key": "owner", "Value": "team"}],
            "ContinuousBackups": {
                "PointInTimeRecoveryDescription": {
                    "PointInTimeRecoveryStatus": "ENABLED",
                    "RecoveryPeriodInDays": 14,
                }
            },
        }
        held = Held(replace(shape, **change), TableHistory(self.clock.now().timestamp(), {}), answers)
        self.held[name] = held

    def items(self, name: str) -> dict[str, dict[str, Any]]:
        held = self._found(name, "Scan")
        return {key: json.loads(text) for key, text in held.history.as_of(float("inf")).items()}

    def shape(self, name: str) -> TableShape | None:
        held = self.held.get(name)
        if held is None:
            return None
        restoring = self._unready(held)
        return replace(held.shape, status="CREATING" if restoring else held.shape.status, restoring=restoring)

    def window(self, name: str) -> RestoreWindow:
        held = self._found(name, "DescribeContinuousBackups", ready=False)
        if not held.recovery:
            return RestoreWindow(enabled=False)
        began = datetime.fromtimestamp(held.history.began, UTC)
        return RestoreWindow(enabled=True, earliest=began, latest=max(began, self.clock.now() - self.lag), days=14)

    def describe(self, name: str) -> TableDescription:
        held = self._found(name, "DescribeTable")
        return TableDescription(table=name, arn=ARN + name, answers={"Table": self._told(held), **held.answers})

    def _told(self, held: Held) -> dict[str, Any]:
        """A restored table has no stream, and all indexes if all is well."""
        restored = held.shape.restored_from is not None
        return _told(held.shape, indexed=not (restored and self.drop_index), streams=not restored)

    def put(self, name: str, item: Item, *, key: str, over: Item) -> bool:
        self._found(name, "PutItem")
        held = self.get(name, {part: item[part] for part in self.held[name].shape.key_names})
        assert key in self.held[name].shape.key_names
        if held is not None and any(held.get(part) != value for part, value in over.items()):
            return False
        self.write(name, item)
        return True

    def write(self, name: str, item: Item) -> None:
        """As the application does it: over whatever there is."""
        self._write(name, item, json.dumps(_wire(item)))

    def get(self, name: str, key: Item) -> Item | None:
        found = self.items(name).get(self._key(self.held[name], key))
        return None if found is None else _typed(found)

    def delete_item(self, name: str, key: Item, *, only: Item) -> bool:
        held = self.get(name, key)
        if held is not None and any(held.get(part) != value for part, value in only.items()):
            return False
        self._write(name, key, None)
        return True

    def read(self, name: str, segment: int, segments: int, reader: PageReader[T], pace: Pace) -> Iterator[Read[T]]:
        texts = [json.dumps(item, default=_base64) for item in self.items(name).values()]
        items, at = texts[segment::segments], 0
        while True:
            permit = pace.permit()
            last = min(len(items), at + (permit.limit or 100))
            size = sum(map(len, items[at:last]))
            units = float(max(1, math.ceil(size / 4096)))
            self.reads.append((name, self.clock.now(), units))
            pace.spent(permit, last - at, units, size)
            yield reader(f'{{"Items":[{",".join(items[at:last])}]}}'.encode())
            if last == len(items):
                return
            at = last

    def restore(self, source: str, target: str, at: datetime) -> None:
        held = self._found(source, "RestoreTableToPointInTime")
        window = self.window(source)
        if target in self.held:
            raise refused("RestoreTableToPointInTime", "TableAlreadyExistsException")
        if window.latest is None or not at <= window.latest:
            raise refused("RestoreTableToPointInTime", "InvalidRestoreTimeException")
        state = held.history.as_of(float("inf") if self.current_data else at.timestamp())
        if self.change_item:
            key = sorted(state)[len(state) // 2]
            state[key] = json.dumps(json.loads(state[key]) | {"state": {"S": "silently changed"}})
        shape = replace(
            held.shape,
            name=target,
            arn=ARN + target,
            deletion_protection=False,
            restored_from=held.shape.arn,
        )
        ready = self.clock.now() + (timedelta(days=9999) if self.never_ready else self.restore_takes)
        self.held[target] = Held(shape, TableHistory(0, state), {"Tags": []}, recovery=False, ready=ready)
        self.restores.append(target)

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        held = self._found(arn.removeprefix(ARN), "TagResource")
        held.answers["Tags"] = [*held.answers["Tags"], *({"Key": key, "Value": value} for key, value in tags.items())]

    def delete(self, name: str) -> bool:
        held = self.held.get(name)
        if held is None:
            return True
        if self._unready(held):
            return False
        del self.held[name]
        return True

    def _unready(self, held: Held) -> bool:
        return held.ready is not None and held.ready > self.clock.now()

    def _found(self, name: str, operation: str, *, ready: bool = True) -> Held:
        held = self.held.get(name)
        if held is None or (ready and self._unready(held)):
            raise refused(operation, "ResourceNotFoundException")
        return held

    def _write(self, name: str, item: Item, text: str | None) -> None:
        held = self._found(name, "PutItem")
        held.history.record(self.clock.now().timestamp(), self._key(held, item), text)

    @staticmethod
    def _key(held: Held, item: Item) -> str:
        return json.dumps([_wire(item)[name] for name in held.shape.key_names])


def _told(shape: TableShape, *, indexed: bool, streams: bool) -> dict[str, Any]:
    """As DescribeTable tells it."""
    told: dict[str, Any] = {
        "TableName": shape.name,
        "TableArn": shape.arn,
        "TableStatus": shape.status,
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in shape.keys],
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in shape.attributes.items()
        ],
        "GlobalSecondaryIndexes": [BY_STATE] if indexed else [],
        "BillingModeSummary": {"BillingMode": shape.billing},
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"} if streams else {},
        "DeletionProtectionEnabled": shape.deletion_protection,
    }
    if shape.billing != ON_DEMAND:
        read, write = shape.capacity
        told["ProvisionedThroughput"] = {"ReadCapacityUnits": read, "WriteCapacityUnits": write}
    return told


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _wire(item: Item) -> dict[str, Any]:
    return {
        name: {kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value}
        for name, held in item.items()
        for kind, value in held.items()
    }


def _typed(item: Item) -> Item:
    return {
        name: {kind: base64.b64decode(value) if kind == "B" else value}
        for name, held in item.items()
        for kind, value in held.items()
    }
