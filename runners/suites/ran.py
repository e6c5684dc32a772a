"""What a suite asks of the runs inside of it: ports, and what it is told of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from contract.suites import PlannedStep
from runners.errors import RunnerError
from runners.exit_codes import ExitCode


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run that ended. `degraded_seconds` and `usd` are never less than it was: unknown is what it may have been."""

    verdict: str
    exit_code: ExitCode
    reasons: tuple[str, ...] = ()
    degraded_seconds: float = 0
    usd: Decimal = Decimal(0)
    left: tuple[str, ...] = ()

    @classmethod
    def fault(cls, error: RunnerError, usd: Decimal = Decimal(0)) -> Ran:
        """A run that could not be begun, or not be brought to its end."""
        return cls(verdict="error", exit_code=error.exit_code, reasons=(str(error),), usd=usd)


class StepRuns(Protocol):
    """Carries the steps of one kind out, each as a run of its own with its own journal and record."""

    def cost(self, step: PlannedStep) -> Decimal | None:
        """What it costs at most, in USD at list price; None when nobody can tell. Reads, changes nothing.

        Raises:
            AwsError: AWS could not be asked.
        """

    def begin(self, step: PlannedStep, run: str) -> Ran:
        """The run of this name, from the beginning.

        Raises:
            RunnerError: it could not be begun, or not be brought to its end.
        """

    def resume(self, step: PlannedStep, run: str) -> Ran | None:
        """Goes on with a run that was cut off; None when nothing of it had begun, so that another may.

        Raises:
            RunnerError: it could not be brought to its end.
        """


class RollBack(Protocol):
    """The way back to an older version of the workload, after a step that failed."""

    def begin(self, step: PlannedStep, failed: str, run: str) -> Ran:
        """Goes back, as the run of this name; `failed` is the run that failed.

        Raises:
            RunnerError: it could not be begun, or not be brought to its end.
        """

    def resume(self, step: PlannedStep, failed: str, run: str) -> Ran | None:
        """Goes on with one that was cut off; None when nothing of it had begun.

        Raises:
            RunnerError: it could not be brought to its end.
        """
