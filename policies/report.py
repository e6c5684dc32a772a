"""The pack's own account of its run, for whoever started it and has to check that the gate really judged."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from contract.names import PACK_REPORT, PACK_RUN
from contract.writing.errors import WritingError
from contract.writing.files import write_whole
from policies.adapter import redacted
from policies.memory import MEMORY, Finding, Said
from policies.stack import Stack
from pricing.errors import PricingError, UsageError
from pricing.quantity import Quantity


def write_report(stack: Stack, doubts: Iterable[Finding]) -> None:
    """Writes the report where `IAL_PACK_REPORT` says, whole or not at all; without it, nothing.

    Raises:
        UsageError: the path is not absolute, or cannot be written.
    """
    place = os.environ.get(PACK_REPORT)
    if not place:
        return
    path = Path(place)
    if not path.is_absolute():
        msg = f"{PACK_REPORT}={place!r} is not an absolute path; the pack runs in a folder of its own"
        raise UsageError(msg)
    try:
        write_whole(path, json.dumps(document(stack, doubts), indent=1))
    except WritingError as error:
        msg = f"{PACK_REPORT}: {error}"
        raise UsageError(msg) from error


def document(stack: Stack, doubts: Iterable[Finding]) -> dict[str, object]:
    """The report: what was judged, by what, and all that was found."""
    problems: list[dict[str, object]] = [{"code": "could-not-judge", **_finding(doubt)} for doubt in doubts]
    found: dict[str, object] = {
        "run_id": os.environ.get(PACK_RUN, ""),
        "resources": len(stack.resources),
        "levels": MEMORY.levels(),
        "cloud": [resource.urn for resource in stack.resources if resource.is_cloud],
    }
    try:
        found |= _judged(stack, problems)
    except PricingError as error:
        problems.append({"code": "could-not-judge", **_finding(Finding(str(error)))})
        found |= {"total": None, "capabilities": {}}
    return {**found, "problems": problems, "violations": [_said(said) for said in MEMORY.said()]}


def _judged(stack: Stack, problems: list[dict[str, object]]) -> dict[str, object]:
    terms, estimate = stack.terms, stack.estimate
    problems += [{"code": p.code, **_finding(Finding(p.message, p.urn))} for p in estimate.problems]
    return {
        "environment": terms.environment,
        "stage": terms.stage,
        "region": terms.region,
        "as_of": estimate.as_of.isoformat(),
        "prices": estimate.book_digest,
        "total": _cases(estimate.total),
        "capabilities": {name: _cases(cost) for name, cost in estimate.by_capability().items()},
        "limit": str(terms.budget.total),
        "waivers": [waiver.id for waiver in terms.budget.waivers],
    }


def _cases(cost: Quantity) -> Mapping[str, str]:
    return {"minimum": str(cost.minimum), "expected": str(cost.expected), "maximum": str(cost.maximum)}


def _finding(finding: Finding) -> dict[str, object]:
    return {"message": redacted(finding.message), "urn": finding.urn}


def _said(said: Said) -> dict[str, object]:
    return {"policy": said.policy, "level": said.level, **_finding(said.finding)}
