"""What Container Insights was before any run of ours: also where a run died with it switched on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from runners.chaos.equipment import Equipment
from runners.chaos.record.lines import InsightsSwitched
from runners.chaos.record.steps import INSIGHTS
from runners.errors import RunnerError
from runners.runs.journal import Journal, read_entries
from runners.runs.steps import CLEANED

GAME_DAY: Final = "enhanced"


def switch_insights(kit: Equipment, journal: Journal) -> None:
    """Switches it on for the run, when the stack says so; what it was is in the journal first."""
    insights = kit.insights
    if insights is None:
        return
    found = insights.value()
    earlier = found_before(journal.path, found) if found == GAME_DAY else found
    journal.add(InsightsSwitched(earlier=earlier))
    insights.switch(GAME_DAY)


def found_before(own: Path, found: str) -> str:
    """What to give back after the run of the journal `own`.

    It is what was found: the cluster is its owner's, who may have had it on. Only where the last run of this machine
    that switched it has not cleaned up, that run's own finding counts, as what is there is what it left.
    """
    for path in sorted(own.parent.glob("*.jsonl"), reverse=True):
        if path == own:
            continue
        try:
            entries = read_entries(path)
        except (RunnerError, OSError):
            continue
        switched = next((entry for entry in reversed(entries) if entry.step == INSIGHTS), None)
        if switched is not None:
            done = any(entry.step == CLEANED and entry.data.get("confirmed") for entry in entries)
            return found if done else str(switched.data["earlier"])
    return found
