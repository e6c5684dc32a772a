"""Rollbacks of a stack: what `ial rollback history` tells of each, and the newest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runners.rollback.consideration import ROLLBACKS
from runners.rollback.record import record_of_rollback
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history


def rollbacks_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One without a verdict has not ended; `here` says whether this machine can resume it.

    Raises:
        AwsError: the table could not be read.
    """
    found = {item["run"]: {**item, "here": False} for _, item in recent_items(records, ROLLBACKS, clock)}
    return run_history(found, runs, say, _in_its_journal)


def newest_record(records: Records, clock: Clock) -> Mapping[str, Any] | None:
    """The record of the newest rollback that has changed a version, None if there is none in two months.

    Raises:
        AwsError: the table could not be read.
    """
    items = (item for _, item in recent_items(records, ROLLBACKS, clock))
    ended = (item for item in items if item["verdict"] in ("rolled-back", "rollback-failed"))
    newest = max((str(item["run"]) for item in ended), default=None)
    return None if newest is None else records.get(newest, "record")


def _in_its_journal(entries: Sequence[Entry]) -> dict[str, Any] | None:
    if "rollback" not in entries[0].data:
        return None
    record = record_of_rollback(entries)
    return {
        "type": "rollback",
        "run": record.run,
        "cause": record.cause["run"],
        "experiment": record.cause["experiment"],
        "suite": record.suite,
        "verdict": record.verdict if record.ended else None,
        "here": True,
    }
