"""The report of a verdict of the gate, and the verdict once the growth over a base is judged too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from contract.names import COULD_JUDGE, MAX_INCREASE
from preview.findings import PolicyFinding
from preview.gate import Status, Verdict
from preview.report.document import Limits, Occasion, preview_report
from preview.report.model import PreviewReport, WaiverDocument
from pricing.budget import WHOLE_STACK, Budget
from pricing.delta import Delta
from pricing.delta_report import delta_document
from pricing.increase import MaxIncrease, excess
from pricing.money import plain
from pricing.report import estimate_document


def verdict_report(
    verdict: Verdict,
    occasion: Occasion,
    *,
    budget: Budget | None = None,
    max_increase: MaxIncrease | None = None,
    delta: Delta | None = None,
    notes: Iterable[str] = (),
    changes: Mapping[str, int] | None = None,
) -> PreviewReport:
    """Builds the report; problems that refuse the stack without a finding of the pack become findings of the gate."""
    unnamed = [PolicyFinding(COULD_JUDGE, "mandatory", entry.message, entry.urn) for entry in verdict.problems]
    judged = verdict.pack.policies.items() if verdict.pack else ()
    policies = {*occasion.policies, *(name for name, level in judged if level != "disabled")}
    descriptions = {**occasion.descriptions, **(verdict.pack.descriptions if verdict.pack else {})}
    estimate = verdict.estimate
    day = date.fromisoformat(occasion.as_of)
    return preview_report(
        verdict.status,
        replace(occasion, policies=tuple(sorted(policies)), descriptions=descriptions),
        findings=[*verdict.findings, *unnamed],
        errors=verdict.doubts,
        estimate=estimate_document(estimate, environment=occasion.environment) if estimate else None,
        limits=_limits(budget, day, max_increase) if budget else None,
        delta=delta_document(delta) if delta else None,
        waivers=_waivers(budget, day) if budget else (),
        notes=notes,
        changes=changes,
        empty=not any(resource.is_cloud for resource in verdict.graph),
    )


def hold_increase(verdict: Verdict, delta: Delta, limit: MaxIncrease, budget: Budget) -> Verdict:
    """The verdict with a mandatory finding for each limit of growth that the change exceeds."""
    found = tuple(PolicyFinding(MAX_INCREASE, "mandatory", message) for message in excess(delta, limit, budget.case))
    if verdict.pack is None:
        return verdict
    pack = replace(
        verdict.pack,
        policies={**verdict.pack.policies, MAX_INCREASE: "mandatory"},
        findings=(*verdict.pack.findings, *found),
    )
    refused = bool(found) and verdict.status is Status.WITHIN
    return replace(verdict, pack=pack, status=Status.REFUSED if refused else verdict.status)


def _limits(budget: Budget, day: date, max_increase: MaxIncrease | None) -> Limits:
    limits = {name: budget.limit(name, day) for name in (WHOLE_STACK, *budget.caps)}
    total = limits.pop(WHOLE_STACK)
    assert total is not None
    return Limits(
        monthly=total,
        caps={name: limit for name, limit in limits.items() if limit is not None},
        resource_cap=budget.resource_cap,
        warn_at=budget.warn_at,
        case=budget.case,
        max_amount=max_increase.amount if max_increase else None,
        max_percent=max_increase.percent if max_increase else None,
    )


def _waivers(budget: Budget, day: date) -> list[WaiverDocument]:
    return [
        WaiverDocument(
            id=waiver.id,
            policy=waiver.policy,
            scope=waiver.scope,
            maxAmount=None if waiver.max_amount is None else plain(waiver.max_amount),
            reason=waiver.reason,
            owner=waiver.owner,
            expires=waiver.expires.isoformat(),
        )
        for waiver in budget.waivers
        if not waiver.fault(day)
    ]
