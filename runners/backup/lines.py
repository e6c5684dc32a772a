"""The lines of drills, restores and copies that do not depend on what is drilled or restored."""

from __future__ import annotations

from typing import Any, Final

from msgspec import field

from runners.runs.lines import OF_EVERY_RUN, CarriedOut, FirstLine, Line, Lines
from runners.runs.steps import CARRIED_OUT, STARTED

CHECK: Final = "check"
FINDING: Final = "finding"
RECOVERY: Final = "recovery"
PLANNED: Final = "restore-planned"
# The last line of restores that were made before every run had the same last lines.
RESTORE_ENDED: Final = "restore-ended"
COPIES: Final = "copies"


class DrillStarted(FirstLine, frozen=True, kw_only=True):
    """What is drilled, what must be looked at, and what it may cost and take."""

    step = STARTED
    stack: str
    kind: str
    resource: str
    required: list[str]
    objective_minutes: int
    cost_usd: str | None
    cost_lines: list[str]


class Checked(Line, frozen=True, kw_only=True):
    """One thing that was looked at; null could not be judged."""

    step = CHECK
    name: str
    ok: bool | None
    expected: str
    observed: str
    detail: str = ""


class Found(Line, frozen=True, kw_only=True):
    """Something that somebody should do."""

    step = FINDING
    what: str
    advice: str


class Recovered(Line, frozen=True, kw_only=True):
    """The moment that was restored to, how long it took, and how much of the newest data would be lost."""

    step = f"{RECOVERY}.done"
    restored_to: str
    rto_seconds: float
    rpo_seconds: float


class Moment(Line, frozen=True, kw_only=True):
    """The moment that is restored."""

    step = "moment.done"
    at: str


class Arrived(Line, frozen=True, kw_only=True):
    """What is restored beside the original is there."""

    step = "restored.done"
    arn: str


class RestorePlanned(FirstLine, frozen=True, kw_only=True, rename="camel"):
    """What a restore is going to do."""

    step = PLANNED
    stack: str
    kind: str
    source: str
    target: str
    at: str
    cost_usd: str | None
    steps: list[str]
    afterwards: list[str]
    duration: str
    notes: list[str] = field(default_factory=list)


class RestoreDone(CarriedOut, frozen=True, kw_only=True, rename="camel"):
    """What a restore did, as `--json` shows it."""

    step = CARRIED_OUT
    version: int
    run: str | None
    verdict: str
    plan: dict[str, Any]
    checks: list[dict[str, Any]]
    notes: list[str]
    left: list[str] = field(default_factory=list)
    exit_code: int


class RestoreEnded(RestoreDone, frozen=True, kw_only=True, rename="camel"):
    """The same, in restores of before."""

    step = RESTORE_ENDED


class CopiesBegun(FirstLine, frozen=True, kw_only=True):
    """What is copied: ARNs by name."""

    step = COPIES
    resources: dict[str, str]


class CopyStarting(Line, frozen=True, kw_only=True):
    """A job is about to be asked for."""

    step = "starting"
    resource: str


class CopyStarted(Line, frozen=True, kw_only=True):
    """AWS Backup has the job."""

    step = "started"
    resource: str
    job: str


class CopiesDone(CarriedOut, frozen=True, kw_only=True, rename="camel"):
    """What became of the jobs, as `--json` shows it."""

    step = CARRIED_OUT
    version: int
    run: str
    jobs: list[dict[str, Any]]
    left: list[str] = field(default_factory=list)
    exit_code: int


OF_EVERY_DRILL: Final[tuple[type[Line], ...]] = (DrillStarted, Checked, Found, Recovered, *OF_EVERY_RUN)
OF_EVERY_RESTORE: Final[tuple[type[Line], ...]] = (RestorePlanned, RestoreDone, RestoreEnded, *OF_EVERY_RUN)
COPYING: Final = Lines("copies", (CopiesBegun, CopyStarting, CopyStarted, CopiesDone, *OF_EVERY_RUN))
