"""Ends a fault that breaks what it must not break. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from runners.chaos.hypothesis import Sample


def broken_for_long(samples: Sequence[Sample], longest: timedelta) -> str | None:
    """The probe that is out of tolerance in every sample for that long, up to its newest one; None if there is none."""
    for name in sorted({sample.probe for sample in samples}):
        own = sorted((sample for sample in samples if sample.probe == name), key=lambda sample: sample.at)
        begun = None
        for sample in reversed(own):
            if sample.ok is not False:
                break
            begun = sample
        if begun is not None and own[-1].at - begun.at >= longest:
            return name
    return None


def steady_since(samples: Sequence[Sample], probes: Sequence[str], stability: timedelta) -> bool:
    """Whether every probe was fine in each of its samples over the stability window that ends with its newest one."""
    for name in probes:
        own = [sample for sample in samples if sample.probe == name]
        if not own:
            return False
        newest = max(sample.at for sample in own)
        oldest = min(sample.at for sample in own)
        recent = [sample for sample in own if sample.at >= newest - stability]
        if newest - oldest < stability or any(sample.ok is not True for sample in recent):
            return False
    return True
