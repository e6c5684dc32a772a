"""An experiment whose newest run shows that the workload does not bear the fault."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, command, rule, sure


@rule
def failing_experiment(found: Findings) -> Iterator[Recommendation]:
    """Its newest run failed or was aborted."""
    for name, runs in found.experiments().items():
        failed = list(takewhile(lambda run: run.verdict != "passed", runs))
        if not failed:
            continue
        times = "once" if len(failed) == 1 else f"{len(failed)} times in a row"
        yield Recommendation(
            id=f"failing-experiment:{name}",
            rule="failing-experiment",
            severity="high",
            title=f"{name} does not pass: {times}",
            runs=tuple(run.run for run in failed),
            observed=f"{failed[0].verdict}: {'; '.join(failed[0].reasons) or 'no reason given'}",
            threshold="the newest run passes",
            action=command("chaos", "run", name, "--stack", found.stack),
            usd_per_month=found.price_of(name),
            confidence=sure(len(failed)),
        )
