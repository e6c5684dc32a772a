from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local.table_history import TableHistory

KEYS = st.sampled_from("abcd")
WRITES = st.lists(st.tuples(st.integers(0, 20), KEYS, st.one_of(st.none(), st.sampled_from("123"))))


@given(st.dictionaries(KEYS, st.sampled_from("xyz")), WRITES, st.integers(-1, 21))
def test_a_state_is_the_replay_of_the_writes_up_to_it(
    baseline: dict[str, str], writes: list[tuple[int, str, str | None]], at: int
) -> None:
    writes = sorted(writes, key=lambda write: write[0])
    history = TableHistory(0, dict(baseline))
    for when, key, item in writes:
        history.record(when, key, item)
    expected = dict(baseline)
    for when, key, item in writes:
        if when <= at:
            expected.pop(key, None)
            if item is not None:
                expected[key] = item
    assert history.as_of(at) == expected


def test_a_late_write_does_not_change_the_past() -> None:
    history = TableHistory(0, {})
    history.record(10, "a", "1")
    history.record(5, "b", "2")
    assert history.as_of(7) == {}
    assert history.as_of(10) == {"a": "1", "b": "2"}


def test_the_baseline_is_not_touched() -> None:
    history = TableHistory(0, {"a": "1"})
    history.record(1, "a", None)
    assert history.as_of(2) == {}
    assert history.as_of(0) == {"a": "1"}
