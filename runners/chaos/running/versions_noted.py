"""Which versions of the workload run: looked at before the fault and at the end."""

from __future__ import annotations

from runners.chaos.equipment import Equipment
from runners.chaos.record.lines import VersionsBefore
from runners.runs.journal import Journal


def note_versions(kit: Equipment, journal: Journal, line: type[VersionsBefore]) -> None:
    """Writes down what runs, once for each step."""
    if kit.versions is not None and journal.last(line.step) is None:
        journal.add(line(found=kit.versions()))
