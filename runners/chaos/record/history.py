"""The runs of a stack: those of this month and the last one that the table knows, and those whose journals are here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from contract.run_table import CHAOS, collection
from runners.chaos.record.record_of_run import record_of_run
from runners.errors import JournalError
from runners.runs.clock import Clock
from runners.runs.journal import read_entries
from runners.runs.records import Records
from runners.runs.run_folder import Runs


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. A run that was cut off has no verdict in the table yet: its journal says how far it came.

    A journal that is damaged costs its own run: that is said, and what the table knows of it stays.

    Raises:
        AwsError: the table could not be read.
    """
    found = _in_the_table(records, clock)
    for run in runs.all():
        try:
            entry = _in_its_journal(runs, run)
        except (JournalError, LookupError, TypeError, ValueError, AttributeError, msgspec.MsgspecError) as error:
            place = "" if isinstance(error, JournalError) else f"{runs.journal(run)}: {type(error).__name__}: "
            say(f"run {run} is left out, its journal is damaged: {place}{error}")
            continue
        if entry is not None:
            found[run] = entry
    return {"version": 1, "runs": [found[run] for run in sorted(found, reverse=True)]}


def _in_the_table(records: Records, clock: Clock) -> dict[str, dict[str, Any]]:
    """The runs of this month and the last."""
    now = clock.now()
    months = {f"{moment:%Y-%m}" for moment in (now, now.replace(day=1) - timedelta(days=1))}
    return {
        run: {
            "run": run,
            "experiment": item["experiment"],
            "verdict": item["verdict"],
            "usd": item["usd"],
            "here": False,
            "ended": item["verdict"] is not None,
        }
        for month in months
        for run, item in records.all(collection(CHAOS, month)).items()
    }


def _in_its_journal(runs: Runs, run: str) -> dict[str, Any] | None:
    """None for a drill, which is in the same folder, and for a run that ended before it did anything."""
    entries = read_entries(runs.journal(run))
    if not entries or "experiment" not in entries[0].data:
        return None
    record = record_of_run(entries)
    return {
        "run": run,
        "experiment": record.experiment.name,
        "verdict": str(record.judgement.verdict) if record.times["ended"] else None,
        "usd": str(record.usd),
        "here": True,
        "ended": record.times["ended"] is not None,
    }
