"""Whether a restored table holds what the source held at the time. Pure.

The source was read twice, before and right after the time. A bucket that is the same both times was not written
around the time, so the restored one must be equal. One that differs was in flux: the restored one may be as before or
as after; if it is neither, an item was written twice in between, and nobody can say what is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runners.backup.evidence import Check
from runners.backup.tables.table_digest import Manifest

# Share of items that may be beyond judgement before the drill says nothing.
MOST_UNVERIFIED: Final = 0.01


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`wrong` has the buckets that cannot be right; `unverified` counts the items of those beyond judgement."""

    expected: int
    restored: int
    exact: bool
    in_flux: int
    wrong: frozenset[int]
    unverified: int

    @property
    def content(self) -> bool | None:
        """Whether the content is right; None when too much of it was in flux."""
        if self.wrong:
            return False
        return True if self.unverified <= MOST_UNVERIFIED * max(1, self.expected) else None

    def checks(self, culprits: str = "") -> list[Check]:
        """The checks `count` and `content`."""
        same = self.restored == self.expected
        flux = f", {self.in_flux} items were in flux, {self.unverified} are unverified" if self.in_flux else ""
        return [
            Check(
                name="count",
                ok=same or (None if self.content is None else self.content),
                expected=f"{self.expected} items",
                observed=f"{self.restored} items",
            ),
            Check(
                name="content",
                ok=self.content,
                expected="every item as of the time",
                observed=("exactly that" if self.exact else f"{len(self.wrong)} buckets differ{flux}"),
                detail=culprits or ("the table is too busy to be judged" if self.content is None else ""),
            ),
        ]


def compare(before: Manifest, after: Manifest, restored: Manifest) -> Comparison:
    """Judges each bucket by what it was before the time, right after it, and in the restored table."""
    wrong, in_flux, unverified, exact = set(), 0, 0, True
    each = zip(before.buckets(), after.buckets(), restored.buckets(), strict=True)
    for number, (first, second, found) in enumerate(each):
        if first != second:
            in_flux += max(first[0], second[0])
        if found == first:
            continue
        exact = False
        if first == second:
            wrong.add(number)
        elif found != second:
            unverified += max(first[0], second[0], found[0])
    return Comparison(
        expected=before.items,
        restored=restored.items,
        exact=exact,
        in_flux=in_flux,
        wrong=frozenset(wrong),
        unverified=unverified,
    )
