"""GetMetricData in time that grows with what is asked for: moto looks at all data of all metrics for each period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase


class _Selected:
    """The metrics of some names, as moto asks its backend for all of them."""

    def __init__(self, backend: CloudWatchBackend, asked: set[tuple[str, str]]) -> None:
        self._backend, self._asked = backend, asked

    def get_all_metrics(self) -> list[MetricDatumBase]:
        """In their order."""
        return [held for held in self._backend.get_all_metrics() if (held.namespace, held.name) in self._asked]


def answer_what_is_asked() -> None:
    """Lets moto look at the metrics that a request names; one that is selected by an expression may be any."""
    from moto.cloudwatch.models import CloudWatchBackend

    plain: Any = CloudWatchBackend.get_metric_data

    def get_metric_data(backend: CloudWatchBackend, queries: list[dict[str, Any]], **others: Any) -> Any:
        if any(str(query.get("Expression", "")).startswith("SELECT") for query in queries):
            return plain(backend, queries=queries, **others)
        metrics = [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
        asked = {(metric["Namespace"], metric["MetricName"]) for metric in metrics}
        return plain(_Selected(backend, asked), queries=queries, **others)

    CloudWatchBackend.get_metric_data = get_metric_data  # type: ignore[method-assign,assignment]
