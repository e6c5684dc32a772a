"""What an Auto Scaling group launched in the place of instances that are gone: a port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Launch:
    """An instance that a group launched; `done` is None while it is not in service, or when it failed."""

    instance: str
    began: datetime
    done: datetime | None


class Scaling(Protocol):
    """Reads a group's activities."""

    def launches(self, group: str, since: datetime) -> Sequence[Launch]:
        """What the group began to launch since then, oldest first.

        Raises:
            AwsError: the activities could not be read.
        """
