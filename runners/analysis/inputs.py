"""What analysis is given beside the records: what the load balancer counted, and what the month costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from contract.goals import Goals
from runners.runs.run_folder import name_at


@dataclass(frozen=True)
class RequestDay:
    """Requests of a whole day (UTC) as the load balancer counted them; `failed` got a 5xx of it or of its targets."""

    day: date
    requests: int
    failed: int


class Traffic(Protocol):
    """Where the load balancer's own counts are."""

    def days(self, since: datetime, until: datetime) -> Sequence[RequestDay]:
        """The whole days in that time, the oldest first; a day without data is not in it."""


@dataclass(frozen=True)
class MonthCost:
    """What a month costs in USD, workload included: at least, as expected, at most. `source` says who says so.

    None is not known: a bill says what a month costs at least, and never what it costs at most.
    """

    low: Decimal
    expected: Decimal | None
    high: Decimal | None
    source: str


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known beside the records; None is not known. `changed` is the day of a change, such as a deployment."""

    goals: Goals
    now: datetime
    since: datetime
    requests: Sequence[RequestDay] | None = None
    cost: MonthCost | None = None
    changed: date | None = None

    @property
    def first(self) -> str:
        """How the name of a run that began at `since` begins; names of runs sort by time."""
        return name_at(self.since)

    @property
    def last(self) -> str:
        """After it is the name of each run that began after now: its clock is wrong, or the past is looked at."""
        return f"{name_at(self.now)}~"
