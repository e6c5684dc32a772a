"""Documents of a suite and of two rollbacks, as their published schemas have them."""

from __future__ import annotations

from typing import Any

_AT = {"began": "2026-11-25T10:00:00.000Z", "ended": "2026-11-25T10:20:00.000Z"}
_STEP: dict[str, Any] = {
    "status": "done",
    "exitCode": 0,
    "reasons": [],
    "degradedSeconds": 0,
    "usd": "0",
    "rollBack": None,
    **_AT,
}
_SKIPPED: dict[str, Any] = {
    **dict.fromkeys(("run", "verdict", "exitCode", "degradedSeconds", "usd", "began", "ended", "rollBack")),
    "status": "skipped",
    "reasons": ["the suite stopped"],
}
SUITE: dict[str, Any] = {
    "version": 1,
    "type": "suite",
    "run": "20261125-100000-0001",
    "stack": "dev",
    "operator": "pipeline",
    "suite": "post-deploy",
    "verdict": "aborted",
    "reasons": ["network/network-latency: aborted-by-alarm"],
    "exitCode": 4,
    "times": {"planned": "2026-11-25T10:00:00.000Z", **_AT},
    "steps": [
        {**_STEP, "id": "steady", "kind": "control", "name": "", "run": "20261125-100001-0002", "verdict": "passed"},
        {
            **_STEP,
            "id": "network/network-latency",
            "kind": "experiment",
            "name": "network-latency",
            "run": "20261125-100600-0003",
            "verdict": "aborted-by-alarm",
            "exitCode": 4,
            "reasons": ["<b>errors</b> rang"],
            "degradedSeconds": 180,
            "usd": "0.50",
        },
        {**_SKIPPED, "id": "infrastructure/x", "kind": "experiment", "name": "x"},
    ],
    "leftOut": [],
    "degraded": {"limit": 600, "spent": 180},
    "cost": {"limit": "1.50", "spent": "0.50"},
    "cleaned": True,
    "left": [],
}
_VERSION: dict[str, Any] = {
    "kind": "ecs-service",
    "name": "shop/web",
    "running": "web:1",
    "images": {},
    "revision": None,
    "deployment": None,
    "unread": None,
}
BACK: dict[str, Any] = {
    "version": 1,
    "type": "rollback",
    "run": "20261125-102100-0004",
    "stack": "dev",
    "operator": "pipeline",
    "suite": None,
    "cause": {"run": "20261125-100600-0003", "experiment": "network-latency", "verdict": "aborted-by-alarm"},
    "answer": {"action": "roll-back", "code": "failed-again", "sentence": "it failed again"},
    "verdict": "rolled-back",
    "reasons": ["failed-again: it failed again"],
    "parts": [
        {
            "kind": "ecs-service",
            "name": "shop/web",
            "from": "web:2",
            "to": "web:1",
            "good": _VERSION,
            "bad": _VERSION | {"running": "web:2"},
            "lost": [],
            "how": "update",
            "arrived": True,
            "heldUntil": "2026-11-28T10:21:00.000Z",
        }
    ],
    "reRun": {"run": "20261125-102101-0005", "verdict": "aborted-by-alarm"},
    "steady": True,
    "validation": {"run": "20261125-103000-0006", "verdict": "passed", "why": None},
    "paged": False,
    "halted": False,
    "started": "2026-11-25T10:21:00.000Z",
    "ended": "2026-11-25T10:40:00.000Z",
    "cleanUp": {"confirmed": True, "left": []},
    "exitCode": 0,
}
KEPT: dict[str, Any] = {
    **BACK,
    "run": "20261126-102100-0007",
    "verdict": "kept",
    "reasons": ["same-version: what runs has passed"],
    "answer": {"action": "page", "code": "same-version", "sentence": "what runs has passed"},
    "parts": [],
    **dict.fromkeys(("reRun", "steady", "validation")),
    "paged": True,
    "exitCode": 3,
}
REFUSED: dict[str, Any] = {**KEPT, "run": "20261127-1", "verdict": "refused", "answer": None, "paged": False}
