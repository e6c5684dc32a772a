"""Where settings of a restored table are put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from runners.backup.tables.table_description import TableDescription


class SettingsStore(Protocol):
    """Puts settings on tables. Each call raises AwsError when it fails for good; putting twice is no fault."""

    def put(self, table: str, part: str, wanted: TableDescription) -> None:
        """Puts one part, by its name in `table_parts`, on another table than the described one."""

    def watching(self, table: str) -> Sequence[str]:
        """The alarms that watch a table by its name."""
