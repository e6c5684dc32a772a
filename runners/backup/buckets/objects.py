"""A versioned bucket as drills, rollbacks and the configuration's copies see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from runners.errors import AwsError

# Versions in these classes must be retrieved, which takes hours, before they can be read or copied.
ARCHIVED: Final = frozenset({"GLACIER", "DEEP_ARCHIVE"})
# S3 user guide, "Naming Amazon S3 objects": bytes of UTF-8.
LONGEST_KEY: Final = 1024
_OF_PARTS: Final = re.compile(r'"?[0-9a-f]+-\d+"?')


class ObjectRefused(AwsError):
    """S3 refused a call because of this one object; the others of its bucket are not concerned."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an object, or a delete marker.

    `modified` has whole seconds, as listings have; of an upload in parts it is its beginning. Of a `retrieved` archived
    version S3 holds a readable copy for some days.
    """

    key: str
    id: str
    modified: datetime
    marker: bool = False
    latest: bool = False
    size: int = 0
    storage: str = "STANDARD"
    etag: str = ""
    retrieved: bool = False

    @property
    def archived(self) -> bool:
        """Whether it must be retrieved before it can be read."""
        return self.storage in ARCHIVED and not self.retrieved

    @property
    def in_parts(self) -> bool:
        """Whether it was uploaded in parts: then nobody can tell when it was complete."""
        return _OF_PARTS.fullmatch(self.etag) is not None


@dataclass(frozen=True, kw_only=True)
class BucketRules:
    """Whether versions are kept, and for how many days overwritten ones; None is for ever."""

    versioning: bool
    noncurrent_days: int | None


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an object is: the SHA-256 of its bytes, its size, and everything that S3 says about it.

    `properties` are sorted pairs of a name and a text: `ContentType`, `StorageClass`, `metadata:by`, `tag:team`, `ACL`.
    """

    sha256: str
    size: int
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What a copy takes over besides bytes, headers, metadata, tags and encryption: its class, and who may read it."""

    storage: bool
    access: bool


class Objects(Protocol):
    """The calls that are needed. Each raises AwsError when it fails for good, ObjectRefused if the object is why."""

    def rules(self, bucket: str) -> BucketRules:
        """How the bucket treats versions."""

    def held_fast(self, bucket: str) -> str | None:
        """Why what is written to the bucket now could not be removed again, None if it could."""

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        """Every version and marker, sorted by key; of one key in S3's order, the one that was stored last first."""

    def content(self, bucket: str, key: str, version: str | None = None) -> Content:
        """Reads a version, or the newest one, and says what it is."""

    def read(self, bucket: str, key: str) -> bytes | None:
        """A small object's bytes, None if there is none."""

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Writes a small object."""

    def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
        """Copies a version, however large, and names what the copy could not keep."""

    def hide(self, bucket: str, key: str) -> None:
        """Puts a delete marker on an object."""

    def remove(self, bucket: str, versions: Iterable[Version]) -> list[str]:
        """Removes versions and markers for good, and names those that could not be."""
