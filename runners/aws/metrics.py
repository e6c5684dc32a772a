"""CloudWatch's metrics by whole periods, as many as possible with one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from msgspec import json

from contract.probes import Metric, Series
from runners.aws.session import Clients, calling
from runners.chaos.evidence.probing import Seen
from runners.errors import AwsError

# So many periods back a look goes: the first of them has ended long enough ago.
_PERIODS: Final = 3
# What is not there yet is asked for as often as this: each question is paid for.
_AGAIN: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class AwsMetrics:
    """One account and region."""

    clients: Clients
    _known: dict[bytes, _Known] = field(init=False, default_factory=dict, repr=False, compare=False)

    def newest(self, metrics: Sequence[Metric], until: datetime, settled: datetime) -> list[list[Seen]]:
        """Of each what is known of the last three whole periods until then, oldest first.

        That a period has no value is known when it ended by `settled`; until then it is left out. Where they could not
        be read, the newest is None.
        """
        failed: set[bytes] = set()
        for seconds, alike in _by_period(metric for metric in metrics if not self._knows(metric, until)):
            ends = _ends(until, seconds)
            try:
                answers = self._answers(alike, ends[0] - timedelta(seconds=seconds), ends[-1])
            except AwsError:
                answers = [[] for _ in alike]
            for metric, parts in zip(alike, answers, strict=True):
                if parts and all(part.is_whole for part in parts):
                    self._known[_key(metric)] = _learned(metric, parts, until, settled)
                else:
                    failed.add(_key(metric))
        return [list(self._seen(metric, until, _key(metric) in failed)) for metric in metrics]

    def _seen(self, metric: Metric, until: datetime, failed: bool) -> Iterator[Seen]:
        known = self._known.get(_key(metric), _NOTHING)
        ends = _ends(until, metric.period_seconds)
        for end in ends:
            if end in known.values or (failed and end == ends[-1]):
                yield end, known.values.get(end)

    def _knows(self, metric: Metric, until: datetime) -> bool:
        known = self._known.get(_key(metric), _NOTHING)
        if known.until is None or _floor(known.until, metric.period_seconds) != _floor(until, metric.period_seconds):
            return False
        return known.final or until - known.until < _AGAIN

    def series(self, metrics: Sequence[Metric], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each the whole periods that end in that time, each with its end.

        Raises:
            AwsError: they could not be read, or not all of them.
        """
        found: dict[bytes, list[Seen]] = {}
        for _, alike in _by_period(metrics):
            found.update(zip(map(_key, alike), self._series(alike, first, last), strict=True))
        return [found[_key(metric)] for metric in metrics]

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


@dataclass(frozen=True)
class _Known:
    """What there was of one then, by the ends of its periods; `final` when no part of it is awaited any more."""

    until: datetime | None
    values: Mapping[datetime, float | None]
    final: bool


_NOTHING: Final = _Known(None, {}, final=False)


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


def _learned(metric: Metric, parts: Sequence[_Answer], until: datetime, settled: datetime) -> _Known:
    """Of a sum the parts that are there already tell that there are too many errors; the others may still come."""
    period, ends = timedelta(seconds=metric.period_seconds), _ends(until, metric.period_seconds)
    there = {end: [end - period in part.values for part in parts] for end in ends}
    values = {end: _value(metric, parts, end) for end in ends}
    known = {end: values[end] for end in ends if end <= settled or (any(there[end]) and values[end] is not None)}
    return _Known(until, known, final=all(end <= settled or all(there[end]) for end in ends))


def _ends(until: datetime, seconds: int) -> list[datetime]:
    """The ends of the newest whole periods, oldest first."""
    return [_floor(until, seconds) - timedelta(seconds=seconds) * number for number in reversed(range(_PERIODS))]


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
