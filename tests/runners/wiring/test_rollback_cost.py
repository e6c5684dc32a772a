"""What a rollback in a suite has cost: its own runs of the experiment."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from runners.wiring.rollback import spent_by

EXPERIMENT: Any = SimpleNamespace(
    usd_per_run="0.50", duration_seconds=60, hypothesis=SimpleNamespace(rto_seconds=30, stability_seconds=10)
)
TOLD = {"cost": {"usd": "0.25"}, "kpis": {"degradedSeconds": 12.0}}
UNSEEN = {"cost": {"usd": "0.25"}, "kpis": {"degradedSeconds": None}}


@pytest.mark.parametrize(
    ("again", "validation", "records", "usd", "degraded"),
    [
        (None, None, {}, "0", 0),
        ("a", None, {"a": TOLD}, "0.25", 12),
        ("a", "v", {"a": TOLD, "v": TOLD}, "0.50", 24),
        # What nobody has seen may have been all the time that it had.
        ("a", "v", {"a": TOLD, "v": UNSEEN}, "0.50", 112),
        ("a", "v", {"a": TOLD}, "0.75", 112),
    ],
)
def test_what_its_runs_have_cost(
    again: str | None, validation: str | None, records: dict[str, Any], usd: str, degraded: float
) -> None:
    record: Any = SimpleNamespace(
        again=None if again is None else {"run": again, "verdict": "failed"},
        validation={"run": validation, "verdict": None, "why": None},
    )
    assert spent_by(record, EXPERIMENT, records.get) == (Decimal(usd), degraded)
