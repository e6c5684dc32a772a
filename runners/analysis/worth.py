"""What one run of an experiment is worth in the score, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runners.analysis.records import Alerts, ChaosRecord
from runners.analysis.score_model import Weights

_ABORTED: Final = ("aborted-by-alarm", "aborted-by-runner")
_LEAST: Final = 1e-9


@dataclass(frozen=True)
class Lack:
    """Points of 100 that a run lacks, and why."""

    points: float
    why: str


@dataclass(frozen=True)
class Worth:
    """What a run is worth, of 100; with `lacks` it makes up 100."""

    test: float
    lacks: tuple[Lack, ...]


def points_of(record: ChaosRecord, weights: Weights) -> float:
    """What a run that says something is worth, of 100. What is not known of it is worth nothing."""
    if record.verdict in _ABORTED:
        return 0.0
    test = 100 * (
        weights.hypothesis * _hypothesis(record)
        + weights.recovery * _recovery(record)
        + weights.detection * _detection(record)
        + weights.rollback * _rollback(record)
    )
    return min(test, weights.failed_cap) if record.verdict == "failed" else test


def worth_of(record: ChaosRecord, weights: Weights) -> Worth:
    """The same, with what it lacks."""
    test = points_of(record, weights)
    if record.verdict in _ABORTED:
        return Worth(test, (Lack(100.0, f"{record.verdict}: {_reasons(record)}"),))
    parts = (
        (weights.hypothesis, _hypothesis(record), _of_hypothesis(record)),
        (weights.recovery, _recovery(record), _of_recovery(record)),
        (weights.detection, _detection(record), _of_detection(record)),
        (weights.rollback, _rollback(record), _of_rollback(record)),
    )
    lacks = [Lack(100 * weight * (1 - share), why) for weight, share, why in parts if share < 1]
    capped = 100 * sum(weight * share for weight, share, _ in parts) - test
    if capped > _LEAST:
        lacks.append(Lack(capped, f"a failed test is worth {weights.failed_cap:g} at most: {_reasons(record)}"))
    return Worth(test, tuple(lacks))


def fresh(age_days: float, weights: Weights) -> float:
    """What a run of this age counts."""
    if age_days <= weights.fresh_days:
        return 1.0
    if age_days >= weights.stale_days:
        return weights.stale_share
    past = (age_days - weights.fresh_days) / (weights.stale_days - weights.fresh_days)
    return 1 - (1 - weights.stale_share) * past


def _hypothesis(record: ChaosRecord) -> float:
    if record.hypothesis.kind == "recovery":
        return float(record.hypothesis.holds is True)
    return record.kpis.ok_ratio or 0.0


def _of_hypothesis(record: ChaosRecord) -> str:
    if record.hypothesis.kind == "recovery":
        return "what was expected did not come about"
    share = record.kpis.ok_ratio
    if share is None:
        return "nobody knows how long the steady state held"
    return f"{share:.1%} of what was looked at during the fault was in tolerance"


def _recovery(record: ChaosRecord) -> float:
    seconds = record.kpis.recovered_after_seconds
    return 0.0 if seconds is None else min(1.0, max(0.0, 2 - seconds / record.hypothesis.rto_seconds))


def _of_recovery(record: ChaosRecord) -> str:
    seconds, objective = record.kpis.recovered_after_seconds, record.hypothesis.rto_seconds
    if seconds is None:
        return f"not recovered while somebody looked, the objective is {objective} s"
    return f"recovered after {seconds:.0f} s, the objective is {objective} s"


def _detection(record: ChaosRecord) -> float:
    """The harmonic mean of precision and recall; without any alarm, whether there was nothing to ring for."""
    alerts = record.alerts
    if alerts is None:
        return 0.0
    right, wrong = len(alerts.fired), len(alerts.unexpected)
    if not right + wrong:
        return float(record.kpis.degraded_seconds == 0)
    return 2 * right / (2 * right + wrong + len(alerts.missed))


def _of_detection(record: ChaosRecord) -> str:
    alerts = record.alerts
    if alerts is None:
        return "the alarms' history is not known"
    if alerts.fired or alerts.unexpected:
        return _alarms(alerts)
    return f"no alarm rang{_of(alerts.missed)}"


def _alarms(alerts: Alerts) -> str:
    parts = (("did not ring", alerts.missed), ("rang unexpectedly", alerts.unexpected))
    return "; ".join(f"{', '.join(names)} {what}" for what, names in parts if names)


def _of(names: tuple[str, ...]) -> str:
    return f": {', '.join(names)}" if names else ""


def _rollback(record: ChaosRecord) -> float:
    return float(record.cleaned and not record.left and record.times.verified is not None)


def _of_rollback(record: ChaosRecord) -> str:
    if not record.cleaned or record.left:
        return f"not taken back{_of(record.left)}"
    return "taken back, but nobody looked afterwards"


def _reasons(record: ChaosRecord) -> str:
    return "; ".join(record.reasons) or "no reason given"
