"""Everything that a report shows, as `ial report --json` writes it. The page and the Markdown are made from this alone.

`schemas/report.schema.json` is made from these structs by `make schemas`. What is not known is null, never 0.
"""

from __future__ import annotations

from typing import Literal

from runners.analysis.model import Analysis
from runners.analysis.published import Published
from runners.report.suite_model import RollbackSection, SuiteSection


class Sample(Published, frozen=True, kw_only=True):
    """One look of a probe.

    Attributes:
        at: Moment. UTC, RFC 3339.
        value: What was seen; null: nothing could be seen.
        ok: Whether it was within what is tolerated; null: not known.
    """

    at: str
    value: float | None
    ok: bool | None


class ProbeSeen(Published, frozen=True, kw_only=True):
    """What one probe of the steady state saw.

    Attributes:
        name: Name.
        tolerance: What is tolerated, in words.
        recovered_after_seconds: From the fault until it was fine for good; null when it never was, or nobody knows.
        samples: Looks, in the order of time.
    """

    name: str
    tolerance: str
    recovered_after_seconds: float | None
    samples: tuple[Sample, ...]


class Expected(Published, frozen=True, kw_only=True):
    """Something that was expected, or that shows the fault.

    Attributes:
        name: Name.
        ok: Whether it was so; null: not known.
        expected: What was expected, in words.
        seen: What was seen; null: nothing.
    """

    name: str
    ok: bool | None
    expected: str
    seen: float | None


class AlarmChange(Published, frozen=True, kw_only=True):
    """An alarm that changed its state.

    Attributes:
        alarm: Name.
        at: Moment. UTC, RFC 3339.
        state: New state.
    """

    alarm: str
    at: str
    state: str


class RunSection(Published, frozen=True, kw_only=True):
    """One run of an experiment, with all that was seen.

    Attributes:
        run: Name, which begins with its time in UTC.
        experiment: Experiment.
        kind: What fault it was.
        verdict: How it ended.
        reasons: Why it did not pass.
        operator: Who ran it.
        hit: What was hit; null: not known.
        began: Start of the run; null: not known. UTC, RFC 3339.
        injected: Begin of the fault; null: there was none.
        lifted: End of the fault; null: not known.
        ended: End of the run; null: not known.
        detected_after_seconds: Seconds from the fault to the first alarm that was expected.
        recovered_after_seconds: Seconds from the fault until all was well for good.
        objective_seconds: Within how many seconds that was to be.
        degraded_seconds: Seconds that were not within what is tolerated.
        probes: Steady state.
        expectations: What the workload was to do about the fault.
        evidence: What shows that there was a fault.
        alarms: Alarms that changed their state; null in records of before these were kept.
        fired: Alarms that rang as expected.
        missed: Alarms that were expected and did not ring.
        unexpected: Alarms that rang though nobody expected it.
        usd: What it cost at most, at list price.
        left: What it left behind.
    """

    run: str
    experiment: str
    kind: str
    verdict: str
    reasons: tuple[str, ...]
    operator: str
    hit: tuple[str, ...] | None
    began: str | None
    injected: str | None
    lifted: str | None
    ended: str | None
    detected_after_seconds: float | None
    recovered_after_seconds: float | None
    objective_seconds: int
    degraded_seconds: float | None
    probes: tuple[ProbeSeen, ...]
    expectations: tuple[Expected, ...]
    evidence: tuple[Expected, ...]
    alarms: tuple[AlarmChange, ...] | None
    fired: tuple[str, ...]
    missed: tuple[str, ...]
    unexpected: tuple[str, ...]
    usd: str
    left: tuple[str, ...]


class Phase(Published, frozen=True, kw_only=True):
    """A finished step of a drill.

    Attributes:
        name: Name.
        started: Begin. UTC, RFC 3339.
        seconds: How long it took.
    """

    name: str
    started: str
    seconds: float


