"""What a restored table has in another way than its source, part by part. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from runners.backup.evidence import Check, Finding
from runners.backup.tables.table_description import Facts, Path, TableDescription, shown_path
from runners.backup.tables.table_exceptions import exception_for, told_for
from runners.backup.tables.table_parts import PARTS, UNKNOWN, Part, part_named, parts_in, parts_of_answers

# What every restore must bring back by itself.
RESTORED: Final = tuple(part.name for part in PARTS if part.restored)
_MOST_SHOWN: Final = 8


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One part of both tables; `differing` names each difference, `unknown` says why nobody can know."""

    part: Part
    source: str
    copy: str
    differing: tuple[str, ...]
    unknown: str = ""

    @property
    def same(self) -> bool | None:
        """None when it is not known."""
        if self.differing:
            return False
        return None if self.unknown else True

    def check(self, refused: str = "") -> Check:
        """As evidence; `refused` is what AWS said when it was to be put back."""
        more = len(self.differing) - _MOST_SHOWN
        told = [*self.differing[:_MOST_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        told += [text for text in (refused, self.part.why_not if self.differing else "") if text]
        return Check(
            name=self.part.name,
            ok=self.same,
            expected=self.source or "none",
            observed="not known: " + self.unknown if self.unknown else self.copy or "none",
            detail="; ".join(told),
        )

    def finding(self, table: str) -> Finding:
        """What somebody who restores should know."""
        if self.unknown:
            what = f"whether a restore loses {self.part.told} is not known: {self.unknown}"
            return Finding(what=what, advice="let the role that drills ask for it, and drill again")
        if not self.source:
            return Finding(what=f"a restore adds {self.part.told} ({self.copy})", advice="look at it before it is used")
        advice = f"`ial backup restore {table}` puts it back" if self.part.put else self.part.why_not
        return Finding(what=f"a restore loses {self.part.told} ({self.source})", advice=advice)


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Every part that one of the tables has, and what is only told."""

    parts: tuple[Compared, ...]
    told: tuple[Finding, ...]

    def of(self, name: str) -> Compared | None:
        """One part, None if neither table has it."""
        return next((held for held in self.parts if held.part.name == name), None)

    @property
    def to_put(self) -> tuple[str, ...]:
        """The parts that differ and can be put back, in the order in which they are."""
        return tuple(held.part.name for held in self.parts if held.differing and held.part.put and held.source)


def differences(source: TableDescription, copy: TableDescription) -> Differences:
    """Compares every fact of both that is no exception."""
    wanted, found = (_compared(held, source.scaled) for held in (source, copy))
    wanted_parts, found_parts = parts_in(wanted), parts_in(found)
    names = [part.name for part in (*PARTS, UNKNOWN)]
    unknown = {part.name: why for held in (source, copy) for part, why in parts_of_answers(held)}
    present = (wanted_parts.keys() | found_parts.keys() | unknown.keys() | set(RESTORED)) & set(names)
    return Differences(
        parts=tuple(
            _part(name, wanted_parts.get(name, {}), found_parts.get(name, {}), unknown.get(name, ""))
            for name in names
            if name in present
        ),
        told=tuple(dict.fromkeys(_told(source, copy))),
    )


def lost_by_restores(source: TableDescription) -> list[tuple[Part, str]]:
    """The parts of a table that a restore does not bring back, as far as AWS says, each with what it holds."""
    held = parts_in(_compared(source, source.scaled))
    return [
        (part_named(name), part_named(name).show(facts))
        for name, facts in held.items()
        if not part_named(name).restored
    ]


def told_of(source: TableDescription) -> list[tuple[str, str]]:
    """What a table has that is neither compared nor put back, with the reason."""
    found = ((path, told_for(path)) for path in sorted(source.facts))
    return [(shown_path(path), reason) for path, reason in found if reason is not None]


def _compared(description: TableDescription, scaled: Collection[Path]) -> Facts:
    return {
        path: value
        for path, value in description.facts.items()
        if exception_for(path, scaled) is None and told_for(path) is None
    }


def _part(name: str, wanted: Facts, found: Facts, unknown: str) -> Compared:
    part = part_named(name)
    paths = [path for path in sorted(wanted.keys() | found.keys()) if wanted.get(path) != found.get(path)]
    # What could not be asked of one table cannot be called a difference.
    return Compared(
        part=part,
        source=part.show(wanted) if wanted else "",
        copy=part.show(found) if found else "",
        differing=() if unknown else tuple(dict.fromkeys(_difference(path, wanted, found) for path in paths)),
        unknown=unknown,
    )


def _difference(path: Path, wanted: Facts, found: Facts) -> str:
    """One fact, or the whole entry of a list that only one of them has."""
    entry = _entry(path)
    if entry is not None and not _has(found, entry):
        return f"{shown_path(entry)} is missing"
    if entry is not None and not _has(wanted, entry):
        return f"{shown_path(entry)} is not in the source"
    return f"{shown_path(path)} is {found.get(path, 'none')}, not {wanted.get(path, 'none')}"


def _entry(path: Path) -> Path | None:
    place = next((number for number, part in enumerate(path) if part.startswith("[")), None)
    return None if place is None else path[: place + 1]


def _has(facts: Facts, entry: Path) -> bool:
    return any(path[: len(entry)] == entry for path in facts)


def _told(source: TableDescription, copy: TableDescription) -> list[Finding]:
    wanted, found = source.facts, copy.facts
    return [
        Finding(what=f"not as in the source: {_difference(path, wanted, found)}", advice=reason)
        for path in sorted(wanted.keys() | found.keys())
        if wanted.get(path) != found.get(path) and (reason := told_for(path)) is not None
    ]
