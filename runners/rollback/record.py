"""The record of one rollback, from its journal alone, as `schemas/rollback-record.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from contract.parts import plain
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.rollback.rollback_document import (
    AnswerDocument,
    PartBack,
    RollbackCause,
    RollbackCleanUp,
    RollbackDocument,
    RollbackVerdict,
    RunOnceMore,
    ValidationDocument,
)
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
    of_part,
)
from runners.runs.journal import Entry
from runners.runs.outcome import RunRecord, cleaned_in, exit_code
from runners.runs.steps import CARRIED_OUT, DONE, ENDED, FAULT, REFUSED, STARTED

ROLL_BACK: Final = "roll-back"


@dataclass(frozen=True, kw_only=True)
class RollbackRecord(RunRecord):
    """One rollback, or why there was none. What is not known is None."""

    run: str
    stack: str
    operator: str
    suite: str | None
    cause: Mapping[str, Any]
    answer: Mapping[str, Any] | None
    verdict: RollbackVerdict
    reasons: tuple[str, ...]
    parts: tuple[Mapping[str, Any], ...]
    again: Mapping[str, Any] | None
    steady: bool | None
    validation: Mapping[str, Any] | None
    paged: bool
    halted: bool
    interrupted: bool
    started: str
    ended: str | None
    times: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told: what is not confirmed outranks everything, it needs somebody."""
        return exit_code(self.verdict, confirmed=self.cleaned, interrupted=self.interrupted)

    def document(self) -> dict[str, Any]:
        """For machines, and for the stack's table."""
        return plain(
            RollbackDocument(
                run=self.run,
                stack=self.stack,
                operator=self.operator,
                suite=self.suite,
                # As the journal has them.
                cause=cast("RollbackCause", self.cause),
                answer=cast("AnswerDocument", self.answer),
                verdict=self.verdict,
                reasons=self.reasons,
                parts=cast("tuple[PartBack, ...]", self.parts),
                re_run=cast("RunOnceMore", self.again),
                steady=self.steady,
                validation=cast("ValidationDocument", self.validation),
                paged=self.paged,
                halted=self.halted,
                started=self.started,
                ended=self.ended,
                clean_up=RollbackCleanUp(confirmed=self.cleaned, left=self.left),
                exit_code=int(self.exit_code),
            )
        )


def record_of_rollback(entries: Sequence[Entry]) -> RollbackRecord:
    """What the journal tells, of a run that ended or not.

    Raises:
        JournalError: the journal does not begin as one of a rollback does.
    """
    if not entries or entries[0].step != STARTED or "rollback" not in entries[0].data:
        msg = "this journal is not that of a rollback; accepted: a run that `ial rollback history` lists"
        raise JournalError(msg)
    given, last = entries[0].data, {entry.step: entry for entry in entries}
    done = {entry.step.removesuffix(DONE): entry.data for entry in entries if entry.step.endswith(DONE)}
    answer, parts = answer_in(done), _parts(done)
    fault = last.get(FAULT)
    verdict, reasons = _verdict(last, answer)
    found = RollbackRecord(
        run=given["run"],
        stack=given["stack"],
        operator=given["operator"],
        suite=given["suite"],
        cause=given["rollback"],
        answer=answer,
        verdict=verdict,
        reasons=tuple(reasons),
        # Of one that was refused no part is changed, or held.
        parts=() if REFUSED in last else tuple(parts),
        again=done.get(AGAIN),
        steady=done.get(STEADY, {}).get("steady"),
        validation=done.get(VALIDATION),
        paged=bool(done.get(PAGED, {}).get("told")),
        halted=HALTED in last,
        interrupted=fault is not None and bool(fault.data["interrupted"]),
        started=entries[0].at,
        ended=last[ENDED].at if ENDED in last else None,
        cleaned=False,
        left=("clean-up has not run",),
    )
    return cleaned_in(found, entries)


def answer_in(done: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What was decided, the later word first."""
    found = done.get(DECIDED) or done.get(CONSIDERED)
    return None if found is None else found["answer"]


def begun_parts(entries: Sequence[Entry]) -> list[str]:
    """The parts whose version may have been changed: from the line that stands before the change."""
    lines = {entry.step: entry.data for entry in entries if entry.step.startswith(CHANGING)}
    begun = {step.removeprefix(f"{CHANGING} ").removesuffix(DONE) for step in lines}
    return sorted(part for part in begun if not lines.get(f"{CHANGING} {part}{DONE}", {}).get("left"))


def failure_in(entries: Sequence[Entry]) -> list[str]:
    """Why a rollback that has begun is not confirmed; empty when it is, or when nothing was changed."""
    done = {entry.step.removesuffix(DONE): entry.data for entry in entries if entry.step.endswith(DONE)}
    begun = begun_parts(entries)
    if not begun:
        return []
    # What was decided is carried out whole: a part that nobody has come to yet counts as well.
    wanted = [f"{part['kind']} {part['name']}" for part in _parts(done)]
    found = [
        f"{part} is not confirmed to run {_good(done, part)}" for part in wanted if f"{ARRIVED} {part}" not in done
    ]
    if not found and done.get(STEADY, {}).get("steady") is not True:
        why = "; ".join(done.get(STEADY, {}).get("reasons", ())) or "nobody has looked"
        found.append(f"the workload is not known to be steady on the older version: {why}")
    validation = done.get(VALIDATION, {})
    if validation.get("verdict") in ("failed", "aborted-by-alarm"):
        found.append(f"the experiment {validation['verdict']} on the older version too (run {validation['run']})")
    return found


def _good(done: Mapping[str, Mapping[str, Any]], part: str) -> str:
    return next(str(held["to"]) for held in _parts(done) if f"{held['kind']} {held['name']}" == part)


def _parts(done: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What is, or was, to be taken back; nothing unless that was decided."""
    decided = done.get(DECIDED) or done.get(CONSIDERED) or {}
    if (decided.get("answer") or {}).get("action") != ROLL_BACK:
        return []
    return [
        {
            **held,
            "how": done.get(of_part(CHANGING, held["kind"], held["name"]), {}).get("how"),
            "arrived": of_part(ARRIVED, held["kind"], held["name"]) in done,
            "heldUntil": done.get(of_part(HOLDING, held["kind"], held["name"]), {}).get("until"),
        }
        for held in decided["parts"]
    ]


def _verdict(last: Mapping[str, Entry], answer: Mapping[str, Any] | None) -> tuple[RollbackVerdict, list[str]]:
    if REFUSED in last:
        return "refused", list(last[REFUSED].data["reasons"])
    fault = [str(last[FAULT].data["message"])] if FAULT in last else []
    entries = list(last.values())
    if begun_parts(entries) and (CARRIED_OUT in last or FAULT in last):
        failures = failure_in(entries)
        return ("rollback-failed", [*fault, *failures]) if failures else ("rolled-back", [*_said(answer), *fault])
    if FAULT in last:
        return "interrupted" if last[FAULT].data["interrupted"] else "error", fault
    if CARRIED_OUT not in last:
        return "unfinished", ["it has not come to its end"]
    return "kept", _said(answer)


def _said(answer: Mapping[str, Any] | None) -> list[str]:
    return [] if answer is None else [f"{answer['code']}: {answer['sentence']}"]
