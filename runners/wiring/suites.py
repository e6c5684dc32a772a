"""What `ial suite` reaches: one stack's suites, and the runs inside of them with the production adapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from contract.suites import Choosable, PlannedStep, Suite, SuitePlan, plan_of
from runners.backup.evidence import Kind
from runners.chaos.before.preflight import longest_run
from runners.chaos.control.watched_probes import watched_probes
from runners.chaos.evidence.steady_now import steady_now
from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.steps import STARTING
from runners.chaos.running.halting import halt_mark
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.runs.journal import read_entries
from runners.stack.stack_outputs import namespace_of
from runners.suites.conduct import SuiteKit
from runners.suites.life_cycle import SuiteLifeCycle
from runners.suites.planning import PlannedSuite, closed, late, planned_suite, suite_named
from runners.suites.ran import Ran, StepRuns
from runners.wiring.chaos import operator

if TYPE_CHECKING:
    from contract.experiments import Experiment
    from runners.backup.drill_record import DrillRecord
    from runners.chaos.control.control_record import ControlRecord
    from runners.chaos.record.chaos_record import ChaosRecord
    from runners.runs.lease import Leases
    from runners.runs.run_folder import Runs
    from runners.suites.suite_record import SuiteRecord
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.drills import DrillPlan

# What a drill has made goes within this time, and an older version is back and steady within the other.
_DELETED_WITHIN: Final = timedelta(minutes=30)
_ROLLED_BACK_WITHIN: Final = timedelta(minutes=40)


@dataclass(frozen=True)
class SuiteAccess:
    """One stack. `confirm` is the yes that its experiments may ask for; `as_runner` takes on the stack's roles.

    `until` is when a suite must be over: what could not end by then is not begun.
    """

    chaos: ChaosAccess
    drills: DrillPlan
    confirm: str | None = None
    as_runner: bool = False
    until: datetime | None = None

    @property
    def suites(self) -> tuple[Suite, ...]:
        """What the outputs have.

        Raises:
            OutputsError: the stack has no experiments, with which suites come.
        """
        return self.chaos.chaos.suites

    def planned(self, name: str) -> PlannedSuite:
        """A suite as this stack would run it now. Reads, changes nothing.

        Raises:
            InputError: the stack has no such suite.
            AwsError: what its steps cost could not be found out.
        """
        suite = suite_named(self.suites, name, self.chaos.access.stack)
        plan = plan_of(suite, self._experiments(), self._resources())
        runs = self._stepping(plan, self.chaos.access.leases)
        costs = {step.id: runs[step.kind].cost(step) for step in plan.steps if step.kind in ("experiment", "drill")}
        against = self._closed(plan)
        untestable = self._untestable(plan)
        known = {id_: cost for id_, cost in costs.items() if id_ not in untestable}
        rolls_back = self.chaos.chaos.rollback is not None
        return planned_suite(plan, known, [against] if against else [], rolls_back=rolls_back, untestable=untestable)

    def life_cycle(self) -> SuiteLifeCycle:
        """What carries suites out."""
        access = self.chaos.access
        return SuiteLifeCycle(
            stack=access.stack,
            operator=operator(),
            runs=self.runs,
            records=self.chaos.records,
            leases=access.leases,
            clock=self.chaos.clock,
            say=access.say,
            kit=self._kit,
            publish=self._tell,
        )

    @property
    def runs(self) -> Runs:
        """Where the journals are."""
        return self.chaos.runs

    def _tell(self, record: SuiteRecord) -> None:
        from runners.aws.schedule_signals import ScheduleSignals

        chaos = self.chaos
        namespace = namespace_of(chaos.access.outputs)
        signals = ScheduleSignals(clients=chaos.clients, namespace=namespace, records=chaos.records, clock=chaos.clock)
        signals.suite(record.exit_code)

    def _kit(self, run: str, plan: SuitePlan, leases: Leases) -> SuiteKit:
        from runners.wiring.rollback import RollbackAccess, SuiteRollBack

        back = SuiteRollBack(RollbackAccess(self.chaos, self.as_runner, leases), run)
        return SuiteKit(
            stepping=self._stepping(plan, leases),
            steady=lambda: self._steady(plan),
            closed=lambda: self._closed(plan),
            roll_back=None if self.chaos.chaos.rollback is None else back,
            late=lambda step, begins: late(step, begins, self._longest(step), self.until),
        )

    def _longest(self, step: PlannedStep) -> timedelta:
        """How long a step may last, with its clean-up."""
        if step.kind == "drill":
            drills = self.chaos.access.backup.drills
            return timedelta(minutes=drills.objective_minutes if drills else 0) + _DELETED_WITHIN
        if step.kind != "experiment":
            return timedelta(minutes=step.minutes or 0)
        pace = self.chaos.equipment().pace
        once = (
            pace.baseline + longest_run(self.chaos.experiment(step.name)) + pace.lag + pace.overdue + pace.stop_within
        )
        return 3 * once + _ROLLED_BACK_WITHIN if step.on_failure == "roll-back" else once

    def _stepping(self, plan: SuitePlan, leases: Leases) -> dict[str, StepRuns]:
        return {
            "experiment": _ExperimentRuns(self.chaos, leases, self.confirm),
            "drill": _DrillRuns(self.drills, leases),
            "control": _ControlRuns(self.chaos, leases, self._of(plan)),
        }

    def _of(self, plan: SuitePlan) -> Sequence[Experiment]:
        """The experiments whose steady state is the suite's; where it has none, that of all."""
        named = [self.chaos.experiment(step.name) for step in plan.steps if step.kind == "experiment"]
        return named or self.chaos.chaos.experiments

    def _steady(self, plan: SuitePlan) -> tuple[bool | None, tuple[str, ...]]:
        kit = self.chaos.equipment()
        steady, reasons = steady_now([held.probe for held in watched_probes(self._of(plan))], kit)
        states = kit.alarms.states(kit.alarms_watched)
        ringing = tuple(f"{name} rings" for name, state in states.items() if state == "ALARM")
        gone = tuple(f"{name} does not exist" for name in kit.alarms_watched if name not in states)
        return (False if ringing else None, (*reasons, *ringing, *gone)) if ringing or gone else (steady, reasons)

    def _closed(self, plan: SuitePlan) -> str | None:
        chaos = self.chaos.chaos
        disturbs = any(step.kind == "experiment" for step in plan.steps)
        if disturbs and halt_mark(self.chaos.records) is not None:
            return f"chaos is halted; `ial chaos halt --release --stack {self.chaos.access.stack}` ends that"
        now = self.chaos.clock.now()
        return closed(plan.suite, chaos.window, chaos.freezes, now, chaos.timezone, disturbs=disturbs)

    def _experiments(self) -> list[Choosable]:
        return [
            Choosable(name=held.name, choice=held.category, of_database=held.of_database)
            for held in self.chaos.chaos.experiments
        ]

    def _resources(self) -> list[Choosable]:
        if self.chaos.access.backup.drills is None:
            return []
        return [
            Choosable(name=name, choice=str(kind), of_database=kind is Kind.DATABASE)
            for name, kind in self.drills.names().items()
        ]

    def _untestable(self, plan: SuitePlan) -> dict[str, str]:
        if self.chaos.access.backup.drills is None:
            return {}
        _, left_out = self.drills.chosen(())
        reasons = dict(left_out)
        return {step.id: reasons[step.name] for step in plan.steps if step.kind == "drill" and step.name in reasons}


