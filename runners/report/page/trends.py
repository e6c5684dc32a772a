"""How measures develop, and every run as a point."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from runners.analysis.model import Analysis, Kpi, Trend
from runners.report.charts.figure import Table, numbers
from runners.report.charts.points import Middle, RunPoint, points_chart
from runners.report.charts.scale import written
from runners.report.page.section import Section
from runners.report.page.words import sentence
from runners.runs.run_folder import run_began


def trends(analysis: Analysis) -> Section:
    """The points of each measure that has some, and what is said of their development."""
    charts = [_points(kpi) for kpi in analysis.kpis if kpi.points]
    return Section(title="Development", body=[*charts, _table(analysis.trends)])


def _points(kpi: Kpi) -> h.Element:
    points = [
        RunPoint(
            run=point.run,
            of=point.of,
            at=run_began(point.run),
            value=point.value,
            looked=point.censored_at,
            objective=point.objective,
        )
        for point in kpi.points
    ]
    span = kpi.median_interval
    middle = None
    if kpi.median is not None:
        low, high = (None, None) if span is None else (span.low, span.high)
        middle = Middle(median=kpi.median, low=low, high=high)
    return points_chart(f"points {kpi.name}", sentence(kpi.title), sentence(kpi.said), points, unit=" s", middle=middle)


def _table(found: Sequence[Trend]) -> h.Element:
    if not found:
        return h.p["There is no measure with runs yet."]
    rows = [
        (
            f"{trend.of}: {trend.measure}",
            trend.kind.replace("-", " "),
            trend.verdict or "",
            _q(trend),
            trend.said,
            _newest(trend),
        )
        for trend in found
    ]
    columns = ("Measure", "Found", "For", "q", "In words", "Newest whole weeks")
    return numbers(Table(columns=columns, rows=rows), "development")


def _newest(trend: Trend) -> str:
    """The answer to the weekly question; in one word where the words beside it are those."""
    if trend.weekly is None:
        return "Not asked"
    return "Worse" if trend.weekly.answer == "worse" else sentence(trend.weekly.said)


def _q(trend: Trend) -> str:
    return "" if trend.q is None else written(round(trend.q, 4))
