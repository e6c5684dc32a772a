"""What the stack costs, from a preview's report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runners.report.model import Cost, CostLine


def cost_of(report: Mapping[str, Any], source: str) -> Cost:
    """The whole and its capabilities against their caps.

    Raises:
        KeyError: this is no preview's report.
    """
    total = report["total"]
    return Cost(
        source=source,
        as_of=report["asOf"],
        total=_line(total, f"stack {report['stack']}"),
        capabilities=tuple(_line(capability, capability["name"]) for capability in report["capabilities"]),
    )


def _line(share: Mapping[str, Any], name: str) -> CostLine:
    return CostLine(name=name, expected=share["judgedCost"], limit=share["cap"])
