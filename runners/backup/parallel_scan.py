"""Reads a whole table in segments at once, and keeps nothing of it but its digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from runners.backup.page_digests import PageDigests
from runners.backup.table_digest import Manifest, bucket_of
from runners.backup.tables import Tables, TableShape

_SEGMENT_BYTES: Final = 4_000_000
_FEWEST: Final = 4
_MOST: Final = 16


def segments_for(shape: TableShape) -> int:
    """How many segments are read at once: more for larger tables, within what a client's connections carry."""
    return max(_FEWEST, min(_MOST, shape.size_bytes // _SEGMENT_BYTES))


def manifest_of(
    tables: Tables, name: str, keys: Sequence[str], segments: int, told: Callable[[int], object] = lambda _: None
) -> Manifest:
    """The digest of every item of a table. `told` hears how many items were read so far.

    Raises:
        AwsError: a segment could not be read.
    """
    manifest = Manifest()

    def read(segment: int) -> None:
        for page in tables.read(name, segment, segments, digests.read):
            manifest.add(page)
            told(manifest.items)

    with PageDigests(keys) as digests, ThreadPoolExecutor(segments) as pool:
        for done in [pool.submit(read, segment) for segment in range(segments)]:
            done.result()
    return manifest


def items_in(tables: Tables, name: str, keys: Sequence[str], buckets: frozenset[int]) -> Iterator[dict[str, Any]]:
    """The items that fall into some buckets, read one segment after the other."""
    for segment in range(_FEWEST):
        for page in tables.pages(name, segment, _FEWEST):
            yield from (item for item in page if bucket_of(item, keys) in buckets)
