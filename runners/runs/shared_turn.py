"""Runs inside of a run that has its turn: they share its hold on the lock, and do not wait for it to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.run_table import TURN
from runners.runs.lease import Lease, Leases
from runners.runs.run_lock import RunLock


@dataclass(frozen=True)
class SharedTurn:
    """Leases as inner runs see them: the stack's lock is theirs as long as the outer run holds it.

    Whoever asks for it makes sure that it still is held; giving it back is the outer run's.
    """

    leases: Leases
    outer: RunLock

    def now(self) -> datetime:
        """The time by which leases end."""
        return self.leases.now()

    def acquire(self, name: str, owner: str) -> Lease:
        """The outer run's lease, renewed.

        Raises:
            LeaseLostError: the outer run has lost it.
            LeaseHeldError: another lease is meant, and somebody else holds it.
        """
        return self.outer.renewed() if name == TURN else self.leases.acquire(name, owner)

    def renew(self, lease: Lease) -> Lease:
        """The same lease with its whole time ahead.

        Raises:
            LeaseLostError: it is somebody else's by now, or was freed.
        """
        return self.outer.renewed() if lease.name == TURN else self.leases.renew(lease)

    def holder(self, name: str) -> str | None:
        """Who holds the lease, in words for people; None when it is free."""
        return self.leases.holder(name)

    def release(self, lease: Lease) -> None:
        """Leaves the outer run's alone."""
        if lease.name != TURN:
            self.leases.release(lease)
