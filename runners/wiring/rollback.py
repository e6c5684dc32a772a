"""What `ial rollback` reaches: versions and holds with the rollback role, experiments with that of chaos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runners.errors import InputError, OutputsError
from runners.rollback.trials import USERS_SIGNALS
from runners.wiring.chaos import ChaosAccess, operator
from runners.wiring.versions import kinds_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.experiments import Experiment
    from contract.rollback import Rollback
    from contract.suites import PlannedStep
    from runners.aws.session import Clients
    from runners.rollback.consideration import Considering
    from runners.rollback.hold import Holds
    from runners.rollback.kind import Kind
    from runners.rollback.life_cycle import RollbackLifeCycle
    from runners.rollback.record import RollbackRecord
    from runners.rollback.trials import ChaosTrials
    from runners.runs.lease import Leases
    from runners.suites.ran import Ran

Say = Callable[[str], object]


@dataclass(frozen=True)
class RollbackAccess:
    """One stack. `as_runner` takes on the stack's rollback role, as a pipeline does.

    `leases` are those of an outer run that has its turn, such as a suite: its experiments and this share that.
    """

    chaos: ChaosAccess
    as_runner: bool = False
    leases: Leases | None = None

    @property
    def terms(self) -> Rollback:
        """What is switched on.

        Raises:
            OutputsError: nothing is.
        """
        found = self.chaos.chaos.rollback
        if found is None:
            msg = f"stack {self.chaos.access.stack} rolls nothing back; name what it may in ial:chaos rollback.targets"
            raise OutputsError(msg)
        return found

    @cached_property
    def clients(self) -> Clients:
        """Clients for versions and holds.

        Raises:
            WrongAccountError: the role is of another account.
            AwsError: the role cannot be taken on.
        """
        access = self.chaos.access
        if not self.as_runner or self.chaos.chaos.rollback is None:
            return access.clients
        return access.taking_on(self.terms.role, "ial-rollback")

    @cached_property
    def kinds(self) -> Mapping[tuple[str, str], Kind]:
        """What reads, and takes back, everything whose version is watched."""
        return kinds_with(self.chaos.chaos, self.clients)

    def holds(self) -> Holds | None:
        """The holds of the environment; None where nothing is switched on."""
        from runners.aws.holds import AwsHolds

        terms = self.chaos.chaos.rollback
        return None if terms is None else AwsHolds(self.clients, terms.holds, self.chaos.access.outputs.environment)

    def trials(self) -> ChaosTrials:
        """The stack's experiments."""
        from runners.aws.scaling_limits import ScalingLimits
        from runners.rollback.trials import ChaosTrials

        seen, chaos = self.chaos.access.outputs.observability, self.chaos
        alarms = seen.alarms if seen else ()
        work = chaos.access.outputs.workload
        service = f"{work.ecs_cluster}/{work.ecs_service}" if work.ecs_service else None
        limits = ScalingLimits(chaos.clients, work.auto_scaling_group, chaos.clock, service)
        cycle = chaos.life_cycle()
        if self.leases is not None:
            cycle = replace(cycle, kit=replace(cycle.kit, leases=self.leases))
        return ChaosTrials(
            cycle=cycle,
            experiments={experiment.name: experiment for experiment in chaos.chaos.experiments},
            users=frozenset(alarm.name for alarm in alarms if alarm.signal in USERS_SIGNALS),
            watched=tuple(alarm.name for alarm in alarms),
            limit=limits.found,
        )

    def considering(self) -> Considering:
        """What decides."""
        from runners.rollback.consideration import Considering

        return Considering(
            kinds=self.kinds,
            records=self.chaos.records,
            trials=self.trials(),
            holds=self.holds(),
            clock=self.chaos.clock,
        )

    def life_cycle(self) -> RollbackLifeCycle:
        """What carries rollbacks out.

        Raises:
            OutputsError: nothing is switched on.
        """
        from runners.aws.holds import AwsHolds
        from runners.rollback.life_cycle import RollbackLifeCycle

        terms, access = self.terms, self.chaos.access
        return RollbackLifeCycle(
            stack=access.stack,
            operator=operator(),
            runs=self.chaos.runs,
            considering=self.considering(),
            holds=AwsHolds(self.clients, terms.holds, access.outputs.environment),
            hold_for=timedelta(hours=terms.hold_hours),
            alarms=StackAlarms(self),
            leases=self.leases or access.leases,
            say=access.say,
        )


