"""Ends a fault that breaks what it must not break. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from runners.chaos.judging.hypothesis import Sample


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
    """Whether every probe was fine throughout the stability window that ends where all of them have looked."""
    by_probe = {
        name: sorted((held for held in samples if held.probe == name), key=lambda held: held.at) for name in probes
    }
    if not all(by_probe.values()):
        return False
    ended = min(own[-1].at for own in by_probe.values())
    for own in by_probe.values():
        seen = [sample for sample in own if sample.at <= ended]
        bad = max((sample.at for sample in seen if sample.ok is not True), default=None)
        fine = next((sample.at for sample in seen if bad is None or sample.at > bad), None)
        if fine is None or ended - fine < stability:
            return False
    return True
