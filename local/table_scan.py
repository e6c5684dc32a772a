"""Scans of whole tables in time that grows with the table: moto sorts and serializes all items anew for each page."""

from __future__ import annotations

import base64
import bisect
import hashlib
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.models.table import Table

PAGE_BYTES: Final = 1_000_000
_CACHE: Final = "ial_sorted"
_SELECTIVE: Final = (
    *("FilterExpression", "ScanFilter", "ProjectionExpression", "AttributesToGet", "IndexName", "Select"),
    *("ConditionalOperator", "ExpressionAttributeNames", "ExpressionAttributeValues"),
)
# A consistent read unit reads four kilobytes, an eventually consistent one eight (DynamoDB guide, capacity modes). The
# text of an item is longer than what DynamoDB counts: here a scan never costs less.
_UNIT_BYTES: Final = 4096


@dataclass
class _Segment:
    """A segment's items as JSON, in an order that stays."""

    keys: list[str]
    items: list[Item]
    texts: list[str]


def scan_fast() -> None:
    """Answers scans of everything from prepared JSON; a scan that selects or filters stays moto's."""
    from moto.dynamodb.responses import DynamoHandler

    plain = DynamoHandler.scan

    def scan(handler: DynamoHandler) -> Any:
        body = handler.body
        segments = body.get("Segment"), body.get("TotalSegments")
        if any(body.get(name) for name in _SELECTIVE) or (segments[0] is None) != (segments[1] is None):
            return plain(handler)
        table = handler.dynamodb_backend.get_table(body["TableName"])
        told = body.get("ReturnConsumedCapacity", "NONE") in ("NONE", "TOTAL")
        if is_unfinished(table) or not told or (segments[0] or 0) >= (segments[1] or 1):
            return plain(handler)
        return _page(table, _segment(table, segments), body)

    DynamoHandler.scan = scan  # type: ignore[method-assign]


def is_unfinished(table: Table) -> bool:
    """Whether a table is still being restored."""
    return bool(getattr(table, "ial_ready_at", 0.0) > time.time())


def changed(table: Table) -> None:
    """Forgets the order of a table's items: something was written."""
    vars(table).pop(_CACHE, None)


def key_of(item: Item) -> str:
    """An item's key as text."""
    return _text(item.hash_key.to_json(), item.range_key.to_json() if item.range_key else None)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def text_of(item: Item) -> str:
    """An item as DynamoDB's JSON."""
    return json.dumps(item.to_json()["Attributes"], default=_base64)


def _text(hash_key: Any, range_key: Any) -> str:
    return json.dumps([hash_key, range_key], default=_base64)


def _segment(table: Table, segments: tuple[int | None, int | None]) -> _Segment:
    cache: dict[Any, _Segment] = vars(table).setdefault(_CACHE, {})
    if segments not in cache:
        belongs = _membership(segments)
        held = sorted((key_of(item), number, item) for number, item in enumerate(_all(table)) if belongs(item))
        items = [item for _, _, item in held]
        cache[segments] = _Segment([key for key, _, _ in held], items, [text_of(item) for item in items])
    return cache[segments]


def _all(table: Table) -> list[Item]:
    if table.range_key_attr:
        return [item for under in list(table.items.values()) for item in list(under.values())]
    alone: Any = table.items.values()
    return list(alone)


def _membership(segments: tuple[int | None, int | None]) -> Callable[[Item], bool]:
    """By the partition key alone, and evenly: moto's own segments go by one byte, which leaves most of many empty."""
    segment, total = segments
    if total is None:
        return lambda _: True

    def belongs(item: Item) -> bool:
        digest = hashlib.md5(_text(item.hash_key.to_json(), None).encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[:4], "big") % total == segment

    return belongs


def _page(table: Table, held: _Segment, asked: dict[str, Any]) -> str:
    limit, start = asked.get("Limit"), asked.get("ExclusiveStartKey")
    first = 0
    if start:
        after = _text(start[table.hash_key_attr], start[table.range_key_attr] if table.range_key_attr else None)
        first = bisect.bisect_right(held.keys, after)
    last, size = first, 0
    while last < len(held.texts) and last - first != limit and size + len(held.texts[last]) <= PAGE_BYTES:
        size += len(held.texts[last])
        last += 1
    more = _consumed(table, asked, size)
    if last > first and last < len(held.texts):
        key = table._get_last_evaluated_key(held.items[last - 1], None)
        shown = json.dumps({name: value.to_json() for name, value in key.items()}, default=_base64)
        more += f', "LastEvaluatedKey": {shown}'
    items = ",".join(held.texts[first:last])
    return f'{{"Items": [{items}], "Count": {last - first}, "ScannedCount": {last - first}{more}}}'


def _consumed(table: Table, asked: dict[str, Any], size: int) -> str:
    if asked.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return ""
    units = max(1, math.ceil(size / _UNIT_BYTES)) * (1.0 if asked.get("ConsistentRead") else 0.5)
    return f', "ConsumedCapacity": {json.dumps({"TableName": table.name, "CapacityUnits": units})}'
