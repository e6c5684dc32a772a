"""CloudWatch's metrics by whole periods, as many as possible with one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from msgspec import json

from runners.aws.session import Clients, calling
from runners.chaos.probing import Seen
from runners.chaos_outputs import Metric, Series
from runners.errors import AwsError


@dataclass(frozen=True)
class AwsMetrics:
    """One account and region."""

    clients: Clients
    # The newest period of each: its value is asked for until it is there, and not again.
    _known: dict[bytes, Seen] = field(init=False, default_factory=dict, repr=False, compare=False)

    def newest(self, metrics: Sequence[Metric], until: datetime) -> list[Seen]:
        """Of each the last whole period until then; None when it has no value, or could not be read."""
        wanted = [metric for metric in metrics if not self._knows(metric, until)]
        for seconds, alike in _by_period(wanted):
            end = _floor(until, seconds)
            try:
                found = self._series(alike, end, end)
            except AwsError:
                found = [[(end, None)] for _ in alike]
            self._known.update((_key(metric), seen) for metric, [seen] in zip(alike, found, strict=True))
        return [self._known[_key(metric)] for metric in metrics]

    def series(self, metrics: Sequence[Metric], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each the whole periods that end in that time, each with its end.

        Raises:
            AwsError: they could not be read.
        """
        found: dict[bytes, list[Seen]] = {}
        for _, alike in _by_period(metrics):
            found.update(zip(map(_key, alike), self._series(alike, first, last), strict=True))
        return [found[_key(metric)] for metric in metrics]

    def _knows(self, metric: Metric, until: datetime) -> bool:
        end, value = self._known.get(_key(metric), (None, None))
        return end == _floor(until, metric.period_seconds) and value is not None

    def _series(self, alike: Sequence[Metric], first: datetime, last: datetime) -> list[list[Seen]]:
        period = timedelta(seconds=alike[0].period_seconds)
        begin, end = _floor(first, alike[0].period_seconds), _floor(last, alike[0].period_seconds)
        if begin < first:
            begin += period
        ends = [begin + period * number for number in range(int((end - begin) / period) + 1)]
        values = iter(self._values(alike, begin - period, end))
        found = []
        for metric in alike:
            parts = [next(values) for _ in _parts(metric)]
            nothing = 0.0 if metric.missing == "zero" else None
            found.append([(moment, _sum(part.get(moment - period, nothing) for part in parts)) for moment in ends])
        return found

    def _values(self, metrics: Sequence[Metric], begin: datetime, end: datetime) -> list[dict[datetime, float]]:
        """Of each and of what is added to it, in this order, what there is by the beginnings of the periods."""
        wanted = [(part, metric) for metric in metrics for part in _parts(metric)]
        queries = [_query(f"m{number}", *pair) for number, pair in enumerate(wanted)]
        asked: dict[str, Any] = {"MetricDataQueries": queries, "StartTime": begin, "EndTime": end}
        values: dict[str, dict[datetime, float]] = {query["Id"]: {} for query in queries}
        while True:
            with calling("cloudwatch:GetMetricData", ", ".join(f"{held.namespace}/{held.name}" for held, _ in wanted)):
                page = self.clients.client("cloudwatch").get_metric_data(**asked)
            for result in page["MetricDataResults"]:
                values[result["Id"]] |= {
                    moment.astimezone(begin.tzinfo): value
                    for moment, value in zip(result["Timestamps"], result["Values"], strict=True)
                }
            if not page.get("NextToken"):
                return list(values.values())
            asked["NextToken"] = page["NextToken"]


def _parts(metric: Metric) -> tuple[Series, ...]:
    return (metric, *metric.plus)


def _sum(values: Iterable[float | None]) -> float | None:
    """None when one of them is not known: the others alone would be too little."""
    known: list[float] = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return sum(known)


def _query(id_: str, part: Series, metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in sorted(part.dimensions.items())]
    seen = {"Namespace": part.namespace, "MetricName": part.name, "Dimensions": dimensions}
    return {"Id": id_, "MetricStat": {"Metric": seen, "Period": metric.period_seconds, "Stat": metric.stat}}


def _by_period(metrics: Iterable[Metric]) -> Iterator[tuple[int, list[Metric]]]:
    """Each once, in groups of one period: CloudWatch aligns what it answers with the time that is asked for."""
    once = {_key(metric): metric for metric in metrics}.values()
    ordered = sorted(once, key=lambda metric: metric.period_seconds)
    return ((seconds, list(alike)) for seconds, alike in groupby(ordered, key=lambda metric: metric.period_seconds))


def _key(metric: Metric) -> bytes:
    return json.encode(metric)


def _floor(moment: datetime, seconds: int) -> datetime:
    """The beginning of the period that the moment is in."""
    return moment - timedelta(seconds=moment.timestamp() % seconds)
