"""Rollbacks of a stack: what `ial rollback history` tells of each, and the newest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from contract.parts import RecordPart, plain
from runners.rollback.consideration import ROLLBACKS
from runners.rollback.record import record_of_rollback
from runners.rollback.rollback_document import RollbackVerdict
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history


class RollbackRun(RecordPart, frozen=True, kw_only=True):
    """One rollback.

    Attributes:
        type: What kind of run it is.
        run: Its name.
        cause: The run that failed.
        experiment: The experiment of that run.
        suite: The suite that asked for it; null without one.
        verdict: Its verdict; null says that it is not over.
        here: Whether its journal is on this machine.
    """

    type: Literal["rollback"] = "rollback"
    run: str
    cause: str
    experiment: str
    suite: str | None
    verdict: RollbackVerdict | None
    here: bool


class RollbackHistory(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial rollback history --json`, newest first.

    Attributes:
        version: Version of this document.
        runs: Those of this month and the last, and those with a journal on this machine.
    """

    version: Literal[1] = 1
    runs: tuple[RollbackRun, ...]


def rollbacks_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One without a verdict has not ended; `here` says whether this machine can resume it.

    Raises:
        AwsError: the table could not be read.
    """
    found = {
        item["run"]: RollbackRun(
            run=item["run"],
            cause=item["cause"],
            experiment=item["experiment"],
            suite=item["suite"],
            verdict=item["verdict"],
            here=False,
        )
        for _, item in recent_items(records, ROLLBACKS, clock)
    }
    return plain(RollbackHistory(runs=run_history(found, runs, say, _in_its_journal)))


def newest_record(records: Records, clock: Clock) -> Mapping[str, Any] | None:
    """The record of the newest rollback that has changed a version, None if there is none in two months.

    Raises:
        AwsError: the table could not be read.
    """
    items = (item for _, item in recent_items(records, ROLLBACKS, clock))
    ended = (item for item in items if item["verdict"] in ("rolled-back", "rollback-failed"))
    newest = max((str(item["run"]) for item in ended), default=None)
    return None if newest is None else records.get(newest, "record")


def _in_its_journal(entries: Sequence[Entry]) -> RollbackRun | None:
    if "rollback" not in entries[0].data:
        return None
    record = record_of_rollback(entries)
    return RollbackRun(
        run=record.run,
        cause=record.cause["run"],
        experiment=record.cause["experiment"],
        suite=record.suite,
        verdict=record.verdict if record.ended else None,
        here=True,
    )
