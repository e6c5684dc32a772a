"""Reads a whole table in segments at once, at a pace they share, and keeps nothing of it but its digest."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from runners.backup.tables.pace import Pace
from runners.backup.tables.page_digests import PageDigests
from runners.backup.tables.table_digest import Manifest, bucket_of
from runners.backup.tables.tables import Read, Tables, TableShape

_SEGMENT_BYTES: Final = 4_000_000
_FEWEST: Final = 4
_MOST: Final = 16
# Fewer units a second than this are not worth another segment.
_SEGMENT_UNITS: Final = 64


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """A table's digest, the read units that it took, and how many items have expired."""

    manifest: Manifest
    units: float
    expired: int


def segments_for(shape: TableShape, rate: float | None) -> int:
    """How many segments are read at once.

    More for larger tables, within what a client's connections carry, and not more than the read units a second are
    worth: a slow scan in one segment costs the fewest units.
    """
    most = _MOST if rate is None else min(_MOST, max(1, math.floor(rate / _SEGMENT_UNITS)))
    return min(most, max(_FEWEST, shape.size_bytes // _SEGMENT_BYTES))


def scanned(
    tables: Tables,
    name: str,
    keys: Sequence[str],
    segments: int,
    pace: Pace,
    *,
    expires: str | None = None,
    now: float = 0.0,
) -> Scanned:
    """The digest of every item of a table; `expires` is the attribute by which items are counted as expired `now`.

    Raises:
        AwsError: a segment could not be read.
        DeadlineError: it takes longer than the pace lets it.
    """
    manifest, lock = Manifest(), threading.Lock()
    units, expired = 0.0, 0

    def read(segment: int) -> None:
        nonlocal units, expired
        for page in tables.read(name, segment, segments, digests.read, pace):
            manifest.add(page.found)
            with lock:
                units, expired = units + (page.units or 0.0), expired + page.expired

    with PageDigests(keys, expires=expires, now=now) as digests, ThreadPoolExecutor(segments) as pool:
        for done in [pool.submit(read, segment) for segment in range(segments)]:
            done.result()
    return Scanned(manifest=manifest, units=units, expired=expired)


def items_in(
    tables: Tables, name: str, keys: Sequence[str], buckets: frozenset[int], pace: Pace
) -> Iterator[dict[str, Any]]:
    """The items that fall into some buckets, read one segment after the other."""
    for segment in range(_FEWEST):
        for page in tables.read(name, segment, _FEWEST, whole_items, pace):
            yield from (item for item in page.found if bucket_of(item, keys) in buckets)


def whole_items(body: bytes) -> Read[list[dict[str, Any]]]:
    """A page's items as they are."""
    page = json.loads(body)
    items = page["Items"]
    return Read(
        found=items,
        after=page.get("LastEvaluatedKey") or None,
        items=len(items),
        units=page.get("ConsumedCapacity", {}).get("CapacityUnits"),
    )
