"""The stack's lock as one run holds it: experiments, drills and restores in place take turns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from contract.run_table import TURN, TURN_LENGTH
from runners.errors import AwsError, RunnerError
from runners.runs.clock import Clock, note_wait
from runners.runs.lease import Lease, LeaseHeldError, LeaseLostError, Leases

_LOOK_SECONDS: Final = 5.0
_UNTIL_DUE: Final = TURN_LENGTH / 3


class RunLock:
    """One run's hold on the lock: got, kept, and freed."""

    def __init__(self, run: str, leases: Leases, clock: Clock) -> None:
        """`run` is who holds it; `clock` is what passes while one waits."""
        self._run, self._leases, self._clock = run, leases, clock
        self._lease: Lease | None = None

    def take(self) -> int:
        """Gets the lock, and gives the number of this hold.

        Raises:
            LeaseHeldError: another run of the stack is under way.
            AwsError: nobody can tell.
        """
        self._lease = self._leases.acquire(TURN, self._run)
        return self._lease.fence

    def renew(self) -> None:
        """Makes sure, at once, that it is still held.

        Raises:
            LeaseLostError: it is not.
            AwsError: nobody can tell.
        """
        self.renewed()

    def renewed(self) -> Lease:
        """As `renew`, with the lease itself, for runs that share it.

        Raises:
            LeaseLostError: it is not held any more.
            AwsError: nobody can tell.
        """
        if self._lease is None:
            msg = f"the lease {TURN} is not held"
            raise LeaseLostError(msg)
        self._lease = self._leases.renew(self._lease)
        return self._lease

    def renew_when_due(self) -> None:
        """As `renew`, when a third of its time has passed."""
        if self._lease is not None and self._lease.due(self._leases.now()):
            self.renew()

    def keeps(self) -> bool:
        """Whether it is still held; renews it when that is due."""
        lease = self._lease
        try:
            self.renew_when_due()
        except LeaseLostError:
            return False
        except AwsError:
            # The table does not answer: nobody else can have got the lease before this one's time is up.
            return lease is not None and self._leases.now() < lease.until
        return lease is not None

    def wait(self, time: timedelta, what: str, until: datetime) -> None:
        """Lets time pass without letting the lock go. Whether it was lost does not matter to who only waits.

        `what` is waited for, and `until` when at the latest: this may be one of many short waits for it.
        """
        note_wait(what, until, time)
        for _ in range(-(-time // _UNTIL_DUE)):
            self.keeps()
            self._clock.sleep(min(time, _UNTIL_DUE).total_seconds())
            time -= _UNTIL_DUE

    def free(self, *, again: bool) -> None:
        """Frees it. `again` gets one first that a runner held that died, which only its own run can.

        Raises:
            AwsError: the table could not be written; the lease ends by itself.
        """
        if self._lease is None and again:
            try:
                self.take()
            except LeaseHeldError:
                return
        if self._lease is not None:
            self._leases.release(self._lease)


class KeptLock:
    """The lock for work that cannot look after it, such as a scan of an hour: a thread renews it meanwhile.

    The thread dies with the process, so a lock of a run that was killed ends by itself.
    """

    def __init__(self, lock: RunLock, say: Callable[[str], object], every: float = _LOOK_SECONDS) -> None:
        """`every`: seconds of this machine between two looks at whether it is to be renewed."""
        self._lock, self._say, self._every = lock, say, every
        self._over, self._lost = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is None:
            return
        self._thread.join()
        try:
            self._lock.free(again=False)
        except RunnerError as fault:
            self._say(f"the lease {TURN} could not be freed, and ends by itself: {fault}")

    def take(self) -> None:
        """Gets it, and keeps it to the end of the block.

        Raises:
            LeaseHeldError: another run of the stack is under way.
            AwsError: nobody can tell.
        """
        self._lock.take()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def require(self) -> None:
        """To be asked before each step.

        Raises:
            LeaseLostError: it is somebody else's by now, or may be.
        """
        if self._lost.is_set():
            msg = f"the lease {TURN} was lost: another run of the stack may be under way"
            raise LeaseLostError(msg)

    def _keep(self) -> None:
        while not self._over.wait(self._every):
            if not self._lock.keeps():
                self._lost.set()
                return
