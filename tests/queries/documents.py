"""Records of a year of two stacks, seeded, in the shape of the published schemas and with all that may be missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

from jsonschema import Draft202012Validator

ROOT: Final = Path(__file__).parents[2]
ALARMS: Final = ("ial-dev-errors", "ial-dev-latency", "ial-dev-unhealthy-hosts")
VERDICTS: Final = (
    *("passed",) * 8,
    *("failed",) * 4,
    *("aborted-by-alarm", "aborted-by-runner", "aborted-by-operator", "invalid", "inconclusive", "refused", "error"),
)
SCORED: Final = frozenset({"passed", "failed", "aborted-by-alarm", "aborted-by-runner"})
_EXITS: Final = {"passed": 0, "failed": 1}


@dataclass(frozen=True)
class Stored:
    """One run as it is stored."""

    stack: str
    type: str
    document: Mapping[str, Any]

    @property
    def run(self) -> str:
        return str(self.document["run"])


def year(today: date, seed: int = 16) -> Iterator[Stored]:
    """Runs of the last fourteen months: the oldest are beyond what the queries look at."""
    chance = Random(seed)
    for stack in ("dev", "prod"):
        for days in range(0, 425, 3):
            at = datetime(today.year, today.month, today.day, 6, 0, chance.randrange(60), tzinfo=UTC)
            at -= timedelta(days=days, hours=chance.randrange(6))
            yield _one(stack, at, chance)


def _one(stack: str, at: datetime, chance: Random) -> Stored:
    run = f"{at:%Y%m%d-%H%M%S}-{chance.randrange(65536):04x}"
    kind = chance.choice(
        ("experiment",) * 6 + ("drill",) * 3 + ("control", "restore", "copies", "unjudged-run", "execution")
    )
    if kind == "experiment":
        document = _checked("chaos-record", chaos(run, stack, at, chance))
    elif kind == "drill":
        document = _checked("drill-record", drill(run, stack, at, chance))
    elif kind == "control":
        document = _checked("control-record", control(run, stack, at, chance))
    elif kind == "unjudged-run":
        document = _checked("unjudged-run", unjudged(run, stack, at, chance))
    elif kind == "execution":
        document = _checked("execution-record", execution(run, stack, at))
    else:
        # What the queries of measures must pass over.
        document = {"version": 1, "run": run, "verdict": "restored" if kind == "restore" else "copied"}
    return Stored(stack, kind, document)


def unjudged(run: str, stack: str, at: datetime, chance: Random) -> dict[str, Any]:
    """A run of FIS by a state machine."""
    moment = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "version": 1,
        "type": "unjudged-run",
        "run": run,
        "stack": stack,
        "operator": "ial-dev-suite-weekly",
        "suite": "weekly",
        "experiment": chance.choice(("network-latency", "instance-termination")),
        "fisExperiment": "EXP1",
        "status": chance.choice(("completed", "failed")),
        "verdict": "not-judged",
        "began": moment,
        "ended": moment,
        "usd": "0.20",
    }


def execution(run: str, stack: str, at: datetime) -> dict[str, Any]:
    """A suite by a state machine."""
    moment = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "version": 1,
        "type": "execution",
        "run": run,
        "stack": stack,
        "operator": "ial-dev-suite-weekly",
        "execution": "e1",
        "suite": "weekly",
        "verdict": "not-judged",
        "outcome": "done",
        "reasons": [],
        "began": moment,
        "ended": moment,
        "steps": [{"id": "network/latency", "status": "completed", "run": run, "usd": "0.20"}],
        "leftOut": [],
        "notShown": ["load"],
    }


def control(run: str, stack: str, at: datetime, chance: Random) -> dict[str, Any]:
    """A run without a fault."""
    rang = chance.sample(ALARMS, chance.randrange(2))
    alerts = {"watched": list(ALARMS), "fired": rang, "unexpected": rang, "already": [], "changes": []}
    began = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "version": 1,
        "type": "control",
        "run": run,
        "stack": stack,
        "operator": "tests",
        "minutes": 30,
        "verdict": "failed" if rang else "passed",
        "reasons": [],
        "exitCode": int(bool(rang)),
        "times": {"planned": began, "began": began, "ended": began},
        "steady": chance.choice((None, {"holds": True, "probes": []})),
        "alerts": chance.choice((alerts, alerts, None)),
        "cost": {"usd": "0"},
        "cleaned": chance.random() > 0.1,
        "left": [],
    }


def chaos(run: str, stack: str, at: datetime, chance: Random) -> dict[str, Any]:
    """A run of an experiment."""
    verdict = chance.choice(VERDICTS)
    degraded = chance.choice((None, 0.0, 60.0, 180.0, 240.5))
    fired, missed = chance.sample(ALARMS, chance.randrange(3)), chance.sample(ALARMS, chance.randrange(2))
    alerts = {
        "fired": fired,
        "missed": [name for name in missed if name not in fired],
        "unexpected": chance.sample(ALARMS, chance.randrange(2)),
        "excluded": [],
        "precision": None,
        "recall": None,
        "changes": [],
    }
    return {
        "version": 1,
        "run": run,
        "stack": stack,
        "operator": "tests",
        "experiment": chance.choice(("network-latency", "instance-termination", "alb-stress")),
        "kind": "network-latency",
        "category": "network",
        "weight": "1",
        "template": {"id": "EXT1", "sha256": "0" * 64},
        "verdict": verdict,
        "scored": verdict in SCORED,
        "reasons": [] if verdict == "passed" else ['it\'s "so"'],
        "exitCode": _EXITS.get(verdict, 5),
        "times": dict.fromkeys(
            ("planned", "locked", "started", "injected", "lifted", "verified", "ended"), f"{at:%Y-%m-%dT%H:%M:%S}Z"
        ),
        "targets": {"wanted": 1, "hit": None, "group": "shop-web"},
        "hypothesis": {
            "kind": "recovery",
            "rtoSeconds": 300,
            "holds": None,
            "probes": [],
            "expectations": [],
        },
        "alerts": chance.choice((alerts, alerts, alerts, None)),
        "kpis": {
            "detectedAfterSeconds": chance.choice((None, 30.0, 61.25, 90.0, 150.0)) if degraded else None,
            "recoveredAfterSeconds": chance.choice((None, 12.5, 100.0, 200.0, 299.0, 301.0)),
            "degradedSeconds": degraded,
            "okRatio": None,
            "replacementBeganAfterSeconds": None,
            "replacedAfterSeconds": None,
        },
        "fis": {"status": "completed", "reason": "", "error": None, "actions": {}},
        "evidence": [],
        "launches": None,
        "load": None,
        "cost": {"actionMinutes": 2, "usd": chance.choice(("0", "0.20", "0.10"))},
        "cleaned": chance.random() > 0.1,
        "left": [],
    }


def drill(run: str, stack: str, at: datetime, chance: Random) -> dict[str, Any]:
    """A restore drill."""
    verdict = chance.choice(("passed", "passed", "passed", "failed", "inconclusive", "refused", "error", "interrupted"))
    return {
        "version": 1,
        "run": run,
        "stack": stack,
        "kind": "table",
        "resource": chance.choice(("orders", "sessions")),
        "verdict": verdict,
        "reasons": [] if verdict == "passed" else ["3 items differ"],
        "started": f"{at:%Y-%m-%dT%H:%M:%S}Z",
        "ended": None,
        "restoredTo": None,
        "rtoSeconds": chance.choice((80.5, 400.0, 899.0, 901.0)) if verdict in ("passed", "failed") else None,
        "rpoSeconds": None,
        "objectiveMinutes": 15,
        "cost": {"usd": chance.choice((None, "0.0400")), "lines": []},
        "phases": [],
        "checks": [],
        "findings": [],
        "cleanUp": {"confirmed": chance.random() > 0.1, "left": []},
        "exitCode": _EXITS.get(verdict, 5),
    }


@lru_cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text()))


def _checked(schema: str, document: dict[str, Any]) -> dict[str, Any]:
    _validator(schema).validate(document)
    return document
