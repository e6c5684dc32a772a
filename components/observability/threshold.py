"""Where an alarm fires: the key that a stack file may set, its limits, and what it is where nothing is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from components.reading import Reader

MUCH: Final = 1e9


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One key of `ial:thresholds`. `meaning` is what the documentation says of it."""

    key: str
    default: float
    lowest: float
    highest: float
    meaning: str


@dataclass(frozen=True)
class Thresholds:
    """The values of a stack."""

    values: Mapping[str, float]

    @classmethod
    def read(cls, reader: Reader, known: Iterable[Threshold]) -> "Thresholds":
        """From `ial:thresholds`."""
        return cls({held.key: reader.number(held.key, held.lowest, held.highest, held.default) for held in known})

    def __getitem__(self, threshold: Threshold) -> float:
        return self.values[threshold.key]
