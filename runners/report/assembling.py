"""Puts a report together from the analysis of a stack, its newest records, its cost and its traces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import ValidationError

from runners.analysis.model import Analysis
from runners.report.model import Bill, Cost, Report, ServiceCall
from runners.report.run_sections import drill_section, run_section
from runners.report.suite_sections import rollback_section, suite_section

# In full; what is older counts in the analysis.
NEWEST: Final = 20


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is shown beside the runs; None is not known, and `notes` say why."""

    cost: Cost | None = None
    bill: Bill | None = None
    services: Sequence[ServiceCall] | None = None
    notes: tuple[str, ...] = ()


def report_of(analysis: Analysis, documents: Iterable[Mapping[str, Any]], beside: Beside) -> Report:
    """The report. `documents` are stored records in whatever order; control runs count in the analysis alone.

    One that cannot be shown costs its own section and is named in the notes: the analysis counts it by itself.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in _SECTIONS}
    notes: list[str] = []
    older = 0
    for document in sorted(documents, key=lambda document: str(document.get("run")), reverse=True):
        kind = _kind(document)
        if kind is None:
            continue
        try:
            if len(found[kind]) < NEWEST:
                found[kind].append(_SECTIONS[kind](document))
            else:
                older += 1
        except (KeyError, TypeError, AttributeError, ValidationError) as error:
            notes.append(f"run {document.get('run')} is not shown, its record is not whole: {error}")
    if older > 0:
        notes.append(f"{older} older runs are counted above and not shown in full")
    return Report(
        version=1,
        analysis=analysis,
        **{kind: tuple(sections) for kind, sections in found.items()},
        cost=beside.cost,
        bill=beside.bill,
        services=None if beside.services is None else tuple(beside.services),
        notes=(*beside.notes, *notes),
    )


def _kind(document: Mapping[str, Any]) -> str | None:
    """Which sections a document belongs to; None for one that has none."""
    named = {"suite": "suites", "rollback": "rollbacks"}
    if document.get("type") is not None:
        return named.get(str(document["type"]))
    return "runs" if "experiment" in document else "drills" if "resource" in document else None


_SECTIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "runs": run_section,
    "drills": drill_section,
    "suites": suite_section,
    "rollbacks": rollback_section,
}
