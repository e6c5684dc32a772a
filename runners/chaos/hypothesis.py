"""What is expected of a workload under a fault, and whether the samples bear it out. Pure.

Two kinds, as AWS Resilience Hub has them: *sustained* holds throughout the fault; *recovery* may break, but holds
again within the recovery time objective and from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class HypothesisKind(StrEnum):
    """When the hypothesis must hold."""

    SUSTAINED = "sustained"
    RECOVERY = "recovery"


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """The values that are fine: from `at_least` to `at_most`, both included; None is no limit."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value is fine."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        parts = []
        if self.at_least is not None:
            parts.append(f"at least {self.at_least:g}")
        if self.at_most is not None:
            parts.append(f"at most {self.at_most:g}")
        return " and ".join(parts) or "anything"


@dataclass(frozen=True)
class Sample:
    """One look through one probe; `value` is None when it gave no data."""

    at: datetime
    probe: str
    value: float | None
    ok: bool | None

    @classmethod
    def of(cls, at: datetime, probe: str, value: float | None, tolerance: Tolerance) -> Sample:
        """A sample, judged."""
        return cls(at, probe, value, None if value is None else tolerance.holds(value))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`holds` is None when it cannot be told. Times in seconds; `recovered_after` is None without full recovery."""

    holds: bool | None
    reasons: tuple[str, ...]
    ok_ratio: float | None
    unseen: float | None
    degraded_seconds: float
    recovered_after: float | None


@dataclass(frozen=True, kw_only=True)
class Window:
    """When the fault was there, and until when was looked. `stability` is how long it must hold to be recovered."""

    injected: datetime
    lifted: datetime
    ended: datetime
    rto: timedelta
    stability: timedelta


_UNSEEN: Final = "no sample has data"


def baseline(samples: Sequence[Sample], probes: Iterable[str]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the steady state is met before the fault: every probe has data, and all of it is fine."""
    missing = [name for name in probes if not any(sample.probe == name and sample.ok is not None for sample in samples)]
    if missing:
        return None, tuple(f"{name}: {_UNSEEN}" for name in missing)
    broken = _broken(samples)
    return not broken, broken


def outcome(kind: HypothesisKind, samples: Sequence[Sample], window: Window) -> Outcome:
    """Judges the samples from the injection on."""
    after = sorted((sample for sample in samples if sample.at >= window.injected), key=lambda sample: sample.at)
    seen = [sample for sample in after if sample.ok is not None]
    if not seen:
        return Outcome(
            holds=None, reasons=(_UNSEEN,), ok_ratio=None, unseen=1.0, degraded_seconds=0.0, recovered_after=None
        )
    recovered = recovered_after(seen, window)
    holds, reasons = (
        _sustained(seen, window) if kind is HypothesisKind.SUSTAINED else _recovery(seen, recovered, window)
    )
    during = [sample for sample in seen if sample.at <= window.lifted] or seen
    return Outcome(
        holds=holds,
        reasons=reasons,
        ok_ratio=sum(sample.ok is True for sample in during) / len(during),
        unseen=1 - len(seen) / len(after),
        degraded_seconds=degraded_seconds(seen, window.ended),
        recovered_after=recovered,
    )


def recovered_after(seen: Sequence[Sample], window: Window) -> float | None:
    """Seconds from the injection until all probes are fine for good; 0 if none ever broke.

    "For good" means to the end of what was looked at, which must be at least the stability window: the first good
    sample alone is no recovery.
    """
    broken = [sample.at for sample in seen if sample.ok is False]
    if not broken:
        return 0.0
    fine = next((sample.at for sample in seen if sample.at > broken[-1]), None)
    if fine is None or window.ended - fine < window.stability:
        return None
    return (fine - window.injected).total_seconds()


def degraded_seconds(seen: Sequence[Sample], ended: datetime) -> float:
    """How long at least one probe was not fine: from each bad look to the probe's next look, or to the end."""
    spans: list[tuple[datetime, datetime]] = []
    for name in {sample.probe for sample in seen}:
        own = [sample for sample in seen if sample.probe == name]
        ends = [*(sample.at for sample in own[1:]), max(ended, own[-1].at)]
        spans += [(sample.at, end) for sample, end in zip(own, ends, strict=True) if sample.ok is False]
    total, until = 0.0, None
    for start, end in sorted(spans):
        begin = start if until is None or start > until else until
        if until is None or end > until:
            total += max(0.0, (end - begin).total_seconds())
            until = end
    return total


def _sustained(seen: Sequence[Sample], window: Window) -> tuple[bool | None, tuple[str, ...]]:
    during = [sample for sample in seen if sample.at <= window.lifted]
    if not during:
        return None, ("no sample was taken during the fault",)
    broken = _broken(during)
    return not broken, broken


def _recovery(seen: Sequence[Sample], recovered: float | None, window: Window) -> tuple[bool | None, tuple[str, ...]]:
    limit = window.rto.total_seconds()
    if recovered is None:
        bad = sorted({sample.probe for sample in seen if sample.ok is False})
        return False, (f"{', '.join(bad)} did not recover for good within {limit:g} s",)
    if recovered > limit:
        return False, (f"recovered after {recovered:g} s, the objective is {limit:g} s",)
    return True, ()


def _broken(samples: Iterable[Sample]) -> tuple[str, ...]:
    first: dict[str, Sample] = {}
    count: dict[str, int] = {}
    for sample in samples:
        if sample.ok is False:
            first.setdefault(sample.probe, sample)
            count[sample.probe] = count.get(sample.probe, 0) + 1
    return tuple(
        f"{name}: {count[name]} samples out of tolerance, first {first[name].value:g}" for name in sorted(first)
    )
