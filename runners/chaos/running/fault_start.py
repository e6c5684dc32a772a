"""The beginning of a fault: once in a run's life, under a lock that is held at that moment, never in a halted stack."""

from __future__ import annotations

import hashlib

from contract.names import RUN_OWNER_TAG
from runners.chaos.before.preflight import halted
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.equipment import Equipment
from runners.chaos.injection import RUN_TAG
from runners.chaos.record.lines import Injecting, Starting
from runners.chaos.record.steps import INJECTING, STARTING
from runners.chaos.running.halting import halt_mark
from runners.errors import AwsError, RunnerError
from runners.exit_codes import ExitCode
from runners.runs.journal import Journal
from runners.runs.lease import LeaseLostError
from runners.runs.reason import Obstacle
from runners.runs.run_lock import RunLock


class NoLongerAllowedError(RunnerError):
    """What preflight allowed must not start any more; `obstacle` says why."""

    exit_code = ExitCode.NOT_STARTED

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(str(obstacle))
        self.obstacle = obstacle


def token_of(run: str) -> str:
    """The idempotency token of a run's fault: sent again, FIS starts nothing new."""
    return hashlib.sha256(run.encode()).hexdigest()[:64]


class FaultStart:
    """Starts the fault of one run, and knows what was started."""

    def __init__(self, run: str, owner: str, template: str, kit: Equipment, journal: Journal, lock: RunLock) -> None:
        self._run, self._owner, self._template = run, owner, template
        self._kit, self._journal, self._lock = kit, journal, lock
        self._id: str | None = None
        self._nowhere = False

    def begin(self) -> None:
        """Starts it. A run that is resumed only looks for what it started: what preflight saw is long past by then.

        Raises:
            NoLongerAllowedError: the lock was lost or chaos was halted since preflight; nothing was started.
            AwsError: FIS refused, or knows no experiment of this run; or something could not be asked.
        """
        if self._journal.last(STARTING) is None:
            self._start()
            return
        found = self.experiment()
        if found is None:
            msg = "the fault was never started: FIS knows no experiment of this run; nothing was injected"
            raise AwsError(msg, operation="fis:ListExperiments", code="NotFound")
        if self._journal.last(INJECTING) is None:
            self._journal.add(Injecting(id=found))

    def experiment(self) -> str | None:
        """The id of what this run started; None when it started nothing. FIS lists late: it is asked for a while.

        Raises:
            AwsError: FIS could not be asked.
        """
        injecting = self._journal.last(INJECTING)
        if injecting is not None:
            return Injecting.read(injecting.data).id
        if self._id is None and self._may_have_started():
            self._id = self._looked_for()
            self._nowhere = self._id is None
        if self._id is not None:
            self._journal.try_add(Injecting(id=self._id))
        return self._id

    def _start(self) -> None:
        self._check()
        self._journal.add(Starting(token=token_of(self._run), template=self._template))
        tags = {RUN_OWNER_TAG: self._owner, RUN_TAG: self._run}
        self._id = self._kit.injection.start(self._template, token_of(self._run), tags).id
        self._journal.add(Injecting(id=self._id))
        self._kit.say(f"FIS runs experiment {self._id}")

    def _check(self) -> None:
        """The steady state took minutes to look at: who holds the lock, and whether chaos is halted, is asked again."""
        try:
            self._lock.renew()
        except LeaseLostError as error:
            raise NoLongerAllowedError(ChaosReason.LOCK_LOST.against(lost=error)) from error
        mark = halt_mark(self._kit.records)
        if mark is not None:
            raise NoLongerAllowedError(halted(mark, when="since preflight"))

    def _may_have_started(self) -> bool:
        return self._journal.last(STARTING) is not None and not self._nowhere

    def _looked_for(self) -> str | None:
        kit = self._kit
        deadline = kit.clock.now() + kit.pace.listed_within
        kit.say("asking FIS for an experiment of this run")
        while True:
            found = kit.injection.of_run(self._run)
            if found is not None:
                return found.id
            if kit.clock.now() >= deadline:
                return None
            self._lock.wait(kit.pace.every, "an experiment of this run in FIS's list", deadline)
