"""What an update of a stack left, whichever engine made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.engines import Engine


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an update left. `adopted` was there already, `recorded` is what the local cloud cannot emulate."""

    engine: str
    created: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0
    adopted: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outputs: Mapping[str, Any] | None = field(default=None)

    def summary(self) -> list[str]:
        """For people: how much was created, and what was not emulated."""
        counts = (
            (self.created, "created"),
            (len(self.adopted), "taken back"),
            (self.changed, "changed"),
            (self.deleted, "deleted"),
        )
        shown = ", ".join(f"{number} {what}" for number, what in (*counts, (self.unchanged, "unchanged")) if number)
        where = "the local cloud" if self.engine == Engine.LOCAL else "AWS"
        lines = [f"applied to {where}: {shown or 'nothing to do'}", *self.notes]
        return lines + [f"  recorded, not emulated: {name}" for name in self.recorded]
