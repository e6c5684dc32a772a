"""What every section of the page is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import htpy as h

from runners.report.charts.figure import anchor


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page with a heading of its own; `children` are parts within it."""

    title: str
    body: Sequence[h.Node]
    children: Sequence[Section] = ()

    @property
    def place(self) -> str:
        """Its id."""
        return f"s-{anchor(self.title)}"

    def element(self, level: int = 2) -> h.Element:
        """The section with a heading of that level; none is left out below it."""
        heading = (h.h2, h.h3, h.h4)[level - 2]
        inner = [child.element(level + 1) for child in self.children]
        return h.section(id=self.place)[heading[self.title], list(self.body), inner]
