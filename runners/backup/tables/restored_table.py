"""When a restored table can be used."""

from __future__ import annotations

from runners.backup.arrival import arrived
from runners.backup.drill import DrillLimits, DrillRun
from runners.backup.tables.tables import Tables, TableShape


def restored_table(run: DrillRun, tables: Tables, name: str, limits: DrillLimits) -> TableShape:
    """The table once it is there whole, and takes changes.

    Raises:
        AwsError: it could not be looked at.
        DeadlineError: it did not come within the limits.
    """

    def ready() -> TableShape | None:
        shape = tables.shape(name)
        return shape if shape is not None and shape.status == "ACTIVE" and not shape.restoring else None

    return arrived(run, f"table {name}", ready, limits)
