"""A database: 1 when available, 0 when not."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.databases import described
from runners.aws.look import Looking, look


@look("database")
def database(at: Looking, name: str, _hit: Sequence[str]) -> float:
    """Whether it is available."""
    return float(described(at.clients, name)["DBInstanceStatus"] == "available")