@dataclass(frozen=True)
class _ExperimentRuns:
    chaos: ChaosAccess
    leases: Leases
    confirm: str | None

    def cost(self, step: PlannedStep) -> Decimal | None:
        return Decimal(self.chaos.experiment(step.name).usd_per_run)

    def begin(self, step: PlannedStep, run: str) -> Ran:
        cycle = self.chaos.life_cycle()
        cycle = replace(cycle, kit=replace(cycle.kit, leases=self.leases))
        return self._ran(cycle.run(self.chaos.experiment(step.name), self.confirm, run))

    def resume(self, _: PlannedStep, run: str) -> Ran | None:
        if not _has_begun(self.chaos.runs, run):
            return None
        cycle = self.chaos.life_cycle()
        record = replace(cycle, kit=replace(cycle.kit, leases=self.leases)).resume(run)
        entries = read_entries(self.chaos.runs.journal(run))
        # One that was cut off before its fault is not gone on with: another may be begun in its place.
        untouched = not any(entry.step == STARTING for entry in entries)
        return None if untouched and record.judgement.verdict is Verdict.ERROR else self._ran(record)

    def _ran(self, record: ChaosRecord) -> Ran:
        return Ran(
            verdict=str(record.judgement.verdict),
            exit_code=record.exit_code,
            reasons=tuple(record.judgement.reasons),
            degraded_seconds=_degraded_seconds(record),
            usd=record.usd,
            left=record.left,
        )


