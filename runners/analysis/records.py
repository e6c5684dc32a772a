"""The stored records of runs as analysis reads them: strict on what it uses, lenient to what was added since.

A document of a drill or an experiment has no `type`; those of later kinds of run name theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from contract.execution_record import EXECUTION, UNJUDGED_RUN
from runners.runs.run_folder import run_began

RunName: TypeAlias = Annotated[str, Meta(pattern=r"^\d{8}-\d{6}-[0-9a-f]{4}\Z")]
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


class UnreadableRecordError(ValueError):
    """A document is no record of a version that is known; the message says what of it is not."""


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


class ControlRecord(Run, frozen=True, kw_only=True):
    """A run without a fault."""

    verdict: str
    times: ControlTimes
    alerts: ControlAlerts | None


class UnjudgedRecord(Run, frozen=True, kw_only=True):
    """A run of FIS by a state machine: it cost something, and shows nothing, whatever FIS says of its end."""

    experiment: str
    status: str
    verdict: Literal["not-judged"]
    usd: Usd
    reasons: tuple[str, ...] = ()


Record: TypeAlias = ChaosRecord | DrillRecord | ControlRecord | UnjudgedRecord
KINDS: Final[frozenset[type[Record]]] = frozenset({ChaosRecord, DrillRecord, ControlRecord, UnjudgedRecord})


class _Head(Struct):
    """By what the kind of a document is told."""

    version: Any = None
    type: str | None = None
    experiment: str | None = None
    resource: str | None = None


# Kinds of run that have documents of their own and say nothing that is counted here.
OTHERS: Final = frozenset({"suite", "rollback", EXECUTION})
_TYPED: Final[Mapping[str, type[Record]]] = {"control": ControlRecord, UNJUDGED_RUN: UnjudgedRecord}
_HEADS: Final = msgspec.json.Decoder(_Head)
_JSON: Final[Mapping[type[Record], msgspec.json.Decoder[Any]]] = {kind: msgspec.json.Decoder(kind) for kind in KINDS}


def read_record(document: Mapping[str, Any] | bytes) -> Record | str:
    """The record of a document; its type alone, where that is a kind of run that is not counted here.

    Raises:
        UnreadableRecordError: it is none, or its version or shape is not known.
    """
    try:
        head = _HEADS.decode(document) if isinstance(document, bytes) else msgspec.convert(document, _Head)
        kind = _kind(head)
        if isinstance(kind, str):
            return kind
        return _whole(document, kind)
    except msgspec.MsgspecError as error:
        raise UnreadableRecordError(str(error)) from None


def _whole(document: Mapping[str, Any] | bytes, kind: type[Record]) -> Record:
    if isinstance(document, bytes):
        record: Record = _JSON[kind].decode(document)
        return record
    return msgspec.convert(document, kind)


def _kind(head: _Head) -> type[Record] | str:
    if head.version != 1:
        msg = f"version {head.version!r}; accepted: 1"
        raise UnreadableRecordError(msg)
    if head.type is None:
        if (head.experiment is None) == (head.resource is None):
            msg = "neither an experiment's nor a drill's; accepted: a document with `experiment`, `resource` or `type`"
            raise UnreadableRecordError(msg)
        return ChaosRecord if head.experiment is not None else DrillRecord
    if head.type in OTHERS:
        return head.type
    if head.type in _TYPED:
        return _TYPED[head.type]
    msg = f"type {head.type!r}; accepted: {', '.join((*_TYPED, *sorted(OTHERS)))}, or none"
    raise UnreadableRecordError(msg)


def usd_of(record: Record) -> str | None:
    """What a run cost in USD at list price; None when that is not known. A control run costs nothing."""
    if isinstance(record, ControlRecord) or record.verdict == "refused":
        return "0"
    return record.usd if isinstance(record, UnjudgedRecord) else record.cost.usd
