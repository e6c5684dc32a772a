"""The stored records of runs as analysis reads them: strict on what it uses, lenient to what was added since.

A document of a drill or an experiment has no `type`; those of later kinds of run name theirs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from contract.run_name import RunName
from runners.runs.run_folder import run_began

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Usd: TypeAlias = Annotated[str, Meta(pattern=r"^\d+(\.\d+)?\Z")]

ChaosVerdict = Literal[
    "passed",
    "failed",
    "invalid",
    "inconclusive",
    "aborted-by-alarm",
    "aborted-by-runner",
    "aborted-by-operator",
    "aborted-by-safety-lever",
    "refused",
    "error",
]
DrillVerdict = Literal["passed", "failed", "inconclusive", "refused", "error", "interrupted"]

SCORED: Final = frozenset({"passed", "failed", "aborted-by-alarm", "aborted-by-runner"})
DRILLED: Final = frozenset({"passed", "failed"})


class Read(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """A part of a document; keys that are not known here are passed over. No garbage is looked for: none has cycles."""


class StateChange(Read, frozen=True, kw_only=True):
    """An alarm that changed its state to `state`."""

    alarm: str
    at: Moment
    state: str


class Alerts(Read, frozen=True, kw_only=True):
    """Alarms by what was expected of them; `changes` is None in records of before it was kept."""

    fired: tuple[str, ...]
    missed: tuple[str, ...]
    unexpected: tuple[str, ...]
    excluded: tuple[str, ...]
    changes: tuple[StateChange, ...] | None = None


class Times(Read, frozen=True, kw_only=True):
    """When the fault came and went, and until when was looked; None is not known."""

    injected: Moment | None
    lifted: Moment | None
    verified: Moment | None
    ended: Moment | None


class Hypothesis(Read, frozen=True, kw_only=True):
    """What was expected, and whether it held."""

    kind: Literal["sustained", "recovery"]
    rto_seconds: Annotated[int, Meta(ge=1)]
    holds: bool | None


class Measures(Read, frozen=True, kw_only=True):
    """What was measured, in seconds and as a share."""

    detected_after_seconds: Seconds | None
    recovered_after_seconds: Seconds | None
    degraded_seconds: Seconds | None
    ok_ratio: Share | None


class Cost(Read, frozen=True, kw_only=True):
    """What a run cost, in USD at list price; None is not known."""

    usd: Usd | None


class Run(Read, frozen=True, kw_only=True):
    """What every record says."""

    version: Literal[1]
    run: RunName
    stack: str
    reasons: tuple[str, ...]

    @property
    def revision(self) -> str | None:
        """What of the workload ran; None where the record does not tell."""
        return None

    @property
    def at(self) -> datetime:
        """When the run began, to the second: its name says it."""
        return run_began(self.run)


class Version(Read, frozen=True, kw_only=True):
    """What ran of one part of the workload."""

    running: str | None


class Versions(Read, frozen=True, kw_only=True):
    """What ran of the workload, part by part."""

    commit: str | None
    parts: tuple[Version, ...]


class ChaosRecord(Run, frozen=True, kw_only=True):
    """A run of an experiment. `scored`: it says something about the workload."""

    type: None = None
    resource: None = None
    experiment: str
    kind: str
    category: str
    verdict: ChaosVerdict
    scored: bool
    times: Times
    hypothesis: Hypothesis
    alerts: Alerts | None
    kpis: Measures
    cost: Cost
    cleaned: bool
    left: tuple[str, ...]
    versions: Versions | None = None

    @property
    def revision(self) -> str | None:
        """The versions of all parts, or the commit that was deployed; None where the record does not tell."""
        if self.versions is None:
            return None
        return ", ".join(part.running for part in self.versions.parts if part.running) or self.versions.commit

    @property
    def says_something(self) -> bool:
        """Whether it says something about the workload; what the record claims of another verdict does not count."""
        return self.scored and self.verdict in SCORED

    @property
    def broke(self) -> bool:
        """Whether the steady state was left for a while."""
        return bool(self.kpis.degraded_seconds)

    @property
    def looked_seconds(self) -> float | None:
        """From the fault until nobody looked any more."""
        if self.times.injected is None or self.times.verified is None:
            return None
        return max(0.0, (self.times.verified - self.times.injected).total_seconds())


class CleanUp(Read, frozen=True, kw_only=True):
    """Whether everything that a drill made is gone."""

    confirmed: bool
    left: tuple[str, ...]


class DrillRecord(Run, frozen=True, kw_only=True):
    """A restore drill."""

    type: None = None
    experiment: None = None
    kind: str
    resource: str
    verdict: DrillVerdict
    started: Moment
    ended: Moment | None
    rto_seconds: Seconds | None
    rpo_seconds: Seconds | None
    objective_minutes: Annotated[int, Meta(ge=1)]
    cost: Cost
    clean_up: CleanUp

    @property
    def says_something(self) -> bool:
        """Whether it came to an answer."""
        return self.verdict in DRILLED


class ControlTimes(Read, frozen=True, kw_only=True):
    """From when until when nothing was done."""

    began: Moment | None
    ended: Moment | None


class ControlAlerts(Read, frozen=True, kw_only=True):
    """Alarms that were looked at, those that rang although nothing was wrong, and those that rang before already."""

    watched: tuple[str, ...]
    fired: tuple[str, ...]
    unexpected: tuple[str, ...]
    already: tuple[str, ...]


class ControlRecord(Run, frozen=True, kw_only=True, tag_field="type", tag="control"):
    """A run without a fault."""

    verdict: str
    times: ControlTimes
    alerts: ControlAlerts | None

    @property
    def says_something(self) -> bool:
        """Whether the alarms' history is known."""
        return self.alerts is not None


class UnjudgedRecord(Run, frozen=True, kw_only=True):
    """A run of FIS by a state machine: it cost something, and shows nothing, whatever FIS says of its end."""

    experiment: str
    status: str
    verdict: Literal["not-judged"]
    usd: Usd
    reasons: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Nobody judged it."""
        return False


Record: TypeAlias = ChaosRecord | DrillRecord | ControlRecord | UnjudgedRecord
KINDS: Final[frozenset[type[Record]]] = frozenset({ChaosRecord, DrillRecord, ControlRecord, UnjudgedRecord})


def usd_of(record: Record) -> str | None:
    """What a run cost in USD at list price; None when that is not known. A control run costs nothing."""
    if isinstance(record, ControlRecord) or record.verdict == "refused":
        return "0"
    return record.usd if isinstance(record, UnjudgedRecord) else record.cost.usd
