"""The runs of many stacks in one summary: what was judged with its interval, and what nobody judged beside it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from runners.analysis.intake import Document, Intake
from runners.analysis.records import ChaosRecord, DrillRecord
from runners.analysis.statistics.proportion import wilson
from runners.fleet.fleet_file import Fleet, Member
from runners.fleet.model import FleetReport, Shown, StackSummary
from runners.runs.clock import rfc3339

# A drill that was refused or broke off says nothing of what it would have restored.
_SAYING = frozenset({"passed", "failed"})


def stack_summary(
    member: Member, documents: Iterable[tuple[str, Document]], executions: Iterable[Mapping[str, Any]]
) -> StackSummary:
    """One stack, from its records and from what its state machines have told."""
    intake, experiments, drills = Intake(), Counter[str](), Counter[str]()
    last: datetime | None = None
    for record in intake.records(documents):
        if isinstance(record, ChaosRecord):
            experiments[record.verdict if record.says_something or record.verdict != "failed" else "invalid"] += 1
        elif isinstance(record, DrillRecord):
            drills[record.verdict] += 1
        last = record.at if last is None else max(last, record.at)
    return StackSummary(
        stack=member.stack,
        account=member.account,
        region=member.region,
        experiments=dict(sorted(experiments.items())),
        drills=dict(sorted(drills.items())),
        executions=dict(sorted(Counter(str(held.get("outcome")) for held in executions).items())),
        unreadable=intake.unread,
        last=None if last is None else rfc3339(last),
    )


def unread(member: Member, why: str) -> StackSummary:
    """A stack whose records could not be read: it is told, and counts for nothing."""
    return StackSummary(stack=member.stack, account=member.account, region=member.region, unread=why)


def fleet_report(fleet: Fleet, since: datetime, stacks: Sequence[StackSummary]) -> FleetReport:
    """All stacks together."""
    aborted = {"aborted-by-alarm", "aborted-by-runner"}
    executions = Counter[str]()
    for stack in stacks:
        executions.update(stack.executions)
    return FleetReport(
        fleet=fleet.name,
        since=rfc3339(since),
        stacks=tuple(stacks),
        experiments=_shown([stack.experiments for stack in stacks], _SAYING | aborted),
        drills=_shown([stack.drills for stack in stacks], _SAYING),
        executions=dict(sorted(executions.items())),
        unread=tuple(stack.stack for stack in stacks if stack.unread is not None),
        silent=tuple(stack.stack for stack in stacks if stack.unread is None and not _ran(stack)),
    )


def _ran(stack: StackSummary) -> bool:
    return bool(stack.experiments or stack.drills or stack.executions or stack.last)


def _shown(verdicts: Iterable[Mapping[str, int]], saying: frozenset[str]) -> Shown:
    total = Counter[str]()
    for held in verdicts:
        total.update({key: count for key, count in held.items() if key in saying})
    passed, of = total["passed"], total.total()
    interval = wilson(passed, of)
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    return Shown(passed=passed, of=of, low=low, high=high)
