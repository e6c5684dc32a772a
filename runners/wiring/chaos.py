"""What `ial chaos` reaches: one stack's experiments, and the ports with which they are run."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from contract.run_table import TURN
from contract.writing.lock import locked
from preview.engines import Engine
from runners.errors import InputError
from runners.runs.clock import Clock
from runners.runs.lease import LeaseHeldError
from runners.runs.run_folder import Runs
from runners.stack.stack_outputs import chaos_part, experiment_named, namespace_of
from runners.wiring.backup import Access
from runners.wiring.opening import local_endpoint
from runners.wiring.versions import versions_running

if TYPE_CHECKING:
    from contract.experiments import Chaos, Experiment
    from runners.aws.session import Clients
    from runners.chaos.before.service_address import ServiceAddress
    from runners.chaos.control.life_cycle import ControlLifeCycle
    from runners.chaos.equipment import Equipment, Insights
    from runners.chaos.running.cloud_time import CloudTime
    from runners.chaos.running.halting import Halting
    from runners.chaos.running.life_cycle import ChaosLifeCycle
    from runners.chaos.running.scheduled_starts import ScheduledStarts
    from runners.runs.monthly_budget import MonthlyBudget
    from runners.runs.records import Records

Say = Callable[[str], object]


@dataclass(frozen=True)
class ChaosAccess:
    """One stack. `endpoint` is the local cloud's address, None for AWS.

    `clients` are prompt: one slow call must not be a gap in what a run looks at. Those of `access` are patient.
    """

    access: Access
    clients: Clients
    clock: Clock
    endpoint: str | None
    held: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.held.close()

    @classmethod
    def open(
        cls,
        stack: str,
        program: Path | None,
        engine: Engine,
        say: Say,
        *,
        assume: str | None = None,
        rehearsal: list[str] | None = None,
        alone: bool = False,
    ) -> ChaosAccess:
        """Reads the outputs and finds the AWS. `assume` is runner, halt or drill; `rehearsal` begins a new one.

        The time of a rehearsal is one run's: who lets it pass asks to be `alone`, and leaves the block afterwards.

        Raises:
            OutputsError: the stack was not applied, or has no chaos.
            InputError: a rehearsal is asked for on AWS.
            LeaseHeldError: a rehearsal is asked for, and another run of the stack is under way.
            LockedError: the local cloud's time is another run's just now.
            WrongAccountError: the credentials are not of the stack's account.
            AwsError: the role cannot be taken on.
        """
        access = Access.open(stack, program, engine, say, assume=_role(assume))
        endpoint = local_endpoint(access.engine, access.folder)
        if endpoint is None and rehearsal:
            msg = "--rehearsal is for the local cloud; on AWS the workload is what it is"
            raise InputError(msg)
        with ExitStack() as held:
            if endpoint is not None and alone:
                held.enter_context(_alone(access))
            clock = access.clock if endpoint is None else _rehearsed(access, endpoint, rehearsal)
            return cls(access, access.clients.prompt(), clock, endpoint, held.pop_all())

    @property
    def chaos(self) -> Chaos:
        """The outputs' chaos part.

        Raises:
            OutputsError: the stack has none.
        """
        return chaos_part(self.access.outputs)

    def experiment(self, name: str) -> Experiment:
        """One experiment.

        Raises:
            InputError: the stack has none of that name.
        """
        return experiment_named(self.access.outputs, name)

    @cached_property
    def records(self) -> Records:
        """The stack's table of run records, in which a run looks for a halt, with the archive."""
        return self.access.records_of(self.clients, self.clock)

    @cached_property
    def budget(self) -> MonthlyBudget:
        """What experiments may cost this month."""
        from contract.run_table import CHAOS
        from runners.runs.monthly_budget import MonthlyBudget

        usd = Decimal(self.chaos.monthly_budget_usd)
        return MonthlyBudget(kind=CHAOS, monthly_usd=usd, records=self.records, clock=self.clock)

    @cached_property
    def runs(self) -> Runs:
        """Where the journals are."""
        return Runs(self.access.folder, self.access.stack, "ial chaos history")

    def life_cycle(self) -> ChaosLifeCycle:
        """What carries experiments out."""
        from runners.aws.alarms import AwsAlarms
        from runners.aws.chaos_signals import ChaosSignals
        from runners.aws.injection import AwsInjection
        from runners.aws.targets import AwsTargets
        from runners.chaos.before.situation_reader import SituationReader
        from runners.chaos.running.life_cycle import ChaosLifeCycle

        stack, kit = self.access.stack, self.equipment()
        reader = SituationReader(
            stack=stack,
            chaos=self.chaos,
            incident_alarms=kit.alarms_watched,
            injection=AwsInjection(self.clients),
            alarms=AwsAlarms(self.clients, self.clock),
            targets=AwsTargets(self.clients),
            records=self.records,
            budget=self.budget,
            recovery_point=self._recovery_point,
            drilled=self._drilled,
            cloud_time=self._cloud_time(),
            service=self._service,
            clock=self.clock,
        )
        signals = ChaosSignals(clients=self.clients, namespace=namespace_of(self.access.outputs), clock=self.clock)
        return ChaosLifeCycle(
            stack=stack,
            owner=self.chaos.owner,
            operator=operator(),
            runs=self.runs,
            reader=reader,
            budget=self.budget,
            kit=kit,
            publish=signals.run,
        )

    def control(self) -> ControlLifeCycle:
        """What carries control runs out."""
        from runners.chaos.control.life_cycle import ControlLifeCycle

        return ControlLifeCycle(stack=self.access.stack, operator=operator(), runs=self.runs, kit=self.equipment())

    def equipment(self) -> Equipment:
        """The production adapters."""
        from runners.aws.alarms import AwsAlarms
        from runners.aws.injection import AwsInjection
        from runners.aws.probes import AwsProbes
        from runners.aws.scaling import AwsScaling
        from runners.chaos.equipment import Equipment
        from runners.chaos.running.open_loop import OpenLoop
        from runners.chaos.running.rehearsal import RehearsedLoad

        seen, name = self.access.outputs.observability, self.access.outputs.workload.host_name
        return Equipment(
            injection=AwsInjection(self.clients),
            alarms=AwsAlarms(self.clients, self.clock),
            probing=AwsProbes(self.clients, self.clock, self._base, host_name=name),
            scaling=AwsScaling(self.clients),
            leases=self.access.leases,
            records=self.records,
            load=OpenLoop(self._base, name) if self.endpoint is None else RehearsedLoad(self.endpoint),
            clock=self.clock,
            say=self.access.say,
            insights=self._insights(),
            versions=lambda: versions_running(self.chaos, self.clients),
            alarms_watched=tuple(alarm.name for alarm in seen.alarms) if seen else (),
        )

    def halting(self) -> Halting:
        """The kill switch."""
        from runners.aws.injection import AwsInjection
        from runners.chaos.running.halting import Halting

        return Halting(
            owner=self.chaos.owner,
            templates=tuple(experiment.template_id for experiment in self.chaos.experiments),
            injection=AwsInjection(self.clients),
            records=self.records,
            clock=self.clock,
            say=self.access.say,
        )

    def scheduled_starts(self) -> ScheduledStarts:
        """What starts experiments without a runner."""
        from runners.aws.schedules import AwsSchedules
        from runners.chaos.running.scheduled_starts import ScheduledStarts

        names = (held.schedule_name for held in self.chaos.experiments)
        return ScheduledStarts(tuple(name for name in names if name), AwsSchedules(self.clients), self.access.say)

    def _insights(self) -> Insights | None:
        from runners.aws.game_day import ClusterInsights

        seen = self.access.outputs.observability
        held = seen.container_insights if seen else None
        # Asked for outside of the watch; that it is put back is worth some patience.
        return (
            ClusterInsights(self.access.clients, held.cluster) if held is not None and held.mode == "gameday" else None
        )

    def _recovery_point(self) -> datetime | None:
        from runners.aws.databases import AwsDatabases

        name = self.access.outputs.workload.database
        found = AwsDatabases(self.clients).database(name) if name else None
        return None if found is None else found.latest_restorable

    def _drilled(self) -> datetime | None:
        from runners.schedules.ledger import last_drill

        name = self.access.outputs.workload.database
        return last_drill(self.records, name, self.clock.now()) if name else None

    def _cloud_time(self) -> CloudTime:
        from runners.aws.answer_dates import AnswerDates
        from runners.chaos.running.rehearsal import RehearsalClock

        return self.clock if isinstance(self.clock, RehearsalClock) else AnswerDates(self.clients, self.clock)

    def _base(self) -> str:
        from runners.aws.balancer import balancer_address

        return balancer_address(self.clients, self.access.outputs.workload.load_balancer)

    def _service(self) -> ServiceAddress:
        from runners.chaos.before.service_address import ServiceAddress

        return ServiceAddress(self._base(), self.access.outputs.workload.host_name)


def _role(assume: str | None) -> str | None:
    """The role as the stack's outputs have it."""
    return assume if assume in (None, "drill") else f"chaos-{assume}"


def _alone(access: Access) -> AbstractContextManager[None]:
    file = access.folder / ".ial" / "local" / "rehearsal.lock"
    return locked(file, f"an experiment of stack {access.stack} on the local cloud")


def _rehearsed(access: Access, endpoint: str, rehearsal: list[str] | None) -> Clock:
    """The local cloud's time, after a new rehearsal has begun if one is asked for."""
    from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal

    if rehearsal is not None:
        _require_no_run(access)
        begin_rehearsal(endpoint, rehearsal, namespace_of(access.outputs))
    return RehearsalClock(endpoint)


def _require_no_run(access: Access) -> None:
    """A new rehearsal ends the one before, and with it what another run has begun in that."""
    holder = access.leases.holder(TURN)
    if holder is not None:
        msg = f"{holder}; wait for its run to end, or resume it"
        raise LeaseHeldError(msg)


def operator() -> str:
    """Who runs it, for the record: the pipeline's actor, else the user of this machine."""
    try:
        return os.environ.get("GITHUB_ACTOR") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
