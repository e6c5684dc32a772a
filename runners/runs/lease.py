"""A lock that frees itself: whoever holds it must renew it, and a number that only grows tells late holders apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contract.run_table import TURN_LENGTH
from runners.errors import RunnerError
from runners.exit_codes import ExitCode


class LeaseHeldError(RunnerError):
    """Somebody else holds the lease; the message says who, and until when at most."""

    exit_code = ExitCode.NOT_STARTED


class LeaseLostError(RunnerError):
    """The lease ran out, or somebody else has it: whatever it protected must stop."""

    exit_code = ExitCode.AWS_FAILED


@dataclass(frozen=True)
class Lease:
    """A lease that was got. `fence` grows with each holder: work with an older number must not be accepted."""

    name: str
    owner: str
    fence: int
    until: datetime

    def due(self, now: datetime) -> bool:
        """Whether it is time to renew: a third of it has passed."""
        return self.until - now < TURN_LENGTH * 2 / 3


class Leases(Protocol):
    """Where leases are kept. All methods are atomic among all runners."""

    def now(self) -> datetime:
        """The time by which leases end: that of the machines which hold them, also while a rehearsal has its own."""

    def acquire(self, name: str, owner: str) -> Lease:
        """The lease, if it is free or its time is up; the same owner gets it again, with a new number.

        Raises:
            LeaseHeldError: somebody else holds it.
        """

    def renew(self, lease: Lease) -> Lease:
        """The same lease with its whole time ahead.

        Raises:
            LeaseLostError: it is somebody else's by now, or was freed.
        """

    def holder(self, name: str) -> str | None:
        """Who holds the lease and until when at most, in words for people; None when it is free."""

    def release(self, lease: Lease) -> None:
        """Frees it; a lease that is somebody else's by now is left alone."""
