"""DynamoDB as a drill and a restore see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from runners.backup.tables.pace import Pace
    from runners.backup.tables.table_description import TableDescription

# An item in DynamoDB's own JSON: {"id": {"S": "order-1"}, "total": {"N": "12.5"}}; binary values as base64 text.
Item = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Read(Generic[T]):
    """What was made of one page of a scan.

    `after` is the key after which the scan goes on, None at its end; `units` are the read units that AWS counted, None
    when its answer does not tell; `expired` counts the items whose time to live has passed.
    """

    found: T
    after: Item | None
    items: int
    units: float | None
    expired: int = 0


# Makes something of the body of a Scan's answer.
PageReader = Callable[[bytes], Read[T]]


@dataclass(frozen=True, kw_only=True)
class TableShape:
    """What a drill has to know of a table to read and to restore it. `size_bytes` is up to six hours old.

    Its settings are compared by `table_description.py`.
    """

    name: str
    arn: str
    status: str
    keys: tuple[tuple[str, str], ...]
    attributes: Mapping[str, str]
    billing: str
    capacity: tuple[int, int]
    deletion_protection: bool
    size_bytes: int
    created: datetime
    # As old as the size.
    items: int = 0
    # What the owner lets an on-demand table take in a second; None is no limit.
    most_read_units: int | None = None
    restored_from: str | None = None
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


class Tables(Protocol):
    """The calls that a drill needs. Each raises AwsError when it fails for good."""

    def shape(self, name: str) -> TableShape | None:
        """What the table is, None if there is none."""

    def window(self, name: str) -> RestoreWindow:
        """How far back it can be restored."""

    def describe(self, name: str) -> TableDescription:
        """Everything that AWS tells of its settings."""

    def put(self, name: str, item: Item, *, key: str, over: Item) -> bool:
        """Writes one item, if no other has its key or that one has the attributes of `over`; False if not."""

    def get(self, name: str, key: Item) -> Item | None:
        """Reads one item."""

    def delete_item(self, name: str, key: Item, *, only: Item) -> bool:
        """Deletes one item, if it has the attributes of `only`; False if not. One that is not there is no fault."""

    def read(self, name: str, segment: int, segments: int, reader: PageReader[T], pace: Pace) -> Iterator[Read[T]]:
        """What a reader makes of each page of one of so many segments, no faster than `pace` lets it."""

    def restore(self, source: str, target: str, at: datetime) -> None:
        """Begins to restore the source's items of a time, a whole second, to a new table."""

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Tags a table."""

    def delete(self, name: str) -> bool:
        """Begins to delete a table; False when it cannot be deleted yet. One that is not there is no fault."""
