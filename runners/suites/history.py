"""The suites of a stack: those of this month and the last that the table knows, and those with a journal here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contract.run_table import collection
from runners.errors import JournalError
from runners.runs.clock import Clock
from runners.runs.journal import read_entries
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.suites.life_cycle import SUITES
from runners.suites.lines import TYPE
from runners.suites.suite_record import suite_record


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One that was cut off has no verdict yet: its journal says how far it came.

    A journal that is damaged costs its own run: that is said, and what the table knows of it stays.

    Raises:
        AwsError: the table could not be read.
    """
    now = clock.now()
    months = {f"{moment:%Y-%m}" for moment in (now, now.replace(day=1) - timedelta(days=1))}
    found = {
        run: {"run": run, "suite": item["suite"], "verdict": item["verdict"], "usd": item["usd"], "here": False}
        for month in months
        for run, item in records.all(collection(SUITES, month)).items()
    }
    for run in runs.all():
        try:
            entry = _in_its_journal(runs, run)
        except (JournalError, LookupError, TypeError, ValueError) as error:
            say(f"run {run} is left out, its journal is damaged: {error}")
            continue
        if entry is not None:
            found[run] = entry
    return {"version": 1, "runs": [found[run] for run in sorted(found, reverse=True)]}


def _in_its_journal(runs: Runs, run: str) -> dict[str, Any] | None:
    entries = read_entries(runs.journal(run))
    if not entries or entries[0].data.get("type") != TYPE:
        return None
    record = suite_record(entries)
    verdict = record.verdict if record.times.ended else None
    return {"run": run, "suite": record.plan.suite.name, "verdict": verdict, "usd": str(record.usd), "here": True}