@dataclass(frozen=True)
class StackAlarms:
    """The stack's topic, and its halt."""

    access: RollbackAccess

    def page(self, subject: str, text: str) -> None:
        """Tells people.

        Raises:
            AwsError: nobody could be told.
        """
        from runners.aws.pages import Pages

        Pages(self.access.clients, self.access.terms.topic_arn).page(subject, text)

    def halt(self, reason: str) -> Sequence[str]:
        """As `ial chaos halt` does it; names what is not confirmed."""
        chaos = self.access.chaos
        left = chaos.scheduled_starts().switch(on=False)
        return [*left, *chaos.halting().halt(reason, operator(), lever=False).left]


@dataclass(frozen=True)
class SuiteRollBack:
    """The way back that a suite has (`runners.suites.ran.RollBack`): one rollback in a suite, as a run of its own.

    Whoever runs the suite has confirmed it, and with it what the stack has switched on. `suite` is the suite's run.
    """

    access: RollbackAccess
    suite: str

    def begin(self, step: PlannedStep, failed: str, run: str) -> Ran:
        """Thinks, and rolls back if that is the answer, as the run of this name.

        Raises:
            RunnerError: it could not be begun, or not be brought to its end.
        """
        self.access.chaos.access.say(f"{step.id}: whether to roll back")
        found, stack = failed_record(self.access, None, failed), self.access.chaos.access.stack
        return self._ran(step, self.access.life_cycle().run(found, confirm=stack, suite=self.suite, name=run))

    def resume(self, step: PlannedStep, failed: str, run: str) -> Ran | None:
        """Goes on with one that was cut off; None when nothing of it had begun.

        Raises:
            RunnerError: it could not be brought to its end.
        """
        if not self.access.chaos.runs.journal(run).is_file():
            return None
        self.access.chaos.access.say(f"{step.id}: goes on with the rollback after run {failed}")
        return self._ran(step, self.access.life_cycle().resume(run))

    def _ran(self, step: PlannedStep, record: RollbackRecord) -> Ran:
        """With what its runs of the experiment have cost, and how long they degraded the workload."""
        from runners.suites.ran import Ran

        chaos = self.access.chaos
        usd, degraded = spent_by(record, chaos.experiment(step.name), lambda run: chaos.records.get(run, "record"))
        return Ran(
            verdict=record.verdict,
            exit_code=record.exit_code,
            reasons=record.reasons,
            degraded_seconds=degraded,
            usd=usd,
            left=record.left,
        )


def spent_by(
    record: RollbackRecord, experiment: Experiment, record_of: Callable[[str], Mapping[str, Any] | None]
) -> tuple[Decimal, float]:
    """USD and degraded seconds of what a rollback has run; where a record does not say it, what it may have been.

    Raises:
        AwsError: the records could not be read.
    """
    from runners.chaos.before.preflight import longest_run

    usd, degraded = Decimal(0), 0.0
    for held in (record.again, record.validation):
        if held is not None and held["run"] is not None:
            found = record_of(held["run"]) or {}
            usd += Decimal(found.get("cost", {}).get("usd") or experiment.usd_per_run)
            seen = found.get("kpis", {}).get("degradedSeconds")
            degraded += longest_run(experiment).total_seconds() if seen is None else seen
    return usd, degraded


def failed_record(access: RollbackAccess, experiment: str | None, run: str | None) -> Mapping[str, Any]:
    """The run that is meant: by its name, or the newest one of an experiment, or of any.

    Raises:
        InputError: there is no such run, or it did not fail, or its experiment is not the stack's any more.
        AwsError: the records could not be read.
    """
    from runners.rollback.cause import Passes

    found = Passes(access.chaos.records).failed(access.chaos.clock.now(), experiment, run)
    access.chaos.experiment(found["experiment"])
    return found


def failed_run_in(path: Path) -> str:
    """The run that failed, in what `ial suite run --json`, `chaos run --json` or `chaos due --run --json` said.

    Raises:
        InputError: it is no such document, or no experiment in it failed.
    """
    from contract.reading.errors import ReadingError
    from contract.reading.files import read_json_file
    from contract.reading.numbers import plain_number
    from runners.rollback.cause import failed_in

    try:
        document = read_json_file(path, "what `ial suite run --json` prints", number=plain_number).data
    except ReadingError as error:
        msg = f"--found: {error}"
        raise InputError(msg) from None
    run = failed_in(document)
    if run is None:
        msg = f"--found: no experiment in {path} failed: nothing to roll back"
        raise InputError(msg)
    return run
