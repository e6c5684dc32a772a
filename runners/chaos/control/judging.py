"""What a control run says: whether all was steady, and which alarms rang for nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from runners.chaos.judging.alert_accuracy import StateChange
from runners.chaos.judging.hypothesis import MOST_APART, Sample, baseline
from runners.chaos.judging.verdict import MOST_UNSEEN

# The longest look back of an alarm of stage 1: what rings so long after a bad sample may have rung for it.
LOOK_BACK: Final = timedelta(minutes=15)


def steady(samples: Sequence[Sample], probes: Collection[str]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether every look through every probe was fine; None when nobody can say, and why it is not True."""
    holds, reasons = baseline(samples, probes)
    if holds is not True:
        return holds, reasons
    unseen = tuple(_unseen(samples, probes))
    return (None if unseen else True), unseen


def gaps(looks: Sequence[datetime], began: datetime, ended: datetime) -> tuple[str, ...]:
    """When nobody looked, in words: of what can only be looked at live."""
    times = [began, *sorted(looks), ended]
    return tuple(
        f"nobody looked from {earlier:%H:%M:%S} to {later:%H:%M:%S}"
        for earlier, later in pairwise(times)
        if later - earlier > MOST_APART
    )


def fired(changes: Sequence[StateChange], already: Collection[str]) -> tuple[str, ...]:
    """The alarms that began to ring, each once; what rang before says nothing."""
    return tuple(sorted({change.alarm for change in changes if change.state == "ALARM"} - set(already)))


def unexpected(changes: Sequence[StateChange], already: Collection[str], samples: Sequence[Sample]) -> tuple[str, ...]:
    """Those of them that rang although nothing had been out of tolerance for as long as alarms look back."""
    bad = [sample.at for sample in samples if sample.ok is False]
    wrong = {
        change.alarm
        for change in changes
        if change.state == "ALARM" and not any(change.at - LOOK_BACK <= at <= change.at for at in bad)
    }
    return tuple(sorted(wrong - set(already)))


def _unseen(samples: Sequence[Sample], probes: Collection[str]) -> Iterator[str]:
    for name in probes:
        own = [sample for sample in samples if sample.probe == name]
        share = sum(sample.ok is None for sample in own) / len(own)
        if share > MOST_UNSEEN:
            yield f"{name}: {share:.0%} of its samples had no data; at most {MOST_UNSEEN:.0%} may"
