"""A document of bounded size: sections are filled row by row until the room is used, and what was cut is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

# GitHub refuses comments above 65,536 characters; bytes are counted, which is stricter.
LIMIT: Final = 63_000
_RESERVE: Final = 1_000


@dataclass
class CappedText:
    """Lines up to a limit in bytes. Sections that come first get the room first."""

    limit: int = LIMIT
    lines: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    used: int = 0

    def section(self, title: str, before: Sequence[str], rows: Sequence[str], after: Sequence[str] = ()) -> None:
        """Adds a section with as many rows as there is room for; its frame comes whole or not at all."""
        frame = sum(_size(line) for line in (*before, *after))
        if self.used + frame > self.limit - _RESERVE:
            self.cut.append(f"{title}: all {len(rows)}")
            return
        self.used += frame
        shown: list[str] = []
        for row in rows:
            if self.used + _size(row) > self.limit - _RESERVE:
                self.cut.append(f"{title}: {len(rows) - len(shown)} of {len(rows)}")
                break
            self.used += _size(row)
            shown.append(row)
        self.lines += [*before, *shown, *after]

    def text(self, cut_note: str) -> str:
        """The whole text; `cut_note` introduces what was left out, if anything was."""
        closing = [f"{cut_note} {'; '.join(self.cut)}."] if self.cut else []
        return "\n".join([*self.lines, *closing]) + "\n"


def _size(line: str) -> int:
    return len(line.encode("utf-8", errors="replace")) + 1
