"""The life of an experiment: preflight, fault, clean-up, verdict, record. Nothing is done that the journal lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from msgspec import to_builtins

from contract.experiments import Experiment
from runners.chaos.before.chaos_budget import ChaosBudget
from runners.chaos.before.obstacle import Obstacle
from runners.chaos.before.preflight import obstacles
from runners.chaos.before.situation_reader import SituationReader
from runners.chaos.equipment import Equipment
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.record.record_of_run import record_of_run
from runners.chaos.record.steps import CLEANED, ENDED, FAULT, REFUSED, RESUMED, STARTED, STARTING, STORED
from runners.chaos.running.clean_up import clean_up
from runners.chaos.running.conduct import Conduct
from runners.chaos.running.fault_start import NoLongerAllowedError
from runners.errors import RunnerError, fault_of, words_of
from runners.runs.interruption import uninterrupted
from runners.runs.journal import Journal, closing
from runners.runs.lease import LeaseHeldError
from runners.runs.run_folder import Runs, new_run_id

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
    budget: ChaosBudget
    kit: Equipment
    publish: Publish

    def obstacles(self, experiment: Experiment, confirm: str | None) -> list[Obstacle]:
        """What stands against starting it now, warnings included. Reads, changes nothing."""
        return obstacles(experiment, self.reader.read(experiment, confirm))

    def run(self, experiment: Experiment, confirm: str | None = None) -> ChaosRecord:
        """One run from the beginning.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
        """
        run = new_run_id(self.kit.clock.now())
        with closing(Journal.create(self.runs.journal(run), self.kit.clock)) as journal:
            journal.write(
                STARTED,
                run=run,
                stack=self.stack,
                operator=self.operator,
                experiment=to_builtins(experiment),
            )
            found = self.obstacles(experiment, confirm)
            for obstacle in found:
                if obstacle.warning and not obstacle.of_design:
                    self.kit.say(f"warning: {obstacle}")
            reasons = [str(obstacle) for obstacle in found if not obstacle.warning]
            return self._live(run, experiment, journal, reasons)

    def resume(self, run: str) -> ChaosRecord:
        """Goes on with a run that was cut off; it never injects a second time. One that ended is only reported.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
        """
        with closing(Journal.reopen(self.runs.journal(run), self.kit.clock)) as journal:
            record = record_of_run(journal.entries)
            if journal.last(ENDED) is not None:
                return self._stored(journal)
            journal.write(RESUMED)
            return self._live(run, record.experiment, journal, [], resumed=True)

    def _live(
        self, run: str, experiment: Experiment, journal: Journal, reasons: list[str], *, resumed: bool = False
    ) -> ChaosRecord:
        conduct = Conduct(run, self.owner, experiment, self.kit, journal)
        try:
            self._carry_out(run, conduct, journal, reasons, resumed=resumed)
        except (LeaseHeldError, NoLongerAllowedError) as error:
            self._turned_away(journal, error)
        except RunnerError as error:
            self._note(journal, FAULT, message=str(error), interrupted=False)
        except KeyboardInterrupt:
            self._note(journal, FAULT, message="interrupted by the operator", interrupted=True)
        except Exception as error:
            self._note(journal, FAULT, message=words_of(error), interrupted=False)
            if fault_of(error) is None:
                raise
        finally:
            record = self._end(conduct, journal)
        return record

    def _carry_out(self, run: str, conduct: Conduct, journal: Journal, reasons: list[str], *, resumed: bool) -> None:
        if journal.last(FAULT) is not None or journal.last(REFUSED) is not None:
            return
        if journal.last(STARTING) is not None:
            conduct.carry_out()
            return
        if resumed:
            journal.write(FAULT, message=_ABANDONED, interrupted=False)
            return
        if not reasons:
            dear = self.budget.reserve(run, conduct.experiment.name, Decimal(conduct.experiment.usd_per_run))
            reasons = [dear] if dear else []
        if reasons:
            journal.write(REFUSED, reasons=reasons)
        else:
            conduct.carry_out()

    def _turned_away(self, journal: Journal, error: RunnerError) -> None:
        """Another run has the lock, or chaos was halted: a refusal, unless the fault had begun before."""
        told = f"locked: {error}" if isinstance(error, LeaseHeldError) else str(error)
        if journal.last(STARTING) is None:
            self._note(journal, REFUSED, reasons=[told])
        else:
            self._note(journal, FAULT, message=told, interrupted=False)

    def _note(self, journal: Journal, step: str, **data: Any) -> None:
        """A line that must not keep what follows from being done when it cannot be written."""
        unwritten = journal.try_write(step, **data)
        if unwritten is not None:
            self.kit.say(f"{' '.join(map(str, [step, *data.values()]))}: {unwritten}")

    def _end(self, conduct: Conduct, journal: Journal) -> ChaosRecord:
        with uninterrupted(self.kit.say):
            left = clean_up(conduct, self.kit, journal)
            if left:
                self.kit.say(f"not confirmed: {'; '.join(left)}")
            unwritten = journal.try_write(CLEANED, confirmed=not left, left=left) or journal.try_write(ENDED)
            if unwritten is not None:
                # Nobody who reads the journal can know that it was cleaned up, so somebody has to look.
                told = (*left, f"the journal: {unwritten}")
                return replace(record_of_run(journal.entries), left=told, cleaned=False, stored=False)
            return self._stored(journal)

    def _stored(self, journal: Journal) -> ChaosRecord:
        """The record, in the stack's table too. The journal has it all: what fails here is told and tried again."""
        record = record_of_run(journal.entries)
        if journal.last(STORED) is None:
            try:
                self.kit.records.put(record.run, "record", record.document())
                self.budget.settle(record.run, record.experiment.name, record.usd, str(record.judgement.verdict))
                self.publish(record)
            except RunnerError as error:
                self.kit.say(f"the record is in {journal.path} only: {error}; `ial chaos resume {record.run}`")
                return replace(record, stored=False)
            self._note(journal, STORED)
        return record
