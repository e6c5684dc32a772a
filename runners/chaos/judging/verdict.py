"""The verdict of an experiment: what FIS says, set against the evidence. Pure, and never PASSED without all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """How a run ended. INVALID: the fault did not happen as wanted. INCONCLUSIVE: it did, and too little was seen."""

    PASSED = "passed"
    FAILED = "failed"
    INVALID = "invalid"
    INCONCLUSIVE = "inconclusive"
    ABORTED_BY_ALARM = "aborted-by-alarm"
    ABORTED_BY_RUNNER = "aborted-by-runner"
    ABORTED_BY_OPERATOR = "aborted-by-operator"
    ABORTED_BY_SAFETY_LEVER = "aborted-by-safety-lever"
    REFUSED = "refused"
    ERROR = "error"

    @property
    def scored(self) -> bool:
        """Whether the run says something about the workload: a failed hypothesis does, an unseen one doesn't."""
        return self in (Verdict.PASSED, Verdict.FAILED, Verdict.ABORTED_BY_ALARM, Verdict.ABORTED_BY_RUNNER)


class Stop(StrEnum):
    """Why this runner stopped an experiment."""

    WATCHDOG = "watchdog"
    OPERATOR = "operator"
    DEADLINE = "deadline"
    LEASE_LOST = "lease-lost"


