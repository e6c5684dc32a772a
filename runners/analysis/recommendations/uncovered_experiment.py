"""A required experiment that has shown nothing for too long."""

from __future__ import annotations

from collections.abc import Iterator

from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, command, rule


@rule
def uncovered_experiment(found: Findings) -> Iterator[Recommendation]:
    """No run that says something, or none that is new enough."""
    days = found.score.weights.coverage_days
    for test in found.score.tests:
        age = test.age_days
        if age is not None and age <= days:
            continue
        never = age is None
        yield Recommendation(
            id=f"uncovered-experiment:{test.experiment}",
            rule="uncovered-experiment",
            severity="medium",
            title=f"{test.experiment} {'was never shown' if never else 'was shown long ago'}",
            runs=() if test.run is None else (test.run,),
            observed="no run that says something" if age is None else f"the newest is {age:.0f} days old",
            threshold=f"one that is not older than {days:.0f} days",
            action=command("chaos", "run", test.experiment, "--stack", found.stack),
            usd_per_month=found.price_of(test.experiment),
            confidence="high",
        )
