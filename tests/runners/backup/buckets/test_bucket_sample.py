from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.buckets.bucket_sample import Sample, draw
from runners.backup.buckets.objects import Version

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def versions(sizes: list[int]) -> list[Version]:
    return [Version(key=f"k{number:04}", id="x", modified=NOW, size=size) for number, size in enumerate(sizes)]


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 20), st.integers(0, 400))
def test_what_is_drawn_fits_and_says_how_much_there_was(sizes: list[int], number: int, size: int) -> None:
    held = versions(sizes)
    always = {held[-1].key} if held else set[str]()
    drawn = draw(held, Sample(objects=number, bytes=size), always)
    assert (drawn.objects, drawn.bytes) == (len(sizes), sum(sizes))
    assert len(drawn.chosen) <= number + len(always)
    assert always <= {version.key for version in drawn.chosen}
    others = [version.size for version in drawn.chosen if version.key not in always]
    assert sum(others) <= size
    assert drawn == draw(held, Sample(objects=number, bytes=size), always)
    assert drawn.factor >= 1


@pytest.mark.parametrize(
    ("sizes", "objects", "factor"),
    [
        ([10] * 8, 8, 1.0),
        ([10] * 8, 4, 2.0),
        # By their bytes where that is more.
        ([1000] * 2 + [1] * 6, 8, 1.0),
    ],
)
def test_the_time_of_all_is_scaled(sizes: list[int], objects: int, factor: float) -> None:
    assert draw(versions(sizes), Sample(objects=objects), ()).factor == factor


def test_what_is_too_large_for_the_sample_counts_by_its_bytes() -> None:
    drawn = draw(versions([1000, 10, 10]), Sample(objects=9, bytes=100), ())
    assert len(drawn.chosen) == 2
    assert drawn.factor == 1020 / 20
    assert draw([], Sample(), ()).factor == 1
