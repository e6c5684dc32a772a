"""Whether the right alarms fired, and when: from the alarms' history around one injection. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StateChange:
    """An alarm that changed its state; `state` is the new one."""

    alarm: str
    at: datetime
    state: str


@dataclass(frozen=True, kw_only=True)
class AlertAccuracy:
    """Alarms by what was expected of them. Ratios are None where there is nothing to divide by.

    `changes` are all that were seen, from the injection on: when each alarm was quiet again is of interest too.
    """

    fired: tuple[str, ...]
    missed: tuple[str, ...]
    unexpected: tuple[str, ...]
    excluded: tuple[str, ...]
    precision: float | None
    recall: float | None
    detected_after: float | None
    changes: tuple[StateChange, ...] = ()


def alert_accuracy(
    expected: Collection[str],
    changes: Sequence[StateChange],
    already: Collection[str],
    injected: datetime,
    until: datetime,
) -> AlertAccuracy:
    """Judges the changes to ALARM from the injection until the recovery plus the alarms' lag.

    An alarm that was in ALARM before the injection proves nothing either way and is left out. `detected_after` is the
    seconds from the injection to the first expected alarm.
    """
    counted = [change for change in changes if change.state == "ALARM" and injected <= change.at <= until]
    fired = {change.alarm for change in counted} - set(already)
    wanted = set(expected) - set(already)
    right = fired & wanted
    first = min((change.at for change in counted if change.alarm in right), default=None)
    return AlertAccuracy(
        fired=tuple(sorted(right)),
        missed=tuple(sorted(wanted - fired)),
        unexpected=tuple(sorted(fired - wanted)),
        excluded=tuple(sorted(set(already) & set(expected))),
        precision=len(right) / len(fired) if fired else None,
        recall=len(right) / len(wanted) if wanted else None,
        detected_after=None if first is None else (first - injected).total_seconds(),
        changes=tuple(changes),
    )
