"""Whether a restored table is built like its source. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from runners.backup.evidence import Check, Finding
from runners.backup.tables import Index, Losses, TableShape

SHAPE_CHECKS = ("key-schema", "indexes", "billing", "encryption", "table-class")


def shape_checks(source: TableShape, restored: TableShape) -> list[Check]:
    """One check for each thing that an application relies on."""
    return [
        _same("key-schema", _keys(source), _keys(restored)),
        _index_check(source, restored),
        _same("billing", _billing(source), _billing(restored)),
        _same("encryption", source.encryption, restored.encryption),
        _same("table-class", source.table_class, restored.table_class),
    ]


def loss_findings(source: Losses, restored: Losses, table: str) -> list[Finding]:
    """What the restored table lacks, and what to do when it is to be used."""
    lost = [
        ("time to live", source.time_to_live, restored.time_to_live),
        ("the stream", source.stream, restored.stream),
        ("point-in-time recovery", source.recovery_days, restored.recovery_days),
        ("deletion protection", source.deletion_protection or None, restored.deletion_protection or None),
        ("the tags", _own(source.tags) or None, _own(restored.tags) or None),
        ("autoscaling", source.scaled or None, restored.scaled or None),
    ]
    advice = f"`ial backup restore {table}` puts it back"
    return [
        Finding(what=f"a restore loses {name} ({_shown(before)})", advice=advice)
        for name, before, after in lost
        if before is not None and before != after
    ]


def _own(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that somebody set, without those by which drills are found again."""
    return {key: value for key, value in tags.items() if not key.startswith("ial:")}


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={held}" for key, held in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "on" if value is True else f"{value} days" if isinstance(value, int) else str(value)


def _same(name: str, expected: str, observed: str) -> Check:
    return Check(name=name, ok=expected == observed, expected=expected, observed=observed)


def _keys(shape: TableShape) -> str:
    return ", ".join(f"{name} {kind} {shape.attributes.get(name, '?')}" for name, kind in shape.keys)


def _billing(shape: TableShape) -> str:
    return shape.billing if shape.capacity == (0, 0) else f"{shape.billing} {shape.capacity[0]}/{shape.capacity[1]}"


def _index_check(source: TableShape, restored: TableShape) -> Check:
    wanted, found = ({**shape.global_indexes, **shape.local_indexes} for shape in (source, restored))
    faults = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    faults += [f"{name} is not in the source" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        if wanted[name] != found[name]:
            faults.append(f"{name} is {_index(found[name])}, not {_index(wanted[name])}")
    return Check(
        name="indexes",
        ok=not faults,
        expected=", ".join(sorted(wanted)) or "none",
        observed=", ".join(sorted(found)) or "none",
        detail="; ".join(faults),
    )


def _index(index: Index) -> str:
    keys = ", ".join(f"{name} {kind}" for name, kind in index.keys)
    return f"({keys}) {index.projection} {','.join(index.included)}".strip()
