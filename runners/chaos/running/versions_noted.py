"""Which versions of the workload run: looked at before the fault and at the end."""

from __future__ import annotations

from runners.chaos.equipment import Equipment
from runners.runs.journal import Journal


def note_versions(kit: Equipment, journal: Journal, step: str) -> None:
    """Writes down what runs, once for each step."""
    if kit.versions is not None and journal.last(step) is None:
        journal.write(step, found=kit.versions())
