"""The stack's experiments, as a rollback runs and reads them: with the very life cycle of `ial chaos run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from contract.experiments import Experiment
from runners.chaos.before.looks import Looks
from runners.chaos.evidence.steady_now import steady_now
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.running.halting import halt_mark
from runners.chaos.running.life_cycle import ChaosLifeCycle
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.rollback.ports import Surroundings
from runners.runs.interruption import Interruption
from runners.runs.journal import read_entries

# Signals of what users feel; the others say what their cause may be.
USERS_SIGNALS: Final = frozenset({"errors", "latency"})


@dataclass(frozen=True, kw_only=True)
class ChaosTrials:
    """Experiments of one stack. `users` are the alarms on what users feel, `watched` all of its alarms.

    `limit` says why the workload could not scale, empty if it could.
    """

    cycle: ChaosLifeCycle
    experiments: Mapping[str, Experiment]
    users: frozenset[str]
    watched: tuple[str, ...]
    limit: Callable[[], str]

    def by_users(self, record: Mapping[str, Any]) -> bool | None:
        """Whether an alarm on what users feel stopped the run; None where its record does not say which one did."""
        alarm = record.get("stoppedBy")
        return None if alarm is None else alarm in self.users

    def surroundings(self, experiment: str) -> Surroundings:
        """What is so just now; what could not be read is not known."""
        looks, held = Looks(), self.experiments[experiment]
        active = looks.at("active", self.cycle.kit.injection.unfinished)
        mark = looks.at("halt", lambda: (halt_mark(self.cycle.kit.records),))
        hurt = looks.at("steady", lambda: self._hurt(experiment))
        return Surroundings(
            fault_over=None if active is None else not self._own(active),
            halted=None if mark is None else mark[0] is not None,
            incidents=looks.at("alarms", lambda: self._incidents(held)),
            limit=looks.at("limit", self.limit),
            hurt=None if hurt is None else hurt[0],
        )

    def steady(self, experiment: str) -> tuple[bool | None, Sequence[str]]:
        """Whether the hypothesis holds without a fault.

        Raises:
            AwsError: the metrics could not be read.
        """
        return steady_now(self.experiments[experiment].hypothesis.probes, self.cycle.kit)

    def again(self, experiment: str, mark: str) -> Mapping[str, Any]:
        """Runs the experiment; with a mark that a run of this machine carries already, goes on with that one.

        Raises:
            Interruption: somebody ended the run.
            RunnerError: it could not be carried out.
        """
        cycle = replace(self.cycle, operator=f"{self.cycle.operator} ({mark})")
        begun = next((run for run in cycle.runs.all() if _operator(cycle, run) == cycle.operator), None)
        if begun is None:
            record: ChaosRecord = cycle.run(self.experiments[experiment], cycle.stack)
        else:
            record = cycle.resume(begun)
        if record.exit_code is ExitCode.INTERRUPTED:
            raise Interruption
        return record.document()

    def affordable(self, experiment: str) -> str | None:
        """Why the month's budget does not allow one more run.

        Raises:
            AwsError: what was spent could not be read.
        """
        budget, usd = self.cycle.budget, Decimal(self.experiments[experiment].usd_per_run)
        spent = budget.spent()
        if spent + usd <= budget.monthly_usd:
            return None
        return f"a run costs {usd} USD, and {spent:.2f} of {budget.monthly_usd:.2f} USD are spent this month"

    def _own(self, active: Sequence[Any]) -> bool:
        templates = [experiment.template_id for experiment in self.experiments.values()]
        return any(held.belongs_to(self.cycle.owner, templates) for held in active)

    def _hurt(self, experiment: str) -> tuple[bool | None]:
        steady, _ = self.steady(experiment)
        return (None if steady is None else not steady,)

    def _incidents(self, experiment: Experiment) -> tuple[str, ...]:
        """What rings, and does not ring for this experiment or for its users."""
        expected = {*experiment.expected_alarms, *experiment.stop_alarms, *self.users}
        states = self.cycle.kit.alarms.states(self.watched)
        missing = [name for name in self.watched if name not in states]
        if missing:
            msg = f"{', '.join(missing)} does not exist"
            raise LookupError(msg)
        return tuple(name for name in self.watched if states[name] == "ALARM" and name not in expected)


def _operator(cycle: ChaosLifeCycle, run: str) -> str | None:
    try:
        entries = read_entries(cycle.runs.journal(run))
    except JournalError:
        return None
    return str(entries[0].data.get("operator")) if entries and "experiment" in entries[0].data else None
