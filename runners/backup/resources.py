"""What of a workload can be lost, and so is drilled and restored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contract.outputs import Workload
from runners.backup.evidence import Kind


def resources(work: Workload) -> dict[str, Kind]:
    """Every table, bucket and database by its name, in the order in which a full test drills them.

    Of two with one name it is the first.
    """
    found: dict[str, Kind] = {}
    for name, kind in _named(work):
        found.setdefault(name, kind)
    return found


def doubled(work: Workload, *taken: str) -> str | None:
    """The first name that two of these have, or one of these and what else is drilled; None where all differ."""
    names = Counter([*taken, *(name for name, _ in _named(work))])
    return next((name for name, times in names.items() if times > 1), None)


def _named(work: Workload) -> Iterator[tuple[str, Kind]]:
    yield from ((table.name, Kind.TABLE) for table in work.tables)
    yield from ((bucket.name, Kind.BUCKET) for bucket in work.buckets)
    if work.database:
        yield work.database, Kind.DATABASE
