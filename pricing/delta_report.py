"""The delta as a document: the `delta` of `schemas/preview-report.schema.json`."""

from __future__ import annotations

from typing import TypedDict

from pricing.delta import Change, ChangeKind, Delta
from pricing.money import plain


class ChangeDocument(TypedDict):
    """One resource that costs a different amount, or is made anew."""

    urn: str
    name: str
    type: str
    capability: str
    monthlyCostBefore: str
    monthlyCostAfter: str
    monthlyCostBeforeMaximum: str
    monthlyCostAfterMaximum: str
    change: str
    changeMaximum: str
    causes: list[str]
    overlapPerHour: str


class UnchangedDocument(TypedDict):
    """What stays the same: how many resources, at what sum."""

    count: int
    monthlyCost: str


class DeltaDocument(TypedDict):
    """Head against base. Amounts are USD a month; changes may be negative."""

    source: str
    monthlyCostBefore: str
    monthlyCostAfter: str
    monthlyCostBeforeMaximum: str
    monthlyCostAfterMaximum: str
    change: str
    changeMaximum: str
    changePercent: str | None
    added: list[ChangeDocument]
    removed: list[ChangeDocument]
    changed: list[ChangeDocument]
    replaced: list[ChangeDocument]
    unchanged: UnchangedDocument
    notes: list[str]


def delta_document(delta: Delta) -> DeltaDocument:
    """The delta as JSON-like Python, in the order that `compare` gave."""
    percent = delta.percent("expected")
    return DeltaDocument(
        source=delta.source,
        monthlyCostBefore=plain(delta.before.expected),
        monthlyCostAfter=plain(delta.after.expected),
        monthlyCostBeforeMaximum=plain(delta.before.maximum),
        monthlyCostAfterMaximum=plain(delta.after.maximum),
        change=plain(delta.difference("expected")),
        changeMaximum=plain(delta.difference("maximum")),
        changePercent=None if percent is None else plain(percent),
        added=_changes(delta, ChangeKind.ADDED),
        removed=_changes(delta, ChangeKind.REMOVED),
        changed=_changes(delta, ChangeKind.CHANGED),
        replaced=_changes(delta, ChangeKind.REPLACED),
        unchanged=UnchangedDocument(count=delta.unchanged_count, monthlyCost=plain(delta.unchanged.expected)),
        notes=list(delta.notes),
    )


def _changes(delta: Delta, kind: ChangeKind) -> list[ChangeDocument]:
    return [_change(change) for change in delta.of_kind(kind)]


def _change(change: Change) -> ChangeDocument:
    return ChangeDocument(
        urn=change.urn,
        name=change.name,
        type=change.type,
        capability=change.capability,
        monthlyCostBefore=plain(change.before.expected),
        monthlyCostAfter=plain(change.after.expected),
        monthlyCostBeforeMaximum=plain(change.before.maximum),
        monthlyCostAfterMaximum=plain(change.after.maximum),
        change=plain(change.difference("expected")),
        changeMaximum=plain(change.difference("maximum")),
        causes=list(change.causes),
        overlapPerHour=plain(change.overlap_per_hour),
    )
