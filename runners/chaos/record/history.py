"""The experiments' runs of a stack: what `ial chaos history` tells of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from contract.parts import Amount, RecordPart, plain
from contract.run_table import CHAOS, NOT_JUDGED
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.record_of_run import record_of_run
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history

# What a state machine ran is among them, and nobody judged it.
ToldVerdict = Annotated[str, Meta(extra_json_schema={"enum": [*Verdict, NOT_JUDGED]})]


class ChaosRun(RecordPart, frozen=True, kw_only=True):
    """One run.

    Attributes:
        run: Its name.
        experiment: What was run.
        verdict: Its verdict; null says that it is not over.
        usd: What it cost, in USD at list price.
        here: Whether its journal is on this machine.
        ended: Whether it is over.
    """

    run: str
    experiment: str
    verdict: ToldVerdict | None
    usd: Amount
    here: bool
    ended: bool


class ChaosHistory(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial chaos history --json`, newest first.

    Attributes:
        version: Version of this document.
        runs: Those of this month and the last, and those with a journal on this machine.
    """

    version: Literal[1] = 1
    runs: tuple[ChaosRun, ...]


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. A run that was cut off has no verdict in the table yet: its journal says how far it came.

    Raises:
        AwsError: the table could not be read.
    """
    found = {
        run: ChaosRun(
            run=run,
            experiment=item["experiment"],
            verdict=item["verdict"],
            usd=item["usd"],
            here=False,
            ended=item["verdict"] is not None,
        )
        for run, item in recent_items(records, CHAOS, clock)
    }
    return plain(ChaosHistory(runs=run_history(found, runs, say, _in_its_journal)))


def _in_its_journal(entries: Sequence[Entry]) -> ChaosRun | None:
    """None for a run of another kind, which is in the same folder."""
    if "experiment" not in entries[0].data:
        return None
    record = record_of_run(entries)
    return ChaosRun(
        run=entries[0].data["run"],
        experiment=record.experiment.name,
        verdict=str(record.judgement.verdict) if record.times["ended"] else None,
        usd=str(record.usd),
        here=True,
        ended=record.times["ended"] is not None,
    )
