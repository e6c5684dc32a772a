"""What a bucket drill saw, as checks and findings for the record."""

from __future__ import annotations

from runners.backup.buckets.bucket_sample import Drawn
from runners.backup.buckets.lines import Compared, Copied
from runners.backup.buckets.objects import BucketRules
from runners.backup.buckets.tally import Tally
from runners.backup.drill import DrillRun
from runners.backup.evidence import Check, Finding


def judge_rules(run: DrillRun, bucket: str, rules: BucketRules, window_days: int) -> None:
    """Whether versions are kept, and for long enough."""
    days = rules.noncurrent_days
    kept = "for ever" if days is None else f"{days} days"
    run.check(
        Check(name="versioning", ok=rules.versioning, expected="on", observed="on" if rules.versioning else "off")
    )
    run.check(
        Check(
            name="lifecycle",
            ok=days is None or days >= window_days,
            expected=f"overwritten objects kept for {window_days} days or more",
            observed=f"kept {kept}",
        )
    )
    if days is None:
        advice = "set noncurrent expiry, or every overwritten version is billed for ever"
        run.finding(Finding(what=f"bucket {bucket} never expires overwritten versions", advice=advice))


def judge_copies(run: DrillRun, restored: Copied, seen: Compared, *, whole: bool) -> None:
    """Whether all that was drawn came back as it was; what could not be tried is never taken as proven."""
    copied, compared = Tally.read(restored.data()), Tally.read(seen.data())
    total, number = restored.objects, copied.count("done")
    share = "" if whole else f" of {total}, drawn evenly"
    same = seen.held == number and seen.objects == total
    told = f"{seen.held} objects{share}" if seen.objects == total else f"{seen.held} of {seen.objects}"
    run.check(Check(name="count", ok=same, expected=f"{number} objects{share}", observed=told))
    wrong, unjudged = compared.count("wrong"), compared.count("unjudged")
    run.check(
        Check(
            name="content",
            ok=False if wrong else None if unjudged else True,
            expected="the bytes, headers, metadata, tags and encryption of the moment",
            observed=f"{wrong} objects differ"
            if wrong
            else f"{unjudged} cannot be read"
            if unjudged
            else "exactly that",
            detail=compared.told("wrong") or compared.told("unjudged"),
        )
    )
    left, archived = copied.count("left-out"), copied.count("archived")
    observed = f"{left} objects could not be copied" if left else f"{archived} archived objects" if archived else "none"
    run.check(
        Check(
            name="left-out",
            ok=None if left else True,
            expected="none that could be copied",
            observed=observed,
            detail=copied.told("left-out"),
        )
    )
    if not whole:
        advice = "its time is scaled to that of all; `ial backup restore` below a prefix tries everything"
        run.finding(Finding(what=f"{restored.drawn} of {total} objects were tried, drawn evenly", advice=advice))
    if archived:
        advice = "retrieve them first (s3:RestoreObject), which takes hours; the objective cannot be met for them"
        what = f"{archived} objects are archived and were not tried: {copied.told('archived')}"
        run.finding(Finding(what=what, advice=advice))


def judge_sentinel(run: DrillRun, problem: str | None) -> None:
    """Whether the sentinel came back as it was before it was changed."""
    run.check(
        Check(
            name="sentinel",
            ok=problem is None,
            expected="both objects written before the moment, one overwritten and one deleted after it",
            observed="both, as of the moment" if problem is None else problem,
        )
    )


def recovery_check(rto: float, measured: float, drawn: Drawn) -> str:
    """The recovery time of a sample, as that of all: where it comes from is part of it."""
    return f"{rto:.1f} s for all {drawn.objects} objects, scaled from {measured:.1f} s for {len(drawn.chosen)}"
