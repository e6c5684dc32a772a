from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.backup.tables.table_comparison import compare
from runners.backup.tables.table_digest import Manifest, digested


def manifest(state: dict[str, str]) -> Manifest:
    found = Manifest()
    found.add(digested([{"id": {"S": key}, "v": {"S": value}} for key, value in state.items()], ["id"]))
    return found


def judged(before: dict[str, str], after: dict[str, str], restored: dict[str, str]) -> tuple[bool | None, bool]:
    found = compare(manifest(before), manifest(after), manifest(restored))
    return found.content, found.exact


OLD = {f"k{number}": "old" for number in range(200)}
NEW = OLD | {"k0": "new"}


def test_equal_is_exact() -> None:
    assert judged(OLD, OLD, OLD) == (True, True)


def test_writes_after_the_time_change_nothing() -> None:
    """The source changed between the two readings, and the restored table is as before."""
    assert judged(OLD, NEW, OLD) == (True, True)


def test_a_write_just_before_the_time_is_as_after() -> None:
    assert judged(OLD, NEW, NEW) == (True, False)


def test_one_changed_missing_or_extra_item_is_wrong() -> None:
    for restored in (OLD | {"k1": "other"}, {k: v for k, v in OLD.items() if k != "k1"}, OLD | {"extra": "x"}):
        assert judged(OLD, OLD, restored) == (False, False)


def test_current_data_is_wrong() -> None:
    assert judged(OLD, OLD, NEW) == (False, False)


def test_an_item_written_twice_around_the_time_cannot_be_judged_and_one_in_a_hundred_may() -> None:
    assert judged(OLD, NEW, OLD | {"k0": "between"}) == (True, False)
    few = {f"k{number}": "old" for number in range(10)}
    assert judged(few, few | {"k0": "new"}, few | {"k0": "between"}) == (None, False)


@pytest.mark.parametrize(
    "counts", [(3, 2, 1), (1, 3, 2), (2, 1, 3)], ids=["most-before", "most-after", "most-restored"]
)
def test_of_a_bucket_beyond_judgement_the_largest_reading_counts(counts: tuple[int, int, int]) -> None:
    """Fewer would let a table pass whose items could not be judged."""
    before, after, restored = (crowded(count, digest) for digest, count in enumerate(counts, 1))
    found = compare(before, after, restored)
    assert (found.unverified, found.in_flux) == (3, max(counts[:2]))
    assert "3 are unverified" in found.checks()[1].observed


def crowded(count: int, digest: int) -> Manifest:
    """So many items in one bucket."""
    found = Manifest()
    found.add([(0, digest)] * count)
    return found


def test_a_wrong_item_outweighs_a_busy_table() -> None:
    few = {f"k{number}": "old" for number in range(10)}
    assert judged(few, few | {"k0": "new"}, few | {"k0": "between", "k1": "other"}) == (False, False)


def test_the_checks_tell_numbers() -> None:
    count, content = compare(manifest(OLD), manifest(OLD), manifest(OLD | {"k1": "x"})).checks("k1 is changed")
    assert (count.ok, count.expected, count.observed) == (True, "200 items", "200 items")
    assert (content.ok, content.observed, content.detail) == (False, "1 buckets differ", "k1 is changed")
    count, _ = compare(manifest(OLD), manifest(OLD), manifest({})).checks()
    assert (count.ok, count.observed) == (False, "0 items")


STATES = st.dictionaries(st.sampled_from([f"k{n}" for n in range(30)]), st.sampled_from("ab"))


@settings(max_examples=30, deadline=None)
@given(STATES, STATES, STATES)
def test_true_only_where_nothing_contradicts(
    before: dict[str, str], after: dict[str, str], restored: dict[str, str]
) -> None:
    found = compare(manifest(before), manifest(after), manifest(restored))
    keys = before.keys() | after.keys() | restored.keys()
    stable = [key for key in keys if before.get(key) == after.get(key)]
    contradicted = any(restored.get(key) != before.get(key) for key in stable)
    assert (found.content is False) == contradicted
    assert found.exact == (restored == before)
