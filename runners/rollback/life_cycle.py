"""A rollback as a kind of run: think, run the experiment once more, think again, change versions, prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from contract.run_table import collection
from runners.chaos.before.reasons import ChaosReason
from runners.errors import RunnerError, words_of
from runners.rollback.cause import Record
from runners.rollback.changing import Changing, RollbackFailedError, release_unused
from runners.rollback.consideration import ROLLBACKS, Considering, considered_document
from runners.rollback.decision import Action
from runners.rollback.hold import Holds
from runners.rollback.kind import ARRIVES_WITHIN
from runners.rollback.lines import (
    ROLLBACK,
    Halted,
    Paged,
    RollbackConsidered,
    RollbackDecided,
    RollbackStarted,
    RunAgain,
    SteadyAgain,
    Validated,
)
from runners.rollback.ports import Alarms
from runners.rollback.reasons import RollbackReason
from runners.rollback.record import RollbackRecord, begun_parts, failure_in, record_of_rollback
from runners.runs.lease import LeaseHeldError, Leases
from runners.runs.life_cycle import LifeCycle
from runners.runs.lines import CarriedOut
from runners.runs.reason import Obstacle
from runners.runs.reasons import RunReason
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_history import recent_months
from runners.runs.run_kind import RefusedError, RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import CARRIED_OUT, RESUMED, STARTED

Say = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often is looked, how long a version may take to arrive, and the workload to be steady on it."""

    every: timedelta = timedelta(seconds=10)
    arrive_within: timedelta = ARRIVES_WITHIN
    settles_within: timedelta = timedelta(minutes=1)
    steady_within: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class RollbackLifeCycle:
    """Carries rollbacks of one stack out. `holds` and `hold_for` are those of what is switched on."""

    stack: str
    operator: str
    runs: Runs
    considering: Considering
    holds: Holds
    hold_for: timedelta
    alarms: Alarms
    leases: Leases
    say: Say
    pace: Pace = field(default_factory=Pace)

    def run(
        self, failed: Record, *, confirm: str | None, suite: str | None = None, name: str | None = None
    ) -> RollbackRecord:
        """One rollback, or the answer that there is none, for a run that failed; `name` is one that is written down.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
        """
        cause = {key: failed[key] for key in ("run", "experiment", "verdict")}
        line = RollbackStarted(stack=self.stack, operator=self.operator, suite=suite, rollback=cause).data()
        return self._cycle.begin(STARTED, line, lambda run: RollingBack(run, self, failed, confirm, suite), name)

    def resume(self, run: str) -> RollbackRecord:
        """Goes on with one that was cut off: what was done is not done again.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
        """

        def made(held: Run) -> RollingBack:
            begun = record_of_rollback(held.journal.entries)
            failed = self.considering.records.get(begun.cause["run"], "record")
            if failed is None:
                msg = f"the record of run {begun.cause['run']}, for which this rolls back, is gone"
                raise RunnerError(msg)
            return RollingBack(held, self, failed, self.stack, begun.suite)

        return self._cycle.resume(run, made)

    @property
    def _cycle(self) -> LifeCycle:
        considering = self.considering
        return LifeCycle(runs=self.runs, clock=considering.clock, say=self.say, records=considering.records)


