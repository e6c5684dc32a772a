"""What a restore says about a table's settings, before and after. Pure."""

from __future__ import annotations

from runners.backup.evidence import Check
from runners.backup.tables.table_description import TableDescription
from runners.backup.tables.table_differences import lost_by_restores, told_of


def planned_settings(source: TableDescription) -> list[str]:
    """A line for each setting that AWS does not restore: put back, or named with what follows."""
    lines = []
    for part, shown in lost_by_restores(source):
        warning = f" ({part.warning})" if part.warning else ""
        if part.put:
            lines.append(f"put back {part.name}: {shown}{warning}")
        else:
            lines.append(f"leave out {part.name}: {shown}; {part.why_not}")
    lines += [f"leave out {path}: {reason}" for path, reason in _shortened(told_of(source))]
    lines += [f"{answer} is not known, and is not put back: {why}" for answer, why in sorted(source.unknown.items())]
    return lines


def time_to_live(source: TableDescription) -> str | None:
    """The attribute by which items expire, None if they do not."""
    return source.facts.get(("TimeToLive", "AttributeName"))


def expired_told(count: int, source: TableDescription) -> str:
    """What is said before the time to live goes on."""
    return (
        f"{count} restored items have expired by {time_to_live(source)}: DynamoDB deletes them, usually within days "
        "of the time to live being on; copy what you need from them"
    )


def items_checks(items: int, expired: int, source: TableDescription) -> list[Check]:
    """How many items there are, and how many of them will be deleted soon."""
    found = [Check(name="items", ok=True, expected="read one by one", observed=f"{items} items")]
    if time_to_live(source) is not None:
        told = expired_told(expired, source) if expired else ""
        found.append(Check(name="expired-items", ok=True, expected="told", observed=f"{expired} items", detail=told))
    return found


def _shortened(told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One line for each setting, not for each of its members."""
    return list({path.rsplit(".", 1)[0] if "." in path else path: reason for path, reason in told}.items())
