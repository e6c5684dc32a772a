"""An objective that says less than the workload shows every time."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, rule, sure

_FEWEST: Final = 12
_ROUND: Final = 60


@rule
def loose_objective(found: Findings) -> Iterator[Recommendation]:
    """Twelve runs or more that broke all recovered within half of it."""
    for name, runs in found.experiments().items():
        broken = [run for run in runs if run.broke or run.kpis.recovered_after_seconds is None]
        seconds = [run.kpis.recovered_after_seconds for run in broken]
        known = [value for value in seconds if value is not None]
        objective = runs[0].hypothesis.rto_seconds
        if len(broken) < _FEWEST or len(known) < len(broken) or max(known) > objective / 2:
            continue
        tighter = max(ceil(max(known) * 1.5 / _ROUND), 1) * _ROUND
        if tighter >= objective:
            continue
        yield Recommendation(
            id=f"loose-objective:{name}",
            rule="loose-objective",
            severity="low",
            title=f"{name}: the objective is more than twice what was ever needed",
            runs=tuple(run.run for run in broken),
            observed=f"the slowest of {len(known)} runs recovered after {max(known):.0f} s",
            threshold=f"rtoSeconds {objective}",
            action=f"experiments/{runs[0].category}.yaml: {name}: hypothesis: {{rtoSeconds: {tighter}}}",
            usd_per_month=None,
            confidence=sure(len(known)),
        )
