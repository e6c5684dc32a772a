"""Puts a report together from the analysis of a stack, its newest records, its cost and its traces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import ValidationError

from contract.execution_record import EXECUTION
from runners.analysis.model import Analysis
from runners.report.model import Bill, Cost, Report, ServiceCall
from runners.report.run_sections import drill_section, run_section
from runners.report.suite_sections import execution_section, rollback_section, suite_section

# In full; what is older counts in the analysis.
NEWEST: Final = 20
# So many of each kind are looked at, since one that is not whole gives its place to the next; no more are held.
LOOKED_AT: Final = 100


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
    found: dict[str, list[Any]] = {kind: [] for kind, _ in _SECTIONS.values()}
    notes: list[str] = []
    newest, older = _newest(documents)
    for type_, document in newest:
        kind, section = _SECTIONS[type_]
        try:
            if len(found[kind]) < NEWEST:
                found[kind].append(section(document))
            else:
                older += 1
        except (KeyError, TypeError, AttributeError, ValidationError, ArithmeticError) as error:
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


def _newest(documents: Iterable[Mapping[str, Any]]) -> tuple[list[tuple[str, Mapping[str, Any]]], int]:
    """The newest of each type, with it, the newest first; and how many were older."""
    held: dict[str, list[tuple[str, Mapping[str, Any]]]] = {type_: [] for type_ in _SECTIONS}
    count = 0
    for document in documents:
        type_ = _type(document)
        if type_ not in _SECTIONS:
            continue
        count += 1
        held[type_].append((type_, document))
        if len(held[type_]) == 2 * LOOKED_AT:
            held[type_] = sorted(held[type_], key=_run, reverse=True)[:LOOKED_AT]
    newest = [found for own in held.values() for found in sorted(own, key=_run, reverse=True)[:LOOKED_AT]]
    return sorted(newest, key=_run, reverse=True), count - len(newest)


def _run(found: tuple[str, Mapping[str, Any]]) -> str:
    return str(found[1].get("run"))


def _type(document: Mapping[str, Any]) -> str:
    """What kind of run a document is of; those of experiments and drills do not name it."""
    if document.get("type") is not None:
        return str(document["type"])
    return "experiment" if "experiment" in document else "drill" if "resource" in document else ""


# By the kind of run: which sections it belongs to, and what makes them.
_SECTIONS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]]] = {
    "experiment": ("runs", run_section),
    "drill": ("drills", drill_section),
    "suite": ("suites", suite_section),
    EXECUTION: ("suites", execution_section),
    "rollback": ("rollbacks", rollback_section),
}
