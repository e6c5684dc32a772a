"""Which objects of a bucket a drill brings back, and what their time says about that of all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from runners.backup.buckets.objects import Version


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How much of a bucket is brought back at most; what is more is drawn evenly, and the same way each time."""

    objects: int = 5000
    bytes: int = 1024**3


DEFAULT_SAMPLE: Final = Sample()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The versions that were drawn, and how many objects and bytes the bucket had at the moment."""

    chosen: tuple[Version, ...]
    objects: int
    bytes: int

    @property
    def whole(self) -> bool:
        """Whether everything was drawn."""
        return len(self.chosen) == self.objects

    @property
    def factor(self) -> float:
        """How many times as long everything takes: by the number of objects or by their bytes, what is more."""
        if self.whole or not self.chosen:
            return 1.0
        size = sum(version.size for version in self.chosen)
        return max(self.objects / len(self.chosen), self.bytes / size if size else 0.0)


def draw(versions: Iterable[Version], sample: Sample, always: Collection[str]) -> Drawn:
    """An even share in the order of a hash of the key, with the keys in `always` in any case."""
    ranked: list[tuple[str, Version]] = []
    number = total = 0
    limit = sample.objects + len(always)
    for version in versions:
        number, total = number + 1, total + version.size
        rank = "" if version.key in always else hashlib.sha256(version.key.encode()).hexdigest()
        ranked.append((rank, version))
        if len(ranked) > 2 * limit:
            ranked = sorted(ranked, key=lambda pair: pair[0])[:limit]
    chosen, size = [], 0
    for rank, version in sorted(ranked, key=lambda pair: pair[0])[:limit]:
        if rank and size + version.size > sample.bytes:
            continue
        chosen.append(version)
        size += version.size
    return Drawn(chosen=tuple(chosen), objects=number, bytes=total)
