from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from runners.backup.buckets.worker_pool import THREADS, in_parallel


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(in_parallel(lambda number: number * 2, range(1000))) == [number * 2 for number in range(1000)]
    assert list(in_parallel(str, [])) == []


def test_items_are_drawn_as_they_are_needed() -> None:
    drawn: list[int] = []

    def endless() -> Iterator[int]:
        for number in range(10**9):
            drawn.append(number)
            yield number

    results = in_parallel(lambda number: number, endless())
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert len(drawn) < 20 * THREADS
    results.close()  # type: ignore[attr-defined]


def test_as_many_are_done_at_once_as_there_are_threads() -> None:
    together = threading.Barrier(THREADS, timeout=30)
    assert len(list(in_parallel(lambda _: together.wait(), range(THREADS)))) == THREADS


def test_a_failure_comes_in_its_turn_and_nothing_more_begins() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 3:
            msg = "no"
            raise ValueError(msg)
        return number

    results = in_parallel(work, range(10**6))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="no"):
        next(results)
    assert len(begun) < 20 * THREADS
