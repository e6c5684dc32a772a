"""The metrics of the local cloud by metric and time, for alarms; everything is also in moto, for whoever asks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from local.simulation.statistics import statistic
from local.simulation.telemetry import Reading

if TYPE_CHECKING:
    from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase

Key = tuple[str, str, frozenset[tuple[str, str]]]


class MetricStore:
    """Observations of the simulated workload, and what others put."""

    def __init__(self, backend: CloudWatchBackend) -> None:
        self._backend = backend
        self._held: dict[Key, list[tuple[float, Sequence[float]]]] = defaultdict(list)
        self._published: set[int] = set()
        # What others put, as far as moto's list has been read; it only grows, or is another list.
        self._others: dict[Key, list[tuple[float, Sequence[float]]]] = defaultdict(list)
        self._list: list[MetricDatumBase] = []
        self._read = 0

    def publish(self, readings: Iterable[Reading], at: float) -> None:
        """Keeps the readings of the minute that begins at `at`, in seconds since 1970."""
        from moto.cloudwatch.models import MetricDatum

        # Moto compares with the times of requests, which it keeps without a zone.
        moment = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
        for reading in readings:
            self._held[_key(reading.namespace, reading.name, reading.dimensions)].append((at, reading.values))
            dimensions = [{"Name": name, "Value": value} for name, value in reading.dimensions.items()]
            data = [MetricDatum(reading.namespace, reading.name, value, dimensions, moment) for value in reading.values]
            self._published.update(map(id, data))
            self._backend.metric_data += data

    def forget(self) -> None:
        """Takes what this store published out of moto again."""
        self._backend.metric_data = [held for held in self._backend.metric_data if id(held) not in self._published]
        self._published.clear()
        self._held.clear()

    def points(
        self, namespace: str, name: str, dimensions: Mapping[str, str], stat: str, period: int, end: float, count: int
    ) -> list[float | None]:
        """The statistic of the `count` periods before `end`, oldest first; None where a period has no data."""
        observed = self._observations(_key(namespace, name, dimensions))
        found: list[float | None] = []
        for number in range(count, 0, -1):
            begin = end - number * period
            values = [value for at, part in observed if begin <= at < begin + period for value in part]
            found.append(statistic(stat, values))
        return found

    def _observations(self, key: Key) -> Sequence[tuple[float, Sequence[float]]]:
        if key in self._held:
            return self._held[key]
        self._read_on()
        return self._others.get(key, ())

    def _read_on(self) -> None:
        """Looks at what moto has been given since the last look: all of it, each minute, is too much."""
        from moto.cloudwatch.models import MetricDatum

        found = self._backend.metric_data
        if found is not self._list:
            self._list, self._read = found, 0
            self._others.clear()
        for datum in found[self._read :]:
            self._read += 1
            if not isinstance(datum, MetricDatum) or id(datum) in self._published:
                continue
            dimensions = {str(held.name): str(held.value) for held in datum.dimensions}
            at = datum.timestamp.replace(tzinfo=UTC).timestamp()
            self._others[_key(datum.namespace, datum.name, dimensions)].append((at, (float(datum.value),)))


def _key(namespace: str, name: str, dimensions: Mapping[str, str]) -> Key:
    return namespace, name, frozenset(dimensions.items())
