"""The suites of a stack: what `ial suite history` tells of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contract.run_table import EXECUTIONS
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history
from runners.suites.life_cycle import SUITES
from runners.suites.lines import TYPE
from runners.suites.suite_record import suite_record


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One that was cut off has no verdict yet: its journal says how far it came.

    A state machine's has none either, and what it cost is told with its runs, by `ial chaos history`.

    Raises:
        AwsError: the table could not be read.
    """
    found = {
        run: {"run": run, "suite": item["suite"], "verdict": item["verdict"], "usd": item["usd"], "here": False}
        for run, item in recent_items(records, SUITES, clock)
    }
    found |= {
        run: {"run": run, "suite": item["suite"], "verdict": item["verdict"], "usd": None, "here": False}
        for run, item in recent_items(records, EXECUTIONS, clock)
    }
    return run_history(found, runs, say, _in_its_journal)


def _in_its_journal(entries: Sequence[Entry]) -> dict[str, Any] | None:
    if entries[0].data.get("type") != TYPE:
        return None
    record = suite_record(entries)
    verdict = record.verdict if record.times.ended else None
    return {
        "run": record.run,
        "suite": record.plan.suite.name,
        "verdict": verdict,
        "usd": str(record.usd),
        "here": True,
    }
