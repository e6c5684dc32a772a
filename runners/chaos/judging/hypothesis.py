"""What is expected of a workload under a fault, and whether the samples bear it out. Pure.

Two kinds, as AWS Resilience Hub has them: *sustained* holds throughout the fault; *recovery* may break, but holds
again within the recovery time objective and from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
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
    """`holds` is None when it cannot be told. Times in seconds; `recovered_after` is None without full recovery.

    `unseen` is the share of looks without data of the blindest probe; `gaps` tell when nobody looked.
    """

    holds: bool | None
    reasons: tuple[str, ...]
    ok_ratio: float | None
    unseen: float | None
    degraded_seconds: float
    recovered_after: float | None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Window:
    """When the fault was there, and until when was looked. `stability` is how long it must hold to be recovered."""

    injected: datetime
    lifted: datetime
    ended: datetime
    rto: timedelta
    stability: timedelta


_UNSEEN: Final = "no sample has data"
# What may pass between two looks of a runner that looks every ten seconds and waits for slow answers.
MOST_APART: Final = timedelta(seconds=60)
Span = tuple[datetime, datetime]


def baseline(samples: Sequence[Sample], probes: Iterable[str]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the steady state is met before the fault: every probe has data, and all of it is fine."""
    missing = [name for name in probes if not any(sample.probe == name and sample.ok is not None for sample in samples)]
    if missing:
        return None, tuple(f"{name}: {_UNSEEN}" for name in missing)
    broken = _broken(samples)
    return not broken, broken


def outcome(
    kind: HypothesisKind,
    samples: Sequence[Sample],
    window: Window,
    probes: Collection[str],
    looked: Collection[str] = (),
) -> Outcome:
    """Judges the samples of these probes from the injection on; `looked` are those that can only be looked at live."""
    after = sorted((sample for sample in samples if sample.at >= window.injected), key=lambda sample: sample.at)
    seen = [sample for sample in after if sample.ok is not None]
    holes = {name: holes_of(name, seen, window) for name in looked}
    gaps = tuple(
        f"{name}: nobody looked for {(end - begin).total_seconds():.0f} s"
        for name, spans in holes.items()
        for begin, end in spans
    )
    if not seen:
        return Outcome(
            holds=None,
            reasons=(_UNSEEN,),
            ok_ratio=None,
            unseen=1.0,
            degraded_seconds=0.0,
            recovered_after=None,
            gaps=gaps,
        )
    holds, reasons = _judged(kind, seen, window, [span for spans in holes.values() for span in spans])
    blind = tuple(f"{name}: no data at the end" for name in probes if _blind_at_the_end(name, after, window))
    if holds and blind:
        holds, reasons = None, blind
    during = [sample for sample in seen if sample.at <= window.lifted] or seen
    return Outcome(
        holds=holds,
        reasons=reasons,
        ok_ratio=sum(sample.ok is True for sample in during) / len(during),
        unseen=max((_unseen(name, after) for name in probes), default=1.0),
        degraded_seconds=degraded_seconds(seen, window.ended),
        recovered_after=recovered_after(seen, window),
        gaps=gaps,
    )


def holes_of(probe: str, seen: Sequence[Sample], window: Window) -> list[Span]:
    """When nothing was seen through a probe for too long, from the injection to the end of what was looked at."""
    looks = sorted(sample.at for sample in seen if sample.probe == probe and sample.at <= window.ended)
    moments = [window.injected, *looks, window.ended]
    return [(begin, end) for begin, end in pairwise(moments) if end - begin > MOST_APART]


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


def _judged(
    kind: HypothesisKind, seen: Sequence[Sample], window: Window, holes: Sequence[Span]
) -> tuple[bool | None, tuple[str, ...]]:
    """Whatever the kind: what does not recover for good has failed."""
    sustained = kind is HypothesisKind.SUSTAINED
    recovered = recovered_after(seen, window)
    if recovered is None:
        bad = sorted({sample.probe for sample in seen if sample.ok is False})
        told = f"{', '.join(bad)} did not recover for good within {window.rto.total_seconds():g} s"
        return False, (*(_sustained(seen, window)[1] if sustained else ()), told)
    return _sustained(seen, window) if sustained else _recovery(seen, recovered, window, holes)


def _sustained(seen: Sequence[Sample], window: Window) -> tuple[bool | None, tuple[str, ...]]:
    during = [sample for sample in seen if sample.at <= window.lifted]
    if not during:
        return None, ("no sample was taken during the fault",)
    broken = _broken(during)
    return not broken, broken


def _recovery(
    seen: Sequence[Sample], recovered: float, window: Window, holes: Sequence[Span]
) -> tuple[bool | None, tuple[str, ...]]:
    limit = window.rto.total_seconds()
    if recovered <= limit:
        return True, ()
    latest = window.injected + window.rto
    last_bad = max(sample.at for sample in seen if sample.ok is False)
    if last_bad <= latest and any(begin <= latest < end for begin, end in holes):
        return None, (f"nobody looked {limit:g} s after the fault, when it had to be fine again",)
    return False, (f"recovered after {recovered:g} s, the objective is {limit:g} s",)


def _unseen(probe: str, after: Sequence[Sample]) -> float:
    """The share of a probe's looks that gave no data; without any look, all of it."""
    own = [sample for sample in after if sample.probe == probe]
    return sum(sample.ok is None for sample in own) / len(own) if own else 1.0


def _blind_at_the_end(probe: str, after: Sequence[Sample], window: Window) -> bool:
    """Whether nothing was seen through a probe when all had to be fine; of a long period, the last one counts."""
    own = [sample for sample in after if sample.probe == probe]
    last = [sample for sample in own if sample.at >= window.ended - window.stability] or own[-1:]
    return all(sample.ok is None for sample in last)


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
