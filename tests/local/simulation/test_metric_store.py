"""The metrics of a rehearsal: the workload's own, and those that others put into moto beside them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from moto.cloudwatch.models import CloudWatchBackend

from local.simulation.metric_store import MetricStore
from local.simulation.telemetry import Reading

AT: Final = 1_764_000_000.0
OURS, THEIRS = Reading("shop", "Requests", {"by": "us"}, (1.0, 3.0)), ("ial/dev", "Runs")


@pytest.fixture
def backend() -> CloudWatchBackend:
    return CloudWatchBackend("us-east-1", "123456789012")


@pytest.fixture
def store(backend: CloudWatchBackend) -> MetricStore:
    return MetricStore(backend)


def put(backend: CloudWatchBackend, value: float, at: float = AT, **more: Any) -> None:
    """As PutMetricData does it."""
    moment = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
    backend.put_metric_data(THEIRS[0], [{"MetricName": THEIRS[1], "Value": value, "Timestamp": moment, **more}])


def total(store: MetricStore, namespace: str, name: str, dimensions: dict[str, str] | None = None) -> list[Any]:
    return store.points(namespace, name, dimensions or {}, "Sum", 60, AT + 120, 2)


def test_both_are_read_minute_by_minute(backend: CloudWatchBackend, store: MetricStore) -> None:
    put(backend, 5)
    store.publish([OURS], AT)
    put(backend, 7, AT + 60)
    assert total(store, *THEIRS) == [5, 7]
    assert total(store, "shop", "Requests", {"by": "us"}) == [4, None]
    assert total(store, "shop", "Requests") == [None, None]


def test_what_is_put_after_a_look_is_seen_at_the_next(backend: CloudWatchBackend, store: MetricStore) -> None:
    assert total(store, *THEIRS) == [None, None]
    for expected in (2, 4, 6):
        put(backend, 2)
        store.publish([OURS], AT)
        assert total(store, *THEIRS) == [expected, None]
        assert total(store, *THEIRS) == [expected, None]


def test_what_is_put_with_other_dimensions_is_another_metric(backend: CloudWatchBackend, store: MetricStore) -> None:
    put(backend, 5, Dimensions=[{"Name": "a", "Value": "b"}])
    assert total(store, *THEIRS) == [None, None]
    assert total(store, *THEIRS, {"a": "b"}) == [5, None]


def test_forgetting_takes_back_the_own_and_nothing_else(backend: CloudWatchBackend, store: MetricStore) -> None:
    put(backend, 5)
    store.publish([OURS], AT)
    assert total(store, *THEIRS) == [5, None]
    store.forget()
    assert [held.name for held in backend.metric_data] == [THEIRS[1]]
    assert total(store, *THEIRS) == [5, None]
    assert total(store, "shop", "Requests", {"by": "us"}) == [None, None]


def test_another_list_of_moto_is_read_anew(backend: CloudWatchBackend, store: MetricStore) -> None:
    put(backend, 5)
    assert total(store, *THEIRS) == [5, None]
    backend.metric_data = []
    put(backend, 1)
    assert total(store, *THEIRS) == [1, None]
