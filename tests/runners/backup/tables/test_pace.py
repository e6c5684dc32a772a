"""The units that a pacer lets through, counted by its own clock."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runners.backup.tables.pace import UNIT_BYTES, Pacer, Unpaced, steady
from runners.errors import DeadlineError
from tests.runners.rehearsal import QuickClock

Page = tuple[float, float]
# What a look at the clock takes in a rehearsal.
LOOKS = 0.01


def scan(pacer: Pacer, clock: QuickClock, sizes: list[int]) -> list[Page]:
    """Reads items of these sizes: when each page was read, and the units that it took."""
    pages, at, began = [], 0, clock.time
    while at < len(sizes):
        permit = pacer.permit()
        when = (clock.time - began).total_seconds()
        last = at + 1
        while last < min(len(sizes), at + (permit.limit or len(sizes))) and sum(sizes[at : last + 1]) <= 1_000_000:
            last += 1
        size = sum(sizes[at:last])
        units = float(max(1, math.ceil(size / UNIT_BYTES)))
        pacer.spent(permit, last - at, units, size)
        pages.append((when, units))
        at = last
    return pages


def most_in_a_second(pages: list[Page]) -> float:
    """The most units in any second, whenever it begins."""
    return max(sum(units for at, units in pages if first <= at < first + 1) for first, _ in pages)


@given(
    st.sampled_from([1.0, 1.5, 2.0, 5.0, 40.0, 600.0]),
    st.lists(st.integers(20, 3000), min_size=1, max_size=80),
    st.booleans(),
)
def test_items_that_fit_never_take_more_than_the_rate(rate: float, sizes: list[int], known: bool) -> None:
    clock = QuickClock()
    # The largest is known: what is asked for always fits.
    bytes_each = float(max(sizes)) if known else None
    pages = scan(Pacer(clock, lambda: rate, what="t", item_bytes=bytes_each), clock, [max(sizes)] * len(sizes))
    assert most_in_a_second(pages) <= rate


@given(
    st.sampled_from([0.2, 1.0, 2.0, 7.0, 100.0]),
    st.lists(st.one_of(st.integers(20, 400), st.integers(20_000, 400_000)), min_size=30, max_size=60),
)
@example(0.2, [400_000] * 30)
def test_items_of_any_size_stay_under_the_rate_on_the_average(rate: float, sizes: list[int]) -> None:
    clock = QuickClock()
    pages = scan(Pacer(clock, lambda: rate, what="t", item_bytes=sum(sizes) / len(sizes)), clock, sizes)
    # Those of the last page are still waited for, and a second's may be taken at its beginning.
    assert sum(units for _, units in pages[:-1]) <= rate * (pages[-1][0] + 1) * (1 + LOOKS)


def test_segments_share_one_rate() -> None:
    clock = QuickClock()
    pacer = Pacer(clock, lambda: 20.0, what="t", item_bytes=512.0)

    def segment(_: int) -> list[Page]:
        return scan(pacer, clock, [512] * 400)

    with ThreadPoolExecutor(4) as pool:
        pages = [page for found in pool.map(segment, range(4)) for page in found]
    taken = sum(units for _, units in pages)
    assert taken >= 4 * 400 * 512 / UNIT_BYTES
    # Twenty units a second, apart from what the first second lets through at once.
    passed = (clock.time - QuickClock().time).total_seconds()
    assert taken <= 20.0 * (passed + 1)


@pytest.mark.parametrize(("rate", "units"), [(0.2, 0.2), (1.0, 1.0), (1.9, 1.0), (10.5, 10.0), (600.0, 600.0)])
def test_what_a_rate_comes_to(rate: float, units: float) -> None:
    assert steady(rate) == units


def test_a_scan_takes_as_long_as_is_told() -> None:
    """A megabyte of small items, of which AWS knows the size: within a quarter of what the plan says."""
    clock, sizes = QuickClock(), [200] * 5000
    pages = scan(Pacer(clock, lambda: 2.0, what="t", item_bytes=200.0), clock, sizes)
    told = sum(sizes) / UNIT_BYTES / steady(2.0)
    assert told <= pages[-1][0] <= 1.25 * told


def test_items_of_unknown_size_are_not_read_one_by_one_for_ever() -> None:
    clock = QuickClock()
    pages = scan(Pacer(clock, lambda: 2.0, what="t"), clock, [200] * 1000)
    assert len(pages) < 60
    assert pages[0][1] == 1


def test_units_that_change_meanwhile_are_heeded() -> None:
    clock, asked = QuickClock(), list[float]()

    def rate() -> float:
        asked.append((clock.time - QuickClock().time).total_seconds())
        return 2.0 if len(asked) == 1 else 20.0

    pages = scan(Pacer(clock, rate, what="t", item_bytes=4096.0), clock, [4000] * 600)
    assert most_in_a_second([page for page in pages if page[0] < 60]) <= 2
    assert 15 <= most_in_a_second([page for page in pages if page[0] > 60]) <= 20
    assert all(later - earlier >= 60 for earlier, later in pairwise(asked))


def test_a_scan_that_takes_too_long_ends() -> None:
    clock = QuickClock()
    pacer = Pacer(clock, lambda: 0.2, what="table orders", item_bytes=4096.0, within=timedelta(minutes=5))
    with pytest.raises(
        DeadlineError, match=r"reading table orders did not end within 300 s at 0.2 read units a second"
    ):
        scan(pacer, clock, [4000] * 600)
    assert (clock.time - QuickClock().time).total_seconds() < 310


def test_the_next_scan_has_its_own_time_and_not_its_own_second() -> None:
    clock = QuickClock()
    pacer = Pacer(clock, lambda: 2.0, what="t", item_bytes=4096.0, within=timedelta(minutes=1))
    pages = scan(pacer, clock, [4000] * 60)
    pacer.begin()
    began = clock.time
    later = [(at + (began - QuickClock().time).total_seconds(), units) for at, units in scan(pacer, clock, [4000] * 60)]
    assert most_in_a_second([*pages, *later]) <= 2


def test_no_rate_is_no_wait() -> None:
    clock = QuickClock()
    rates: list[Callable[[], float | None]] = [lambda: None]
    pages = scan(Pacer(clock, rates[0], what="t"), clock, [random.Random(7).randint(1, 9) for _ in range(9)])
    assert len(pages) == 1
    assert Unpaced().permit().limit is None


def test_what_was_counted_late_is_still_owed() -> None:
    """An answer that takes longer than a second and cost more than was asked for."""
    clock = QuickClock()
    pacer = Pacer(clock, lambda: 2.0, what="t", item_bytes=4096.0)
    permit = pacer.permit()
    clock.sleep(3)
    pacer.permit()
    pacer.spent(permit, 1, 100.0, 400_000)
    began = clock.time
    pacer.permit()
    assert (clock.time - began).total_seconds() > 40
