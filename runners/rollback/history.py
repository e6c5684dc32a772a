"""Rollbacks of a stack: those of this month and the last one in the table, and those whose journals are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from contract.run_table import collection
from runners.errors import JournalError
from runners.rollback.consideration import ROLLBACKS
from runners.rollback.record import RollbackRecord, record_of_rollback
from runners.runs.clock import Clock
from runners.runs.journal import read_entries
from runners.runs.records import Records
from runners.runs.run_folder import Runs


def rollbacks_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One without a verdict has not ended; `here` says whether this machine can resume it.

    Raises:
        AwsError: the table could not be read.
    """
    found = {item["run"]: {**item, "here": False} for item in _items(records, clock)}
    for record in _journals(runs, say):
        found[record.run] = {
            "type": "rollback",
            "run": record.run,
            "cause": record.cause["run"],
            "experiment": record.cause["experiment"],
            "suite": record.suite,
            "verdict": record.verdict if record.ended else None,
            "here": True,
        }
    return {"version": 1, "runs": [found[run] for run in sorted(found, reverse=True)]}


def newest_record(records: Records, clock: Clock) -> Mapping[str, Any] | None:
    """The record of the newest rollback that has changed a version, None if there is none in two months.

    Raises:
        AwsError: the table could not be read.
    """
    ended = (item for item in _items(records, clock) if item["verdict"] in ("rolled-back", "rollback-failed"))
    newest = max((str(item["run"]) for item in ended), default=None)
    return None if newest is None else records.get(newest, "record")


def _items(records: Records, clock: Clock) -> Iterator[Mapping[str, Any]]:
    now = clock.now()
    for moment in (now, now.replace(day=1) - timedelta(days=1)):
        yield from records.all(collection(ROLLBACKS, f"{moment:%Y-%m}")).values()


def _journals(runs: Runs, say: Callable[[str], object]) -> Iterator[RollbackRecord]:
    for run in runs.all():
        try:
            entries = read_entries(runs.journal(run))
            if entries and "rollback" in entries[0].data:
                yield record_of_rollback(entries)
        except (JournalError, LookupError, TypeError, ValueError) as error:
            say(f"run {run} is left out, its journal is damaged: {error}")
