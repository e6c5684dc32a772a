"""How far a suite has come, from its journal alone, and what keeps a step from being next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec import ValidationError, convert

from contract.suites import PlannedStep, SuitePlan
from runners.chaos.before.recent_drill import DATABASE_APART
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339
from runners.runs.journal import Entry
from runners.runs.steps import STARTED
from runners.suites.lines import ROLL_BACK, ROLL_BACK_DONE, SKIPPED, STEP, STEP_DONE, STOPPED, TYPE, ran_in
from runners.suites.ran import Ran

_DISTURBING: Final = frozenset({"experiment", "drill"})
# Whatever a suite says of failures: these need somebody, or were somebody's wish.
_ENDS_ALL: Final = frozenset({ExitCode.LEFT_BEHIND, ExitCode.INTERRUPTED})


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What the journal tells. `begun` has the newest run of each step that began, `at` when lines were written."""

    begun: Mapping[str, Any]
    plan: SuitePlan
    runs: Mapping[str, Entry]
    done: Mapping[str, Entry]
    skipped: Mapping[str, str]
    rolled: Mapping[str, Entry]
    rolling: Mapping[str, Entry]
    stopped: str | None

    def ran(self, step: PlannedStep) -> Ran | None:
        """How a step ended; None when it has not."""
        entry = self.done.get(step.id)
        return None if entry is None else ran_in(entry.data)

    def settled(self, step: PlannedStep) -> bool:
        """Whether nothing is left to do of it."""
        return step.id in self.done or step.id in self.skipped

    def cost(self, step: PlannedStep) -> Decimal:
        """What it costs at most, as it was planned."""
        return Decimal(self.begun["costs"].get(step.id, "0"))

    @property
    def degraded_seconds(self) -> float:
        """How long the workload has been degraded so far."""
        return sum(ran_in(entry.data).degraded_seconds for entry in self._over)

    @property
    def usd(self) -> Decimal:
        """What was spent so far, at most."""
        return sum((ran_in(entry.data).usd for entry in self._over), Decimal(0))

    @property
    def _over(self) -> tuple[Entry, ...]:
        """What has ended, ways back included."""
        return (*self.done.values(), *self.rolled.values())


def progress_of(entries: Sequence[Entry]) -> Progress:
    """How far it has come.

    Raises:
        JournalError: the journal does not begin as one of a suite does.
    """
    if not entries or entries[0].step != STARTED or entries[0].data.get("type") != TYPE:
        msg = "this journal is not that of a suite; accepted: a run that `ial suite history` lists"
        raise JournalError(msg)
    begun = entries[0].data
    try:
        plan = convert(begun["plan"], SuitePlan)
    except ValidationError as error:
        msg = f"this journal's suite is that of another version of ial: {error}; finish it with that version"
        raise JournalError(msg) from error
    by_step = {name: {held.data["id"]: held for held in entries if held.step == name} for name in _OF_STEPS}
    stopped = next((entry for entry in entries if entry.step == STOPPED), None)
    return Progress(
        begun=begun,
        plan=plan,
        runs=by_step[STEP],
        done=by_step[STEP_DONE],
        skipped={name: str(entry.data["why"]) for name, entry in by_step[SKIPPED].items()},
        rolling=by_step[ROLL_BACK],
        rolled=by_step[ROLL_BACK_DONE],
        stopped=None if stopped is None else str(stopped.data["why"]),
    )


_OF_STEPS: Final = (STEP, STEP_DONE, SKIPPED, ROLL_BACK, ROLL_BACK_DONE)


def reason_to_skip(step: PlannedStep, now: Progress) -> str | None:
    """Why a step must not be done any more; None when nothing stands against it."""
    if now.stopped is not None:
        return f"the suite stopped: {now.stopped}"
    if step.id in now.begun["untestable"]:
        return str(now.begun["untestable"][step.id])
    left_out = {held.step: held.reason for held in now.plan.left_out}
    for need in step.needs:
        if need in left_out:
            return f"it needs {need}, which is left out: {left_out[need]}"
        for other in now.plan.steps:
            if other.step == need and (why := _not_passed(other, now)) is not None:
                return f"it needs {need}: {why}"
    return None


def reason_to_stop(step: PlannedStep, now: Progress) -> str | None:
    """Why the suite must end before this step: a budget that is spent, or would be."""
    suite = now.plan.suite
    limit, spent = suite.max_degraded_seconds, now.degraded_seconds
    if limit is not None and spent >= limit and step.kind == "experiment":
        return f"the workload was degraded for {spent:g} s, and {limit} s is the most"
    usd, most = now.usd + now.cost(step), Decimal(suite.max_usd)
    if usd > most:
        return f"{now.usd} USD are spent, {step.id} costs up to {now.cost(step)}, and {most} is the most"
    return None


def stops_after(step: PlannedStep, ran: Ran) -> str | None:
    """Why the suite ends with this step; None when it goes on."""
    if ran.exit_code is ExitCode.OK:
        return None
    told = f"{step.id} ended as {ran.verdict}"
    if ran.exit_code in _ENDS_ALL:
        return f"{told} (exit code {int(ran.exit_code)}), which somebody has to look at"
    return told if step.on_failure in ("stop", "roll-back") else None


def disturbed(step: PlannedStep, now: Progress) -> bool:
    """Whether something was broken or restored before it, after which the steady state has to be looked at again."""
    return step.kind != "wait" and any(True for _ in _disturbances(now))


def cool_until(step: PlannedStep, now: Progress) -> datetime | None:
    """Until when a step has to wait for what was done before it; None when it has not to."""
    if step.kind == "wait":
        return None
    length = timedelta(minutes=now.plan.suite.cool_down_minutes)
    moments = []
    for other, ended in _disturbances(now):
        apart = step.of_database and other.of_database and step.kind != other.kind
        moments.append(ended + (max(length, DATABASE_APART) if apart else length))
    return max(moments, default=None)


def _disturbances(now: Progress) -> Iterator[tuple[PlannedStep, datetime]]:
    for other in now.plan.steps:
        if other.kind in _DISTURBING and other.id in now.done:
            ran = ran_in(now.done[other.id].data)
            if ran.exit_code is not ExitCode.NOT_STARTED:
                yield other, parse_rfc3339(now.done[other.id].at)


def _not_passed(other: PlannedStep, now: Progress) -> str | None:
    if other.id in now.skipped:
        return f"{other.id} was skipped"
    ran = now.ran(other)
    if ran is None:
        return f"{other.id} was not done"
    if ran.exit_code is ExitCode.OK or other.on_failure == "continue":
        return None
    return f"{other.id} ended as {ran.verdict}"
