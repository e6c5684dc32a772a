"""What the stack costs, from a preview's report, or from an estimate, which knows no caps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runners.report.model import Cost, CostLine


def cost_of(document: Mapping[str, Any], source: str) -> Cost:
    """The whole and its capabilities, against their caps where a preview has judged them.

    Raises:
        KeyError: this is neither.
    """
    if document.get("total") is None:
        return _of_estimate(document.get("estimate") or document, source)
    return Cost(
        source=source,
        as_of=document["asOf"],
        total=_judged(document["total"], f"stack {document['stack']}"),
        capabilities=tuple(_judged(capability, capability["name"]) for capability in document["capabilities"]),
    )


def _judged(share: Mapping[str, Any], name: str) -> CostLine:
    return CostLine(name=name, expected=share["judgedCost"], limit=share["cap"])


def _of_estimate(estimate: Mapping[str, Any], source: str) -> Cost:
    return Cost(
        source=source,
        as_of=estimate["asOf"],
        total=CostLine(name="all resources", expected=estimate["totalMonthlyCost"], limit=None),
        capabilities=tuple(
            CostLine(name=held["name"], expected=held["monthlyCost"], limit=None) for held in estimate["capabilities"]
        ),
    )
