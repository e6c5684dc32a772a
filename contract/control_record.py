"""The record of a control run: a stack that was watched without a fault. `make schemas` makes its schema from it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from contract.parts import Amount, Count, RecordPart

ControlVerdict = Literal["passed", "failed", "inconclusive", "refused", "error", "aborted-by-operator"]
# A time in UTC with milliseconds and a `Z`.
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z\Z")]


class ControlSample(RecordPart, frozen=True, kw_only=True):
    """One look through one probe.

    Attributes:
        at: When.
        value: What was seen; null when there was no data.
        ok: Whether it was fine; null when there was no data.
    """

    at: Moment
    value: float | None
    ok: bool | None


class ControlProbe(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What one probe saw of the steady state.

    Attributes:
        name: Its name, once in the record: led by an experiment's where two experiments give one name two meanings.
        type: What is looked at.
        experiments: The experiments whose steady state it is of.
        tolerance: The values that are fine.
        ok_ratio: Share of the looks with data that were fine; null without any.
        samples: The looks, oldest first.
    """

    name: str
    type: str
    experiments: tuple[str, ...]
    tolerance: str
    ok_ratio: float | None
    samples: tuple[ControlSample, ...]


class ControlSteady(RecordPart, frozen=True, kw_only=True):
    """The steady state while it was watched.

    Attributes:
        holds: Whether every look was fine; null when too little was seen.
        probes: What each probe saw.
    """

    holds: bool | None
    probes: tuple[ControlProbe, ...]


class ControlChange(RecordPart, frozen=True, kw_only=True):
    """An alarm that changed its state.

    Attributes:
        alarm: Name.
        at: When.
        state: The new one.
    """

    alarm: str
    at: Moment
    state: str


class ControlAlerts(RecordPart, frozen=True, kw_only=True):
    """What the alarms did: nothing was wrong on purpose.

    Attributes:
        watched: All alarms that were watched.
        fired: Those that began to ring meanwhile.
        unexpected: Those of them that rang although no probe had been out of tolerance for a while: false alarms.
        already: Those that rang when it began, which say nothing.
        changes: Every change of state meanwhile, oldest first.
    """

    watched: tuple[str, ...]
    fired: tuple[str, ...]
    unexpected: tuple[str, ...]
    already: tuple[str, ...]
    changes: tuple[ControlChange, ...]


class ControlTimes(RecordPart, frozen=True, kw_only=True):
    """When it was what.

    Attributes:
        planned: When the run was begun.
        began: From when on it was watched; null when it was not.
        ended: Until when it was watched; null when that was cut off.
    """

    planned: Moment
    began: Moment | None
    ended: Moment | None


class ControlCost(RecordPart, frozen=True, kw_only=True):
    """What it cost.

    Attributes:
        usd: USD at list price: nothing is injected, and nothing restored.
    """

    usd: Amount


class ControlDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One control run.

    Attributes:
        version: Version of this document.
        type: What kind of run it is of.
        run: Name of the run.
        stack: Stack.
        operator: Who ran it.
        minutes: How long was to be watched.
        verdict: passed when all was steady and no alarm rang.
        reasons: Why not.
        exit_code: What the shell was told.
        times: When it was what.
        steady: The steady state; null when it was not watched.
        alerts: What the alarms did; null when that could not be read.
        cost: What it cost.
        cleaned: Whether it was confirmed that nothing is left.
        left: What is left.
    """

    version: Literal[1] = 1
    type: Literal["control"] = "control"
    run: str
    stack: str
    operator: str
    minutes: Count
    verdict: ControlVerdict
    reasons: tuple[str, ...]
    exit_code: int
    times: ControlTimes
    steady: ControlSteady | None
    alerts: ControlAlerts | None
    cost: ControlCost
    cleaned: bool
    left: tuple[str, ...]
