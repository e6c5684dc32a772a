"""GetMetricData with metric math: moto answers only expressions that are nothing but the id of a metric."""

from __future__ import annotations

from datetime import datetime
from typing import Any, SupportsFloat

from contract.alarms.metric_math import MetricMathError, evaluated

_Answer = tuple[list[SupportsFloat], list[datetime]]


def answer_metric_math() -> None:
    """Lets moto evaluate expressions, over the periods in which one of the metrics has a value: FILL adds none."""
    import moto.cloudwatch.models as models

    models.parse_expression = _values  # type: ignore[attr-defined]


def _values(expression: str, results: list[dict[str, Any]]) -> _Answer:
    moments = sorted({moment for result in results for moment in result["timestamps"]})
    series = {result["id"]: _series(result, moments) for result in results}
    try:
        found = zip(moments, evaluated(expression, series), strict=True)
    except MetricMathError:
        return [], []
    known: list[tuple[datetime, float]] = [(moment, value) for moment, value in found if value is not None]
    return [value for _, value in known], [moment for moment, _ in known]


def _series(result: dict[str, Any], moments: list[datetime]) -> list[float | None]:
    held = dict(zip(result["timestamps"], result["values"], strict=True))
    return [None if held.get(moment) is None else float(held[moment]) for moment in moments]
