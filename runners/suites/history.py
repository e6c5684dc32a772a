"""The suites of a stack: what `ial suite history` tells of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from contract.parts import Amount, RecordPart, plain
from contract.run_table import EXECUTIONS
from contract.suite_record import SuiteVerdict
from runners.runs.clock import Clock
from runners.runs.journal import Entry
from runners.runs.records import Records
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_items, run_history
from runners.suites.life_cycle import SUITES
from runners.suites.lines import TYPE
from runners.suites.suite_record import suite_record


class SuiteRun(RecordPart, frozen=True, kw_only=True):
    """One run of a suite.

    Attributes:
        run: Its name.
        suite: What was run.
        verdict: Its verdict; null says that it is not over, not-judged that a state machine ran it.
        usd: What it cost at most, in USD at list price; null where its runs alone tell it.
        here: Whether its journal is on this machine.
    """

    run: str
    suite: str
    verdict: SuiteVerdict | Literal["not-judged"] | None
    usd: Amount | None
    here: bool


class SuiteHistory(RecordPart, frozen=True, kw_only=True):
    """The answer of `ial suite history --json`, newest first.

    Attributes:
        version: Version of this document.
        runs: Those of this month and the last, and those with a journal on this machine.
    """

    version: Literal[1] = 1
    runs: tuple[SuiteRun, ...]


def history_of(runs: Runs, records: Records, clock: Clock, say: Callable[[str], object]) -> dict[str, Any]:
    """Newest first. One that was cut off has no verdict yet: its journal says how far it came.

    A state machine's has none either, and what it cost is told with its runs, by `ial chaos history`.

    Raises:
        AwsError: the table could not be read.
    """
    found = {
        run: SuiteRun(run=run, suite=item["suite"], verdict=item["verdict"], usd=item["usd"], here=False)
        for run, item in recent_items(records, SUITES, clock)
    }
    found |= {
        run: SuiteRun(run=run, suite=item["suite"], verdict=item["verdict"], usd=None, here=False)
        for run, item in recent_items(records, EXECUTIONS, clock)
    }
    return plain(SuiteHistory(runs=run_history(found, runs, say, _in_its_journal)))


def _in_its_journal(entries: Sequence[Entry]) -> SuiteRun | None:
    if entries[0].data.get("type") != TYPE:
        return None
    record = suite_record(entries)
    verdict = record.verdict if record.times.ended else None
    return SuiteRun(run=record.run, suite=record.plan.suite.name, verdict=verdict, usd=str(record.usd), here=True)
