"""The stack's lock as one run holds it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from runners.clock import Clock
from runners.errors import AwsError
from runners.lease import LENGTH, Lease, LeaseHeldError, LeaseLostError, Leases

LEASE: Final = "chaos"
_UNTIL_DUE: Final = LENGTH / 3


class RunLock:
    """One run's hold on the lock: got, kept, and freed."""

    def __init__(self, run: str, leases: Leases, clock: Clock) -> None:
        self._run, self._leases, self._clock = run, leases, clock
        self._lease: Lease | None = None

    def take(self) -> int:
        """Gets the lock, and gives the number of this hold.

        Raises:
            LeaseHeldError: another run of the stack is under way.
            AwsError: nobody can tell.
        """
        self._lease = self._leases.acquire(LEASE, self._run)
        return self._lease.fence

    def renew(self) -> None:
        """Makes sure, at once, that it is still held.

        Raises:
            LeaseLostError: it is not.
            AwsError: nobody can tell.
        """
        if self._lease is None:
            msg = f"the lease {LEASE} is not held"
            raise LeaseLostError(msg)
        self._lease = self._leases.renew(self._lease)

    def renew_when_due(self) -> None:
        """As `renew`, when a third of its time has passed."""
        if self._lease is not None and self._lease.due(self._clock.now()):
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
            return lease is not None and self._clock.now() < lease.until
        return lease is not None

    def wait(self, time: timedelta) -> None:
        """Lets time pass without letting the lock go. Whether it was lost does not matter to who only waits."""
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
