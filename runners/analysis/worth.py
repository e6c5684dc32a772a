"""What one run of an experiment is worth in the score, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from runners.analysis.records import Alerts, ChaosRecord
from runners.analysis.score_model import Weights

_ABORTED = ("aborted-by-alarm", "aborted-by-runner")


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


def worth_of(record: ChaosRecord, weights: Weights) -> Worth:
    """What a run that says something is worth. What is not known of it is worth nothing."""
    if record.verdict in _ABORTED:
        return Worth(0.0, (Lack(100.0, f"{record.verdict}: {_reasons(record)}"),))
    parts = (
        (weights.hypothesis, *_hypothesis(record)),
        (weights.recovery, *_recovery(record)),
        (weights.detection, *_detection(record)),
        (weights.rollback, *_rollback(record)),
    )
    lacks = [Lack(100 * weight * (1 - share), why) for weight, share, why in parts if share < 1]
    test = 100 * sum(weight * share for weight, share, _ in parts)
    if record.verdict == "failed" and test > weights.failed_cap:
        why = f"a failed test is worth {weights.failed_cap:g} at most: {_reasons(record)}"
        lacks.append(Lack(test - weights.failed_cap, why))
        test = weights.failed_cap
    return Worth(test, tuple(lacks))


def fresh(age_days: float, weights: Weights) -> float:
    """What a run of this age counts."""
    if age_days <= weights.fresh_days:
        return 1.0
    if age_days >= weights.stale_days:
        return weights.stale_share
    past = (age_days - weights.fresh_days) / (weights.stale_days - weights.fresh_days)
    return 1 - (1 - weights.stale_share) * past


def _hypothesis(record: ChaosRecord) -> tuple[float, str]:
    if record.hypothesis.kind == "recovery":
        return float(record.hypothesis.holds is True), "what was expected did not come about"
    share = record.kpis.ok_ratio
    if share is None:
        return 0.0, "nobody knows how long the steady state held"
    return share, f"{share:.1%} of what was looked at during the fault was in tolerance"


def _recovery(record: ChaosRecord) -> tuple[float, str]:
    seconds, objective = record.kpis.recovered_after_seconds, record.hypothesis.rto_seconds
    if seconds is None:
        return 0.0, f"not recovered while somebody looked, the objective is {objective} s"
    share = min(1.0, max(0.0, 2 - seconds / objective))
    return share, f"recovered after {seconds:.0f} s, the objective is {objective} s"


def _detection(record: ChaosRecord) -> tuple[float, str]:
    alerts = record.alerts
    if alerts is None:
        return 0.0, "the alarms' history is not known"
    right, wrong = len(alerts.fired), len(alerts.unexpected)
    if not right + wrong:
        if record.kpis.degraded_seconds == 0:
            return 1.0, ""
        return 0.0, f"no alarm rang{_of(alerts.missed)}"
    share = 2 * right / (2 * right + wrong + len(alerts.missed))
    return share, _alarms(alerts)


def _alarms(alerts: Alerts) -> str:
    parts = (("did not ring", alerts.missed), ("rang unexpectedly", alerts.unexpected))
    return "; ".join(f"{', '.join(names)} {what}" for what, names in parts if names)


def _of(names: tuple[str, ...]) -> str:
    return f": {', '.join(names)}" if names else ""


def _rollback(record: ChaosRecord) -> tuple[float, str]:
    if not record.cleaned or record.left:
        return 0.0, f"not taken back{_of(record.left)}"
    return float(record.times.verified is not None), "taken back, but nobody looked afterwards"


def _reasons(record: ChaosRecord) -> str:
    return "; ".join(record.reasons) or "no reason given"
