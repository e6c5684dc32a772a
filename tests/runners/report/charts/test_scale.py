from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.report.charts.scale import Scale, time_scale, time_ticks, value_scale, value_ticks

NUMBERS = st.floats(min_value=0, max_value=1e9, allow_nan=False)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.7], ["0", "0.2", "0.4", "0.6", "0.8"]),
        ([14.78], ["0", "5", "10", "15"]),
        ([100.0], ["0", "25", "50", "75", "100"]),
        ([1234.0], ["0", "500", "1,000", "1,500"]),
        ([], ["0", "0.25", "0.5", "0.75", "1"]),
    ],
)
def test_round_values_are_written(values: list[float], labels: list[str]) -> None:
    assert [tick.label for tick in value_ticks(value_scale(values, 100, 0))] == labels


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_every_value_is_on_the_chart(values: list[float]) -> None:
    scale = value_scale(values, 166, 10)
    assert all(10 <= scale.at(value) <= 166 for value in values)
    assert scale.low <= min(values) <= max(values) <= scale.high
    ticks = value_ticks(scale)
    assert 2 <= len(ticks) <= 7
    assert [scale.at(tick.value) for tick in ticks] == sorted((scale.at(tick.value) for tick in ticks), reverse=True)


@given(NUMBERS, NUMBERS)
def test_more_is_never_further_down(one: float, other: float) -> None:
    scale = Scale(0, 1e9, 166, 10)
    assert (one <= other) == (scale.at(one) >= scale.at(other)) or scale.at(one) == scale.at(other)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (4, ["12:00:00", "12:00:01", "12:00:02", "12:00:03", "12:00:04"]),
        (600, ["12:00", "12:02", "12:04", "12:06", "12:08", "12:10"]),
        (5 * 3600, ["12:00", "13:00", "14:00", "15:00", "16:00", "17:00"]),
    ],
)
def test_round_moments_are_written(seconds: int, labels: list[str]) -> None:
    scale = time_scale([NOON, NOON + timedelta(seconds=seconds)], 0, 100)
    assert [tick.label for tick in time_ticks(scale)] == labels


@given(st.integers(min_value=0, max_value=10 * 365 * 86_400))
def test_there_are_never_too_many_moments(seconds: int) -> None:
    scale = time_scale([NOON, NOON + timedelta(seconds=seconds)], 0, 100)
    assert len(time_ticks(scale)) <= 12


def test_one_moment_is_a_chart() -> None:
    assert time_scale([NOON], 0, 100).at(NOON.timestamp()) == 0
