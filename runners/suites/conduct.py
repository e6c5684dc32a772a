"""The steps of a suite in their order: each run is named in the journal before it begins, and told when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contract.suites import PlannedStep
from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.run import Run
from runners.runs.run_folder import new_run_id
from runners.suites.lines import (
    StepBegun,
    StepDone,
    StepSkipped,
    SuiteSteady,
    SuiteStopped,
    WayBackBegun,
    WayBackDone,
)
from runners.suites.progress import (
    Progress,
    cool_until,
    disturbed,
    progress_of,
    reason_to_skip,
    reason_to_stop,
    stops_after,
)
from runners.suites.ran import Ran, RollBack, StepRuns

_EVERY: Final = timedelta(seconds=30)
# The least time that an unsteady stack is given beyond the cool-down.
_PATIENCE: Final = timedelta(minutes=5)
# The experiment once more before, and once more after it.
_RUNS_OF_A_WAY_BACK: Final = 2
# A failure of the hypothesis, or an abort: the others say nothing of a version.
_BLAMES_VERSION: Final = frozenset({ExitCode.REFUSED, ExitCode.ABORTED})


@dataclass(frozen=True, kw_only=True)
class SuiteKit:
    """What steps are done with. `closed` says why nothing may begin now: a halt, or the terms; None when it may."""

    stepping: Mapping[str, StepRuns]
    steady: Callable[[], tuple[bool | None, tuple[str, ...]]]
    closed: Callable[[], str | None]
    roll_back: RollBack | None = None
    # Why a step that begins then would not be over in time.
    late: Callable[[PlannedStep, datetime], str | None] = lambda *_: None


class SuiteConduct:
    """One run of a suite."""

    def __init__(self, run: Run, kit: SuiteKit) -> None:
        self._run, self._kit = run, kit

    def carry_out(self) -> None:
        """Does the first step that is not done, until none is left.

        Raises:
            LeaseLostError: the stack's turn was lost.
            RunnerError: AWS could not be asked.
        """
        for step in self._now.plan.steps:
            if self._now.settled(step):
                self._finish(step)
                continue
            why = reason_to_skip(step, self._now)
            # One that has begun is brought to its end first, whatever is spent meanwhile.
            if why is None and step.id not in self._now.runs:
                why = self._held_back(step)
            if why is not None:
                self._run.say(f"{step.id}: skipped: {why}")
                self._run.journal.add(StepSkipped(id=step.id, why=why))
                continue
            self._run.guard()
            self._run.say(f"{step.id}: begins")
            ran = self._ran(step)
            self._run.journal.add(StepDone.of(step.id, ran))
            self._run.say(f"{step.id}: {ran.verdict}")
            self._finish(step)

    @property
    def _now(self) -> Progress:
        return progress_of(self._run.journal.entries)

    def _held_back(self, step: PlannedStep) -> str | None:
        """Why it is not begun; then nothing is any more."""
        closed = self._kit.closed
        begins = max(cool_until(step, self._now) or self._run.clock.now(), self._run.clock.now())
        why = closed() or reason_to_stop(step, self._now) or self._kit.late(step, begins)
        why = why or self._cooled_down(step) or closed()
        if why is not None:
            self._run.journal.add(SuiteStopped(why=why))
        return why

    def _finish(self, step: PlannedStep) -> None:
        """What the end of a step asks for: a way back, and the end of the suite."""
        ran, now = self._now.ran(step), self._now
        if ran is None or now.stopped is not None:
            return
        if _blames_version(step, ran) and step.id not in now.rolled:
            back = self._rolled_back(step)
            self._run.journal.add(WayBackDone.of(step.id, back))
        why = stops_after(step, ran)
        if why is not None:
            self._run.journal.add(SuiteStopped(why=why))

    def _ran(self, step: PlannedStep) -> Ran:
        if step.kind == "wait":
            return self._waited(step)
        runs, begun = self._kit.stepping[step.kind], self._now.runs.get(step.id)
        try:
            if begun is not None:
                found = runs.resume(step, begun.data["run"])
                if found is not None:
                    return found
            return runs.begin(step, self._named(StepBegun, step))
        except RunnerError as error:
            return Ran.fault(error, self._now.cost(step))

    def _rolled_back(self, step: PlannedStep) -> Ran:
        way, begun = self._kit.roll_back, self._now.rolling.get(step.id)
        failed = str(self._now.runs[step.id].data["run"])
        assert way is not None, "a plan without a way back is refused"
        try:
            if begun is not None:
                found = way.resume(step, failed, begun.data["run"])
                if found is not None:
                    return found
            return way.begin(step, failed, self._named(WayBackBegun, step))
        except RunnerError as error:
            return Ran.fault(error, _RUNS_OF_A_WAY_BACK * self._now.cost(step))

    def _named(self, line: type[StepBegun], step: PlannedStep) -> str:
        """A new run's name, in the journal before anything of the run is; chance alone does not keep names apart."""
        taken = {entry.data.get("run") for entry in self._run.journal.entries}
        run = new_run_id(self._run.clock.now())
        while run in taken:
            run = new_run_id(self._run.clock.now())
        self._run.journal.add(line(id=step.id, run=run))
        return run

    def _waited(self, step: PlannedStep) -> Ran:
        begun = self._now.runs.get(step.id) or self._run.journal.add(StepBegun(id=step.id, run=None))
        self._sleep_until(parse_rfc3339(begun.at) + timedelta(minutes=step.minutes or 0))
        return Ran(verdict="passed", exit_code=ExitCode.OK)

    def _cooled_down(self, step: PlannedStep) -> str | None:
        """Waits for what was done before to be over, and for the steady state; a text says that it does not come."""
        until = cool_until(step, self._now)
        if until is not None:
            self._run.say(f"{step.id}: waits until {rfc3339(until)}")
            self._sleep_until(until)
        if not disturbed(step, self._now):
            return None
        patience = max(timedelta(minutes=self._now.plan.suite.cool_down_minutes), _PATIENCE)
        latest = self._run.clock.now() + patience
        while True:
            steady, reasons = self._kit.steady()
            if steady or self._run.clock.now() >= latest:
                break
            self._run.say(f"not steady yet: {'; '.join(reasons)}")
            self._sleep_until(min(latest, self._run.clock.now() + _EVERY))
        self._run.journal.add(SuiteSteady(before=step.id, ok=steady is True, reasons=list(reasons)))
        return None if steady else f"not steady after the cool-down: {'; '.join(reasons)}"

    def _sleep_until(self, moment: datetime) -> None:
        while (left := moment - self._run.clock.now()) > timedelta(0):
            self._run.guard()
            self._run.clock.sleep(min(left, _EVERY).total_seconds())


def _blames_version(step: PlannedStep, ran: Ran) -> bool:
    """Whether a way back is asked for: by an experiment alone, as the others say nothing of a version."""
    return step.kind == "experiment" and step.on_failure == "roll-back" and ran.exit_code in _BLAMES_VERSION
