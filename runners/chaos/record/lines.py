"""The lines of an experiment's journal."""

from __future__ import annotations

from typing import Any, Final

from msgspec import field

from contract.experiments import Experiment
from runners.chaos.record.steps import (
    BASELINE,
    INJECTING,
    INSIGHTS,
    LOCKED,
    OVER,
    SAMPLE,
    SEEN,
    STARTING,
    STOPPING,
    VERSIONS,
    VERSIONS_AFTER,
)
from runners.runs.lines import OF_EVERY_RUN, FirstLine, Line, Lines
from runners.runs.steps import STARTED

# The values of each probe, in the order of the experiment, by what the probes are for.
Before = dict[str, list[list[float | None]]]


class ExperimentStarted(FirstLine, frozen=True, kw_only=True):
    """Which experiment, as it was applied, and who started it."""

    step = STARTED
    stack: str
    operator: str
    experiment: Experiment


class Locked(Line, frozen=True, kw_only=True):
    """The stack's lock is held; `fence` is the number of this hold."""

    step = LOCKED
    fence: int


class InsightsSwitched(Line, frozen=True, kw_only=True):
    """Container Insights are about to be switched; `earlier` is what they go back to."""

    step = INSIGHTS
    earlier: str


class VersionsBefore(Line, frozen=True, kw_only=True):
    """Which versions of the workload ran before the fault."""

    step = VERSIONS
    found: Any


class VersionsAfter(VersionsBefore, frozen=True, kw_only=True):
    """And which at the end."""

    step = VERSIONS_AFTER


class Baseline(Line, frozen=True, kw_only=True):
    """The steady state before the fault, and the alarms that rang already."""

    step = BASELINE
    ok: bool
    reasons: list[str]
    already: list[str]
    before: Before = field(default_factory=dict)


class Starting(Line, frozen=True, kw_only=True):
    """FIS is about to be asked for the fault."""

    step = STARTING
    token: str
    template: str


class Injecting(Line, frozen=True, kw_only=True):
    """FIS runs it under this id."""

    step = INJECTING
    id: str


class SampleSeen(Line, frozen=True, kw_only=True):
    """One look of one probe; no value is no data."""

    step = SAMPLE
    at: str
    probe: str
    value: float | None


class Stopping(Line, frozen=True, kw_only=True):
    """FIS is about to be asked to stop."""

    step = STOPPING
    why: str


class Over(Line, frozen=True, kw_only=True):
    """What FIS said at the end; null is not known."""

    step = OVER
    id: str
    status: str
    reason: str
    error_code: str
    actions: dict[str, str]
    injected: str | None
    lifted: str | None
    hit: list[str] | None
    lever: bool | None
    stop_alarm: str | None


class Seen(Line, frozen=True, kw_only=True):
    """What probes, group and alarms say of the time from the injection on."""

    step = SEEN
    load: dict[str, Any] | None
    samples: list[tuple[str, str, float | None]]
    evidence: list[dict[str, Any]]
    expectations: list[dict[str, Any]]
    before: Before = field(default_factory=dict)
    launches: list[tuple[str, str, str | None]] | None
    changes: list[tuple[str, str, str]] | None
    ended: str


EXPERIMENT: Final = Lines(
    "an experiment",
    (
        ExperimentStarted,
        Locked,
        InsightsSwitched,
        VersionsBefore,
        VersionsAfter,
        Baseline,
        Starting,
        Injecting,
        SampleSeen,
        Stopping,
        Over,
        Seen,
        *OF_EVERY_RUN,
    ),
)
