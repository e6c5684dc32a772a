"""How many resources a change creates, updates, replaces, deletes and leaves, as the real engine counts.

The keys are those of Pulumi's engine (`resourceChanges` of its events). As there, default providers do not count, and
the stack itself does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from preview.existing import Existing
from preview.registration import Registration
from pricing.resource import UNKNOWN, Plain, Resource

ALWAYS: Final = ("create", "update", "replace", "delete", "same")
# Of which nobody can tell before deployment whether it changes: a value is not known yet.
UNDECIDED: Final = "undecided"


def is_default_provider(urn: str, type_token: str) -> bool:
    """Whether the engine made it up; it counts nowhere."""
    return type_token.startswith("pulumi:providers:") and urn.rpartition("::")[2].startswith("default")


def counted(changes: Mapping[str, int]) -> dict[str, int]:
    """The counts with a zero for what did not happen; what happens seldom stands there only where it does."""
    return {**dict.fromkeys(ALWAYS, 0), **{step: count for step, count in sorted(changes.items()) if count}}


def planned(records: Iterable[Registration], existing: Existing) -> dict[str, int]:
    """What an update would do, as far as registrations and a state tell; without a state all is created.

    The provider alone knows which update is a replacement, so that is an update here.
    """
    found: Counter[str] = Counter()
    taken: set[str] = set()
    for record in records:
        old = existing.of(record.urn, record.aliases)
        taken |= {record.urn, old.urn if old else ""}
        if not is_default_provider(record.urn, record.type):
            found[_step(record, old)] += 1
    for urn, entry in existing.resources.items():
        gone = urn not in taken and not entry.external and not is_default_provider(urn, entry.type)
        if gone and existing.deletes(urn):
            found["delete"] += 1
    return counted(found)


def _step(record: Registration, old: Resource | None) -> str:
    if old is None:
        if record.external:
            return "read"
        return "import" if record.import_id else "create"
    before, now = _own(old.properties), _own(record.properties)
    if record.external or before == now:
        return "same"
    return UNDECIDED if _may_be(before, now) else "update"


def _own(properties: Mapping[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in properties.items() if not key.startswith("__")}


def _may_be(before: Plain | Mapping[str, Plain], now: Plain | Mapping[str, Plain]) -> bool:
    """Whether two values are the same if what is unknown turns out so."""
    if now is UNKNOWN or before is UNKNOWN:
        return True
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return before.keys() == now.keys() and all(_may_be(before[key], now[key]) for key in now)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_may_be, before, now))
    return before == now
