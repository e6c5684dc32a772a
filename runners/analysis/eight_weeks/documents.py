"""Documents of runs, in the shape that the published schemas give them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

STACK: Final = "rehearsed"
ERRORS: Final = "ial-rehearsed-errors"
_LOOKED: Final = timedelta(minutes=15)
# Looks at whole minutes, so that an alarm rings at one.
_MINUTE: Final = 60


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What one experiment does to the workload that is rehearsed. Times in seconds, each the middle of many runs."""

    name: str
    category: str
    seconds: int
    usd: str
    rto: int
    recovery: float
    # How often the fault is noticed at all.
    breaks: float


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was measured of one run; None did not come about."""

    degraded: float
    recovered: float | None
    rings_after: float | None
    false_alarm: bool
    verdict: str
    reasons: tuple[str, ...]


def run_name(at: datetime, chance: Random) -> str:
    """As `new_run_id` would make it."""
    return f"{at:%Y%m%d-%H%M%S}-{chance.randrange(65536):04x}"


def chaos_document(experiment: Experiment, at: datetime, seen: Seen, revision: str, chance: Random) -> dict[str, Any]:
    """A run of an experiment."""
    injected, lifted = at + timedelta(seconds=90), at + timedelta(seconds=90 + experiment.seconds)
    ended = injected + _LOOKED
    scored = seen.verdict in ("passed", "failed")
    return {
        "version": 1,
        "run": run_name(at, chance),
        "stack": STACK,
        "operator": "pipeline",
        "experiment": experiment.name,
        "kind": experiment.name,
        "category": experiment.category,
        "weight": "1",
        "template": {"id": f"EXT{experiment.name}", "sha256": "0" * 64},
        "verdict": seen.verdict,
        "scored": scored,
        "reasons": list(seen.reasons),
        "exitCode": {"passed": 0, "failed": 1}.get(seen.verdict, 5),
        "times": _times(at, injected, lifted, ended),
        "targets": {"wanted": 1, "hit": ["i-0"], "group": "shop-web"},
        "hypothesis": _hypothesis(experiment, seen, injected),
        "alerts": _alerts(seen, injected, lifted),
        "kpis": _kpis(seen),
        "fis": {"status": "completed", "reason": "", "error": None, "actions": {"fault": "completed"}},
        "evidence": [{"name": "fault", "ok": scored or None, "expected": "at least 1", "seen": 1.0}],
        "launches": None,
        "load": None,
        "cost": {"actionMinutes": -(-experiment.seconds // _MINUTE), "usd": experiment.usd},
        "cleaned": True,
        "left": [],
        "versions": {"commit": None, "parts": [_part(revision)]},
    }


def control_document(at: datetime, false_alarm: bool, chance: Random) -> dict[str, Any]:
    """A run without a fault."""
    ended = at + _LOOKED
    rang = [ERRORS] if false_alarm else []
    change = {"alarm": ERRORS, "at": _text(at + timedelta(minutes=2)), "state": "ALARM"}
    return {
        "version": 1,
        "type": "control",
        "run": run_name(at, chance),
        "stack": STACK,
        "operator": "pipeline",
        "minutes": 15,
        "verdict": "failed" if false_alarm else "passed",
        "reasons": [f"{name} rang, and nothing was wrong on purpose" for name in rang],
        "exitCode": int(false_alarm),
        "times": {"planned": _text(at), "began": _text(at), "ended": _text(ended)},
        "steady": {"holds": True, "probes": []},
        "alerts": {
            "watched": [ERRORS],
            "fired": rang,
            "unexpected": rang,
            "already": [],
            "changes": [change] if false_alarm else [],
        },
        "cost": {"usd": "0"},
        "cleaned": True,
        "left": [],
    }


def drill_document(resource: str, kind: str, at: datetime, seconds: float | None, chance: Random) -> dict[str, Any]:
    """A restore drill; without seconds it failed."""
    passed = seconds is not None
    ended = at + timedelta(seconds=seconds or _LOOKED.total_seconds())
    return {
        "version": 1,
        "run": run_name(at, chance),
        "stack": STACK,
        "kind": kind,
        "resource": resource,
        "verdict": "passed" if passed else "failed",
        "reasons": [] if passed else ["3 items differ from what the source held"],
        "started": _text(at),
        "ended": _text(ended),
        "restoredTo": _text(at),
        "rtoSeconds": seconds,
        "rpoSeconds": 300.0,
        "objectiveMinutes": 30,
        "cost": {"usd": "0.0400", "lines": []},
        "phases": [],
        "checks": [],
        "findings": [],
        "cleanUp": {"confirmed": True, "left": []},
        "exitCode": int(not passed),
    }


def _part(running: str) -> dict[str, Any]:
    unknown = dict.fromkeys(("images", "revision", "deployment", "unread"))
    return {"kind": "ecs-service", "name": "shop/web", "running": running, **unknown}


def _times(at: datetime, injected: datetime, lifted: datetime, ended: datetime) -> dict[str, str]:
    return {
        "planned": _text(at),
        "locked": _text(at),
        "started": _text(injected),
        "injected": _text(injected),
        "lifted": _text(lifted),
        "verified": _text(ended),
        "ended": _text(ended),
    }


def _kpis(seen: Seen) -> dict[str, float | None]:
    return {
        "detectedAfterSeconds": seen.rings_after if seen.degraded else None,
        "recoveredAfterSeconds": seen.recovered,
        "degradedSeconds": seen.degraded,
        "okRatio": max(0.0, 1 - seen.degraded / _LOOKED.total_seconds()),
        "replacementBeganAfterSeconds": None,
        "replacedAfterSeconds": None,
    }


def _hypothesis(experiment: Experiment, seen: Seen, injected: datetime) -> dict[str, Any]:
    looks = [injected + timedelta(minutes=number) for number in range(1, 16)]
    broken = seen.degraded // _MINUTE
    return {
        "kind": "recovery",
        "rtoSeconds": experiment.rto,
        "holds": {"passed": True, "failed": False}.get(seen.verdict),
        "probes": [
            {
                "name": "errors a minute",
                "type": "metric",
                "tolerance": "at most 60",
                "recoveredAfterSeconds": seen.recovered,
                "samples": [
                    {"at": _text(at), "value": 300.0 if number < broken else 2.0, "ok": number >= broken}
                    for number, at in enumerate(looks)
                ],
            }
        ],
        "expectations": [],
    }


def _alerts(seen: Seen, injected: datetime, lifted: datetime) -> dict[str, Any]:
    expected, rang = seen.degraded > 0, seen.rings_after is not None
    fired, missed = [ERRORS] * (expected and rang), [ERRORS] * (expected and not rang)
    unexpected = [ERRORS] * (not expected and seen.false_alarm)
    changes = []
    if seen.rings_after is not None and expected:
        quiet = max(lifted, injected + timedelta(seconds=seen.rings_after)) + timedelta(minutes=5)
        changes = [
            {"alarm": ERRORS, "at": _text(injected + timedelta(seconds=seen.rings_after)), "state": "ALARM"},
            {"alarm": ERRORS, "at": _text(quiet), "state": "OK"},
        ]
    count = len(fired) + len(unexpected)
    return {
        "fired": fired,
        "missed": missed,
        "unexpected": unexpected,
        "excluded": [],
        "precision": len(fired) / count if count else None,
        "recall": float(rang) if expected else None,
        "changes": changes,
    }


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
