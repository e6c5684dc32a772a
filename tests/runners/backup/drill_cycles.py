"""The life of a drill without a stack: its folder is the test's, and the month's budget is in memory."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from contract.run_table import DRILLS
from runners.backup.drill_record import DrillRecord
from runners.backup.life_cycle import DrillLifeCycle
from runners.runs.clock import Clock
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.run_folder import Runs
from tests.runners.rehearsal import MemoryLeases, MemoryRecords


def drill_cycle(
    folder: Path,
    clock: Clock,
    *,
    records: MemoryRecords | None = None,
    monthly_usd: Decimal = Decimal("0.50"),
    publish: Callable[[DrillRecord], object] = lambda _: None,
    say: Callable[[str], object] = lambda _: None,
) -> DrillLifeCycle:
    held = records or MemoryRecords()
    return DrillLifeCycle(
        stack="dev",
        objective_minutes=15,
        runs=Runs(folder, "dev"),
        records=held,
        leases=MemoryLeases(clock),
        budget=MonthlyBudget(kind=DRILLS, monthly_usd=monthly_usd, records=held, clock=clock),
        clock=clock,
        publish=publish,
        say=say,
    )
