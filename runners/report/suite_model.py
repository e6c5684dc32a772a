"""What the report shows of suites and rollbacks."""

from __future__ import annotations

from runners.analysis.published import Published


class SuiteStep(Published, frozen=True, kw_only=True):
    """One step of a suite.

    Attributes:
        id: Name.
        kind: Kind of step.
        status: Whether it was done, cut off or skipped.
        verdict: How it ended; null: it was not begun, or not brought to its end.
        run: Its own run, which has a section where there is room; null: none was begun.
        reasons: Why it did not pass, or was skipped.
        degraded_seconds: Seconds that were not within what is tolerated; null: not known.
        usd: What it cost at most, at list price; null: not known.
    """

    id: str
    kind: str
    status: str
    verdict: str | None
    run: str | None
    reasons: tuple[str, ...]
    degraded_seconds: float | None
    usd: str | None


class SuiteSection(Published, frozen=True, kw_only=True):
    """One run of a suite.

    Attributes:
        run: Name, which begins with its time in UTC.
        suite: Suite.
        verdict: How it ended.
        reasons: Why it did not pass.
        operator: Who ran it.
        steps: Its steps, in order.
        degraded_seconds: Seconds of all steps together; null: nobody looked.
        most_degraded_seconds: Limit of those seconds; null: none.
        usd: What it cost at most, at list price; null: not known.
        most_usd: Limit of that; null: none, or not known.
        left: What it left behind.
        not_shown: What nobody looked at, as a state machine ran it; empty where a runner did.
    """

    run: str
    suite: str
    verdict: str
    reasons: tuple[str, ...]
    operator: str
    steps: tuple[SuiteStep, ...]
    degraded_seconds: float | None
    most_degraded_seconds: int | None
    usd: str | None
    most_usd: str | None
    left: tuple[str, ...]
    not_shown: tuple[str, ...] = ()


class VersionChange(Published, frozen=True, kw_only=True):
    """A version that was taken back.

    Attributes:
        part: What has the version.
        newer: Version that ran before.
        older: Version that it was to be.
        arrived: Whether AWS says that the older one runs.
        held_until: Until when the newer one is held back; null: it is not.
    """

    part: str
    newer: str | None
    older: str | None
    arrived: bool
    held_until: str | None


class RollbackSection(Published, frozen=True, kw_only=True):
    """One rollback, or the answer that there was none.

    Attributes:
        run: Name, which begins with its time in UTC.
        verdict: How it ended.
        experiment: Experiment that failed.
        cause: Run that failed.
        code: Short name of the answer; null: none was given.
        reasons: Why it was so.
        changes: Versions that were taken back.
        re_run: How the experiment ended when it was run once more; null: it was not.
        steady: Whether the workload was steady on the older version; null: nobody looked.
        proof: How the experiment ended on the older version; null: it was not run.
        paged: Whether a person was called.
        halted: Whether all faults were stopped.
        left: What it left behind.
    """

    run: str
    verdict: str
    experiment: str
    cause: str
    code: str | None
    reasons: tuple[str, ...]
    changes: tuple[VersionChange, ...]
    re_run: str | None
    steady: bool | None
    proof: str | None
    paged: bool
    halted: bool
    left: tuple[str, ...]
