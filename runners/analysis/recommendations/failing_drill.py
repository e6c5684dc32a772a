"""Data that the newest drill did not prove to be recoverable in time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, command, rule, sure
from runners.analysis.records import DrillRecord

_MINUTE: Final = 60


@rule
def failing_drill(found: Findings) -> Iterator[Recommendation]:
    """Its newest drill failed, or took longer than its objective."""
    for name, runs in found.recent.drills().items():
        bad = list(takewhile(_is_bad, runs))
        if not bad:
            continue
        newest = bad[0]
        took = "not proven" if newest.rto_seconds is None else f"proven after {newest.rto_seconds:.0f} s"
        yield Recommendation(
            id=f"failing-drill:{name}",
            rule="failing-drill",
            severity="high",
            title=f"{name} was not proven to be recoverable in time",
            runs=tuple(run.run for run in bad),
            observed="; ".join((took, *newest.reasons)),
            threshold=f"passed within {newest.objective_minutes} min",
            action=command("backup", "drill", name, "--stack", found.stack),
            usd_per_month=newest.cost.usd,
            confidence=sure(len(bad)),
        )


def _is_bad(run: DrillRecord) -> bool:
    return run.verdict != "passed" or run.rto_seconds is None or run.rto_seconds > run.objective_minutes * _MINUTE
