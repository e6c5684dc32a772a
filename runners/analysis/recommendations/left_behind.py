"""Something that a run could not take back or remove."""

from __future__ import annotations

from collections.abc import Iterator

from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, command, rule
from runners.analysis.records import ChaosRecord, DrillRecord


@rule
def left_behind(found: Findings) -> Iterator[Recommendation]:
    """A run whose record names what is left."""
    for record in found.recent.unclean():
        if isinstance(record, ChaosRecord):
            # A run that ended is not gone on with; this stops and undoes whatever of the stack is there.
            what, left, words = record.experiment, record.left, ("chaos", "halt")
        elif isinstance(record, DrillRecord):
            what, left, words = record.resource, record.clean_up.left, ("backup", "reap")
        else:
            continue
        yield Recommendation(
            id=f"left-behind:{record.run}",
            rule="left-behind",
            severity="high",
            title=f"a run of {what} left something behind",
            runs=(record.run,),
            observed="; ".join(left) or "nobody could look whether anything is left",
            threshold="nothing is left",
            action=command(*words, "--stack", found.stack),
            usd_per_month=None,
            confidence="high",
        )