@dataclass(frozen=True)
class _DrillRuns:
    drills: DrillPlan
    leases: Leases

    def cost(self, step: PlannedStep) -> Decimal | None:
        return self.drills.drill(self.drills.names()[step.name], step.name).cost().usd

    def begin(self, step: PlannedStep, run: str) -> Ran:
        drill = self.drills.drill(self.drills.names()[step.name], step.name)
        return self._told(replace(self.drills.life_cycle(), leases=self.leases).run(drill, run))

    def resume(self, step: PlannedStep, run: str) -> Ran | None:
        if not _has_begun(self.drills.access.runs, run):
            return None
        drill = self.drills.drill(self.drills.names()[step.name], step.name)
        return self._told(replace(self.drills.life_cycle(), leases=self.leases).resume(drill, run))

    def _told(self, record: DrillRecord) -> Ran:
        """What it found, told to CloudWatch too: one that failed is an alarm, whoever ran it."""
        from runners.backup.recovery_test import RecoveryTest

        try:
            self.drills.signals().test(RecoveryTest(stack=record.stack, full=False, records=(record,)))
        except AwsError as error:
            self.drills.access.say(f"the drill of {record.resource} could not be told to CloudWatch: {error}")
        refused = record.exit_code is ExitCode.NOT_STARTED
        return Ran(
            verdict=str(record.verdict),
            exit_code=record.exit_code,
            reasons=record.reasons,
            usd=Decimal(0) if refused or record.cost_usd is None else record.cost_usd,
            left=record.left,
        )


@dataclass(frozen=True)
class _ControlRuns:
    chaos: ChaosAccess
    leases: Leases
    experiments: Sequence[Experiment]

    def cost(self, _: PlannedStep) -> Decimal | None:
        return Decimal(0)

    def begin(self, step: PlannedStep, run: str) -> Ran:
        cycle = self.chaos.control()
        cycle = replace(cycle, kit=replace(cycle.kit, leases=self.leases))
        return self._ran(cycle.run(watched_probes(self.experiments), step.minutes or 1, run))

    def resume(self, _: PlannedStep, run: str) -> Ran | None:
        if not _has_begun(self.chaos.runs, run):
            return None
        cycle = self.chaos.control()
        return self._ran(replace(cycle, kit=replace(cycle.kit, leases=self.leases)).resume(run))

    def _ran(self, record: ControlRecord) -> Ran:
        return Ran(verdict=record.verdict, exit_code=record.exit_code, reasons=record.reasons, left=record.left)


def _has_begun(runs: Runs, run: str) -> bool:
    """Whether a run that was named has written anything: before its first line it has done nothing."""
    journal = runs.journal(run)
    return journal.is_file() and bool(read_entries(journal))


def _degraded_seconds(record: ChaosRecord) -> float:
    """Of a fault whose effect nobody saw, the longest that it may have been."""
    if record.outcome is not None:
        return record.outcome.degraded_seconds
    return longest_run(record.experiment).total_seconds() if record.usd else 0
