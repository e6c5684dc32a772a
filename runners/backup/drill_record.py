"""The evidence record of one drill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from contract.parts import plain
from runners.backup.drill_document import CleanUpDocument, DrillCost, DrillDocument, DrillExit, Phase
from runners.backup.evidence import Check, Finding, Kind, Verdict, checks_of, findings_of, verdict_of
from runners.backup.lines import RECOVERY, Recovered
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339
from runners.runs.journal import Entry
from runners.runs.outcome import RunRecord, cleaned_in, exit_code
from runners.runs.run import steps_done
from runners.runs.steps import ENDED, STARTED


@dataclass(frozen=True, kw_only=True)
class DrillRecord(RunRecord):
    """What happened, what was seen, and what follows. Unknown is None, never zero."""

    run: str
    stack: str
    kind: Kind
    resource: str
    verdict: Verdict
    reasons: tuple[str, ...]
    started: str
    ended: str | None
    restored_to: str | None
    rto_seconds: float | None
    rpo_seconds: float | None
    objective_minutes: int
    cost_usd: Decimal | None
    cost_lines: tuple[str, ...]
    phases: tuple[Phase, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told: something left behind outranks every verdict, it needs somebody."""
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        """The record for machines."""
        return plain(
            DrillDocument(
                run=self.run,
                stack=self.stack,
                kind=self.kind,
                resource=self.resource,
                verdict=self.verdict,
                reasons=self.reasons,
                reason_codes=self.codes,
                started=self.started,
                ended=self.ended,
                restored_to=self.restored_to,
                rto_seconds=self.rto_seconds,
                rpo_seconds=self.rpo_seconds,
                objective_minutes=self.objective_minutes,
                cost=DrillCost(usd=None if self.cost_usd is None else str(self.cost_usd), lines=self.cost_lines),
                phases=self.phases,
                checks=self.checks,
                findings=self.findings,
                clean_up=CleanUpDocument(confirmed=self.cleaned, left=self.left),
                exit_code=cast("DrillExit", int(self.exit_code)),
            )
        )


def record_from(entries: Sequence[Entry]) -> DrillRecord:
    """The record that a journal tells, of a run that ended or not.

    Raises:
        JournalError: the journal does not begin as one of a drill does.
    """
    if not entries or entries[0].step != STARTED:
        msg = "the journal does not begin with a drill's first line; accepted: the journal of a drill"
        raise JournalError(msg)
    given = entries[0].data
    last = {entry.step: entry for entry in entries}
    verdict, reasons = verdict_of(entries, given["required"])
    if ENDED not in last and verdict is Verdict.PASSED:
        verdict, reasons = Verdict.INCONCLUSIVE, ["the run has not ended"]
    measured = last.get(Recovered.step)
    recovery = None if measured is None else Recovered.read(measured.data)
    found = DrillRecord(
        run=given["run"],
        stack=given["stack"],
        kind=Kind(given["kind"]),
        resource=given["resource"],
        verdict=verdict,
        reasons=tuple(reasons),
        started=entries[0].at,
        ended=last[ENDED].at if ENDED in last else None,
        restored_to=None if recovery is None else recovery.restored_to,
        rto_seconds=None if recovery is None else recovery.rto_seconds,
        rpo_seconds=None if recovery is None else recovery.rpo_seconds,
        objective_minutes=given["objective_minutes"],
        cost_usd=None if given["cost_usd"] is None else Decimal(given["cost_usd"]),
        cost_lines=tuple(given["cost_lines"]),
        phases=_phases(entries),
        checks=tuple(checks_of(entries).values()),
        findings=tuple(findings_of(entries)),
        cleaned=False,
        left=("clean-up has not run",),
    )
    return cleaned_in(found, entries)


def _phases(entries: Sequence[Entry]) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            name=name,
            started=first.at,
            seconds=round((parse_rfc3339(done.at) - parse_rfc3339(first.at)).total_seconds(), 3),
        )
        for name, (first, done) in steps_done(entries).items()
        if name != RECOVERY
    )
