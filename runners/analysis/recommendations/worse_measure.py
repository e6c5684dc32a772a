"""A measure that has become worse, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from runners.analysis.levels import LEVEL
from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, command, rule, sure
from runners.analysis.series import DRILL


@rule
def worse_measure(found: Findings) -> Iterator[Recommendation]:
    """A trend or a step for the worse."""
    names = {held.name for held in found.known}
    for trend in found.trends:
        restored = trend.measure == DRILL
        if trend.verdict != "worse" or not (restored or trend.of in names):
            continue
        since = "" if trend.changed_on is None else f" since {trend.changed_on}"
        with_what = "" if trend.revision is None else f", with {trend.revision}"
        words = ("backup", "drill") if restored else ("chaos", "run")
        yield Recommendation(
            id=f"worse-measure:{trend.of}:{trend.measure.replace(' ', '-')}",
            rule="worse-measure",
            severity="high" if trend.kind == "step" else "medium",
            title=f"{trend.of}: {trend.measure} became worse{since}{with_what}",
            runs=trend.runs,
            observed=trend.said,
            threshold=f"a change of more than {trend.threshold:g} that chance makes in less than {LEVEL:.0%}",
            action=command(*words, trend.of, "--stack", found.stack),
            usd_per_month=found.price_of(trend.of),
            confidence=sure(trend.count),
        )