class RollingBack(RunKind[RollbackRecord]):
    """One rollback."""

    type = "rollback"
    lines = ROLLBACK

    def __init__(
        self, run: Run, site: RollbackLifeCycle, failed: Record, confirm: str | None, suite: str | None
    ) -> None:
        resume = f"ial rollback run --resume {run.id} --stack {site.stack}"
        super().__init__(run, Words(what="the rollback", resume=resume, left="LOOK AT IT"))
        self._site, self._failed, self._confirm, self._suite = site, failed, confirm, suite
        self._lock = RunLock(f"{run.id}, a rollback,", site.leases, run.clock)

    def obstacles(self) -> list[Obstacle]:
        """Why it must not begin: nobody said yes, or another one is half done."""
        found = []
        if self._confirm != self._site.stack:
            found.append(ChaosReason.NOT_CONFIRMED.against(stack=self._site.stack))
        records, now = self._site.considering.records, self.run.clock.now()
        found += [
            RollbackReason.UNFINISHED.against(run=item["run"])
            for month in recent_months(now)
            for item in records.all(collection(ROLLBACKS, month)).values()
            if item["verdict"] is None and item["run"] != self.run.id
        ]
        return found

    def carry_out(self) -> None:
        """Each step once; what is decided is not decided again."""
        if self.run.journal.last(CARRIED_OUT) is not None:
            return
        self._note_item(None)
        decided = self._decided()
        action = Action(decided.answer["action"])
        self.run.say(f"{decided.answer['code']}: {decided.answer['sentence']}")
        if action is Action.ROLL_BACK:
            self._require_still_so()
            self._roll_back(decided.parts)
        elif action is Action.PAGE:
            self._page(decided.answer["sentence"])
        self.run.journal.add(CarriedOut())

    def _decided(self) -> RollbackConsidered:
        first = self.run.step(
            RollbackConsidered, lambda: RollbackConsidered.exactly(self._consider(None)), "whether to roll back"
        )
        if Action(first.answer["action"]) is not Action.RERUN:
            return first
        again = self.run.step(RunAgain, self._run_again, f"experiment {self._failed['experiment']} once more")
        return self.run.step(
            RollbackDecided,
            lambda: RollbackDecided.exactly(self._consider(again.run)),
            "whether to roll back, by both runs",
        )

    def _consider(self, again: str | None) -> Mapping[str, Any]:
        considering = self._site.considering
        second = None if again is None else considering.records.get(again, "record")
        found = considering.consider(self._failed, second, suite=self._suite, own=self.run.id)
        return considered_document(found)

    def _require_still_so(self) -> None:
        """What was decided before a pause is old: while nothing was changed, it must be the answer of today too."""
        entries = self.run.journal.entries
        if self.run.journal.last(RESUMED) is None or begun_parts(entries):
            return
        again = self.run.result(RunAgain)
        now = self._consider(None if again is None else again.run)["answer"]
        if Action(now["action"]) is not Action.ROLL_BACK:
            raise RefusedError([RollbackReason.NO_LONGER.against(why=f"{now['code']}: {now['sentence']}")])

    def _run_again(self) -> RunAgain:
        return _brief(self._site.considering.trials.again(self._failed["experiment"], f"rollback {self.run.id}, again"))

    def _roll_back(self, parts: list[dict[str, Any]]) -> None:
        site, trials, name = self._site, self._site.considering.trials, self._failed["experiment"]
        self._take_turn()
        changing = Changing(self.run, site.considering.kinds, site.holds, site.hold_for, site.pace, self._lock)
        changing.carry_out(parts, reason=self._reason, operator=site.operator)
        self.run.step(
            SteadyAgain, lambda: changing.wait_until_steady(lambda: trials.steady(name)), "waiting for steady state"
        )
        # The experiment takes the lock by itself.
        self._lock.free(again=False)
        self._lock = RunLock(f"{self.run.id}, a rollback,", site.leases, self.run.clock)
        if not failure_in(self.run.journal.entries):
            self.run.step(Validated, self._validate, f"experiment {name} on the older version")
        failures = failure_in(self.run.journal.entries)
        if failures:
            raise RollbackFailedError("; ".join(failures))

    def _take_turn(self) -> None:
        """What was decided and cannot begin must not be forgotten: users may be hurt meanwhile."""
        try:
            self._lock.take()
        except LeaseHeldError as error:
            self._page(f"it is to be rolled back, and cannot be just now: {error}")
            raise RefusedError([RunReason.LOCKED.against(held=error)]) from error

    @property
    def _reason(self) -> str:
        return f"experiment {self._failed['experiment']} {self._failed['verdict']} in run {self._failed['run']}"

    def _validate(self) -> Validated:
        trials, name = self._site.considering.trials, self._failed["experiment"]
        unaffordable = trials.affordable(name)
        if unaffordable is not None:
            self.run.say(f"not proven by the experiment: {unaffordable}")
            return Validated(run=None, verdict=None, why=unaffordable)
        try:
            found = _brief(trials.again(name, f"rollback {self.run.id}, validation"))
        except RunnerError as error:
            self.run.say(f"not proven by the experiment: {error}")
            return Validated(run=None, verdict=None, why=str(error))
        return Validated(run=found.run, verdict=found.verdict, why=None)

    def _page(self, text: str) -> None:
        self.run.step(Paged, lambda: self._told(text), "a person is called")

    def _told(self, text: str) -> Paged:
        name, stack = self._failed["experiment"], self._site.stack
        about = f"{self._reason}. {text[0].upper()}{text[1:]}. Run {self.run.id}; docs/rollback.md says what to do."
        try:
            self._site.alarms.page(f"ial {stack}: no automatic rollback after {name}", about)
        except RunnerError as error:
            self.run.say(f"nobody could be called: {error}")
            return Paged(told=False, why=str(error))
        return Paged(told=True, why=None)

    def clean_up(self) -> list[str]:
        """Frees the lock. A rollback that has begun and is not confirmed halts everything, and calls a person."""
        left: list[str] = []
        try:
            self._lock.free(again=self.run.journal.last(RESUMED) is not None)
        except RunnerError as error:
            left.append(f"the lock: {error}")
        left += release_unused(self.run, self._site.holds)
        failures = failure_in(self.run.journal.entries)
        return [*left, *failures, *self._halt(failures)] if failures else left

    def _halt(self, failures: list[str]) -> list[str]:
        text, stack = "; ".join(failures), self._site.stack
        said = f"rollback {self.run.id} failed: {text}"
        left = [f"the halt: {problem}" for problem in _attempted(lambda: self._site.alarms.halt(said))]
        self.run.journal.try_add(Halted(left=left))
        about = f"{said}. Chaos of stack {stack} is halted. docs/rollback.md says what to do at night."
        return left + [
            f"the call for help: {problem}"
            for problem in _attempted(lambda: self._site.alarms.page(f"ial {stack}: a rollback FAILED", about))
        ]

    def record(self) -> RollbackRecord:
        """What the journal tells."""
        return record_of_rollback(self.run.journal.entries)

    def store(self, record: RollbackRecord) -> None:
        """The record, and its line in the month's list."""
        self._site.considering.records.put(record.run, "record", record.document())
        self._note_item(record.verdict)

    @property
    def _collection(self) -> str:
        return collection(ROLLBACKS, f"{self.run.id[:4]}-{self.run.id[4:6]}")

    def _note_item(self, verdict: str | None) -> None:
        item = {
            "type": "rollback",
            "run": self.run.id,
            "cause": self._failed["run"],
            "experiment": self._failed["experiment"],
            "suite": self._suite,
            "verdict": verdict,
        }
        self._site.considering.records.put(self._collection, self.run.id, item)


def _brief(record: Mapping[str, Any]) -> RunAgain:
    return RunAgain(run=record["run"], verdict=record["verdict"])


def _attempted(action: Callable[[], object]) -> list[str]:
    """What did not work of something that must be tried; what it names itself included."""
    try:
        found = action()
    except Exception as error:  # A defect here must not keep the rest from being tried.
        return [words_of(error)]
    return list(found) if isinstance(found, list | tuple) else []
