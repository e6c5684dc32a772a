"""The preview report: the one document that every other rendering is made from.

`schemas/preview-report.schema.json` describes it. Whoever has the file has everything: the terminal, the comment,
SARIF and JUnit need neither the program nor the pack.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from preview.gate import Status
from preview.report.amounts import shown_against, shown_judged, shown_share
from preview.report.model import (
    MANDATORY,
    VERSION,
    BudgetDocument,
    Finding,
    FindingDocument,
    IncreaseDocument,
    OccasionDocument,
    PreviewReport,
    ShareDocument,
    SumsDocument,
    WaiverDocument,
)
from pricing.budget import Case
from pricing.delta_report import DeltaDocument
from pricing.money import plain
from pricing.report import CapabilityDocument, EstimateDocument, ProblemDocument

_EMPTY: Final = "; no cloud resource is registered"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits that were judged, stage and waivers taken into account."""

    monthly: Decimal
    caps: Mapping[str, Decimal]
    resource_cap: Decimal | None = None
    warn_at: Decimal = Decimal("0.8")
    case: Case = "maximum"
    max_amount: Decimal | None = None
    max_percent: Decimal | None = None

    def document(self) -> BudgetDocument:
        """The limits as JSON-like Python."""
        increase = IncreaseDocument(amount=_text(self.max_amount), percent=_text(self.max_percent))
        return BudgetDocument(
            monthly=plain(self.monthly),
            caps={name: plain(self.caps[name]) for name in sorted(self.caps)},
            resourceCap=_text(self.resource_cap),
            warnAt=plain(self.warn_at),
            case=self.case,
            maxIncrease=increase if any(increase.values()) else None,
        )


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What was judged, by which engine, in which run; `descriptions` is what policies say of themselves, by name."""

    engine: str
    program: str
    stack: str
    run_id: str
    as_of: str
    commit: str | None = None
    environment: str | None = None
    environment_file: str | None = None
    stage: int | None = None
    policies: tuple[str, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)

    def document(self, findings: Iterable[FindingDocument]) -> OccasionDocument:
        """The occasion as JSON-like Python; `policies` are also those that found something."""
        policies = sorted({*self.policies, *(entry["policy"] for entry in findings)})
        return OccasionDocument(
            engine=self.engine,
            program=self.program,
            stack=self.stack,
            environment=self.environment,
            environmentFile=self.environment_file,
            stage=self.stage,
            runId=self.run_id,
            asOf=self.as_of,
            commit=self.commit,
            policies=policies,
            policyDescriptions={name: self.descriptions[name] for name in policies if name in self.descriptions},
        )


def preview_report(
    status: Status,
    occasion: Occasion,
    *,
    findings: Iterable[Finding] = (),
    errors: Collection[str] = (),
    estimate: EstimateDocument | None = None,
    limits: Limits | None = None,
    delta: DeltaDocument | None = None,
    waivers: Iterable[WaiverDocument] = (),
    notes: Iterable[str] = (),
    changes: Mapping[str, int] | None = None,
    empty: bool = False,
) -> PreviewReport:
    """Builds the report; findings come mandatory first, then by policy, URN and message.

    A verdict that its own evidence contradicts becomes `could-not-judge`, so that no report says "within budget"
    above a mandatory finding, an error, or an estimate that is missing or incomplete. `empty` says that there is no
    cloud resource at all.
    """
    found = sorted((_finding(entry) for entry in findings), key=_finding_order)
    sums = _sums(estimate, limits)
    doubt = _doubt(status, found, [*errors], estimate, [sums["total"], *sums["capabilities"]])
    status, faults = (Status.COULD_NOT_JUDGE, [*errors, doubt]) if doubt else (status, [*errors])
    return {
        "version": VERSION,
        "verdict": status.value,
        "exitCode": status.exit_code,
        "headline": _headline(status, found, faults, estimate, sums["budget"]) + (_EMPTY if empty else ""),
        **occasion.document(found),
        **sums,
        "findings": found,
        "waivers": sorted(waivers, key=lambda waiver: waiver["id"]),
        "errors": faults,
        "notes": list(notes),
        "changes": None if changes is None else dict(changes),
        "estimate": estimate,
        "delta": delta,
    }


def _sums(estimate: EstimateDocument | None, limits: Limits | None) -> SumsDocument:
    budget = limits.document() if limits else None
    return SumsDocument(budget=budget, total=_total(estimate, budget), capabilities=_shares(estimate, budget))


def contradiction(report: PreviewReport) -> str | None:
    """What in a report that somebody else wrote does not follow from the rest of it; None when all does.

    Its headline, sums and verdict are what its own findings, errors, estimate and limits make of them.
    """
    estimate, budget, status = report["estimate"], report["budget"], Status(report["verdict"])
    shares, total = _shares(estimate, budget), _total(estimate, budget)
    if (report["capabilities"], report["total"]) != (shares, total):
        return "its capabilities or its total are not those of its estimate"
    if report["headline"] != _headline(status, report["findings"], report["errors"], estimate, budget):
        return "its headline is not that of its verdict"
    mandatory = any(entry["level"] == MANDATORY for entry in report["findings"])
    if status is Status.REFUSED and not mandatory:
        return "it refuses without a mandatory finding"
    return _doubt(status, report["findings"], report["errors"], estimate, [total, *shares])


def open_problems(report: PreviewReport) -> list[ProblemDocument]:
    """The problems of the estimate that neither an error nor a finding of the report speaks of already."""
    if report["estimate"] is None:
        return []
    mandatory = [entry for entry in report["findings"] if entry["level"] == MANDATORY]
    said = {*report["errors"], *(entry["message"] for entry in mandatory)}
    named = {entry["urn"] for entry in mandatory if entry["urn"]}
    problems = report["estimate"]["problems"]
    return [entry for entry in problems if entry["message"] not in said and entry["urn"] not in named]


def report_json(report: Mapping[str, object]) -> str:
    """A report as JSON text, the same bytes for the same report."""
    return json.dumps(report, indent=2) + "\n"


def _finding(entry: Finding) -> FindingDocument:
    return FindingDocument(policy=entry.policy, level=str(entry.level), message=entry.message, urn=entry.urn or None)


def _finding_order(entry: FindingDocument) -> tuple[bool, str, str, str]:
    return (entry["level"] != MANDATORY, entry["policy"], entry["urn"] or "", entry["message"])


def _is_over(entry: ShareDocument) -> bool:
    return entry["cap"] is not None and Decimal(entry["judgedCost"]) > Decimal(entry["cap"])


def _doubt(
    status: Status,
    findings: list[FindingDocument],
    errors: list[str],
    estimate: EstimateDocument | None,
    shares: list[ShareDocument | None],
) -> str | None:
    """What contradicts a verdict of "within budget"; None when nothing does."""
    excess = [entry["name"] for entry in shares if entry is not None and _is_over(entry)]
    reasons = {
        "there were errors": bool(errors),
        "a mandatory policy was violated": any(entry["level"] == MANDATORY for entry in findings),
        "the estimate is missing or incomplete": estimate is None or not estimate["complete"],
        f"{', '.join(excess)} costs more than its cap": bool(excess),
    }
    found = [reason for reason, holds in reasons.items() if holds]
    if status is not Status.WITHIN or not found:
        return None
    return f"the verdict says within budget, but {found[0]}"


def judged(entry: EstimateDocument | CapabilityDocument, case: Case) -> Decimal:
    """The monthly amount of an estimate or a capability in one case."""
    values: Mapping[str, object] = dict(entry)
    stem = "totalMonthlyCost" if "totalMonthlyCost" in values else "monthlyCost"
    suffix = {"minimum": "Minimum", "expected": "", "maximum": "Maximum"}[case]
    return Decimal(str(values[stem + suffix]))


def _shares(estimate: EstimateDocument | None, budget: BudgetDocument | None) -> list[ShareDocument]:
    if estimate is None:
        return []
    case: Case = budget["case"] if budget else "expected"
    caps = budget["caps"] if budget else {}
    costs = {entry["name"]: entry for entry in estimate["capabilities"]}
    rows: list[ShareDocument] = []
    for name in sorted(costs.keys() | caps.keys()):
        cost = judged(costs[name], case) if name in costs else Decimal(0)
        rows.append(
            ShareDocument(
                name=name,
                monthlyCost=costs[name]["monthlyCost"] if name in costs else "0",
                judgedCost=plain(cost),
                cap=caps.get(name),
                shareOfCap=share(cost, caps.get(name)),
                shareOfBudget=share(cost, budget["monthly"] if budget else None),
            )
        )
    return rows


def _total(estimate: EstimateDocument | None, budget: BudgetDocument | None) -> ShareDocument | None:
    if estimate is None:
        return None
    cost = judged(estimate, budget["case"] if budget else "expected")
    limit = budget["monthly"] if budget else None
    return ShareDocument(
        name="total",
        monthlyCost=estimate["totalMonthlyCost"],
        judgedCost=plain(cost),
        cap=limit,
        shareOfCap=share(cost, limit),
        shareOfBudget=share(cost, limit),
    )


def share(amount: Decimal, limit: str | None) -> str | None:
    """The amount as a fraction of a limit; None without a limit, or when nothing at all is allowed."""
    whole = Decimal(limit) if limit is not None else Decimal(0)
    return None if whole == 0 else plain(amount / whole)


def _headline(
    verdict: Status,
    findings: list[FindingDocument],
    errors: list[str],
    estimate: EstimateDocument | None,
    budget: BudgetDocument | None,
) -> str:
    amount = _amount(estimate, budget)
    mandatory = [entry for entry in findings if entry["level"] == MANDATORY]
    if verdict is Status.WITHIN:
        return f"Within budget: {amount}"
    if verdict is Status.REFUSED:
        count = "1 finding" if len(mandatory) == 1 else f"{len(mandatory)} findings"
        return f"Refused: {count}; {amount}"
    reasons = errors or [entry["message"] for entry in (estimate["problems"] if estimate else [])]
    reasons = reasons or [entry["message"] for entry in mandatory] or ["no reason was given"]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"Could not judge: {' '.join(reasons[0].split())}{more}"


def _amount(estimate: EstimateDocument | None, budget: BudgetDocument | None) -> str:
    if estimate is None:
        return "no estimate"
    case: Case = budget["case"] if budget else "expected"
    words = {"minimum": "at least ", "expected": "", "maximum": "at most "}[case]
    cost = plain(judged(estimate, case))
    if budget is None:
        return f"{words}{shown_judged(cost)} a month"
    part = shown_share(share(Decimal(cost), budget["monthly"]))
    return f"{words}{shown_against(cost, budget['monthly'])} a month{f' ({part})' if part else ''}"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
