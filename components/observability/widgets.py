"""Dashboard widgets as plain values, laid out in rows of 24 columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from components.observability.alarm_spec import AlarmSpec, MetricRef

COLUMNS = 24
_METRIC_HEIGHT = 6


@dataclass(frozen=True, kw_only=True)
class Widget:
    """One widget without its place; `metrics` is how many metrics it shows."""

    kind: str
    properties: dict[str, Any]
    width: int = 6
    height: int = _METRIC_HEIGHT
    metrics: int = 0


def heading(text: str) -> Widget:
    """A line of Markdown over the whole width."""
    return Widget(kind="text", properties={"markdown": text}, width=COLUMNS, height=2)


def graph(
    title: str, region: str, metrics: Sequence[MetricRef], alarms: Iterable[AlarmSpec] = (), *, width: int = 6
) -> Widget:
    """A graph of metrics, with the thresholds of the alarms that watch them."""
    properties: dict[str, Any] = {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "stacked": False,
        "period": 60,
        "metrics": [_line(metric) for metric in metrics],
    }
    lines = [{"label": f"alarm {alarm.signal}", "value": alarm.threshold, "fill": "above"} for alarm in alarms]
    if lines:
        properties["annotations"] = {"horizontal": lines}
    return Widget(kind="metric", properties=properties, width=width, metrics=len(metrics))


def alarm_states(title: str, arns: Sequence[str]) -> Widget:
    """The states of alarms; it shows no metric, so it doesn't count as one."""
    return Widget(kind="alarm", properties={"title": title, "alarms": list(arns)}, width=COLUMNS, height=2)


def log_graph(title: str, region: str, log_group: str, query: str) -> Widget:
    """What a query of a log counts, over time; it shows no metric, and costs what it scans."""
    return _of_log("timeSeries", title, region, log_group, query)


def log_table(title: str, region: str, log_group: str, query: str) -> Widget:
    """The lines that a query of a log finds; it costs what it scans."""
    return _of_log("table", title, region, log_group, query)


def _of_log(view: str, title: str, region: str, log_group: str, query: str) -> Widget:
    # The log groups of a query stand in it:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    asked = f"SOURCE '{log_group}' | {query}"
    properties = {"title": title, "region": region, "view": view, "query": asked}
    return Widget(kind="log", properties=properties, width=COLUMNS, height=4)


def place_rows(rows: Iterable[Sequence[Widget]]) -> list[dict[str, Any]]:
    """Widgets with explicit coordinates, so that the body is the same each time and CloudWatch rearranges nothing."""
    placed, top = [], 0
    for row in rows:
        left, height = 0, 0
        for widget in row:
            if left + widget.width > COLUMNS:
                left, top, height = 0, top + height, 0
            placed.append(
                {
                    "type": widget.kind,
                    "x": left,
                    "y": top,
                    "width": widget.width,
                    "height": widget.height,
                    "properties": widget.properties,
                }
            )
            left, height = left + widget.width, max(height, widget.height)
        top += height
    return placed


def _line(metric: MetricRef) -> list[Any]:
    dimensions = [part for pair in sorted(metric.dimensions.items()) for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.stat}]
