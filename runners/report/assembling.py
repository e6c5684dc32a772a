"""Puts a report together from the analysis of a stack, its newest records, its cost and its traces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import ValidationError

from runners.analysis.model import Analysis
from runners.report.model import Cost, DrillSection, Report, RunSection, ServiceCall
from runners.report.run_sections import drill_section, run_section

# In full; what is older counts in the analysis.
NEWEST: Final = 20


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is shown beside the runs; None is not known, and `notes` say why."""

    cost: Cost | None = None
    services: Sequence[ServiceCall] | None = None
    notes: tuple[str, ...] = ()


def report_of(analysis: Analysis, documents: Iterable[Mapping[str, Any]], beside: Beside) -> Report:
    """The report. `documents` are stored records in whatever order; those of other kinds of run are passed over.

    One that cannot be shown costs its own section and is named in the notes: the analysis counts it by itself.
    """
    runs: list[RunSection] = []
    drills: list[DrillSection] = []
    notes: list[str] = []
    ours = [document for document in documents if document.get("type") is None]
    for document in sorted(ours, key=lambda document: str(document.get("run")), reverse=True):
        try:
            if "experiment" in document and len(runs) < NEWEST:
                runs.append(run_section(document))
            elif "resource" in document and len(drills) < NEWEST:
                drills.append(drill_section(document))
        except (KeyError, TypeError, ValidationError) as error:
            notes.append(f"run {document.get('run')} is not shown, its record is not whole: {error}")
    older = len(ours) - len(runs) - len(drills) - len(notes)
    if older > 0:
        notes.append(f"{older} older runs are counted above and not shown in full")
    return Report(
        version=1,
        analysis=analysis,
        runs=tuple(runs),
        drills=tuple(drills),
        cost=beside.cost,
        services=None if beside.services is None else tuple(beside.services),
        notes=(*beside.notes, *notes),
    )
