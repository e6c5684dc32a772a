"""Records for tests to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from runners.analysis.records import (
    Alerts,
    ChaosRecord,
    CleanUp,
    ControlAlerts,
    ControlRecord,
    ControlTimes,
    Cost,
    DrillRecord,
    Hypothesis,
    Measures,
    Record,
    StateChange,
    Times,
    UnjudgedRecord,
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ALARM = "ial-dev-errors"


def name(days_ago: float, token: int = 0) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y%m%d-%H%M%S}-{token:04x}"


def alerts(**changes: Any) -> Alerts:
    given: dict[str, Any] = {"fired": (), "missed": (), "unexpected": (), "excluded": ()}
    return Alerts(**given | changes)


def chaos(days_ago: float = 1, *, token: int = 0, **changes: Any) -> ChaosRecord:
    """A run that passed and broke nothing; keywords replace fields, `measures` and `kind_of` parts of them."""
    at = NOW - timedelta(days=days_ago)
    measures: dict[str, Any] = {
        "detected_after_seconds": None,
        "recovered_after_seconds": 0.0,
        "degraded_seconds": 0.0,
        "ok_ratio": 1.0,
    } | changes.pop("measures", {})
    hypothesis: dict[str, Any] = {"kind": "sustained", "rto_seconds": 300, "holds": True} | changes.pop(
        "hypothesis", {}
    )
    given: dict[str, Any] = {
        "version": 1,
        "run": name(days_ago, token),
        "stack": "dev",
        "reasons": (),
        "experiment": "network-latency",
        "kind": "network-latency",
        "category": "network",
        "verdict": "passed",
        "scored": True,
        "times": Times(
            injected=at,
            lifted=at + timedelta(minutes=4),
            verified=at + timedelta(minutes=10),
            ended=at + timedelta(minutes=11),
        ),
        "hypothesis": Hypothesis(**hypothesis),
        "alerts": alerts(),
        "kpis": Measures(**measures),
        "cost": Cost(usd="0.50"),
        "cleaned": True,
        "left": (),
    }
    return ChaosRecord(**given | changes)


def broken(
    days_ago: float = 1, *, recovered: float | None = 120, detected: float | None = 60, **changes: Any
) -> ChaosRecord:
    """A run that users noticed."""
    at = NOW - timedelta(days=days_ago)
    rang = {"fired": (ALARM,)} if detected is not None else {"missed": (ALARM,)}
    moments = (
        () if detected is None else (StateChange(alarm=ALARM, at=at + timedelta(seconds=detected), state="ALARM"),)
    )
    measures = {
        "detected_after_seconds": detected,
        "recovered_after_seconds": recovered,
        "degraded_seconds": recovered or 600.0,
        "ok_ratio": 0.8,
    } | changes.pop("measures", {})
    return chaos(days_ago, alerts=alerts(**rang, changes=moments), measures=measures, **changes)


def drill(days_ago: float = 1, *, rto: float | None = 300, token: int = 0, **changes: Any) -> DrillRecord:
    at = NOW - timedelta(days=days_ago)
    given: dict[str, Any] = {
        "version": 1,
        "run": name(days_ago, token),
        "stack": "dev",
        "reasons": (),
        "kind": "table",
        "resource": "orders",
        "verdict": "passed" if rto is not None else "failed",
        "started": at,
        "ended": at + timedelta(minutes=20),
        "rto_seconds": rto,
        "rpo_seconds": 60.0,
        "objective_minutes": 30,
        "cost": Cost(usd="0.04"),
        "clean_up": CleanUp(confirmed=True, left=()),
    }
    return DrillRecord(**given | changes)


def control(days_ago: float = 1, *, rang: bool = False, token: int = 0) -> ControlRecord:
    at = NOW - timedelta(days=days_ago)
    fired = (ALARM,) if rang else ()
    return ControlRecord(
        version=1,
        run=name(days_ago, token),
        stack="dev",
        reasons=(),
        verdict="failed" if rang else "passed",
        times=ControlTimes(began=at, ended=at + timedelta(minutes=15)),
        alerts=ControlAlerts(watched=(ALARM,), fired=fired, unexpected=fired, already=()),
    )


def unjudged(days_ago: float = 1, *, token: int = 0, status: str = "completed") -> UnjudgedRecord:
    return UnjudgedRecord(
        version=1,
        run=name(days_ago, token),
        stack="dev",
        experiment="network-latency",
        status=status,
        verdict="not-judged",
        usd="0.20",
    )


_TYPES: Mapping[type[Record], str] = {ControlRecord: "control", UnjudgedRecord: "unjudged-run"}


def document(record: Record) -> bytes:
    """As it is stored."""
    kind = {"type": _TYPES[type(record)]} if type(record) in _TYPES else {}
    return msgspec.json.encode(msgspec.to_builtins(record) | kind)
