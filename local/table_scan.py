"""Scans of whole tables in time that grows with the table: moto sorts all items anew for each page."""

from __future__ import annotations

import bisect
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.models.table import Table

PAGE_BYTES: Final = 1_000_000
_CACHE: Final = "ial_sorted"
Found = tuple[list["Item"], int, dict[str, Any] | None]


@dataclass
class _Segment:
    """A segment's items in an order that stays, with their sizes in bytes."""

    keys: list[str]
    items: list[Item]
    sizes: list[int]


def scan_fast() -> None:
    """Replaces moto's scan where there is nothing to filter; everything else stays moto's."""
    from moto.dynamodb.comparisons import OpDefault
    from moto.dynamodb.models.table import Table

    plain = Table.scan

    def scan(
        table: Table,
        filters: dict[str, Any],
        limit: int,
        exclusive_start_key: dict[str, Any],
        filter_expression: Any = None,
        index_name: str | None = None,
        consistent_read: bool = False,
        projection_expression: list[list[str]] | None = None,
        segments: tuple[None, None] | tuple[int, int] = (None, None),
    ) -> Found:
        unfiltered = not filters and (filter_expression is None or isinstance(filter_expression, OpDefault))
        if index_name or projection_expression or not unfiltered:
            return plain(
                table, filters, limit, exclusive_start_key, filter_expression, index_name, consistent_read,
                projection_expression, segments,
            )  # fmt: skip
        return _page(table, _segment(table, segments), limit, exclusive_start_key)

    Table.scan = scan  # type: ignore[method-assign,assignment]


def changed(table: Table) -> None:
    """Forgets the order of a table's items: something was written."""
    vars(table).pop(_CACHE, None)


def key_of(item: Item) -> str:
    """An item's key as text."""
    return _text(item.hash_key.to_json(), item.range_key.to_json() if item.range_key else None)


def _text(hash_key: Any, range_key: Any) -> str:
    return json.dumps([hash_key, range_key])


def _segment(table: Table, segments: tuple[None, None] | tuple[int, int]) -> _Segment:
    cache: dict[Any, _Segment] = vars(table).setdefault(_CACHE, {})
    if segments not in cache:
        belongs = _membership(segments)
        held = sorted((key_of(item), number, item) for number, item in enumerate(_all(table)) if belongs(item))
        items = [item for _, _, item in held]
        cache[segments] = _Segment([key for key, _, _ in held], items, [item.size() for item in items])
    return cache[segments]


def _all(table: Table) -> list[Item]:
    if table.range_key_attr:
        return [item for under in list(table.items.values()) for item in list(under.values())]
    alone: Any = table.items.values()
    return list(alone)


def _membership(segments: tuple[None, None] | tuple[int, int]) -> Callable[[Item], bool]:
    """By the partition key alone, and evenly: moto's own segments go by one byte, which leaves most of many empty."""
    if segments[1] is None:
        return lambda _: True
    segment, total = segments

    def belongs(item: Item) -> bool:
        digest = hashlib.md5(_text(item.hash_key.to_json(), None).encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[:4], "big") % total == segment

    return belongs


def _page(table: Table, held: _Segment, limit: int, start: dict[str, Any] | None) -> Found:
    first = 0
    if start:
        after = _text(start[table.hash_key_attr], start[table.range_key_attr] if table.range_key_attr else None)
        first = bisect.bisect_right(held.keys, after)
    last, size = first, 0
    while last < len(held.items) and last - first != limit and size + held.sizes[last] <= PAGE_BYTES:
        size += held.sizes[last]
        last += 1
    page = held.items[first:last]
    more = last < len(held.items) and bool(page)
    return page, len(page), table._get_last_evaluated_key(page[-1], None) if more else None
