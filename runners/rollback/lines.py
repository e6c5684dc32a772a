"""The lines of a rollback's journal, in the order in which they come."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET, UnsetType, field

from runners.rollback.steps import (
    AGAIN,
    ARRIVED,
    CHANGING,
    CONSIDERED,
    DECIDED,
    HALTED,
    HOLDING,
    PAGED,
    STEADY,
    VALIDATION,
)
from runners.runs.lines import ANY, OF_EVERY_RUN, FirstLine, Line, Lines
from runners.runs.steps import DONE, STARTED


class RollbackStarted(FirstLine, frozen=True, kw_only=True):
    """Whose failure it is about, and which suite asked."""

    step = STARTED
    stack: str
    operator: str
    suite: str | None
    rollback: dict[str, str]


class RollbackConsidered(Line, frozen=True, kw_only=True):
    """The answer, the parts that would be taken back, and all that was read for it."""

    step = CONSIDERED + DONE
    answer: dict[str, str]
    parts: list[dict[str, Any]]
    looked_at: list[dict[str, Any]] = field(name="read")


class RunAgain(Line, frozen=True, kw_only=True):
    """The experiment, once more before."""

    step = AGAIN + DONE
    run: str
    verdict: str


class RollbackDecided(RollbackConsidered, frozen=True, kw_only=True):
    """The answer by both runs."""

    step = DECIDED + DONE


class Paged(Line, frozen=True, kw_only=True):
    """Whether a person was called, and why not."""

    step = PAGED + DONE
    told: bool
    why: str | None


class PartHeld(Line, frozen=True, kw_only=True):
    """A part has a hold, against deployments that bring the bad version back."""

    step = f"{HOLDING} {ANY}{DONE}"
    until: str
    hold: dict[str, Any]


class PartChanging(Line, frozen=True, kw_only=True):
    """What was asked of AWS, and by which id it is known; or why the part is left to somebody else."""

    step = f"{CHANGING} {ANY}{DONE}"
    how: str | None
    left: str | UnsetType = UNSET
    number: int | UnsetType | None = UNSET
    refresh: str | UnsetType | None = UNSET
    execution: str | UnsetType | None = UNSET
    deployment: str | UnsetType | None = UNSET
    before: str | UnsetType | None = UNSET


class PartArrived(Line, frozen=True, kw_only=True):
    """The older version runs, in AWS's words."""

    step = f"{ARRIVED} {ANY}{DONE}"
    said: str


class SteadyAgain(Line, frozen=True, kw_only=True):
    """Whether the workload is steady on it; null could not be seen."""

    step = STEADY + DONE
    steady: bool | None
    reasons: list[str]


class Validated(Line, frozen=True, kw_only=True):
    """The experiment on the older version, or why it was not run."""

    step = VALIDATION + DONE
    run: str | None
    verdict: str | None
    why: str | None


class Halted(Line, frozen=True, kw_only=True):
    """The rollback failed, and all experiments were halted; `left` says what could not be."""

    step = HALTED
    left: list[str]


ROLLBACK: Final = Lines(
    "a rollback",
    (
        RollbackStarted,
        RollbackConsidered,
        RunAgain,
        RollbackDecided,
        Paged,
        PartHeld,
        PartChanging,
        PartArrived,
        SteadyAgain,
        Validated,
        Halted,
        *OF_EVERY_RUN,
    ),
)
