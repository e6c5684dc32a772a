"""What of the allowance of errors is used: by requests that failed, and by experiments."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from runners.analysis.inputs import Inputs, RequestDay
from runners.analysis.model import ErrorBudget
from runners.analysis.published import rounded
from runners.analysis.records import ChaosRecord, Record
from runners.analysis.taker import Taker
from runners.runs.run_folder import name_at

DAYS: Final = 30
_DAY: Final = 86_400


class Spending(Taker[ChaosRecord]):
    """Takes records in, one by one."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord})

    def __init__(self, inputs: Inputs) -> None:
        self._inputs, self._seconds = inputs, 0.0
        self._first = name_at(inputs.now - timedelta(days=DAYS))

    def add(self, record: ChaosRecord) -> None:
        """Counts what a run of the last thirty days degraded."""
        if record.run >= self._first:
            self._seconds += record.kpis.degraded_seconds or 0.0

    leave_out = add  # whatever its verdict: users were hurt

    def found(self) -> ErrorBudget:
        """What all of them used."""
        goal = float(self._inputs.goals.availability_percent)
        share = 1 - goal / 100
        since = (self._inputs.now - timedelta(days=DAYS)).date()
        days: list[RequestDay] = [day for day in self._inputs.requests or () if day.day >= since]
        allowed = share * sum(day.requests for day in days) if days else None
        failed = sum(day.failed for day in days) if days else None
        seconds = share * DAYS * _DAY
        return ErrorBudget(
            goal_percent=goal,
            allowed_requests=None if allowed is None else rounded(allowed),
            failed_requests=failed,
            used=rounded(failed / allowed) if allowed and failed is not None else None,
            allowed_seconds=rounded(seconds),
            experiments_seconds=rounded(self._seconds),
            experiments_used=rounded(self._seconds / seconds) if seconds else 0.0,
            said=_said(allowed, failed, self._seconds, seconds),
        )


def _said(allowed: float | None, failed: int | None, degraded: float, seconds: float) -> str:
    experiments = f"experiments degraded it for {degraded:.0f} of {seconds:.0f} s"
    if not allowed or failed is None:
        return f"error budget of {DAYS} days: {experiments}; requests were not counted"
    return f"error budget of {DAYS} days: {failed / allowed:.0%} used by {failed} failed requests; {experiments}"
