"""What `ial rollback hold` tells. `make schemas` makes its schema from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from contract.parts import RecordPart, plain
from runners.rollback.hold import HeldPart, Hold


class HeldVersion(HeldPart, frozen=True, kw_only=True):
    """A version that must not come back.

    Attributes:
        active: Whether the time until which it is held has not passed.
    """

    active: bool


class HeldVersions(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial rollback hold --json`.

    Attributes:
        version: Version of this document.
        released: Whether they were let go.
        holds: All of the environment.
    """

    version: Literal[1] = 1
    released: bool
    holds: tuple[HeldVersion, ...]


def held_versions(holds: Iterable[Hold], now: datetime, *, released: bool) -> dict[str, Any]:
    """The holds of an environment as they were found; `released` says that they were ended then."""
    found = tuple(HeldVersion(**held.document(), active=held.active(now)) for held in holds)
    return plain(HeldVersions(released=released, holds=found))
