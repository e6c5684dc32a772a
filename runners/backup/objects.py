"""A versioned bucket as drills, rollbacks and the configuration's copies see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an object, or a delete marker. `modified` has whole seconds, as listings have."""

    key: str
    id: str
    modified: datetime
    marker: bool = False
    latest: bool = False
    size: int = 0
    storage: str = "STANDARD"


@dataclass(frozen=True, kw_only=True)
class BucketRules:
    """Whether versions are kept, and for how many days overwritten ones; None is for ever."""

    versioning: bool
    noncurrent_days: int | None


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an object is: the SHA-256 of its bytes, its size, type and metadata."""

    sha256: str
    size: int
    kind: str
    metadata: tuple[tuple[str, str], ...]


class Objects(Protocol):
    """The calls that are needed. Each raises AwsError when it fails for good."""

    def rules(self, bucket: str) -> BucketRules:
        """How the bucket treats versions."""

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        """Every version and marker, sorted by key; of one key the newest first."""

    def content(self, bucket: str, key: str, version: str | None = None) -> Content:
        """Reads a version, or the newest one, and says what it is."""

    def read(self, bucket: str, key: str) -> bytes | None:
        """A small object's bytes, None if there is none."""

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Writes a small object."""

    def copy(self, source: str, key: str, version: str, target: str, target_key: str, size: int) -> None:
        """Copies a version, however large, with its metadata."""

    def hide(self, bucket: str, key: str) -> None:
        """Puts a delete marker on an object."""

    def remove(self, bucket: str, versions: Iterable[Version]) -> list[str]:
        """Removes versions and markers for good, and names those that could not be."""
