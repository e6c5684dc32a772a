"""The lines of a suite's journal. A step's run is named before it begins; a suite that stopped skips what is left."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, Self

from contract.suites import SuitePlan
from runners.exit_codes import ExitCode
from runners.runs.lines import OF_EVERY_RUN, FirstLine, Line, Lines
from runners.runs.steps import DONE, STARTED
from runners.suites.ran import Ran

TYPE: Final = "suite"
STEP: Final = "step"
STEP_DONE: Final = STEP + DONE
SKIPPED: Final = "skipped"
STEADY: Final = "steady"
STOPPED: Final = "stopped"
ROLL_BACK: Final = "roll-back"
ROLL_BACK_DONE: Final = ROLL_BACK + DONE


class SuiteStarted(FirstLine, frozen=True, kw_only=True):
    """The plan as it was made, what nobody can test of it and why, and what its steps cost at most."""

    step = STARTED
    type: Literal["suite"] = TYPE
    stack: str
    operator: str
    plan: SuitePlan
    untestable: dict[str, str]
    costs: dict[str, str]


class StepBegun(Line, frozen=True, kw_only=True):
    """A step is about to begin, as the run of this name; a wait has none."""

    step = STEP
    id: str
    run: str | None


class StepDone(Line, frozen=True, kw_only=True):
    """What became of it."""

    step = STEP_DONE
    id: str
    verdict: str
    exit_code: int
    reasons: list[str]
    degraded_seconds: float
    usd: str
    left: list[str]

    @classmethod
    def of(cls, name: str, ran: Ran) -> Self:
        """What became of the step of that name."""
        return cls(
            id=name,
            verdict=ran.verdict,
            exit_code=int(ran.exit_code),
            reasons=list(ran.reasons),
            degraded_seconds=ran.degraded_seconds,
            usd=str(ran.usd),
            left=list(ran.left),
        )

    @property
    def ran(self) -> Ran:
        """The run that it tells of."""
        return Ran(
            verdict=self.verdict,
            exit_code=ExitCode(self.exit_code),
            reasons=tuple(self.reasons),
            degraded_seconds=self.degraded_seconds,
            usd=Decimal(self.usd),
            left=tuple(self.left),
        )


class StepSkipped(Line, frozen=True, kw_only=True):
    """It is not done, and why."""

    step = SKIPPED
    id: str
    why: str


class SuiteSteady(Line, frozen=True, kw_only=True):
    """Whether the stack was steady before a step."""

    step = STEADY
    before: str
    ok: bool
    reasons: list[str]


class SuiteStopped(Line, frozen=True, kw_only=True):
    """No step begins any more."""

    step = STOPPED
    why: str


class WayBackBegun(StepBegun, frozen=True, kw_only=True):
    """The way back to an older version is about to begin, as the run of this name."""

    step = ROLL_BACK


class WayBackDone(StepDone, frozen=True, kw_only=True):
    """What became of that."""

    step = ROLL_BACK_DONE


def ran_in(data: Mapping[str, Any]) -> Ran:
    """What a line says of the end of a step, or of its way back.

    Raises:
        JournalError: it is not such a line.
    """
    return StepDone.read(data).ran


SUITE: Final = Lines(
    "a suite",
    (
        SuiteStarted,
        StepBegun,
        StepDone,
        StepSkipped,
        SuiteSteady,
        SuiteStopped,
        WayBackBegun,
        WayBackDone,
        *OF_EVERY_RUN,
    ),
)
