"""The record of a suite, from its journal alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from contract.parts import plain
from contract.suite_record import (
    DegradedBudget,
    MoneyBudget,
    SuiteDocument,
    SuiteRollBack,
    SuiteStepRecord,
    SuiteTimes,
    SuiteVerdict,
)
from contract.suites import PlannedStep, SuitePlan
from runners.exit_codes import ExitCode
from runners.runs.journal import Entry
from runners.runs.outcome import EXITS, RunRecord, cleaned_in, exit_code, most_severe
from runners.runs.steps import ENDED, FAULT, REFUSED
from runners.suites.lines import ran_in
from runners.suites.progress import Progress, progress_of
from runners.suites.ran import Ran

# One word for each code of a step; what was left behind is told beside it.
_VERDICTS: Final[Mapping[ExitCode, SuiteVerdict]] = MappingProxyType(
    {
        ExitCode.INTERRUPTED: "aborted-by-operator",
        ExitCode.AWS_FAILED: "error",
        ExitCode.COULD_NOT_JUDGE: "error",
        ExitCode.ABORTED: "aborted",
        ExitCode.REFUSED: "failed",
        ExitCode.NOT_PROVEN: "inconclusive",
        ExitCode.NOT_STARTED: "refused",
        ExitCode.OK: "passed",
    }
)


@dataclass(frozen=True, kw_only=True)
class SuiteRecord(RunRecord):
    """One run of a suite."""

    run: str
    stack: str
    operator: str
    plan: SuitePlan
    verdict: SuiteVerdict
    reasons: tuple[str, ...]
    times: SuiteTimes
    steps: tuple[SuiteStepRecord, ...]
    degraded_seconds: float
    usd: Decimal

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told."""
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        """The record as it is stored, and printed by `--json`."""
        suite = self.plan.suite
        document = SuiteDocument(
            run=self.run,
            stack=self.stack,
            operator=self.operator,
            suite=suite.name,
            verdict=self.verdict,
            reasons=self.reasons,
            exit_code=int(self.exit_code),
            times=self.times,
            steps=self.steps,
            left_out=self.plan.left_out,
            degraded=DegradedBudget(limit=suite.max_degraded_seconds, spent=self.degraded_seconds),
            cost=MoneyBudget(limit=suite.max_usd, spent=str(self.usd)),
            cleaned=self.cleaned,
            left=self.left,
        )
        return plain(document)


def suite_record(entries: Sequence[Entry]) -> SuiteRecord:
    """The record that a journal tells, of a suite that ended or not.

    Raises:
        JournalError: the journal does not begin as one of a suite does.
    """
    now = progress_of(entries)
    last = {entry.step: entry for entry in entries}
    code, reasons = _ended(now, last)
    inner = [text for entry in (*now.done.values(), *now.rolled.values()) for text in _left(entry)]
    record = SuiteRecord(
        run=now.begun["run"],
        stack=now.begun["stack"],
        operator=now.begun["operator"],
        plan=now.plan,
        verdict=_VERDICTS[code],
        reasons=reasons,
        times=SuiteTimes(
            planned=entries[0].at,
            began=min((entry.at for entry in now.runs.values()), default=None),
            ended=last[ENDED].at if ENDED in last else None,
        ),
        steps=tuple(_step(step, now) for step in now.plan.steps),
        degraded_seconds=now.degraded_seconds,
        usd=now.usd,
    )
    own = cleaned_in(record, entries)
    return replace(own, left=(*inner, *own.left), cleaned=own.cleaned and not inner)


def _ended(now: Progress, last: Mapping[str, Entry]) -> tuple[ExitCode, tuple[str, ...]]:
    """The most severe code of its steps, without what is left behind, and why it is not 0."""
    if REFUSED in last:
        return ExitCode.NOT_STARTED, tuple(last[REFUSED].data["reasons"])
    ran = {step.id: found for step in now.plan.steps if (found := now.ran(step)) is not None}
    codes: set[ExitCode] = {found.exit_code for found in ran.values()}
    reasons = [f"{name}: {held.verdict}" for name, held in ran.items() if held.exit_code is not ExitCode.OK]
    for name, entry in now.rolled.items():
        back = ran_in(entry.data)
        codes.add(back.exit_code)
        reasons.append(f"{name}: way back: {back.verdict}")
    reasons += [f"{name}: skipped: {why}" for name, why in now.skipped.items()]
    if now.skipped or ENDED not in last or len(ran) < len(now.plan.steps) - len(now.skipped):
        codes.add(ExitCode.NOT_PROVEN)
    if FAULT in last:
        codes.add(ExitCode.INTERRUPTED if last[FAULT].data["interrupted"] else ExitCode.AWS_FAILED)
        reasons.append(str(last[FAULT].data["message"]))
    # What left something behind has failed in its own way as well; to have passed is not enough then.
    codes |= {EXITS.get(held.verdict, ExitCode.AWS_FAILED) for held in _leaving(ran.values())} - {ExitCode.OK}
    known = {ExitCode.AWS_FAILED if code is ExitCode.COULD_NOT_JUDGE else code for code in codes}
    return most_severe(known - {ExitCode.LEFT_BEHIND}), tuple(reasons)


def _leaving(ran: Iterable[Ran]) -> Iterator[Ran]:
    yield from (held for held in ran if held.exit_code is ExitCode.LEFT_BEHIND)


def _left(entry: Entry) -> Iterator[str]:
    ran = ran_in(entry.data)
    yield from (f"{entry.data['id']}: {text}" for text in ran.left)
    if ran.exit_code is ExitCode.LEFT_BEHIND and not ran.left:
        yield f"{entry.data['id']}: {'; '.join(ran.reasons) or 'something that it does not name'}"


def _step(step: PlannedStep, now: Progress) -> SuiteStepRecord:
    begun, done, ran = now.runs.get(step.id), now.done.get(step.id), now.ran(step)
    skipped = now.skipped.get(step.id)
    began = begun is not None
    return SuiteStepRecord(
        id=step.id,
        kind=step.kind,
        name=step.name,
        status="done" if done else "cut-off" if began else "skipped",
        run=None if begun is None else begun.data["run"],
        verdict=None if ran is None else ran.verdict,
        exit_code=None if ran is None else int(ran.exit_code),
        reasons=ran.reasons if ran else (skipped,) if skipped is not None else (),
        began=None if begun is None else begun.at,
        ended=None if done is None else done.at,
        degraded_seconds=None if ran is None else ran.degraded_seconds,
        usd=None if ran is None else str(ran.usd),
        roll_back=_roll_back(step, now),
    )


def _roll_back(step: PlannedStep, now: Progress) -> SuiteRollBack | None:
    rolled, rolling = now.rolled.get(step.id), now.rolling.get(step.id)
    if rolled is None or rolling is None:
        return None
    back = ran_in(rolled.data)
    return SuiteRollBack(
        run=rolling.data["run"], verdict=back.verdict, exit_code=int(back.exit_code), reasons=back.reasons
    )
