"""A kind of run in memory: it makes two things, one after the other, and removes them at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runners.exit_codes import ExitCode
from runners.runs.life_cycle import LifeCycle
from runners.runs.outcome import RunRecord, cleaned_in, exit_code
from runners.runs.reason import Obstacle
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RefusedError, RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import CARRIED_OUT, FAULT, REFUSED, STARTED
from tests.runners.rehearsal import MemoryLeases, MemoryRecords, QuickClock


@dataclass(frozen=True, kw_only=True)
class MadeRecord(RunRecord):
    """What came of it."""

    verdict: str

    @property
    def exit_code(self) -> ExitCode:
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        return {"verdict": self.verdict}


def nothing() -> None:
    """Goes well."""


@dataclass
class Workshop:
    """Where such runs work, and what goes wrong with them."""

    folder: Path
    made: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    against: list[Obstacle] = field(default_factory=list)
    refused: list[Obstacle] = field(default_factory=list)
    fault: Callable[[], object] = nothing
    clean_up_fault: BaseException | None = None
    store_fault: Exception | None = None
    ended_by_fault: bool = True
    takes_turns: bool = True

    def __post_init__(self) -> None:
        self.clock, self.records = QuickClock(), MemoryRecords()
        self.leases = MemoryLeases(self.clock)
        self.runs = Runs(self.folder, "dev")
        self.cycle = LifeCycle(runs=self.runs, clock=self.clock, say=self.told.append, records=self.records)

    @property
    def run(self) -> str:
        return self.runs.all()[-1]

    def begin(self) -> MadeRecord:
        return self.cycle.begin(STARTED, {"what": "a table"}, self._kind)

    def resume(self) -> MadeRecord:
        return self.cycle.resume(self.run, self._kind)

    def _kind(self, run: Run) -> Making:
        return (Making if self.ended_by_fault else Rescuing)(run, self)


class Making(RunKind[MadeRecord]):
    """One run, which a fault ends."""

    type = "fake"

    def __init__(self, run: Run, shop: Workshop) -> None:
        super().__init__(run, Words(what="a fake", resume=f"ial fake --resume {run.id}", clean="nothing is left"))
        self.shop = shop
        if shop.takes_turns:
            self.turn = RunLock(f"{run.id}, a fake,", shop.leases, run.clock)

    def obstacles(self) -> list[Obstacle]:
        return self.shop.against

    def carry_out(self) -> None:
        if self.shop.refused:
            raise RefusedError(self.shop.refused)
        if self.run.journal.last(CARRIED_OUT) is None:
            self.run.step("first", lambda: self._make("first"))
            self.shop.fault()
            self.run.step("second", lambda: self._make("second"))
            self.run.journal.write(CARRIED_OUT)

    def _make(self, name: str) -> dict[str, str]:
        self.shop.made.add(name)
        return {"name": name}

    def clean_up(self) -> list[str]:
        if self.shop.clean_up_fault is not None:
            raise self.shop.clean_up_fault
        for name in ("first", "second"):
            if self.run.began(name) is not None:
                self.shop.made.discard(name)
        return []

    def record(self) -> MadeRecord:
        last = self.run.journal.last
        fault = last(FAULT)
        verdict = "passed" if last(CARRIED_OUT) else "inconclusive"
        if fault is not None:
            verdict = "interrupted" if fault.data["interrupted"] else "error"
        return cleaned_in(MadeRecord(verdict="refused" if last(REFUSED) else verdict), self.run.journal.entries)

    def store(self, record: MadeRecord) -> None:
        if self.shop.store_fault is not None:
            raise self.shop.store_fault
        self.shop.records.put(self.run.id, "record", record.document())


class Rescuing(Making):
    """One run, which goes on after a fault."""

    ended_by_fault = False

    def clean_up(self) -> list[str]:
        if self.shop.clean_up_fault is not None:
            raise self.shop.clean_up_fault
        return [] if self.run.journal.last(CARRIED_OUT) else sorted(self.shop.made)
