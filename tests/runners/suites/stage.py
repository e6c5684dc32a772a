"""A suite without a cloud. Its runs are runs of the kernel: what they inject is counted, and told by a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from contract.suites import Choosable, PlannedStep, Suite, SuitePlan, SuiteStep, plan_of
from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.runs.journal import read_entries
from runners.runs.lease import Leases
from runners.runs.life_cycle import LifeCycle
from runners.runs.outcome import EXITS, RunRecord, cleaned_in
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import FAULT, RESUMED, STARTED
from runners.suites.conduct import SuiteKit
from runners.suites.life_cycle import SuiteLifeCycle
from runners.suites.planning import PlannedSuite, planned_suite
from runners.suites.ran import Ran
from runners.suites.suite_record import SuiteRecord
from tests.runners.journal_lines import assert_fits
from tests.runners.rehearsal import MemoryLeases, MemoryRecords, QuickClock

EXPERIMENTS = (
    Choosable(name="latency", choice="network", of_database=False),
    Choosable(name="termination", choice="infrastructure", of_database=False),
    Choosable(name="no-database", choice="application", of_database=True),
)
RESOURCES = (
    Choosable(name="orders", choice="table", of_database=False),
    Choosable(name="shop-db", choice="database", of_database=True),
)


def step(name: str, kind: str = "experiment", **given: object) -> SuiteStep:
    """A step; experiments and drills choose all unless they are told otherwise."""
    runs = kind in ("experiment", "drill")
    held: dict[str, object] = {
        "names": (),
        "choice": None if given.get("names") or not runs else "all",
        "minutes": None if runs else 5,
        "needs": (),
        "on_failure": "stop",
    }
    return SuiteStep(name=name, kind=kind, **held | given)  # type: ignore[arg-type]


def suite(*steps: SuiteStep, **given: object) -> Suite:
    """A suite of these steps."""
    held: dict[str, object] = {
        "name": "weekly",
        "description": "What is run each week.",
        "cool_down_minutes": 10,
        "max_degraded_seconds": None,
        "max_usd": "10",
        "window": None,
    }
    return Suite(steps=steps, **held | given)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class InnerRecord(RunRecord):
    """What came of one."""

    verdict: str

    def document(self) -> dict[str, Any]:
        return {"verdict": self.verdict}


class Inner(RunKind[InnerRecord]):
    """A run that injects once, and never again."""

    type = "inner"

    def __init__(self, run: Run, name: str, stage: Stage, leases: Leases) -> None:
        super().__init__(run, Words(what=name, resume="ial fake --resume"))
        self._name, self._stage = name, stage
        self._lock = RunLock(f"{run.id}, inner {name},", leases, run.clock)
        self.turn = self._lock

    def carry_out(self) -> None:
        journal = self.run.journal
        if journal.last("injecting") is None:
            if journal.last(RESUMED) is not None:
                msg = "the runner ended before the fault; nothing was injected"
                raise RunnerError(msg)
            journal.write("injecting")
            self._stage.injected.append((self._name, self.run.id))
        self.run.clock.sleep(60)
        journal.write("seen")

    def clean_up(self) -> list[str]:
        return list(self._stage.left.get(self._name, ()))

    def record(self) -> InnerRecord:
        if self.run.journal.last(FAULT) is not None:
            return cleaned_in(InnerRecord(verdict="error"), self.run.journal.entries)
        told = self._stage.verdicts.get(self._name, "passed")
        return cleaned_in(InnerRecord(verdict=told), self.run.journal.entries)

    def store(self, record: InnerRecord) -> None:
        self._stage.records.put(self.run.id, "record", {"verdict": record.verdict})


@dataclass(frozen=True)
class InnerRuns:
    """Carries them out for a suite."""

    stage: Stage
    leases: Leases

    def cost(self, step: PlannedStep) -> Decimal | None:
        return Decimal("0.50")

    def begin(self, step: PlannedStep, run: str) -> Ran:
        record = self._cycle.begin(STARTED, {"name": step.id}, lambda held: self._kind(held, step), run)
        return self._ran(step, record)

    def resume(self, step: PlannedStep, run: str) -> Ran | None:
        journal = self.stage.runs.journal(run)
        if not journal.is_file() or not read_entries(journal):
            return None
        record = self._cycle.resume(run, lambda held: self._kind(held, step))
        begun = any(entry.step == "injecting" for entry in read_entries(journal))
        return self._ran(step, record) if begun else None

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(
            runs=self.stage.runs, clock=self.stage.clock, say=self.stage.told.append, records=self.stage.records
        )

    def _kind(self, run: Run, step: PlannedStep) -> Inner:
        return Inner(run, step.name or step.id, self.stage, self.leases)

    def _ran(self, step: PlannedStep, record: InnerRecord) -> Ran:
        code = EXITS[record.verdict] if record.cleaned else ExitCode.LEFT_BEHIND
        degraded = self.stage.degraded.get(step.name, 0)
        return Ran(
            verdict=record.verdict, exit_code=code, degraded_seconds=degraded, usd=Decimal("0.50"), left=record.left
        )


@dataclass
class WayBack:
    """A way back to an older version, which is noted."""

    stage: Stage
    verdict: str = "passed"
    raises: RunnerError | None = None

    def begin(self, step: PlannedStep, failed: str, run: str) -> Ran:
        if self.raises is not None:
            raise self.raises
        self.stage.back.append((step.id, failed))
        return Ran(verdict=self.verdict, exit_code=EXITS[self.verdict], degraded_seconds=7, usd=Decimal("0.25"))

    def resume(self, step: PlannedStep, failed: str, run: str) -> Ran | None:
        return None


@dataclass
class Stage:
    """One stack in memory: what its runs say, what is steady, what is closed, and what was injected."""

    folder: Path
    verdicts: dict[str, str] = field(default_factory=dict)
    degraded: dict[str, float] = field(default_factory=dict)
    left: dict[str, tuple[str, ...]] = field(default_factory=dict)
    closed: Callable[[], str | None] = lambda: None
    steady: Callable[[], tuple[bool | None, tuple[str, ...]]] = lambda: (True, ())
    way_back: WayBack | None = None
    late: Callable[[PlannedStep, datetime], str | None] = lambda *_: None
    told: list[str] = field(default_factory=list)
    injected: list[tuple[str, str]] = field(default_factory=list)
    back: list[tuple[str, str]] = field(default_factory=list)
    published: list[SuiteRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock, self.records = QuickClock(), MemoryRecords()
        # A turn is kept by a thread, in this machine's time: hours of the suite must not end it.
        self.leases = MemoryLeases(QuickClock())
        self.runs = Runs(self.folder, "dev", "ial suite history")

    def planned(self, held: Suite, costs: Mapping[str, Decimal | None] | None = None) -> PlannedSuite:
        plan = plan_of(held, EXPERIMENTS, RESOURCES)
        runs = [one for one in plan.steps if one.kind in ("experiment", "drill")]
        known = {one.id: Decimal("0.50") for one in runs} if costs is None else costs
        return planned_suite(plan, known, (), rolls_back=self.way_back is not None)

    def run(self, held: Suite) -> SuiteRecord:
        return self._journaled(self.cycle().run(self.planned(held)))

    def resume(self, run: str) -> SuiteRecord:
        return self._journaled(self.cycle().resume(run))

    def _journaled(self, record: SuiteRecord) -> SuiteRecord:
        assert_fits(self.runs.journal(record.run), "a suite")
        return record

    def cycle(self) -> SuiteLifeCycle:
        return SuiteLifeCycle(
            stack="dev",
            operator="tests",
            runs=self.runs,
            records=self.records,
            leases=self.leases,
            clock=self.clock,
            say=self.told.append,
            kit=self._kit,
            publish=self.published.append,
        )

    @property
    def suites(self) -> list[str]:
        """The runs that are suites."""
        whole = {run: read_entries(self.runs.journal(run)) for run in self.runs.all()}
        return [run for run, entries in whole.items() if entries and entries[0].data.get("type") == "suite"]

    def _kit(self, run: str, plan: SuitePlan, leases: Leases) -> SuiteKit:
        inner = InnerRuns(self, leases)
        stepping = {"experiment": inner, "drill": inner, "control": inner}
        return SuiteKit(
            stepping=stepping,
            steady=lambda: self.steady(),
            closed=lambda: self.closed(),
            roll_back=self.way_back,
            late=lambda one, begins: self.late(one, begins),
        )
