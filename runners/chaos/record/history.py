"""The experiments' runs of a stack: what `ial chaos history` tells of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contract.run_table import CHAOS
from runners.chaos.record.record_of_run import record_of_run
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. A run that was cut off has no verdict in the table yet: its journal says how far it came.

    Raises:
        AwsError: the table could not be read.
    """
    found = {
        run: {
            "run": run,
            "experiment": item["experiment"],
            "verdict": item["verdict"],
            "usd": item["usd"],
            "here": False,
            "ended": item["verdict"] is not None,
        }
        for run, item in recent_items(records, CHAOS, clock)
    }
    return run_history(found, runs, say, _in_its_journal)


def _in_its_journal(entries: Sequence[Entry]) -> dict[str, Any] | None:
    """None for a run of another kind, which is in the same folder."""
    if "experiment" not in entries[0].data:
        return None
    record = record_of_run(entries)
    return {
        "run": entries[0].data["run"],
        "experiment": record.experiment.name,
        "verdict": str(record.judgement.verdict) if record.times["ended"] else None,
        "usd": str(record.usd),
        "here": True,
        "ended": record.times["ended"] is not None,
    }