class Check(Published, frozen=True, kw_only=True):
    """Something that a drill looked at.

    Attributes:
        name: Name.
        ok: Whether it was so; null when it could not be judged.
        expected: What should be.
        observed: What was.
        detail: The culprits, if any.
    """

    name: str
    ok: bool | None
    expected: str
    observed: str
    detail: str


class DrillSection(Published, frozen=True, kw_only=True):
    """One restore drill with its proof.

    Attributes:
        run: Name, which begins with its time in UTC.
        kind: What was drilled.
        resource: Its name.
        verdict: How it ended.
        reasons: Why it did not pass.
        rto_seconds: Seconds until the data was proven to be right; null: it was not.
        rpo_seconds: Seconds of the newest data that could not have been restored; null: not known.
        objective_minutes: What the recovery time is judged by.
        phases: Steps that were finished.
        checks: The proof.
        usd: What it cost at most, at list price; null: not known.
    """

    run: str
    kind: str
    resource: str
    verdict: str
    reasons: tuple[str, ...]
    rto_seconds: float | None
    rpo_seconds: float | None
    objective_minutes: int
    phases: tuple[Phase, ...]
    checks: tuple[Check, ...]
    usd: str | None


class CostLine(Published, frozen=True, kw_only=True):
    """What one capability costs a month.

    Attributes:
        name: Capability; the whole has the name of the stack.
        expected: USD a month at list price, in the case that the gate judges.
        limit: What it may be at most; null without a cap.
        measured: What the bill says, where it is known; else null.
    """

    name: str
    expected: str
    limit: str | None
    measured: str | None = None


class Cost(Published, frozen=True, kw_only=True):
    """What the stack costs.

    Attributes:
        source: What said so.
        as_of: Day on which the age of prices was judged.
        total: The whole.
        capabilities: Its capabilities.
    """

    source: str
    as_of: str
    total: CostLine
    capabilities: tuple[CostLine, ...]


class Bill(Published, frozen=True, kw_only=True):
    """What the account was billed so far this month, as the stack's AWS Budget says. It is no stack's bill.

    Attributes:
        budget: Budget that was asked.
        asked: When. UTC, RFC 3339.
        whole_account: Whether nothing narrows what it counts.
        covers: Exactly what the amounts cover, and how late they are.
        so_far_usd: Billed from the first of the month on, in USD; null: not known.
        forecast_usd: What AWS expects of the whole month, in USD; null: not known.
        missing: Why something is not known.
    """

    budget: str
    asked: str
    whole_account: bool
    covers: str
    so_far_usd: str | None
    forecast_usd: str | None
    missing: tuple[str, ...]


class ServiceCall(Published, frozen=True, kw_only=True):
    """Calls from one service to another, as traces tell.

    Attributes:
        caller: Who calls.
        called: Who is called.
        count: Traced calls.
        failed: Those of them that failed.
        seconds: How long they took on average; null: not known.
    """

    caller: str
    called: str
    count: int
    failed: int
    seconds: float | None


class Report(Published, frozen=True, kw_only=True):
    """What the meeting on Monday and the review of an incident look at.

    Attributes:
        version: Version of this document.
        analysis: What runs say together.
        runs: Newest runs of experiments in full, the newest first.
        drills: Newest restore drills in full, the newest first.
        suites: Newest suites in full, the newest first.
        rollbacks: Newest rollbacks, and answers that there is none, the newest first.
        cost: What the stack costs; null: no preview's report was given.
        bill: What the account was billed, beside it; null: the stack has no AWS Budget.
        services: Who calls whom; null: traces were not asked.
        notes: What the report does not show, and why.
    """

    version: Literal[1]
    analysis: Analysis
    runs: tuple[RunSection, ...]
    drills: tuple[DrillSection, ...]
    suites: tuple[SuiteSection, ...]
    rollbacks: tuple[RollbackSection, ...]
    cost: Cost | None
    services: tuple[ServiceCall, ...] | None
    notes: tuple[str, ...]
    bill: Bill | None = None
