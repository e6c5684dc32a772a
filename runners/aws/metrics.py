"""CloudWatch's metrics by whole periods, as many as possible with one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
                answers = self._answers(alike, end - timedelta(seconds=seconds), end)
            except AwsError:
                answers = [[] for _ in alike]
            for metric, parts in zip(alike, answers, strict=True):
                whole = parts and all(part.is_whole for part in parts)
                self._known[_key(metric)] = (end, _value(metric, parts, end) if whole else None)
        return [self._known[_key(metric)] for metric in metrics]

    def series(self, metrics: Sequence[Metric], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each the whole periods that end in that time, each with its end.

        Raises:
            AwsError: they could not be read, or not all of them.
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
        answers = self._answers(alike, begin - period, end)
        for part in (part for parts in answers for part in parts if not part.is_whole):
            msg = f"{part.name}: CloudWatch has not answered with all of it: {part.status}"
            raise AwsError(msg, operation="cloudwatch:GetMetricData", code=part.status)
        return [
            [(moment, _value(metric, parts, moment)) for moment in ends]
            for metric, parts in zip(alike, answers, strict=True)
        ]

    def _answers(self, metrics: Sequence[Metric], begin: datetime, end: datetime) -> list[list[_Answer]]:
        """Of each its own and those of what is added to it."""
        wanted = [(part, metric) for metric in metrics for part in _parts(metric)]
        queries = [_query(f"m{number}", *pair) for number, pair in enumerate(wanted)]
        asked: dict[str, Any] = {"MetricDataQueries": queries, "StartTime": begin, "EndTime": end}
        names = [f"{part.namespace}/{part.name}" for part, _ in wanted]
        answers = {query["Id"]: _Answer(name) for query, name in zip(queries, names, strict=True)}
        while True:
            with calling("cloudwatch:GetMetricData", ", ".join(names)):
                page = self.clients.client("cloudwatch").get_metric_data(**asked)
            for result in page["MetricDataResults"]:
                answers[result["Id"]].add(result)
            if not page.get("NextToken"):
                held = iter(answers.values())
                return [[next(held) for _ in _parts(metric)] for metric in metrics]
            asked["NextToken"] = page["NextToken"]


@dataclass
class _Answer:
    """What there is of one of them by the beginnings of its periods. The status is that of its last page."""

    name: str
    values: dict[datetime, float] = field(default_factory=dict)
    status: str = "missing"

    @property
    def is_whole(self) -> bool:
        """Whether no value means that there is none: an answer of 200 has parts that were not allowed, or not read."""
        return self.status == "Complete"

    def add(self, result: Mapping[str, Any]) -> None:
        """One page more."""
        moments = (moment.astimezone(UTC) for moment in result["Timestamps"])
        self.values |= dict(zip(moments, result["Values"], strict=True))
        # The local cloud has no status: it fails as a whole.
        self.status = result.get("StatusCode", "Complete")


def _value(metric: Metric, parts: Iterable[_Answer], end: datetime) -> float | None:
    """The sum of its parts in the period that ends then."""
    begin = end - timedelta(seconds=metric.period_seconds)
    nothing = 0.0 if metric.missing == "zero" else None
    return _sum(part.values.get(begin, nothing) for part in parts)


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
