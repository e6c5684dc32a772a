"""An experiment as a kind of run: preflight, fault, clean-up, verdict. It never injects a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contract.experiments import Experiment
from runners.chaos.before.preflight import obstacles, over_budget
from runners.chaos.before.situation_reader import SituationReader
from runners.chaos.equipment import Equipment
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.record.lines import EXPERIMENT, ExperimentStarted
from runners.chaos.record.record_of_run import record_of_run
from runners.chaos.record.steps import STARTING
from runners.chaos.running.clean_up import clean_up
from runners.chaos.running.conduct import Conduct
from runners.chaos.running.fault_start import NoLongerAllowedError
from runners.errors import RunnerError
from runners.runs.lease import LeaseHeldError
from runners.runs.life_cycle import LifeCycle
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.reason import Obstacle
from runners.runs.reasons import RunReason
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RefusedError, RunKind, Words
from runners.runs.steps import RESUMED, STARTED

Publish = Callable[[ChaosRecord], object]
_ABANDONED: Final = "the runner ended before the fault; nothing was injected"


@dataclass(frozen=True, kw_only=True)
class ChaosLifeCycle:
    """Carries experiments out. `publish` gets each finished record, after it is stored."""

    stack: str
    owner: str
    operator: str
    runs: Runs
    reader: SituationReader
    budget: MonthlyBudget
    kit: Equipment
    publish: Publish

    def obstacles(self, experiment: Experiment, confirm: str | None) -> list[Obstacle]:
        """What stands against starting it now, warnings included. Reads, changes nothing."""
        return obstacles(experiment, self.reader.read(experiment, confirm))

    def run(self, experiment: Experiment, confirm: str | None = None, name: str | None = None) -> ChaosRecord:
        """One run from the beginning. `name` is a run's that somebody has written down already.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
        """
        line = ExperimentStarted(stack=self.stack, operator=self.operator, experiment=experiment)
        return self._cycle.begin(STARTED, line.data(), lambda run: _Experimenting(run, experiment, self, confirm), name)

    def resume(self, run: str) -> ChaosRecord:
        """Goes on with a run that was cut off; it never injects a second time. One that ended is only reported.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
        """
        return self._cycle.resume(
            run, lambda held: _Experimenting(held, record_of_run(held.journal.entries).experiment, self)
        )

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.kit.clock, say=self.kit.say, records=self.kit.records)


class _Experimenting(RunKind[ChaosRecord]):
    type = "experiment"
    lines = EXPERIMENT

    def __init__(self, run: Run, experiment: Experiment, site: ChaosLifeCycle, confirm: str | None = None) -> None:
        resume = f"ial chaos resume {run.id}"
        super().__init__(run, Words(what=f"experiment {experiment.name}", resume=resume, left="not confirmed"))
        self._experiment, self._site, self._confirm = experiment, site, confirm
        self._conduct = Conduct(run.id, site.owner, experiment, site.kit, run.journal)

    def obstacles(self) -> list[Obstacle]:
        found = self._site.obstacles(self._experiment, self._confirm)
        for obstacle in found:
            if obstacle.warning and not obstacle.of_design:
                self.run.say(f"warning: {obstacle}")
        return [obstacle for obstacle in found if not obstacle.warning]

    def carry_out(self) -> None:
        journal = self.run.journal
        if journal.last(STARTING) is None:
            if journal.last(RESUMED) is not None:
                raise RunnerError(_ABANDONED)
            self._reserve()
        try:
            self._conduct.carry_out()
        except (LeaseHeldError, NoLongerAllowedError) as error:
            # Another run has the lock, or chaos was halted: a refusal, unless the fault had begun before.
            against = (
                error.obstacle if isinstance(error, NoLongerAllowedError) else RunReason.LOCKED.against(held=error)
            )
            if journal.last(STARTING) is None:
                raise RefusedError([against]) from error
            raise RunnerError(str(against)) from error

    def _reserve(self) -> None:
        usd, budget = Decimal(self._experiment.usd_per_run), self._site.budget
        taken = budget.reserve(self.run.id, usd, experiment=self._experiment.name)
        if taken is not None:
            raise RefusedError([over_budget(self._experiment, taken, budget.monthly_usd)])

    def clean_up(self) -> list[str]:
        return clean_up(self._conduct, self._site.kit, self.run.journal)

    def record(self) -> ChaosRecord:
        return record_of_run(self.run.journal.entries)

    def store(self, record: ChaosRecord) -> None:
        self._site.kit.records.put(record.run, "record", record.document())
        name, verdict = record.experiment.name, record.judgement.verdict
        self._site.budget.settle(record.run, record.usd, verdict, experiment=name)
        self._site.publish(record)
