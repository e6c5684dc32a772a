"""One version as it was read: of what, which one, and why it is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a part of the workload runs. `running` tells versions apart; None is not known, and `unread` says why.

    `images` are digests by container, where there are any; `deployment` is what is under way.
    """

    kind: str
    name: str
    running: str | None = None
    images: Mapping[str, str] | None = None
    revision: str | None = None
    deployment: str | None = None
    unread: str | None = None

    @property
    def part(self) -> tuple[str, str]:
        """What it is a version of."""
        return self.kind, self.name

    def __str__(self) -> str:
        return f"{self.running}{_digests(self.images)}"

    def document(self) -> dict[str, Any]:
        """As records have it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "running": self.running,
            "images": None if self.images is None else dict(self.images),
            "revision": self.revision,
            "deployment": self.deployment,
            "unread": self.unread,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The version that `document` wrote; what a later version of it added is passed over.

        Raises:
            TypeError: it is none.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in document.items() if key in known})

    def same_as(self, other: Version) -> bool | None:
        """Whether both are the same version; None when one of them is not known.

        Where both know their images, these count too: a tag may have moved under an unchanged task definition.
        """
        if self.running is None or other.running is None:
            return None
        if self.running != other.running:
            return False
        both = self.images is not None and other.images is not None
        return self.images == other.images if both else True


def versions_in(record: Mapping[str, Any]) -> dict[tuple[str, str], Version]:
    """The versions that the record of an experiment names, by part; none where it is of before versions were kept."""
    return {version.part: version for version in _read(record.get("versions") or {})}


def _read(versions: Mapping[str, Any]) -> Iterator[Version]:
    for part in versions.get("parts", ()):
        # What cannot be read is not there, and so not known.
        with suppress(TypeError, AttributeError):
            yield Version.read(part)


def _digests(images: Mapping[str, str] | None) -> str:
    return f" ({', '.join(f'{name} {digest}' for name, digest in sorted(images.items()))})" if images else ""