# Statuses after which nothing more happens. One that is not known here is not one of them: the deadline decides.
TERMINAL: Final = frozenset({"completed", "stopped", "failed", "cancelled"})
# No status of FIS: the experiment may have begun, and FIS has not said how it ended.
UNKNOWN: Final = "unknown"
# Share of samples without data above which the rest proves nothing.
MOST_UNSEEN: Final = 0.2
_TARGET_ERRORS: Final = frozenset({"InvalidTarget"})


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known when a run is over. None is "not known", and is never good news.

    `status` is FIS's last one, None if the experiment never started; `stop` is why this runner asked FIS to stop it;
    `stop_alarm` names the stop condition that fired, confirmed by the alarm's history; `interrupted` says that the
    operator ended the run, at whatever time; `gaps` and `load` say what nobody looked at, and what load was missing.
    """

    refusals: tuple[str, ...] = ()
    fault: str | None = None
    interrupted: bool = False
    baseline: bool | None = None
    status: str | None = None
    status_reason: str = ""
    error_code: str = ""
    stop: Stop | None = None
    stop_alarm: str | None = None
    lever_engaged: bool | None = None
    actions: Mapping[str, str] = field(default_factory=dict)
    targets_wanted: int | None = None
    targets_hit: int | None = None
    injected: bool | None = None
    doubts: tuple[str, ...] = ()
    load: str | None = None
    hypothesis: bool | None = None
    hypothesis_reasons: tuple[str, ...] = ()
    unseen: float | None = None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A verdict and why."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()


def judge(seen: Evidence) -> Judgement:
    """The verdict. The order matters: what stops a run is told before what it found."""
    if seen.refusals:
        return Judgement(Verdict.REFUSED, seen.refusals)
    if seen.status is None:
        return _never_started(seen)
    if seen.status == "failed":
        verdict = Verdict.INVALID if seen.error_code in _TARGET_ERRORS else Verdict.ERROR
        return Judgement(verdict, (f"FIS: failed: {seen.error_code or 'no code'}: {seen.status_reason}",))
    if seen.status == "cancelled":
        if seen.lever_engaged:
            return Judgement(Verdict.ABORTED_BY_SAFETY_LEVER, ("the safety lever is engaged",))
        return Judgement(Verdict.ERROR, (f"FIS cancelled the experiment: {seen.status_reason}",))
    if seen.status == "stopped":
        return _stopped(seen)
    if seen.status == "completed":
        return _completed(seen)
    told = f"FIS still says {seen.status!r} at the deadline"
    if seen.status == UNKNOWN:
        told = "FIS has not said how the experiment ended, or whether it began"
    return Judgement(Verdict.ERROR, (told, *([seen.fault] if seen.fault is not None else [])))


def _never_started(seen: Evidence) -> Judgement:
    if seen.interrupted:
        return Judgement(Verdict.ABORTED_BY_OPERATOR, ("stopped by the operator before the fault",))
    if seen.fault is not None:
        return Judgement(Verdict.ERROR, (seen.fault,))
    if seen.baseline is False:
        return Judgement(
            Verdict.INCONCLUSIVE, ("the steady state was not met before the fault", *seen.hypothesis_reasons)
        )
    return Judgement(Verdict.ERROR, ("the experiment never started",))


def _stopped(seen: Evidence) -> Judgement:
    if seen.lever_engaged:
        return Judgement(Verdict.ABORTED_BY_SAFETY_LEVER, ("the safety lever is engaged",))
    if seen.stop is Stop.OPERATOR:
        return Judgement(Verdict.ABORTED_BY_OPERATOR, ("stopped by the operator",))
    if seen.stop is Stop.WATCHDOG:
        return Judgement(Verdict.ABORTED_BY_RUNNER, ("the watchdog stopped it", *seen.hypothesis_reasons))
    if seen.stop is not None:
        return Judgement(Verdict.ERROR, (f"stopped by this runner: {seen.stop}",))
    if seen.stop_alarm is not None:
        return Judgement(Verdict.ABORTED_BY_ALARM, (f"alarm {seen.stop_alarm} stopped it",))
    return Judgement(Verdict.ERROR, (f"stopped by somebody else: {seen.status_reason or 'no reason given'}",))


def _completed(seen: Evidence) -> Judgement:
    unlike = tuple(_unlike_wanted(seen))
    if seen.injected is None and (seen.interrupted or seen.fault is not None) and not unlike:
        # Nobody waited for what would have shown it, or it could not be read.
        return Judgement(Verdict.INCONCLUSIVE, tuple(_unseen(seen)))
    missing = (*unlike, *_not_shown(seen))
    if missing:
        return Judgement(Verdict.INVALID, missing)
    if seen.hypothesis is False:
        # With less load than was asked for, it would have to hold all the more.
        return Judgement(Verdict.FAILED, seen.hypothesis_reasons or ("the hypothesis does not hold",))
    if seen.load is not None:
        return Judgement(Verdict.INVALID, (seen.load,))
    unsure = tuple(_unseen(seen))
    return Judgement(Verdict.INCONCLUSIVE, unsure) if unsure else Judgement(Verdict.PASSED)


def _unlike_wanted(seen: Evidence) -> Iterator[str]:
    if not seen.actions:
        yield "no action is known to have run"
    for name, status in sorted(seen.actions.items()):
        if status != "completed":
            yield f"action {name} was {status}"
    if seen.targets_wanted is None or seen.targets_hit != seen.targets_wanted:
        hit, wanted = (_number(count) for count in (seen.targets_hit, seen.targets_wanted))
        yield f"{hit} targets were hit, {wanted} were wanted"


def _not_shown(seen: Evidence) -> Iterator[str]:
    if seen.injected is not True:
        yield "nothing shows that the fault happened" if seen.injected is None else "the fault did not happen"
        yield from seen.doubts


def _unseen(seen: Evidence) -> Iterator[str]:
    if seen.fault is not None:
        yield seen.fault
    elif seen.interrupted:
        yield "interrupted by the operator"
    if seen.stop is not None:
        yield f"a stop was asked for ({seen.stop}), and the fault ran to its end"
    yield from seen.gaps
    if seen.unseen is None or seen.unseen > MOST_UNSEEN:
        share = "an unknown share" if seen.unseen is None else f"{seen.unseen:.0%}"
        yield f"{share} of a probe's samples had no data; at most {MOST_UNSEEN:.0%} may"
    if seen.hypothesis is None:
        yield "the hypothesis could not be judged"
        yield from seen.hypothesis_reasons


def _number(count: int | None) -> str:
    return "an unknown number of" if count is None else str(count)
