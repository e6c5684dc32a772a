"""CloudWatch dashboards: one price, but the free allowance is only for dashboards of up to 50 metrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract.reading.json_text import read_json
from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, priced
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown

BASIC_METRICS = 50


@priced(
    "aws:cloudwatch/dashboard:Dashboard",
    usage=[UsageKey(name="metrics", unit="metrics", meaning="metrics on the dashboard, when its body does not tell")],
)
def dashboard(b: Billing) -> Iterator[LineItem]:
    """A dashboard-month; `dashboard.large` has no free allowance."""
    metrics, formula = _metrics(b)
    key = "basic" if metrics is not None and metrics.maximum <= BASIC_METRICS else "large"
    yield b.item("Dashboard", f"cloudwatch.dashboard.{key}", 1, formula)


def _metrics(b: Billing) -> tuple[Quantity | None, str]:
    declared = b.use("metrics")
    body = b.resource.get("dashboardBody")
    counted = count_metrics(body) if isinstance(body, str) else None
    if body is UNKNOWN and declared is not None:
        b.bounded.append("dashboardBody")
    if counted is not None:
        return Quantity.exact(
            counted
        ), f"1 dashboard of {counted} metrics (up to {BASIC_METRICS} have a free allowance)"
    if declared is not None:
        return declared, f"1 dashboard of {shown(declared)} metrics, as declared"
    return None, f"1 dashboard; its metrics are not known, so taken as more than {BASIC_METRICS}: no free allowance"


def count_metrics(body: str) -> int | None:
    """Metrics on a dashboard body; None when it cannot be told (not JSON, a search, a metrics explorer).

    >>> count_metrics('{"widgets": [{"properties": {"metrics": [["AWS/ECS", "CPUUtilization"]]}}]}')
    1
    """
    try:
        document: Any = read_json(body, "dashboardBody").data
        widgets = document["widgets"]
        counts = [_widget_metrics(widget) for widget in widgets]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return None if None in counts else sum(filter(None, counts))


def _widget_metrics(widget: dict[str, object]) -> int | None:
    if widget.get("type") == "explorer":
        return None
    properties = widget.get("properties") or {}
    if not isinstance(properties, dict):
        return None
    rows = properties.get("metrics") or []
    options = [cell for row in rows for cell in row if isinstance(cell, dict)]
    expressions = [str(option.get("expression")).upper() for option in options]
    if any("SEARCH(" in text or text.lstrip().startswith("SELECT") for text in expressions):
        return None
    drawn = sum(any(isinstance(cell, str) for cell in row) for row in rows)
    if rows or widget.get("type", "metric") != "metric":
        return drawn
    annotations = properties.get("annotations") or {}
    return len(annotations.get("alarms") or [])  # a widget that draws an alarm draws its metric
