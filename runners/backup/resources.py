"""What of a workload can be lost, and so is drilled and restored."""

from __future__ import annotations

from collections import Counter

from contract.outputs import Workload
from runners.backup.evidence import Kind


def resources(work: Workload) -> dict[str, Kind]:
    """Every table, bucket and database by its name, in the order in which a full test drills them.

    Of two with one name it is the first.
    """
    found = {table.name: Kind.TABLE for table in work.tables}
    found |= {bucket.name: Kind.BUCKET for bucket in work.buckets if bucket.name not in found}
    return found | ({work.database: Kind.DATABASE} if work.database and work.database not in found else {})


def doubled(work: Workload, *taken: str) -> str | None:
    """The first name that two of these have, or one of these and what else is drilled; None where all differ."""
    named = [*(table.name for table in work.tables), *(bucket.name for bucket in work.buckets)]
    names = [*taken, *named, *([work.database] if work.database else [])]
    return next((name for name, times in Counter(names).items() if times > 1), None)
