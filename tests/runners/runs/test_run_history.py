"""Each kind's history, of journals that this version did not write: they cost their own run, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from runners.chaos.record.history import history_of as experiments_of
from runners.rollback.history import rollbacks_of
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_months
from runners.suites.history import history_of as suites_of
from tests.runners.rehearsal import MemoryRecords, QuickClock

RUN = "20261125-083000-a1b2"
KINDS = [
    (experiments_of, "chaos", {"experiment": {"name": 7}}),
    (suites_of, "suites", {"type": "suite", "stack": "dev", "operator": "me", "plan": {"steps": 7}, "costs": {}}),
    (rollbacks_of, "rollbacks", {"rollback": 7, "stack": "dev", "operator": "me", "cause": 7}),
]


@pytest.mark.parametrize("at", ["2026-11-25T08:30:00.000Z", "yesterday"])
@pytest.mark.parametrize(("history", "kind", "data"), KINDS)
def test_a_journal_that_only_begins_as_one_does_costs_its_own_run(
    tmp_path: Path, history: Callable[..., dict[str, Any]], kind: str, data: dict[str, Any], at: str
) -> None:
    records, said, runs = MemoryRecords(), list[str](), Runs(tmp_path, "dev")
    known = {"run": RUN, "cause": RUN, "experiment": "x", "suite": "weekly", "verdict": "passed", "usd": "0"}
    records.put(f"{kind}#2026-11", RUN, known)
    runs.folder.mkdir(parents=True)
    line = {"version": 1, "number": 1, "at": at, "step": "started", "data": {"run": RUN, **data}}
    runs.journal(RUN).write_text(json.dumps(line) + "\n")
    found = history(runs, records, QuickClock(), said.append)
    assert [(held["run"], held["verdict"]) for held in found["runs"]] == [(RUN, "passed")]
    [told] = said
    assert told.startswith(f"run {RUN} is left out, its journal is damaged: ")


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (datetime(2026, 11, 25, tzinfo=UTC), ("2026-11", "2026-10")),
        (datetime(2026, 1, 31, tzinfo=UTC), ("2026-01", "2025-12")),
        # Runs are named in UTC: here it is still December.
        (datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), ("2026-12", "2026-11")),
    ],
)
def test_months_are_those_in_which_runs_are_named(now: datetime, months: tuple[str, str]) -> None:
    assert recent_months(now) == months
