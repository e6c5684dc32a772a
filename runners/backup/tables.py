"""DynamoDB as a drill and a restore see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

# An item in DynamoDB's own JSON: {"id": {"S": "order-1"}, "total": {"N": "12.5"}}; binary values as base64 text.
Item = Mapping[str, Any]
T = TypeVar("T")
# Makes something of the body of a Scan's answer, and finds the key after which the scan goes on.
PageReader = Callable[[bytes], tuple[T, Item | None]]


@dataclass(frozen=True, kw_only=True)
class Index:
    """A secondary index: its keys as (attribute, HASH or RANGE), and what it projects."""

    keys: tuple[tuple[str, str], ...]
    projection: str
    included: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableShape:
    """What a table is, without its items. `size_bytes` is up to six hours old; there is no count worth having."""

    name: str
    arn: str
    status: str
    keys: tuple[tuple[str, str], ...]
    attributes: Mapping[str, str]
    global_indexes: Mapping[str, Index]
    local_indexes: Mapping[str, Index]
    billing: str
    capacity: tuple[int, int]
    encryption: str
    table_class: str
    stream: str | None
    deletion_protection: bool
    size_bytes: int
    created: datetime
    restored_from: str | None = None
    restored_at: datetime | None = None
    restoring: bool = False

    @property
    def key_names(self) -> tuple[str, ...]:
        """Partition key first."""
        return tuple(name for name, _ in self.keys)


@dataclass(frozen=True, kw_only=True)
class RestoreWindow:
    """Point-in-time recovery of a table; the times are None when it is off."""

    enabled: bool
    earliest: datetime | None = None
    latest: datetime | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Losses:
    """The settings of a table that a restore does not bring back."""

    time_to_live: str | None
    stream: str | None
    tags: Mapping[str, str]
    recovery_days: int | None
    deletion_protection: bool
    scaled: tuple[str, ...] = field(default=())


class Tables(Protocol):
    """The calls that a drill needs. Each raises AwsError when it fails for good."""

    def shape(self, name: str) -> TableShape | None:
        """What the table is, None if there is none."""

    def window(self, name: str) -> RestoreWindow:
        """How far back it can be restored."""

    def losses(self, name: str) -> Losses:
        """What a restore of it would lose."""

    def put(self, name: str, item: Item) -> None:
        """Writes one item."""

    def get(self, name: str, key: Item) -> Item | None:
        """Reads one item."""

    def delete_item(self, name: str, key: Item) -> None:
        """Deletes one item; one that is not there is no fault."""

    def pages(self, name: str, segment: int, segments: int) -> Iterator[list[dict[str, Any]]]:
        """The items of one of so many segments, page by page."""

    def read(self, name: str, segment: int, segments: int, reader: PageReader[T]) -> Iterator[T]:
        """What a reader makes of each page of one of so many segments."""

    def restore(self, source: str, target: str, at: datetime) -> None:
        """Begins to restore the source's items of a time, a whole second, to a new table."""

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Tags a table."""

    def delete(self, name: str) -> bool:
        """Begins to delete a table; False when it cannot be deleted yet. One that is not there is no fault."""
